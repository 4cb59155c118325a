"""进度页 (jindu ye): where a person's own cases stand, and one case by number and look-up code (K5)."""

from __future__ import annotations

import asyncio
from typing import Any, Dict, List, Mapping, Optional, Sequence

from sanic.request import Request
from sanic.response import HTTPResponse

from bot.domain import case_numbers
from bot.domain.case_numbers import NumberKind
from bot.gateway.context import Gateway
from bot.gateway.errors import Refused
from bot.gateway.h5 import forms, limits, ways_in
from bot.gateway.h5.pages import pages_of
from bot.gateway.h5.visitor import clean_address, visitor
from bot.gateway.links import Purpose
from bot.ports import ServiceCenterRefused

_CLOSED = ("finished", "delivered", "archived", "returned", "withdrawn")
_MOST = 20
NOBODY = "nobody"
"""Whoever looks a case up without being known; the code is the proof then."""


async def own(request: Request) -> HTTPResponse:
    """GET /h5/p: all cases of the conversations that this browser proves, newest first."""
    cleaned = clean_address(request, Purpose.PROGRESS, "")
    if cleaned is not None:
        return cleaned
    who = await visitor(request, Purpose.PROGRESS, "")
    if who.expired and not who.conversations:
        raise who.closed()
    return await _list_page(request, who.conversations)


async def one(request: Request, number: str) -> HTTPResponse:
    """GET /h5/p/<number>: one case of one's own."""
    cleaned = clean_address(request, Purpose.PROGRESS, number)
    if cleaned is not None:
        return cleaned
    who = await visitor(request, Purpose.PROGRESS, number)
    for conversation in who.conversations:
        found = await case_of(request, number, conversation)
        if found is not None:
            token = forms.token(request, conversation, _supply_address(number)) if found["supplement"] else ""
            return pages_of(request).page("progress.html", shown=found, form=token)
    raise who.closed()


async def look_up(request: Request) -> HTTPResponse:
    """POST /h5/p: a case by its number and the code of the receipt; wrong codes count towards the centre's lock."""
    who = await visitor(request, Purpose.PROGRESS, "")
    forms.check(request, request.form.get(forms.FIELD, ""), [*who.conversations, NOBODY])
    limits.check(request)
    number, code = request.form.get("number", "")[:40], request.form.get("code", "").strip()[:20]
    # an asker of its own: whoever mistypes a neighbour's code still sees their own cases
    asker = f"h5:{who.conversations[0] if who.conversations else limits.address(request)}"
    found = await _proven(request, number, {"lookup_code": code}, asker) if code else None
    if found is None:
        return await _list_page(request, who.conversations, number=number, status=404)
    return pages_of(request).page("progress.html", shown=found, form="")


async def case_of(request: Request, number: str, conversation: str) -> Optional[Dict[str, Any]]:
    """A case as its own conversation may see it; None for a foreign or unknown one."""
    return await _proven(request, number, {"conversation": conversation}, conversation)


async def _proven(request: Request, number: str, proof: Mapping[str, str], asker: str) -> Optional[Dict[str, Any]]:
    gateway: Gateway = request.app.ctx.gateway
    parsed = case_numbers.parse(number, NumberKind.CASE)
    # what is no number is asked about too, so that it counts and takes as long as a wrong one
    given = str(parsed) if parsed is not None and parsed.kind is NumberKind.CASE else "BJ-000000-0000-0"
    try:
        found = await gateway.center.progress(given, {"asker": asker[:128], "proof": dict(proof)})
    except ServiceCenterRefused as error:
        if error.code == "too_many_failures":
            raise Refused(429, error.code, retry_at=error.retry_at) from error
        return None
    return _with_links(found)


async def _list_page(
    request: Request, conversations: Sequence[str], number: str = "", status: int = 200
) -> HTTPResponse:
    gateway: Gateway = request.app.ctx.gateway
    found: List[Dict[str, Any]] = []
    for conversation in conversations:
        listed = list(await gateway.center.cases_of(conversation))[:_MOST]
        views = await asyncio.gather(*(case_of(request, str(case["number"]), conversation) for case in listed))
        found += [view for view in views if view is not None]
    token = forms.token(request, conversations[0] if conversations else NOBODY, request.path)
    return pages_of(request).page(
        "progress.html", status, shown=None, cases=found, error=status != 200, number=number, form=token
    )


def _with_links(case: Mapping[str, Any]) -> Dict[str, Any]:
    """A case with the addresses of what else can be done about it."""
    number = case["number"]
    return {
        **case,
        "open": is_open(case),
        "rate": ways_in.path(Purpose.RATING, number),
        "upload": ways_in.path(Purpose.UPLOAD, number),
        "page": ways_in.path(Purpose.PROGRESS, number),
        "supply": _supply_address(number),
        "papers": [{**paper, "way": ways_in.path(Purpose.PAPER, paper["id"])} for paper in case["papers"]],
    }


def _supply_address(number: str) -> str:
    return f"/h5/s/{number}"


def is_open(case: Mapping[str, Any]) -> bool:
    """Whether the office still works on it."""
    return case["state"] not in _CLOSED
