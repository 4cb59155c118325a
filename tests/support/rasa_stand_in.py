"""A stand-in for Rasa's gateway channel: strict about the token and the shape of what it gets, and it can be switched off."""

from __future__ import annotations

import asyncio
import threading
import time
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, List, Optional

from aiohttp import web

Answer = Dict[str, Any]
_NUMBER_KEYS = {"token", "kind", "verdict", "masked", "fingerprint", "birth"}


@dataclass
class RasaStandIn:
    """Answers `echo: <text>`; remembers what it worked, like the real channel, by message id."""

    port: int
    token: str
    reply: Callable[[Dict[str, Any]], List[Answer]] = lambda body: [{"text": f"echo: {body['message']}", "buttons": []}]
    delay: float = 0.0
    delay_of: Optional[Callable[[Dict[str, Any]], float]] = None  # instead of `delay`, by message
    status: int = 200
    talks_over: bool = False  # answers although it was asked to be silent
    calls: List[Dict[str, Any]] = field(default_factory=list)  # every request, in order
    worked: Dict[str, List[Answer]] = field(default_factory=dict)  # message id → answer
    complaints: List[str] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    talking: Dict[str, int] = field(default_factory=dict)

    def start(self) -> "RasaStandIn":
        self._loop = asyncio.new_event_loop()
        self._up = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        assert self._up.wait(5)
        return self

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        app = web.Application()
        app.router.add_post("/webhooks/gateway/webhook", self._hook)
        app.router.add_get("/webhooks/gateway/", self._health)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        self._loop.run_until_complete(runner.setup())
        site = web.TCPSite(runner, "127.0.0.1", self.port, reuse_address=True)
        self._loop.run_until_complete(site.start())
        self._up.set()
        self._loop.run_forever()
        self._loop.run_until_complete(runner.cleanup())
        self._loop.close()

    def stop(self) -> None:
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(5)

    async def _health(self, request: web.Request) -> web.Response:
        return web.json_response({"ready": True})

    async def _hook(self, request: web.Request) -> web.Response:
        body = await request.json()
        self._check(request, body)
        sender = body["sender"]
        self.calls.append({**body, "at": time.monotonic()})
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.talking[sender] = self.talking.get(sender, 0) + 1
        if self.talking[sender] > 1:
            self.complaints.append(f"two messages of {sender} at once")
        try:
            await asyncio.sleep(self.delay_of(body) if self.delay_of else self.delay)
            if self.status != 200:
                return web.json_response({"error": "broken"}, status=self.status)
            if body["message_id"] not in self.worked:
                self.worked[body["message_id"]] = self.reply(body) if self.talks_over or not body["silent"] else []
            return web.json_response({"messages": self.worked[body["message_id"]]})
        finally:
            self.at_once -= 1
            self.talking[sender] -= 1

    def _check(self, request: web.Request, body: Dict[str, Any]) -> None:
        def complain(what: str) -> None:
            self.complaints.append(what)

        if request.headers.get("Authorization") != f"Bearer {self.token}":
            complain("token")
        if set(body) != {"sender", "message", "message_id", "metadata", "silent"}:
            complain(f"keys {sorted(body)}")
        if not isinstance(body["silent"], bool) or len(body["message_id"]) > 128:
            complain("types")
        metadata = body["metadata"]
        if metadata.get("channel") not in ("web", "wechat") or not isinstance(metadata.get("emoji_only"), bool):
            complain(f"metadata {metadata}")
        if any(set(n) != _NUMBER_KEYS or n["token"] not in body["message"] for n in metadata["numbers"]):
            complain(f"numbers {metadata['numbers']}")

    def messages(self, sender: Optional[str] = None) -> List[str]:
        """Texts that arrived, in order, each message id once."""
        seen: Dict[str, str] = {}
        for call in self.calls:
            if sender in (None, call["sender"]):
                seen.setdefault(call["message_id"], call["message"])
        return list(seen.values())
