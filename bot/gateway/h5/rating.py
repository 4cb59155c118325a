"""评价页 (pingjia ye): five levels and a few words about a finished case, of one's own free will (E8)."""

from __future__ import annotations

from typing import Any, Dict, Tuple

from sanic.request import Request
from sanic.response import HTTPResponse, redirect

from bot.domain.rating import Level
from bot.gateway.context import Gateway
from bot.gateway.h5 import forms, limits, ways_in
from bot.gateway.h5.pages import pages_of
from bot.gateway.h5.progress import case_of
from bot.gateway.h5.visitor import clean_address, visitor
from bot.gateway.links import Purpose
from bot.ports import ServiceCenterRefused

LONGEST = 300
_WITH_RESULT = ("finished", "delivered", "archived")
_LEVELS = tuple(level.value for level in Level)


async def page(request: Request, number: str) -> HTTPResponse:
    """GET /h5/r/<number>."""
    cleaned = clean_address(request, Purpose.RATING, number)
    if cleaned is not None:
        return cleaned
    conversation, case = await _own(request, number)
    given = case["rating"] or {}
    return _form(
        request, conversation, case, level=given.get("level", ""), words=given.get("words", ""), done="done" in request.args
    )


async def give(request: Request, number: str) -> HTTPResponse:
    """POST /h5/r/<number>; a second tap on the same form rates once."""
    gateway: Gateway = request.app.ctx.gateway
    conversation, case = await _own(request, number)
    token = request.form.get(forms.FIELD, "")
    forms.check(request, token, [conversation])
    limits.check(request)
    level, words = request.form.get("level", ""), request.form.get("words", "").strip().replace("\r\n", "\n")
    fault = "level" if level not in _LEVELS else "words" if len(words) > LONGEST else ""
    if not fault:
        fault = await _rate(gateway, case["number"], conversation, level, words, forms.once(token, level, words))
    if fault:
        return _form(request, conversation, case, level=level, words=words, error=fault)
    return redirect(f"{request.path}?done=1", status=303)


async def _rate(gateway: Gateway, number: str, conversation: str, level: str, words: str, key: str) -> str:
    """What is wrong with the rating, or empty; one that came too early or too late is shown by the page itself."""
    rating = {
        "proof": {"conversation": conversation},
        "asker": conversation,
        "level": level,
        "words": words,
        "channel": "page",
    }
    try:
        await gateway.center.rate(number, rating, key)
    except ServiceCenterRefused as error:
        if error.code == "personal_number_in_plain_text":
            return "number"
        if error.code not in ("rating_not_open", "rating_closed"):
            raise
    return ""


async def _own(request: Request, number: str) -> Tuple[str, Dict[str, Any]]:
    """(conversation, case), if the case belongs to somebody that this browser is.

    Raises:
        Refused: anybody else's, none of that number, or an old link.
    """
    who = await visitor(request, Purpose.RATING, number)
    for conversation in who.conversations:
        case = await case_of(request, number, conversation)
        if case is not None:
            return conversation, case
    raise who.closed()


def _form(
    request: Request, conversation: str, case: Dict[str, Any], level: str, words: str, error: str = "", done: bool = False
) -> HTTPResponse:
    finished = case["rateable"] or case["rating"] is not None or case["state"] in _WITH_RESULT
    return pages_of(request).page(
        "rating.html",
        422 if error else 200,
        c=case,
        finished=finished,
        level=level,
        words=words,
        error=error,
        done=done,
        action=request.path,
        progress=ways_in.path(Purpose.PROGRESS, case["number"]),
        form=forms.token(request, conversation, request.path),
    )
