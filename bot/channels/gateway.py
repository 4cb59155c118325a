"""The `gateway` channel: the gateway hands over one sealed message and gets back what the bot says. Also serves the event feed."""

from __future__ import annotations

import hmac
from typing import Any, Dict, Optional

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot import settings
from bot.channels.turn import OnNewMessage, Turn, run_turn, window_store

FEED_LIMIT = 500


class GatewayChannel(InputChannel):
    """POST {"sender","message","message_id","metadata","silent"} → {"messages": [{"text","buttons"}]}."""

    @classmethod
    def name(cls) -> str:
        """Name in the URL: /webhooks/gateway/webhook."""
        return "gateway"

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[str, Any]]) -> "GatewayChannel":
        """credentials.yml only names the class; the token comes from the settings."""
        return cls(settings.load())

    def __init__(self, config: settings.Settings) -> None:
        self._config = config

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """Routes of the channel."""
        routes = Blueprint("gateway_webhook", __name__)

        @routes.middleware("request")
        async def only_our_processes(request: Request) -> Optional[HTTPResponse]:
            given = (request.token or "").encode()
            if not hmac.compare_digest(given, self._config.internal_token.encode()):
                return response.json({"error": {"code": "unauthorized", "message": "令牌不对"}}, 401)
            return None

        @routes.get("/")
        async def health(request: Request) -> HTTPResponse:
            agent = getattr(request.app.ctx, "agent", None)
            ready = agent is not None and agent.is_ready() and window_store(agent) is not None
            return response.json({"ready": bool(ready)}, 200 if ready else 503)

        @routes.post("/webhook")
        async def receive(request: Request) -> HTTPResponse:
            body = request.json
            turn = Turn(
                sender=body["sender"],
                text=body["message"],
                message_id=body["message_id"],
                channel="gateway",
                metadata=body.get("metadata") or {},
                silent=bool(body.get("silent")),
            )
            return response.json({"messages": await run_turn(request.app.ctx.agent, on_new_message, turn)})

        @routes.get("/feed")
        async def feed(request: Request) -> HTTPResponse:
            store = window_store(request.app.ctx.agent)
            cursor, limit = int(request.args.get("after", 0)), int(request.args.get("limit", FEED_LIMIT))
            events = store.feed_after(cursor, min(limit, FEED_LIMIT)) if store else []
            return response.json({"events": events})

        return routes
