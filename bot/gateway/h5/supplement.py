"""补正页 (buzheng ye): say on the progress page what has been supplied; the same case goes on (D6)."""

from __future__ import annotations

from sanic.request import Request
from sanic.response import HTTPResponse, redirect

from bot.gateway.context import Gateway
from bot.gateway.errors import Refused
from bot.gateway.h5 import forms, limits, ways_in
from bot.gateway.h5.progress import case_of
from bot.gateway.h5.visitor import visitor
from bot.gateway.links import Purpose
from bot.ports import ServiceCenterRefused

_REFUSED_GENTLY = ("nothing_to_supply", "bad_value", "stale_revision")
"""Given already, or by somebody else at the same moment: the page shows how it stands."""


async def give(request: Request, number: str) -> HTTPResponse:
    """POST /h5/s/<number>; a second tap on the same form changes nothing."""
    gateway: Gateway = request.app.ctx.gateway
    who = await visitor(request, Purpose.PROGRESS, number)
    token = request.form.get(forms.FIELD, "")
    conversation = forms.check(request, token, who.conversations)
    limits.check(request)
    case = await case_of(request, number, conversation)
    if case is None:
        raise Refused(403, "page_closed")
    given = [value[:10] for value in request.form.getlist("given") or []][:50]
    if given:
        body = {
            "proof": {"conversation": conversation},
            "asker": conversation,
            "given": [{"defect": defect, "status": "photo"} for defect in dict.fromkeys(given)],
            "key": forms.once(token, *given),
        }
        try:
            await gateway.center.supplement(case["number"], body)
        except ServiceCenterRefused as error:
            if error.code not in _REFUSED_GENTLY:
                raise
    return redirect(ways_in.path(Purpose.PROGRESS, case["number"]), status=303)
