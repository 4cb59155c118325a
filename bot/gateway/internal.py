"""内部接口 (neibu jiekou): what our other processes ask of the gateway. Bearer token, this machine only."""

from __future__ import annotations

import hmac
from dataclasses import asdict
from datetime import datetime
from typing import Any, Dict, List, Mapping, Optional

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response
from sqlalchemy.engine import Connection

from bot.adapters.vault.sql_vault import SealedText
from bot.adapters.vault.tokens import token_id
from bot.domain.lease import IllegalTransfer, Lease
from bot.gateway import conversations, inbox, leases, outbox
from bot.gateway.context import Gateway
from bot.gateway.errors import Refused, json_body, text_value
from bot.gateway.h5 import upload_calls
from bot.gateway.leases import StaleEpoch
from bot.gateway.logs import log
from bot.gateway.normalise import only_emoji
from bot.gateway.outbox import Outgoing

LOOPBACK = ("127.0.0.1", "::1", "::ffff:127.0.0.1")
_ID, _TEXT = 200, 20_000


def from_this_machine(request: Request) -> bool:
    """Whether the peer is local and not a proxy that speaks for somebody outside."""
    return request.ip in LOOPBACK and "x-forwarded-for" not in request.headers and "forwarded" not in request.headers


def _json(content: Mapping[str, Any], status: int = 200) -> HTTPResponse:
    return json_response(content, status, ensure_ascii=False)


def lease_view(lease: Lease) -> Dict[str, Any]:
    """A lease as JSON."""
    return conversations.lease_columns(lease)


def build(expected_token: str) -> Blueprint:
    """The routes under /internal."""
    routes = Blueprint("internal", url_prefix="/internal")

    async def only_our_processes(request: Request) -> None:
        if not from_this_machine(request):
            raise Refused(404, "not_found")
        given = (request.token or "").encode("utf8", "replace")
        if not hmac.compare_digest(given, expected_token.encode()):
            raise Refused(401, "unauthorized")

    routes.middleware(only_our_processes, "request")
    routes.add_route(seal, "/vault/seal", methods=["POST"])
    routes.add_route(reveal, "/vault/reveal", methods=["POST"])
    routes.add_route(send, "/outbox", methods=["POST"])
    routes.add_route(read_lease, "/leases/<conversation:str>", methods=["GET"])
    routes.add_route(move_lease, "/leases/<conversation:str>", methods=["POST"])
    routes.add_route(upload_calls.invite, "/uploads/drafts", methods=["POST"])
    routes.add_route(upload_calls.claim, "/uploads/claims", methods=["POST"])
    return routes


async def seal(request: Request) -> HTTPResponse:
    """Normalise and seal a text for another channel; the numbers of a message and their lease in one answer."""
    gateway: Gateway = request.app.ctx.gateway
    body = json_body(request)
    conversation, message_id = text_value(body, "conversation", _ID), text_value(body, "message_id", _ID)
    text = text_value(body, "text", _TEXT, empty=True)
    asked = text_value(body, "asked", _TEXT, empty=True) if body.get("asked") is not None else None

    def work(connection: Connection) -> "tuple[SealedText, bool, Lease]":
        sealed, cut = inbox.seal(connection, gateway.vault, conversation, message_id, text, asked)
        return sealed, cut, conversations.read_lease(connection, conversation, gateway.now())

    sealed, cut, lease = await gateway.store.write(work)
    return _json(
        {
            "text": sealed.text,
            "numbers": [asdict(n) for n in sealed.numbers],
            "lease": {"owner": lease.owner.value, "epoch": lease.epoch},
            "emoji_only": only_emoji(sealed.text),
            "cut": cut,
        }
    )


async def reveal(request: Request) -> HTTPResponse:
    """A number in plain text, for a named person with a reason; the log line is committed first."""
    gateway: Gateway = request.app.ctx.gateway
    body = json_body(request)
    token = token_id(text_value(body, "token", 60))
    who, reason = text_value(body, "who", 120), text_value(body, "reason", 400)
    if token is None:
        raise Refused(404, "unknown_token")
    await gateway.store.write(lambda connection: gateway.vault.log_reveal(connection, token, who, reason))
    found = await gateway.store.read(lambda connection: gateway.vault.reveal(connection, token))
    log("revealed", token=token, found=found is not None)
    if found is None:
        raise Refused(404, "unknown_token")
    return _json({"kind": found[0], "number": found[1]})


async def send(request: Request) -> HTTPResponse:
    """Put a message for a person into the outbox, once per key; with `epoch`, only while that epoch holds."""
    gateway: Gateway = request.app.ctx.gateway
    body = json_body(request)
    conversation, key = text_value(body, "conversation", _ID), text_value(body, "idempotency_key", _ID)
    origin, epoch = body.get("origin"), body.get("epoch")
    if origin not in ("notice", "clerk", "system"):
        raise Refused(400, "bad_value", field="origin")
    if epoch is not None and (not isinstance(epoch, int) or isinstance(epoch, bool)):
        raise Refused(400, "bad_value", field="epoch")
    message = Outgoing(origin, text_value(body, "text", _TEXT), key, _buttons(body.get("buttons")))

    def work(connection: Connection) -> bool:
        row = conversations.lock(connection, conversation, gateway.now())
        if epoch is not None and epoch != row["epoch"]:
            raise Refused(409, "stale_epoch", lease=lease_view(conversations.lease_of(row)))
        return outbox.put(connection, gateway.vault, row, message, gateway.now())

    written = await gateway.store.write(work)
    gateway.hub.notify(conversation)
    log("outbox", origin=origin, written=written)
    return _json({"written": written})


def _buttons(raw: Any) -> List[Dict[str, str]]:
    if raw is None:
        return []
    if not isinstance(raw, list) or len(raw) > 20 or not all(isinstance(b, dict) for b in raw):
        raise Refused(400, "bad_value", field="buttons")
    titles = [text_value(b, "title", 200) for b in raw]
    return [{"title": t, "payload": str(b.get("payload") or t)[:2000]} for t, b in zip(titles, raw)]


async def read_lease(request: Request, conversation: str) -> HTTPResponse:
    """Who holds a conversation."""
    gateway: Gateway = request.app.ctx.gateway
    lease = await gateway.store.read(lambda c: conversations.read_lease(c, conversation[:_ID], gateway.now()))
    return _json(lease_view(lease))


async def move_lease(request: Request, conversation: str) -> HTTPResponse:
    """Move a conversation: {"action", "holder", "epoch", "until"?, "message_id"?}; 409 when the epoch is old."""
    gateway: Gateway = request.app.ctx.gateway
    body = json_body(request)
    action, epoch = body.get("action"), body.get("epoch")
    if action not in leases.ACTIONS or not isinstance(epoch, int) or isinstance(epoch, bool) or len(conversation) > _ID:
        raise Refused(400, "bad_value", field="action" if action not in leases.ACTIONS else "epoch")
    holder = text_value(body, "holder", 120) if action in ("claim", "renew") else ""
    cause = text_value(body, "message_id", _ID) if body.get("message_id") else None
    try:
        lease = await leases.transfer(
            gateway.store, conversation, action, epoch, gateway.now(), holder=holder, until=_until(body), cause=cause
        )
    except StaleEpoch as error:
        raise Refused(409, "stale_epoch", lease=lease_view(error.lease)) from error
    except IllegalTransfer as error:
        raise Refused(409, "illegal_transfer") from error
    gateway.hub.notify(conversation)
    log("lease", conversation=conversation, action=action, epoch=lease.epoch)
    return _json(lease_view(lease))


def _until(body: Mapping[str, Any]) -> Optional[datetime]:
    if body.get("until") is None:
        return None
    try:
        moment = datetime.fromisoformat(text_value(body, "until", 40))
    except ValueError as error:
        raise Refused(400, "bad_value", field="until") from error
    if moment.tzinfo is None:
        raise Refused(400, "bad_value", field="until")
    return moment
