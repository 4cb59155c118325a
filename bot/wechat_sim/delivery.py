"""Delivery of pushes (S3, S5): attempts, budgets, verdicts, the failure notice and MarkFail.

Pushes run side by side: a person's second message does not wait for the answer to the first.
"""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Callable, Optional

from bot.wechat_sim.clock import iso
from bot.wechat_sim.faults import Fault
from bot.wechat_sim.judge import Expected, Verdict, judge
from bot.wechat_sim.poster import Answer, Poster
from bot.wechat_sim.pushes import Push
from bot.wechat_sim.state import State
from bot.wechat_sim.wire import Wire, wire

_KEPT = 50_000  # deliveries that can still be looked up


@dataclass
class Attempt:
    """One try; `seconds` in the platform's time. `reason` is the judge's, or timeout, no_connection, cut, lost."""

    number: int
    url: str
    started: str
    seconds: float = 0.0
    status: int = 0
    legal: bool = False
    reason: str = "open"
    detail: str = ""
    body: str = ""


@dataclass
class Delivery:
    """The whole story of a push.

    `state`: open, answered, failed, or without any attempt: marked (MarkFail), not_saved (no server configured).
    """

    push: Push
    moment: float
    state: str = "open"
    reason: str = ""
    replied: bool = False
    turn: int = 0  # which of several addresses comes first
    attempts: list[Attempt] = field(default_factory=list)
    done: asyncio.Event = field(default_factory=asyncio.Event)

    def view(self, now: float) -> dict[str, Any]:
        """JSON shape; `age` in seconds."""
        push = self.push
        return {
            "id": push.id, "openid": push.openid, "trigger": push.trigger, "msg_id": push.msg_id, "event": push.is_event,
            "created": push.created, "at": iso(self.moment), "age": round(now - self.moment, 3), "state": self.state,
            "reason": self.reason, "xml": push.xml, "attempts": [asdict(a) for a in self.attempts],
        }  # fmt: skip


class Deliveries:
    """All pushes of a run, and the tasks that deliver them."""

    def __init__(self, state: State, poster: Poster, show: Callable[[Push, dict[str, Any]], None]) -> None:
        self._state, self._poster, self._show = state, poster, show
        self.by_id: dict[str, Delivery] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._again = 0
        self._turn = -1  # several addresses take turns, as behind a load balancer

    def start(self, push: Push) -> Delivery:
        """Begin to deliver; returns at once."""
        self._turn += 1
        delivery = Delivery(push, self._state.clock.now(), turn=self._turn)
        self.by_id[push.id] = delivery
        if len(self.by_id) > _KEPT:
            self.by_id.pop(next(iter(self.by_id)))
        task = asyncio.get_running_loop().create_task(self._run(delivery))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return delivery

    def start_again(self, delivery: Delivery) -> Delivery:
        """Deliver a known push once more, whatever came of it."""
        self._again += 1
        return self.start(replace(delivery.push, id=f"{delivery.push.id}-{self._again}"))

    async def stop(self) -> None:
        """Drop what is under way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def of(self, openid: str) -> list[Delivery]:
        """A person's deliveries, the newest last."""
        return [d for d in self.by_id.values() if d.push.openid == openid]

    async def _run(self, delivery: Delivery) -> None:
        state = self._state
        try:
            if not state.account.saved or not state.account.urls:
                self._without_attempt(delivery, "not_saved")
            elif state.markfail.is_marked(state.clock.now()):
                self._without_attempt(delivery, "marked")
            else:
                await self._deliver(delivery)
        finally:
            state.count("pushes_" + delivery.state)
            delivery.done.set()
            state.transcript.wake(delivery.push.openid)

    def _without_attempt(self, delivery: Delivery, outcome: str) -> None:
        delivery.state = delivery.reason = outcome
        push = delivery.push
        if outcome == "marked" and self._state.knobs.notice_while_marked and not push.silent:
            self._state.line(push.openid, "notice", "text", {"text": self._state.notice_text()}, push.id)
        elif outcome == "not_saved" and not push.silent:
            self._state.line(push.openid, "system", "text", {"text": self._state.texts["not_saved"]}, push.id)

    async def _deliver(self, delivery: Delivery) -> None:
        state, push = self._state, delivery.push
        fault = state.faults.take("push", push.openid)
        if fault and fault.kind == "delay":
            await state.clock.sleep(fault.seconds)
        sent = wire(push, state.account, state.clock.now(), state.rng)
        chains = [self._chain(delivery, sent, fault)]
        if fault and fault.kind == "duplicate":
            chains.append(self._chain(delivery, sent, None))
        answered = await asyncio.gather(*chains)
        if any(answered):
            delivery.state = "answered"
            return
        delivery.state = "failed"
        self._failed(push)

    def _failed(self, push: Push) -> None:
        state, knobs = self._state, self._state.knobs
        now = state.clock.now()
        if state.markfail.failed(now, knobs.markfail_after, knobs.markfail_window, knobs.markfail_pause):
            state.count("marked")
        if not push.silent or knobs.notice_for_silent_events:
            state.line(push.openid, "notice", "text", {"text": state.notice_text()}, push.id)

    async def _chain(self, delivery: Delivery, sent: Wire, fault: Optional[Fault]) -> bool:
        """Attempts until one is answered legally; whether one was."""
        state, knobs = self._state, self._state.knobs
        for number in range(1, knobs.attempts + 1):
            if number > 1 and not knobs.retry_same_envelope:
                sent = wire(delivery.push, state.account, state.clock.now(), state.rng)
            began = asyncio.get_running_loop().time()
            attempt = await self._attempt(delivery, sent, number, fault)
            fault = None
            if attempt.legal:
                return True
            broken = attempt.reason in ("no_connection", "cut")
            waits = attempt.reason in ("timeout", "lost") or (broken and knobs.after_no_connection == "wait")
            if waits and number < knobs.attempts:
                spent = asyncio.get_running_loop().time() - began
                await asyncio.sleep(max(0.0, state.clock.real(knobs.answer_budget) - spent))
        return False

    async def _attempt(self, delivery: Delivery, sent: Wire, number: int, fault: Optional[Fault]) -> Attempt:
        state, knobs, push = self._state, self._state.knobs, delivery.push
        urls = state.account.urls
        attempt = Attempt(number, urls[(delivery.turn + len(delivery.attempts)) % len(urls)], iso(state.clock.now()))
        delivery.attempts.append(attempt)
        state.transcript.wake(push.openid)
        state.count("attempts")
        began = asyncio.get_running_loop().time()
        if fault and fault.kind == "lose_request":
            answer = Answer(failure="lost")
        else:
            connect, budget = state.clock.real(knobs.connect_budget), state.clock.real(knobs.answer_budget)
            answer = await self._poster.post(sent.address(attempt.url), sent.body, knobs.push_content_type, connect, budget)
            if fault and fault.kind == "lose_answer":
                answer = Answer(failure="lost")
        attempt.seconds = round((asyncio.get_running_loop().time() - began) * state.clock.pace, 3)
        attempt.status, attempt.body = answer.status, answer.body[:4096].decode("utf8", "replace")
        self._conclude(delivery, attempt, answer, sent)
        return attempt

    def _conclude(self, delivery: Delivery, attempt: Attempt, answer: Answer, sent: Wire) -> None:
        push, state = delivery.push, self._state
        if answer.failure:
            verdict = Verdict(False, answer.failure)
        else:
            verdict = judge(answer.status, answer.body, self._expected(push, sent))
        attempt.legal, attempt.reason, attempt.detail = verdict.legal, verdict.reason, verdict.detail
        delivery.reason = verdict.reason
        state.count("legal_answers" if verdict.legal else "illegal_answers" if not answer.failure else "silent_attempts")
        if verdict.reply is not None:
            if delivery.replied:
                content = {"reason": "second_answer", **verdict.reply}
                state.line(push.openid, "suppressed", verdict.reply["kind"], content, push.id)
            else:
                delivery.replied = True
                self._show(push, verdict.reply)

    def _expected(self, push: Push, sent: Wire) -> Expected:
        account = self._state.account
        mode = account.mode if sent.aes_key else "plain"
        return Expected(
            openid=push.openid,
            original_id=account.original_id,
            trigger=push.trigger,
            is_event=push.is_event,
            mode=mode,
            app_id=account.app_id,
            token=account.token,
            aes_key=sent.aes_key,
            media=self._state.media.state,
            silent_reply=self._state.knobs.reply_to_silent_event,
        )
