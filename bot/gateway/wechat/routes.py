"""微信入口 (weixin rukou): GET and POST /wechat. A push is acknowledged once it is stored, long before anybody answers it."""

from __future__ import annotations

import asyncio
import logging
import time
from urllib.parse import parse_qs

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import text as text_response

from bot.gateway.context import Gateway
from bot.gateway.errors import Refused
from bot.gateway.logs import log
from bot.gateway.wechat import push
from bot.gateway.wechat.envelope import Forged, Query, greet, open_letter, text_reply
from bot.gateway.wechat.reception import Reception, Taken

_SUCCESS = "success"
_MOST_PARAMETERS = 30
_STORE_WITHIN, _TRY_AGAIN = 3.5, 0.3  # seconds; the platform waits five


def build() -> Blueprint:
    """The two routes."""
    routes = Blueprint("wechat", url_prefix="/wechat")
    routes.add_route(check, "/", methods=["GET"], name="check", strict_slashes=False)
    routes.add_route(receive, "/", methods=["POST"], name="receive", strict_slashes=False)
    return routes


async def check(request: Request) -> HTTPResponse:
    """The URL check of the console: the echostr, byte for byte."""
    gateway: Gateway = request.app.ctx.gateway
    try:
        echo = greet(gateway.settings.wechat, _query(request), gateway.now())
    except Forged as error:
        raise _refused(error) from None
    return text_response(echo)


async def receive(request: Request) -> HTTPResponse:
    """A push: `success`, or an answer that costs no send."""
    gateway: Gateway = request.app.ctx.gateway
    account = gateway.settings.wechat
    try:
        letter = open_letter(account, _query(request), request.body, gateway.now())
        incoming = push.read(letter.root)
    except Forged as error:
        raise _refused(error) from None
    taken = await _stored(request, incoming)
    if taken.new:
        log("pushed", kind=incoming.event or incoming.kind, message=incoming.key[:40])
    if taken.conversation is not None:
        request.app.ctx.worker.wake()
        gateway.hub.notify(taken.conversation)
    if taken.line is None:
        return text_response(_SUCCESS)
    reply = text_reply(account, letter, taken.line, gateway.now())
    return text_response(reply, content_type="application/xml; charset=utf-8")


def _query(request: Request) -> Query:
    """All values of each parameter, the empty ones too, which Sanic's own mapping leaves out."""
    try:
        return parse_qs(request.query_string, keep_blank_values=True, max_num_fields=_MOST_PARAMETERS)
    except ValueError:
        raise Forged("query", 400) from None


async def _stored(request: Request, incoming: push.Push) -> Taken:
    """Stored for good. A database that is away for a moment is waited for: a refusal is re-delivered at once, thrice."""
    gateway: Gateway = request.app.ctx.gateway
    reception: Reception = request.app.ctx.reception
    until = time.monotonic() + _STORE_WITHIN
    while True:
        try:
            return await gateway.store.write(lambda c: reception.take(c, incoming, gateway.depth), urgent=True)
        except Exception as error:
            log("push_not_stored", logging.ERROR, error)
            if time.monotonic() > until:
                raise Refused(503, "unavailable", retry_after=2) from error
        await asyncio.sleep(_TRY_AGAIN)


def _refused(error: Forged) -> Refused:
    log("push_refused", logging.WARNING, why=error.why)
    return Refused(error.status, "push_refused")
