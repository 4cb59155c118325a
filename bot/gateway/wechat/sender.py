"""发送 (fasong): brings the outbox to WeChat: one bubble after the other per person, several people at once.

Each bubble is written into the ledger before it goes out. What the platform says decides how it goes on (`Cure`): a
clear no leaves the text waiting, an unclear end never leads to a second bubble by itself (docs/decisions/0005).
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Dict, Optional

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.adapters.wechat_api.client import WeChatClient
from bot.adapters.wechat_api.errors import Cure, NotSent, Refused, Unclear, WeChatError
from bot.gateway import conversations, outbox
from bot.gateway.claims import Claims
from bot.gateway.context import Gateway
from bot.gateway.logs import log
from bot.gateway.tables import OUTBOX
from bot.gateway.wechat import ledger, people
from bot.gateway.wechat.planning import Planned, Planner, advance, step_back
from bot.gateway.wechat.progress_notices import ProgressNotices

_LOOK_AGAIN = 1.0
_AT_ONCE = 16
_SHORTEST, _LONGEST, _UNTIL_TOMORROW = 0.5, 30.0, 600.0  # pauses in seconds


class Sender:
    """The loop over what is ready for WeChat."""

    def __init__(self, gateway: Gateway, client: WeChatClient, claims: Claims, notices: ProgressNotices) -> None:
        self._gateway, self._client, self._claims, self._notices = gateway, client, claims, notices
        self._planner = Planner(gateway)
        self._serving: Dict[str, "asyncio.Task[None]"] = {}
        self._not_before = 0.0  # nothing goes to the platform before
        self._pause = _SHORTEST
        self._doubtful = False  # the last call ended unclearly: look first whether the platform answers at all

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            self._gateway.hub.anything.clear()
            await self._start_some()
            try:
                await asyncio.wait_for(self._gateway.hub.anything.wait(), self._wait())
            except asyncio.TimeoutError:
                pass

    def _wait(self) -> float:
        resting = self._not_before - time.monotonic()
        return min(_LOOK_AGAIN, resting) if resting > 0 else _LOOK_AGAIN

    async def stop(self) -> None:
        """Let sends that are under way come to their end, but not for long: WeChat answers quickly or not at all."""
        if self._serving:
            await asyncio.wait(list(self._serving.values()), timeout=2.0)
        for task in list(self._serving.values()):
            task.cancel()
        await asyncio.gather(*self._serving.values(), return_exceptions=True)

    async def _start_some(self) -> None:
        free = _AT_ONCE - len(self._serving)
        if free <= 0 or time.monotonic() < self._not_before:
            return
        try:
            people_waiting = await self._gateway.store.read(lambda c: self._people(c, free))
        except Exception as error:  # a database that is away comes back; the loop must live
            log("outbox_not_read", logging.ERROR, error)
            return
        for conversation in people_waiting:
            if conversation not in self._serving:
                self._serving[conversation] = asyncio.ensure_future(self._serve(conversation))

    def _people(self, connection: Connection, limit: int) -> "list[str]":
        query = (
            sa.select(OUTBOX.c.conversation)
            .where(OUTBOX.c.channel == "wechat", OUTBOX.c.state.in_((outbox.READY, outbox.SENDING)))
            .group_by(OUTBOX.c.conversation)
            .order_by(sa.func.min(OUTBOX.c.id))
            .limit(limit)
        )
        busy = list(self._serving)
        if busy:
            query = query.where(OUTBOX.c.conversation.not_in(busy))
        others = self._claims.of_others(connection, "outbox")
        if others is not None:
            query = query.where(OUTBOX.c.conversation.not_in(others))
        return list(connection.execute(query).scalars())

    async def _serve(self, conversation: str) -> None:
        claimed = False
        try:
            claimed = await self._claims.take("outbox", conversation)
            while claimed and time.monotonic() >= self._not_before and await self._step(conversation):
                pass
        except Exception as error:  # one person's trouble must not stop the others
            log("not_sent", logging.ERROR, error, conversation=conversation)
            self._rest()
        finally:
            self._serving.pop(conversation, None)
            if claimed:
                await self._claims.release("outbox", conversation)

    async def _step(self, conversation: str) -> bool:
        """One bubble; False when there is nothing more to do for this person now."""
        if self._doubtful and not await self._answers():
            return False
        planned = await self._gateway.store.write(lambda c: self._planner.plan(c, conversation))
        if planned is None:
            await self._notices.offer(conversation)
            return False
        error = await self._send(planned)
        if error is None:
            await self._settle(planned, ledger.SENT)
            if self._gateway.typing is not None:
                self._gateway.typing.gone(conversation)
            self._pause = _SHORTEST
            log("sent", send=planned.send, conversation=conversation)
            return True
        log("send_failed", logging.WARNING, send=planned.send, conversation=conversation, why=str(error))
        return await self._failed(planned, error)

    async def _send(self, planned: Planned) -> Optional[WeChatError]:
        try:
            await self._client.send(planned.openid, planned.content)
        except WeChatError as error:
            return error
        return None

    async def _answers(self) -> bool:
        try:
            await self._client.callback_addresses()
        except (NotSent, Unclear):
            self._rest()
            return False
        except WeChatError:
            pass  # a clear no is an answer too
        self._doubtful = False
        return True

    async def _failed(self, planned: Planned, error: WeChatError) -> bool:
        if isinstance(error, Unclear):
            self._doubtful = True
            await self._settle(planned, ledger.UNKNOWN)
            return True
        if isinstance(error, NotSent):
            await self._settle(planned, ledger.UNSENT)
            self._rest()
            return False
        assert isinstance(error, Refused)
        if error.cure is Cure.SETTING and planned.as_menu:
            self._planner.menus = False  # this account may not send menu messages: numbers from now on
            await self._settle(planned, ledger.UNSENT, error.code)
            return True
        if error.cure in (Cure.CONTACT, Cure.UNREACHABLE):
            await self._settle(planned, ledger.REFUSED, error.code)
            return True  # planning again puts everything off
        if error.cure is Cure.BUG:
            log("message_refused", logging.ERROR, send=planned.send, code=error.code)
            await self._settle(planned, ledger.REFUSED, error.code)
            return True
        await self._settle(planned, ledger.UNSENT, error.code)
        self._rest(_UNTIL_TOMORROW if error.cure is Cure.TOMORROW else None)
        if error.cure in (Cure.SETTING, Cure.TOMORROW, Cure.TOKEN):
            log("wechat_needs_attention", logging.ERROR, code=error.code, cure=error.cure.value)
        return False

    def _rest(self, seconds: Optional[float] = None) -> None:
        """Nothing to anybody for a while, longer each time."""
        self._pause = min(_LONGEST, self._pause * 2)
        self._not_before = time.monotonic() + (seconds if seconds is not None else self._pause)

    async def _settle(self, planned: Planned, state: str, code: Optional[int] = None) -> None:
        def work(connection: Connection) -> None:
            now = self._gateway.now()
            conversations.lock(connection, planned.conversation, now)
            if not ledger.settle(connection, planned.send, state, now, code):
                return  # another gateway took this person over; it counts as unclear there
            if state == ledger.SENT:
                advance(connection, planned.covers, now)
                if planned.explains:
                    ledger.announce(connection, planned.conversation)
            elif state == ledger.UNKNOWN:
                advance(connection, planned.covers, now, unclear=True)
            elif state == ledger.UNSENT:
                step_back(connection, planned.covers, outbox.READY, None, now)
            else:
                self._refused(connection, planned, code or 0)

        await self._gateway.store.write(work)
        self._gateway.hub.notify(planned.conversation)

    def _refused(self, connection: Connection, planned: Planned, code: int) -> None:
        cure, now = Refused(code).cure, self._gateway.now()
        if cure is Cure.CONTACT:
            ledger.close_grants(connection, planned.conversation)
        if cure is Cure.UNREACHABLE:
            people.set_unreachable(connection, planned.conversation, f"code {code}")
        state = outbox.FAILED if cure is Cure.BUG else outbox.READY
        step_back(connection, planned.covers, state, f"code {code}", now)
