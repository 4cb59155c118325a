"""The `rest` channel: for tests and tools on this machine. Every text passes the gateway's vault before Rasa sees it."""

from __future__ import annotations

import logging
from typing import Any, Dict, Optional
from uuid import uuid4

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot import bootstrap, settings
from bot.channels.turn import OnNewMessage, Turn, run_turn
from bot.ports import VaultUnavailable

logger = logging.getLogger(__name__)

LOOPBACK = ("127.0.0.1", "::1")
MAX_SENDER = 200


class RestChannel(InputChannel):
    """POST {"sender", "message"} → [{"recipient_id", "text", "buttons"?}]; loopback only."""

    @classmethod
    def name(cls) -> str:
        """Name in the URL: /webhooks/rest/webhook."""
        return "rest"

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[str, Any]]) -> "RestChannel":
        """credentials.yml only names the class; addresses and tokens come from the settings."""
        return cls(settings.load())

    def __init__(self, config: settings.Settings) -> None:
        self._config = config

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """Routes of the channel."""
        routes = Blueprint("rest_webhook", __name__)
        vault = bootstrap.vault_client(self._config)

        @routes.get("/")
        async def health(_: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @routes.post("/webhook")
        async def receive(request: Request) -> HTTPResponse:
            if request.ip not in LOOPBACK:
                return response.json({"error": {"code": "loopback_only", "message": "只接受本机请求"}}, 403)
            sender, text, problem = _read(request)
            if problem:
                return response.json({"error": {"code": "bad_request", "message": problem}}, 400)
            message_id = uuid4().hex
            try:
                sealed = await vault.seal_message(sender, message_id, text)
            except VaultUnavailable:
                # without the vault a number could reach the tracker in plain text, so the message goes no further
                return response.json([{"recipient_id": sender, "text": self._sorry()}])
            turn = Turn(
                sender=sender,
                text=sealed.text,
                message_id=message_id,
                channel="rest",
                metadata={"numbers": sealed.numbers, "channel": "rest", "emoji_only": sealed.emoji_only},
                silent=sealed.lease_owner != "bot",
            )
            replies = await run_turn(request.app.ctx.agent, on_new_message, turn)
            if not replies and not turn.silent:
                replies = [{"text": self._sorry(), "buttons": []}]
            return response.json([_with_recipient(sender, reply) for reply in replies])

        return routes

    @staticmethod
    def _sorry() -> str:
        return bootstrap.texts()["sorry"]


def _with_recipient(sender: str, reply: Dict[str, Any]) -> Dict[str, Any]:
    message = {"recipient_id": sender, "text": reply["text"]}
    if reply["buttons"]:
        message["buttons"] = reply["buttons"]
    return message


def _read(request: Request) -> "tuple[str, str, str]":
    """(sender, text, what is wrong)."""
    try:
        body = request.json
    except Exception:  # Sanic raises several kinds for a body that is no JSON
        return "", "", "请求体不是 JSON"
    if not isinstance(body, dict):
        return "", "", '请求体应是 {"sender": …, "message": …}'
    sender, text = body.get("sender", "default"), body.get("message", "")
    if not isinstance(sender, str) or not 0 < len(sender) <= MAX_SENDER:
        return "", "", f"sender 应是 1 到 {MAX_SENDER} 个字的文字"
    if not isinstance(text, str):
        return "", "", "message 应是文字"
    return sender, text, ""
