"""网页聊天 (wangye liaotian): the page for residents without WeChat, and its three calls."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
from functools import partial
from pathlib import Path
from typing import Any, Dict, List, Tuple

import jinja2
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, html
from sanic.response import json as json_response
from sqlalchemy.engine import Connection

from bot.gateway import inbox, page_links, timeline
from bot.gateway.context import Gateway
from bot.gateway.errors import Refused, json_body
from bot.gateway.inbox import Incoming
from bot.gateway.internal import LOOPBACK
from bot.gateway.limits import Buckets
from bot.gateway.logs import log
from bot.gateway.sessions import conversation_of, new_conversation, set_cookie

_HERE = Path(__file__).parent
_CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_PAGES_PER_CONVERSATION = 6
_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def build() -> Blueprint:
    """The routes under /chat."""
    routes = Blueprint("web_chat", url_prefix="/chat")
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(str(_HERE / "templates")), autoescape=True, undefined=jinja2.StrictUndefined
    )
    routes.ctx.template = environment.get_template("chat.html")
    routes.ctx.version = _static_version()
    routes.ctx.per_person, routes.ctx.per_address = Buckets(20, 1.0), Buckets(200, 20.0)
    routes.static("/static", str(_HERE / "static"), name="static")
    routes.add_route(_page(routes), "/", methods=["GET"], name="page", strict_slashes=False)
    routes.add_route(_receive(routes), "/messages", methods=["POST"], name="receive")
    routes.add_route(events, "/events", methods=["GET"], name="events", stream=False)
    routes.add_route(forget, "/forget", methods=["POST"], name="forget")
    return routes


def _static_version() -> str:
    """Changes whenever a static file does, so that browsers never mix old and new."""
    digest = hashlib.sha256()
    for path in sorted(p for p in (_HERE / "static").iterdir() if p.is_file()):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:10]


def _page(routes: Blueprint) -> Any:
    async def page(request: Request) -> HTTPResponse:
        """The chat page; a browser without a genuine cookie gets a new conversation."""
        gateway: Gateway = request.app.ctx.gateway
        texts = gateway.texts
        content = routes.ctx.template.render(
            t=texts.page,
            greeting=texts.greeting,
            examples=texts.examples,
            errors=texts.errors,
            version=routes.ctx.version,
        )
        response = html(content, headers={"Content-Security-Policy": _CSP, "Cache-Control": "no-store"})
        key = gateway.settings.cookie_key
        set_cookie(request, response, key, conversation_of(request, key) or new_conversation())
        return response

    return page


def _conversation(request: Request) -> str:
    conversation = conversation_of(request, request.app.ctx.gateway.settings.cookie_key)
    if conversation is None:
        raise Refused(401, "no_conversation")
    return conversation


def _only_from_our_page(request: Request) -> None:
    """SameSite keeps the cookie from foreign pages; browsers that say where a call comes from are believed too."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise Refused(403, "foreign_page")


def _address(request: Request) -> str:
    """The caller's address; a proxy on this machine speaks for others."""
    forwarded = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    return str(forwarded if forwarded and request.ip in LOOPBACK else request.ip)


def _receive(routes: Blueprint) -> Any:
    async def receive(request: Request) -> HTTPResponse:
        """Store a message and say so; 202, the answer comes by /chat/events."""
        gateway: Gateway = request.app.ctx.gateway
        _only_from_our_page(request)
        conversation = _conversation(request)
        wait = routes.ctx.per_address.take(_address(request)) or routes.ctx.per_person.take(conversation)
        if wait:
            raise Refused(429, "too_fast", retry_after=wait)
        message = _message(conversation, json_body(request))
        too_long = gateway.texts.messages["too_long"]
        seq, new = await gateway.store.write(
            lambda connection: inbox.put(connection, gateway.vault, message, too_long, gateway.now())
        )
        if new:
            log("received", message=message.message_id, channel="web")
            request.app.ctx.worker.wake()
            gateway.hub.notify(conversation)
        return json_response({"seq": seq, "id": message.message_id}, 202)

    return receive


def _message(conversation: str, body: Dict[str, Any]) -> Incoming:
    text, client_id = body.get("text"), body.get("client_id")
    if not isinstance(text, str):
        raise Refused(400, "bad_text")
    if not isinstance(client_id, str) or not _CLIENT_ID.fullmatch(client_id):
        raise Refused(400, "bad_client_id")
    # hashed: what a page sends as an id could be anything, even a telephone number
    digest = hashlib.sha256(f"{conversation}/{client_id}".encode()).hexdigest()[:32]
    clean = text.replace("\0", "").encode("utf8", "replace").decode("utf8")
    return Incoming(conversation, "web", f"web-{digest}", clean)


async def events(request: Request) -> None:
    """Server-Sent Events: the conversation from a number on, then everything new, as long as the page is open."""
    gateway: Gateway = request.app.ctx.gateway
    conversation = _conversation(request)
    after = request.headers.get("last-event-id") or request.args.get("after") or "0"
    if not (after.isascii() and after.isdigit() and len(after) < 10):
        raise Refused(400, "bad_cursor")
    if gateway.hub.count(conversation) >= _PAGES_PER_CONVERSATION:
        raise Refused(429, "too_many_pages", retry_after=5)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    stream = await request.respond(content_type="text/event-stream; charset=utf-8", headers=headers)
    await stream.send("retry: 2000\n\n")
    with gateway.hub.listen(conversation) as news:
        await _follow(gateway, conversation, int(after), stream, news)
    await stream.eof()


async def _follow(gateway: Gateway, conversation: str, seq: int, stream: Any, news: Any) -> None:
    shown: Any = None
    while not gateway.hub.closing:
        news.clear()
        entries, (due, owner) = await gateway.store.read(partial(_news, conversation=conversation, after=seq))
        for entry in entries:
            seq = entry["seq"]
            line = None if entry["from"] == "me" else page_links.line_for(entry["text"], gateway.texts.links)
            if line:
                entry["text"] += f"\n{line}"
            await stream.send(f"id: {seq}\nevent: message\ndata: {json.dumps(entry, ensure_ascii=False)}\n\n")
        if shown != (due, owner):
            shown = (due, owner)
            await stream.send(f"event: state\ndata: {json.dumps({'due': due, 'owner': owner})}\n\n")
        try:
            await asyncio.wait_for(news.wait(), gateway.options.heartbeat)
        except asyncio.TimeoutError:
            await stream.send(": still here\n\n")


def _news(connection: Connection, conversation: str, after: int) -> "Tuple[List[Dict[str, Any]], Tuple[bool, str]]":
    return timeline.since(connection, conversation, after), timeline.state(connection, conversation)


async def forget(request: Request) -> HTTPResponse:
    """A new conversation for this browser; the old one is no longer shown here."""
    _only_from_our_page(request)
    _conversation(request)
    response = json_response({"ok": True})
    set_cookie(request, response, request.app.ctx.gateway.settings.cookie_key, new_conversation())
    return response
