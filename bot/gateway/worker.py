"""Takes messages out of the inbox and brings each to its end: one at a time per person, several people at once.

Waiting is measured by the monotonic clock, not by the gateway's: a test's clock may stand still, a person's patience
does not.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any, Dict, List, Mapping, Optional

from sqlalchemy.engine import Connection

from bot.gateway import conversations, inbox, outbox
from bot.gateway.context import Gateway
from bot.gateway.inbox import OpenMessage
from bot.gateway.logs import log
from bot.gateway.outbox import Outgoing
from bot.gateway.rasa_client import RasaDown, RasaFailed

_LOOK_AGAIN = 1.0
_CLAIM = "inbox"


class Worker:
    """The loop over the inbox."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._options = gateway.options
        self._news = asyncio.Event()
        self._serving: Dict[str, "asyncio.Task[None]"] = {}
        self._resting: Dict[str, float] = {}  # conversation → not before
        self._pauses: Dict[str, float] = {}  # conversation → last pause
        self._failures: Dict[int, int] = {}  # inbox id → answers that were none

    def wake(self) -> None:
        """There may be a new message."""
        self._news.set()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            pause = await self._start_some()
            try:
                await asyncio.wait_for(self._news.wait(), pause)
            except asyncio.TimeoutError:
                pass
            self._news.clear()

    async def stop(self) -> None:
        """Break off what is under way; the rows stay `handed` and are handed again at the next start."""
        for task in list(self._serving.values()):
            task.cancel()
        await asyncio.gather(*self._serving.values(), return_exceptions=True)

    async def _start_some(self) -> float:
        now = time.monotonic()
        self._resting = {c: until for c, until in self._resting.items() if until > now}
        free = self._options.people_at_once - len(self._serving)
        if free > 0:
            busy = [*self._serving, *self._resting]
            try:
                people, self._gateway.depth = await self._gateway.store.read(lambda c: self._waiting(c, busy, free))
            except Exception as error:  # a database that is away comes back; the loop must live
                log("inbox_not_read", logging.ERROR, error)
                return _LOOK_AGAIN
            for conversation in people:
                self._serving[conversation] = asyncio.ensure_future(self._serve(conversation))
        return max(0.01, min([_LOOK_AGAIN, *(until - now for until in self._resting.values())]))

    def _waiting(self, connection: Connection, busy: List[str], free: int) -> "tuple[List[str], int]":
        others = self._gateway.claims.of_others(connection, _CLAIM)
        return inbox.people_waiting(connection, busy, free, others), inbox.depth(connection)

    async def _serve(self, conversation: str) -> None:
        claimed = False
        try:
            claimed = await self._gateway.claims.take(_CLAIM, conversation)
            while claimed:
                message = await self._gateway.store.read(lambda c: inbox.oldest_open(c, conversation))
                if message is None:
                    return
                if not await self._work(message):
                    self._rest(conversation)
                    return
                self._pauses.pop(conversation, None)
        except Exception as error:  # one person's trouble must not stop the others
            log("message_not_worked", logging.ERROR, error, conversation=conversation)
            self._rest(conversation)
        finally:
            self._serving.pop(conversation, None)
            if claimed:
                await self._gateway.claims.release(_CLAIM, conversation)
            self._news.set()

    def _rest(self, conversation: str) -> None:
        pause = min(self._options.longest_pause, self._pauses.get(conversation, self._options.first_pause / 2) * 2)
        self._pauses[conversation] = pause
        self._resting[conversation] = time.monotonic() + pause

    async def _work(self, message: OpenMessage) -> bool:
        """Hand one message over and store what comes back; False: try again later."""
        gateway = self._gateway

        def take(connection: Connection) -> "Optional[tuple[int, bool]]":
            row = conversations.lock(connection, message.conversation, gateway.now())
            silent = not conversations.lease_of(row).with_bot
            open_still = inbox.mark_handed(connection, message, row["epoch"], silent, gateway.now())
            return (row["epoch"], silent) if open_still else None

        taken = await gateway.store.write(take)
        if taken is None:
            return True
        epoch, silent = taken
        log("handed", message=message.message_id, attempt=message.attempts + 1, silent=silent)
        if gateway.typing is not None and message.channel == "wechat" and not silent:
            gateway.typing.begin(message.conversation)
        try:
            answer = await gateway.rasa.hand_over(inbox.handed_over(message, silent))
        except RasaDown as error:
            log("rasa_down", logging.WARNING, message=message.message_id, why=str(error))
            return False
        except RasaFailed as error:
            log("rasa_failed", logging.WARNING, message=message.message_id, why=str(error))
            return await self._failed(message, epoch, silent)
        finally:
            if gateway.typing is not None:
                gateway.typing.end(message.conversation)
        await self._answered(message, epoch, silent, answer)
        return True

    async def _failed(self, message: OpenMessage, epoch: int, silent: bool) -> bool:
        failures = self._failures[message.id] = self._failures.get(message.id, 0) + 1
        if failures < self._options.failures_allowed:
            return False
        # A message that Rasa cannot digest must not keep the person's later messages waiting for ever.
        await self._answered(message, epoch, silent, [], failed=True)
        return True

    async def _answered(
        self, message: OpenMessage, epoch: int, silent: bool, answer: List[Dict[str, Any]], failed: bool = False
    ) -> None:
        gateway, now = self._gateway, self._gateway.now()

        def settle(connection: Connection) -> Optional[str]:
            row = conversations.lock(connection, message.conversation, now)
            reason = _suppressed(row, message, epoch, silent)
            for outgoing in self._outgoing(message, silent, answer):
                outbox.put(connection, gateway.vault, row, outgoing, now, reason)
            why = "rasa_failed" if failed else reason
            inbox.finish(connection, message, now, why, failed)
            return reason

        reason = await gateway.store.write(settle)
        self._failures.pop(message.id, None)
        gateway.hub.notify(message.conversation)
        log("done", message=message.message_id, answers=len(answer), suppressed=reason)

    def _outgoing(self, message: OpenMessage, silent: bool, answer: List[Dict[str, Any]]) -> List[Outgoing]:
        key = f"answer:{message.message_id}:"
        if not answer and not silent:
            sorry = self._gateway.texts.messages["sorry"]
            return [Outgoing("system", sorry, key + "sorry", inbox_id=message.id)]
        return [
            Outgoing("bot", said["text"], f"{key}{number}", said["buttons"], message.id)
            for number, said in enumerate(answer)
        ]


def _suppressed(row: Mapping[str, Any], message: OpenMessage, epoch: int, silent: bool) -> Optional[str]:
    """Why the bot's answer must not be shown, or None.

    The turn that itself called for a clerk may still say so: its transfer is the one that raised the epoch.
    """
    if silent:
        return "silent"
    own_transfer = row["cause"] == message.message_id and row["epoch"] == epoch + 1
    if row["epoch"] == epoch or own_transfer:
        return None
    return f"epoch {epoch} is now {row['epoch']} ({row['owner']})"
