"""告知页 (gaozhi ye): a notice by its number, made anew from the catalogue version it was given with (A2, A4, A16)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Mapping, Optional

import segno
from sanic.request import Request
from sanic.response import HTTPResponse, raw

from bot.adapters.notice_words import derived
from bot.domain import case_numbers
from bot.domain.case_numbers import NumberKind
from bot.domain.notice import Notice, compose
from bot.gateway.context import Gateway
from bot.gateway.h5 import ways_in
from bot.gateway.h5.flow_chart import flow_chart
from bot.gateway.h5.pages import HEADERS, pages_of
from bot.gateway.h5.printer import Printer
from bot.gateway.h5.visitor import clean_address, visitor
from bot.gateway.links import Purpose
from bot.ports import ServiceCenterRefused


@dataclass(frozen=True)
class GivenNotice:
    """A notice and when it was given."""

    notice: Notice
    issued_at: datetime


async def page(request: Request, number: str) -> HTTPResponse:
    """GET /h5/n/<number>."""
    cleaned = clean_address(request, Purpose.NOTICE, number)
    if cleaned is not None:
        return cleaned
    given = await _own_notice(request, number)
    return pages_of(request).page("notice.html", **_values(request, given), pdf=f"{request.path}.pdf")


async def pdf(request: Request, number: str) -> HTTPResponse:
    """GET /h5/n/<number>.pdf: for whoever may see the page."""
    given = await _own_notice(request, number)
    printer: Printer = request.app.ctx.printer
    text = pages_of(request).text("notice.pdf.j2", **_values(request, given))
    content = await printer.notice(number, text, address(request, number))
    headers = {**HEADERS, "Content-Disposition": f'inline; filename="{number}.pdf"'}
    return raw(content, content_type="application/pdf", headers=headers)


def address(request: Request, number: str) -> str:
    """The full address of the page, without a key: a printed sheet that is passed on opens nobody's things."""
    gateway: Gateway = request.app.ctx.gateway
    return gateway.settings.public_url + ways_in.path(Purpose.NOTICE, number)


async def _own_notice(request: Request, number: str) -> GivenNotice:
    """The notice, if it was given to somebody that this browser is.

    Raises:
        Refused: anybody else's, none of that number, or an old link.
    """
    who = await visitor(request, Purpose.NOTICE, number)
    record = await _record(request, number) if who.conversations else None
    if record is None or record["conversation"] not in who.conversations:
        raise who.closed()
    gateway: Gateway = request.app.ctx.gateway
    published = await gateway.center.item(str(record["item_code"]), int(record["catalogue_version"]))
    issued_at = datetime.fromisoformat(str(record["issued_at"]))
    notice = compose(
        published.item, published.local, request.app.ctx.centre, published.version, record["facts"],
        number=number, issued_on=issued_at.date(),
    )  # fmt: skip
    return GivenNotice(notice, issued_at)


async def _record(request: Request, number: str) -> Optional[Mapping[str, Any]]:
    gateway: Gateway = request.app.ctx.gateway
    parsed = case_numbers.parse(number)
    if parsed is None or parsed.kind is not NumberKind.NOTICE or str(parsed) != number:
        return None
    try:
        return await gateway.center.notice(number)
    except ServiceCenterRefused as error:
        if error.status == 404:
            return None
        raise


def _values(request: Request, given: GivenNotice) -> Mapping[str, Any]:
    where = address(request, given.notice.number)
    code = segno.make(where, error="m").svg_inline(border=4, dark="#000", light="#fff", omitsize=True)
    chart = flow_chart(given.notice.item.flow)
    return {**derived(given.notice), "issued_at": given.issued_at, "address": where, "qr": code, "chart": chart}
