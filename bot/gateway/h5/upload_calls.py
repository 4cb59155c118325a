"""上传的内部接口 (shangchuan de neibu jiekou): the form says for which draft a person may upload, and what became of it."""

from __future__ import annotations

from typing import Any, Dict

from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response

from bot.gateway.context import Gateway
from bot.gateway.errors import Refused, json_body, text_value
from bot.gateway.h5 import upload_rows as rows
from bot.gateway.h5 import ways_in
from bot.gateway.h5.upload_rows import Place
from bot.gateway.h5.visitor import links_of
from bot.gateway.links import Purpose

_DRAFT, _CONVERSATION = 64, 128


async def invite(request: Request) -> HTTPResponse:
    """POST /internal/uploads/drafts: {"draft", "conversation", "item_code", "catalogue_version", "facts"} → {"link"}."""
    gateway: Gateway = request.app.ctx.gateway
    body = json_body(request)
    place = _place(body)
    await gateway.store.write(lambda connection: rows.note_draft(connection, place, gateway.now()))
    way = ways_in.link(links_of(request), Purpose.UPLOAD, place.conversation, place.subject, gateway.now())
    return json_response({"link": gateway.settings.public_url + way})


async def claim(request: Request) -> HTTPResponse:
    """POST /internal/uploads/claims: {"draft", "conversation", "case"} → {"files"}; once more claims nothing."""
    gateway: Gateway = request.app.ctx.gateway
    body = json_body(request)
    draft, case = text_value(body, "draft", _DRAFT), text_value(body, "case", _DRAFT)
    conversation = text_value(body, "conversation", _CONVERSATION)
    files = await gateway.store.write(lambda connection: rows.claim(connection, conversation, draft, case))
    return json_response({"files": files})


def _place(body: Dict[str, Any]) -> Place:
    version, facts = body.get("catalogue_version"), body.get("facts")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise Refused(400, "bad_value", field="catalogue_version")
    if not isinstance(facts, dict) or not all(isinstance(text, str) for text in facts.values()):
        raise Refused(400, "bad_value", field="facts")
    return Place(
        text_value(body, "draft", _DRAFT),
        text_value(body, "conversation", _CONVERSATION),
        text_value(body, "item_code", 40),
        version,
        facts,
        is_draft=True,
    )
