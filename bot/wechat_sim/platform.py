"""The platform: joins state and delivery, and does what every deed of a person does."""

from __future__ import annotations

import asyncio
import random
import time
from contextlib import suppress
from typing import Any, Optional

from bot.wechat_sim import pushes
from bot.wechat_sim.crypto import same
from bot.wechat_sim.delivery import Deliveries, Delivery
from bot.wechat_sim.people import Person
from bot.wechat_sim.poster import Poster
from bot.wechat_sim.pushes import Push
from bot.wechat_sim.quota import NoGrant, UsedUp
from bot.wechat_sim.state import State
from bot.wechat_sim.wire import signed
from bot.wechat_sim.xml import Value

STAFF_SECONDS = 30 * 60


class Platform:
    """Both halves around one state."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.poster = Poster()
        self.deliveries = Deliveries(state, self.poster, self._show)
        self._push_number = 0
        self._last_msg_id = 0
        self._later: set[asyncio.Task[None]] = set()

    async def stop(self) -> None:
        """Drop what is under way."""
        for task in self._later:
            task.cancel()
        await self.deliveries.stop()
        await self.poster.close()

    # pushing

    def message(self, person: Person, kind: str, fields: list[tuple[str, Value]], deed: str = "message") -> Optional[Delivery]:
        """A message; None while the person talks to staff, for then the account's server does not see it."""
        self._deed(person, deed)
        if self.state.clock.now() < person.with_staff_until:
            self.state.count("diverted_to_staff")
            return None
        extra = self._future() if self.state.knobs.future_fields else []
        number, created = self._next_push(), int(self.state.clock.now())
        account = self.state.account.original_id
        push = pushes.message(number, account, person.openid, kind, [*fields, *extra], created, self._msg_id())
        return self.deliveries.start(push)

    def event(self, person: Person, name: str, fields: list[tuple[str, Value]], deed: str = "") -> Delivery:
        """An event."""
        if deed:
            self._deed(person, deed)
        extra = self._future() if self.state.knobs.future_fields else []
        number, created = self._next_push(), int(self.state.clock.now())
        push = pushes.event(number, self.state.account.original_id, person.openid, name, [*fields, *extra], created)
        return self.deliveries.start(push)

    def event_later(self, person: Person, name: str, fields: list[tuple[str, Value]]) -> None:
        """An event that the platform sends by itself, a little after its cause."""

        async def send() -> None:
            await self.state.clock.sleep(self.state.knobs.event_delay)
            self.event(person, name, fields)

        task = asyncio.get_running_loop().create_task(send())
        self._later.add(task)
        task.add_done_callback(self._later.discard)

    def _deed(self, person: Person, kind: str) -> None:
        if kind == "msgmenu":
            kind = self.state.knobs.msgmenu_grant
        now = self.state.clock.now()
        person.last_deed = now
        person.ledger.deed(kind, now, self.state.policy)

    def _next_push(self) -> str:
        self._push_number += 1
        return f"p{self._push_number}"

    def _msg_id(self) -> int:
        """Beyond 2^53, never twice, also not after a restart."""
        self._last_msg_id = max(self._last_msg_id + 1, (int(time.time() * 1000) << 20) + self.state.rng.getrandbits(18))
        return self._last_msg_id

    def _future(self) -> list[tuple[str, Value]]:
        return [("FutureField", "x"), ("FutureList", [("Item", "1"), ("Item", "2")])]

    # showing

    def _show(self, push: Push, reply: dict[str, Any]) -> None:
        """A passive reply reaches the phone."""
        state = self.state
        person = state.people.by_openid.get(push.openid)
        if person is None or not person.follows:
            state.line(push.openid, "suppressed", reply["kind"], {"reason": "not_following", **reply}, push.id)
            return
        if state.knobs.passive_reply_costs:
            with suppress(NoGrant, UsedUp):  # it is shown in any case
                person.ledger.spend(state.clock.now(), state.policy)
        self.end_typing(person)
        if reply["kind"] == "transfer_customer_service":
            self.staff_enters(person, reply.get("kf_account", ""))
            return
        cut = reply.pop("cut", 0)
        state.line(person.openid, "passive", reply["kind"], {k: v for k, v in reply.items() if k != "kind"}, push.id)
        if cut:
            state.line(person.openid, "suppressed", "news", {"reason": "surplus_articles", "count": cut}, push.id)

    def end_typing(self, person: Person) -> None:
        """A message ends "the other side is typing"."""
        if self.state.clock.now() < person.typing_until:
            person.typing_until = 0.0
            self.state.line(person.openid, "typing", "off", {})

    def staff_enters(self, person: Person, kf_account: str) -> None:
        """客服 session: the person's messages bypass the server for up to 30 minutes."""
        person.with_staff_until = self.state.clock.now() + STAFF_SECONDS
        self.state.line(person.openid, "system", "text", {"text": self.state.texts["with_staff"]})
        self.event_later(person, "kf_create_session", [("KfAccount", kf_account or "kf2001@" + self.state.account.original_id)])

    def staff_leaves(self, person: Person) -> None:
        """The session ends."""
        person.with_staff_until = 0.0
        self.state.line(person.openid, "system", "text", {"text": self.state.texts["staff_left"]})
        self.event_later(person, "kf_close_session", [("KfAccount", "kf2001@" + self.state.account.original_id)])

    # the console

    async def save(self) -> bool:
        """提交: check the address as the console does (S1); whether it is saved."""
        state = self.state
        echo = str(random.Random(state.rng.random()).randrange(10**17, 10**19))
        failure = ""
        for url in state.account.urls:
            query = signed(state.account, state.clock.now(), state.rng)
            address = url + "?" + "&".join(f"{k}={v}" for k, v in {**query, "echostr": echo}.items())
            budget = state.clock.real(state.knobs.answer_budget)
            answer = await self.poster.get(address, budget, budget)
            if answer.failure or answer.status != 200:
                failure = answer.failure or f"status_{answer.status}"
            elif not same(answer.body.decode("latin-1"), echo):
                failure = "not_the_echostr"
        state.account.saved, state.account.save_failure = not failure and bool(state.account.urls), failure
        return state.account.saved
