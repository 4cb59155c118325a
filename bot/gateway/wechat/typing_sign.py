"""正在输入 (zhengzai shuru): the typing sign while the bot works on an answer.

Rules of the platform: an interaction within 30 s, lasts 15 s, not again while it lasts, ends with the next message.
It is a courtesy: whatever goes wrong with it is noted once and never in the way.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Dict

from sqlalchemy.engine import Connection

from bot.adapters.wechat_api.client import WeChatClient
from bot.adapters.wechat_api.errors import Cure, Refused, WeChatError
from bot.domain.quota import Overlap
from bot.gateway.context import Gateway
from bot.gateway.logs import log
from bot.gateway.wechat import ledger, people

_AFTER, _LASTS, _MOST_KEPT = 0.8, 15.0, 5000


class TypingSign:
    """The sign for one gateway."""

    def __init__(self, gateway: Gateway, client: WeChatClient) -> None:
        self._gateway, self._client = gateway, client
        self._on = gateway.settings.wechat.typing
        self._waiting: Dict[str, "asyncio.Task[None]"] = {}
        self._until: Dict[str, float] = {}

    def begin(self, conversation: str) -> None:
        """An answer is being worked out; one that is there at once needs no sign."""
        if self._on and conversation not in self._waiting:
            self._waiting[conversation] = asyncio.ensure_future(self._show(conversation))

    def end(self, conversation: str) -> None:
        """The answer is there."""
        task = self._waiting.pop(conversation, None)
        if task is not None:
            task.cancel()

    def gone(self, conversation: str) -> None:
        """A message has been sent, and the platform has taken the sign away with it."""
        self._until.pop(conversation, None)

    async def _show(self, conversation: str) -> None:
        await asyncio.sleep(_AFTER)
        now = time.monotonic()
        if self._until.get(conversation, 0.0) > now:
            return
        try:
            openid = await self._gateway.store.read(lambda c: self._openid(c, conversation))
            if openid is None:
                return
            if len(self._until) > _MOST_KEPT:
                self._until = {c: until for c, until in self._until.items() if until > now}
            self._until[conversation] = now + _LASTS
            await self._client.typing(openid, True)
        except Refused as error:
            if error.cure is Cure.SETTING:  # the account has no customer-service permission
                self._on = False
                log("typing_switched_off", logging.WARNING, code=error.code)
        except WeChatError as error:
            log("typing_failed", why=str(error))

    def _openid(self, connection: Connection, conversation: str) -> "str | None":
        """Whom to show it to; None when nothing may be sent."""
        overlap, now = Overlap(self._gateway.settings.wechat.overlap), self._gateway.now()
        person = people.of_conversation(connection, conversation)
        if person is None or not ledger.sends_left(connection, conversation, now, overlap):
            return None
        return person.openid
