"""文书页 (wenshu ye): a paper of a case as it was issued, on screen and on paper (E1, E12)."""

from __future__ import annotations

from typing import Any, Dict, Mapping

import segno
from sanic.request import Request
from sanic.response import HTTPResponse, raw

from bot.gateway.context import Gateway
from bot.gateway.h5 import ways_in
from bot.gateway.h5.pages import HEADERS, pages_of
from bot.gateway.h5.printer import Printer
from bot.gateway.h5.visitor import clean_address, visitor
from bot.gateway.links import Purpose
from bot.ports import ServiceCenterRefused

_PDF = ".pdf"


async def show(request: Request, name: str) -> HTTPResponse:
    """GET /h5/d/<id> and /h5/d/<id>.pdf."""
    return await (_pdf(request, name[: -len(_PDF)]) if name.endswith(_PDF) else _page(request, name))


async def _page(request: Request, paper_id: str) -> HTTPResponse:
    cleaned = clean_address(request, Purpose.PAPER, paper_id)
    if cleaned is not None:
        return cleaned
    return pages_of(request).page("paper.html", **await _values(request, paper_id), pdf=f"{request.path}.pdf")


async def _pdf(request: Request, paper_id: str) -> HTTPResponse:
    values = await _values(request, paper_id)
    printer: Printer = request.app.ctx.printer
    content = await printer.notice(paper_id, pages_of(request).text("paper.pdf.j2", **values), values["address"])
    headers = {**HEADERS, "Content-Disposition": f'inline; filename="{paper_id}.pdf"'}
    return raw(content, content_type="application/pdf", headers=headers)


async def _values(request: Request, paper_id: str) -> Dict[str, Any]:
    """What the templates need, if the case belongs to somebody that this browser is.

    Raises:
        Refused: anybody else's, none of that number, or an old link.
    """
    gateway: Gateway = request.app.ctx.gateway
    who = await visitor(request, Purpose.PAPER, paper_id)
    paper = await _paper(gateway, paper_id) if who.conversations else None
    if paper is None or paper["conversation"] not in who.conversations:
        raise who.closed()
    where = gateway.settings.public_url + ways_in.path(Purpose.PAPER, paper_id)
    code = segno.make(where, error="m").svg_inline(border=4, dark="#000", light="#fff", omitsize=True)
    way_back = ways_in.path(Purpose.PROGRESS, str(paper["case_number"]))
    return {"d": paper, "c": paper["content"], "seal": paper["seal"], "address": where, "qr": code, "progress": way_back}


async def _paper(gateway: Gateway, paper_id: str) -> Mapping[str, Any] | None:
    try:
        return await gateway.center.paper(paper_id)
    except ServiceCenterRefused as error:
        if error.status == 404:
            return None
        raise
