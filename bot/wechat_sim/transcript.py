"""What a person sees on the phone, and what the platform kept from them and why (S6)."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any, Iterator, Optional

from bot.wechat_sim.clock import iso

SOURCES = ("user", "passive", "kf", "template", "subscribe", "notice", "system", "typing", "suppressed")


@dataclass(frozen=True)
class Bubble:
    """One line of the chat.

    `source` says who made it: user, passive (answer to a push), kf (customer-service message), template, subscribe, notice (the
    platform's failure notice), system (grey line), typing (on/off), suppressed (not shown; `content["reason"]` says why).
    """

    seq: int
    openid: str
    moment: float
    source: str
    kind: str
    content: dict[str, Any]
    push: Optional[str] = None

    @property
    def shown(self) -> bool:
        """Whether the person can see it in the chat."""
        return self.source not in ("suppressed", "typing")

    def view(self) -> dict[str, Any]:
        """JSON shape."""
        return {**asdict(self), "at": iso(self.moment), "shown": self.shown}


@dataclass
class Transcript:
    """All bubbles, by person; listeners are woken at each."""

    _by_person: dict[str, list[Bubble]] = field(default_factory=lambda: defaultdict(list))
    _listeners: dict[str, set[asyncio.Event]] = field(default_factory=lambda: defaultdict(set))
    _seq: int = 0

    def add(
        self, openid: str, moment: float, source: str, kind: str, content: dict[str, Any], push: Optional[str] = None
    ) -> Bubble:
        """Write a line."""
        assert source in SOURCES, source
        self._seq += 1
        bubble = Bubble(self._seq, openid, moment, source, kind, content, push)
        self._by_person[openid].append(bubble)
        self.wake(openid)
        return bubble

    def of(self, openid: str, after: int = 0) -> list[Bubble]:
        """A person's lines behind a number."""
        return [b for b in self._by_person.get(openid, ()) if b.seq > after]

    def all(self, after: int = 0) -> list[Bubble]:
        """Everybody's lines, in the order they came."""
        return sorted((b for lines in self._by_person.values() for b in lines if b.seq > after), key=lambda b: b.seq)

    def count(self, source: str) -> int:
        """How many lines of one source there are."""
        return sum(b.source == source for lines in self._by_person.values() for b in lines)

    def forget(self, openid: str) -> None:
        """The person cleared the chat."""
        self._by_person.pop(openid, None)

    def wake(self, openid: str) -> None:
        """Something about this person changed."""
        for event in self._listeners.get(openid, ()):
            event.set()

    @contextmanager
    def listen(self, openid: str) -> Iterator[asyncio.Event]:
        """An event that is set whenever something about this person changes."""
        event = asyncio.Event()
        self._listeners[openid].add(event)
        try:
            yield event
        finally:
            self._listeners[openid].discard(event)
