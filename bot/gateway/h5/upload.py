"""上传页 (shangchuan ye): photographs and PDFs of materials, for an open case or a draft of one's own (F8)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, List, Sequence, Tuple

from sanic.request import Request
from sanic.response import HTTPResponse, redirect

from bot.domain import case_numbers
from bot.domain.case_numbers import NumberKind
from bot.domain.notice import compose
from bot.gateway.context import Gateway
from bot.gateway.errors import Refused
from bot.gateway.h5 import forms, limits
from bot.gateway.h5 import upload_rows as rows
from bot.gateway.h5.pages import pages_of
from bot.gateway.h5.progress import is_open
from bot.gateway.h5.upload_reading import LONGEST_BODY, Given, GivenFile, kind_of, parts
from bot.gateway.h5.upload_rows import Place
from bot.gateway.h5.uploads import Uploads
from bot.gateway.h5.visitor import clean_address, visitor
from bot.gateway.links import Purpose
from bot.ports import PublishedItem, ServiceCenterRefused

_REMOVE = "/remove"
Faults = List[Tuple[str, str]]
"""(name of a file, code of what is wrong with it); the sentences stand in upload.html."""


@dataclass(frozen=True)
class OpenPlace:
    """Where is uploaded to, its item, and whether more may still come."""

    place: Place
    published: PublishedItem
    open: bool


async def page(request: Request, subject: str) -> HTTPResponse:
    """GET /h5/u/<case's number or draft's id>."""
    cleaned = clean_address(request, Purpose.UPLOAD, subject)
    if cleaned is not None:
        return cleaned
    return await _list_page(request, await _own_place(request, subject), done=request.args.get("done", ""))


async def give(request: Request, subject: str) -> HTTPResponse:
    """POST /h5/u/<…>: form token, material, files. Nothing of a file is kept before the token was checked."""
    own = await _own_place(request, subject)
    limits.check(request)
    request.stream.request_max_size = LONGEST_BODY  # type: ignore[union-attr]  # other routes keep the small limit
    fields: Dict[str, str] = {}
    faults: Faults = []
    saved = 0
    async for given in parts(request):
        if not isinstance(given, GivenFile):
            fields[given.name] = given.value
            continue
        forms.check(request, fields.get(forms.FIELD, ""), [own.place.conversation])
        fault = await _keep(request, own, fields.get("material", ""), given)
        faults += [(given.name, fault)] if fault else []
        saved += not fault
    forms.check(request, fields.get(forms.FIELD, ""), [own.place.conversation])
    if faults:
        return await _list_page(request, own, done="saved" if saved else "", refused=faults)
    return redirect(f"{request.path}?done={'saved' if saved else 'nothing'}", status=303)


async def take_back(request: Request, subject: str) -> HTTPResponse:
    """POST /h5/u/<…>/remove: {"id"}."""
    gateway: Gateway = request.app.ctx.gateway
    own = await _own_place(request, subject)
    forms.check(request, request.form.get(forms.FIELD, ""), [own.place.conversation])
    limits.check(request)
    uploads: Uploads = request.app.ctx.uploads
    if own.open:
        await uploads.remove(gateway, own.place, request.form.get("id", "")[:32])
    return redirect(f"{request.path[: -len(_REMOVE)]}?done=removed", status=303)


async def _keep(request: Request, own: OpenPlace, material: str, given: Given) -> str:
    """Keep one file; the code of what is wrong with it, or empty."""
    assert isinstance(given, GivenFile)
    gateway: Gateway = request.app.ctx.gateway
    uploads: Uploads = request.app.ctx.uploads
    if not own.open or material not in {m.id for m in _materials(request, own)}:
        raise Refused(400, "bad_form")
    try:
        kind = await kind_of(given.content)
    except Refused as refused:
        return refused.code
    return "" if await uploads.add(gateway, own.place, material, given.content or b"", kind) else "full"


async def _own_place(request: Request, subject: str) -> OpenPlace:
    """The draft or case, if it belongs to somebody that this browser is.

    Raises:
        Refused: anybody else's, none of that name, or an old link.
    """
    gateway: Gateway = request.app.ctx.gateway
    who = await visitor(request, Purpose.UPLOAD, subject)
    place, still_open = await _place(gateway, subject) if who.conversations else (None, False)
    if place is None or place.conversation not in who.conversations:
        raise who.closed()
    published = await gateway.center.item(place.item_code, place.catalogue_version)
    return OpenPlace(place, published, still_open)


async def _place(gateway: Gateway, subject: str) -> "Tuple[Place | None, bool]":
    draft = await gateway.store.read(lambda connection: rows.draft(connection, subject))
    if draft is not None:
        return draft, True
    number = case_numbers.parse(subject)
    if number is None or number.kind is not NumberKind.CASE or str(number) != subject:
        return None, False
    try:
        detail = await gateway.center.case(subject)
    except ServiceCenterRefused:
        return None, False
    case = detail["case"]
    place = Place(
        case["number"], detail["conversation"], case["item_code"], case["catalogue_version"], detail["facts"], is_draft=False
    )
    return place, is_open(case)


def _materials(request: Request, own: OpenPlace) -> Sequence[Any]:
    p = own.published
    return compose(p.item, p.local, request.app.ctx.centre, p.version, own.place.facts).materials


async def _list_page(request: Request, own: OpenPlace, done: str, refused: Sequence[Tuple[str, str]] = ()) -> HTTPResponse:
    gateway: Gateway = request.app.ctx.gateway
    found = await gateway.store.read(lambda connection: rows.of_place(connection, own.place))
    address = request.path[: -len(_REMOVE)] if request.path.endswith(_REMOVE) else request.path
    materials = [
        {"id": m.id, "name": m.name, "note": m.note, "uploads": [row for row in found if row["material"] == m.id]}
        for m in _materials(request, own)
    ]
    return pages_of(request).page(
        "upload.html",
        422 if refused else 200,
        item_name=own.published.item.name,
        subject=own.place.subject,
        is_draft=own.place.is_draft,
        open=own.open,
        materials=materials,
        count=len(found),
        most=rows.MOST_FILES,
        refused=refused,
        done=done,
        action=address,
        form=forms.token(request, own.place.conversation, address),
        remove_action=address + _REMOVE,
        remove_form=forms.token(request, own.place.conversation, address + _REMOVE),
    )
