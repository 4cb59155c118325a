"""耐心 (naixin): tells a person who waits for an answer that it is coming."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Dict, Set

from sqlalchemy.engine import Connection

from bot.gateway import conversations, inbox, outbox
from bot.gateway.context import Gateway
from bot.gateway.logs import log
from bot.gateway.outbox import Outgoing


class Patience:
    """One line for a person who waits, however long it takes.

    Measured by the monotonic clock: a test's clock may stand still, a person's patience does not.
    """

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._first_seen: Dict[int, float] = {}
        self._told: Set[int] = set()

    async def run(self) -> None:
        """Until cancelled."""
        step = min(0.5, self._gateway.options.wait_line_after / 4)
        while True:
            await asyncio.sleep(step)
            try:
                await self._look()
            except Exception as error:  # a word of patience is not worth stopping for
                log("patience_failed", logging.ERROR, error)

    async def _look(self) -> None:
        now = time.monotonic()
        waiting = await self._gateway.store.read(inbox.open_ids)
        everybody = {number for numbers in waiting.values() for number in numbers}
        self._first_seen = {n: self._first_seen.get(n, now) for n in everybody}
        self._told &= everybody
        for conversation, numbers in waiting.items():
            oldest = numbers[0]
            if oldest in self._told:
                self._told.update(numbers)  # those behind it wait for the same reason
            elif now - self._first_seen[oldest] >= self._gateway.options.wait_line_after:
                await self._tell(conversation, oldest)
                self._told.update(numbers)

    async def _tell(self, conversation: str, oldest: int) -> None:
        gateway = self._gateway

        def work(connection: Connection) -> bool:
            row = conversations.lock(connection, conversation, gateway.now())
            if not conversations.lease_of(row).with_bot or not inbox.is_open(connection, oldest):
                return False
            line = Outgoing("system", gateway.texts.messages["wait"], f"wait:{oldest}")
            return outbox.put(connection, gateway.vault, row, line, gateway.now())

        if await gateway.store.write(work):
            gateway.hub.notify(conversation)
