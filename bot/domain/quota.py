"""发送额度 (fasong edu): how many customer-service messages the platform allows after which contact.

Grants since 2023: a message gives 5 sends within 48 hours; a click on the menu or on a menu message, a follow or a scan
gives 3 within one minute. How grants overlap is published nowhere, so the rule is pluggable. `CAREFUL` allows only what
every reading allows: the latest contact alone counts, and it counts afresh. `ANY_OPEN` lets every open grant be used.

Nothing is counted down. What is left follows from the contacts and from the sends that may have been charged since.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Dict, List, Optional, Sequence


class Trigger(str, Enum):
    """What a person did."""

    MESSAGE = "message"
    MENU = "menu"
    FOLLOW = "follow"
    SCAN = "scan"


class Overlap(str, Enum):
    """How several grants are read."""

    CAREFUL = "careful"
    ANY_OPEN = "any_open"


@dataclass(frozen=True)
class Allowance:
    """So many sends within so long."""

    sends: int
    lasts: timedelta


ALLOWANCES = {
    Trigger.MESSAGE: Allowance(5, timedelta(hours=48)),
    Trigger.MENU: Allowance(3, timedelta(minutes=1)),
    Trigger.FOLLOW: Allowance(3, timedelta(minutes=1)),
    Trigger.SCAN: Allowance(3, timedelta(minutes=1)),
}
LONGEST = max(a.lasts for a in ALLOWANCES.values())
_SAME_MOMENT = timedelta(seconds=1)  # the platform writes whole seconds


@dataclass(frozen=True)
class Grant:
    """A contact; `closed` when the platform has said that nothing is left of it."""

    trigger: Trigger
    opened: datetime
    closed: bool = False

    @property
    def expires(self) -> datetime:
        return self.opened + ALLOWANCES[self.trigger].lasts

    def is_open(self, at: datetime) -> bool:
        return not self.closed and self.opened <= at < self.expires


@dataclass(frozen=True)
class Send:
    """A send that the platform counted or may have counted; `settled` is None while it is under way or unclear."""

    started: datetime
    settled: Optional[datetime] = None


def left(grants: Sequence[Grant], sends: Sequence[Send], now: datetime, overlap: Overlap = Overlap.CAREFUL) -> int:
    """How many sends are allowed now."""
    if overlap is Overlap.CAREFUL:
        return min((_left_of(g, sends, now) for g in _latest(grants)), default=0)
    return sum(_charged(grants, sends, now).values())


def latest_trigger(grants: Sequence[Grant]) -> Optional[Trigger]:
    """What the person did last; of several things in one second the one that allows least."""
    latest = _latest(grants)
    return min(latest, key=lambda g: ALLOWANCES[g.trigger].lasts).trigger if latest else None


def _latest(grants: Sequence[Grant]) -> List[Grant]:
    """The last contact, and those so close to it that nobody knows which was last."""
    newest = max((g.opened for g in grants), default=None)
    return [g for g in grants if newest is not None and newest - g.opened <= _SAME_MOMENT]


def _left_of(grant: Grant, sends: Sequence[Send], now: datetime) -> int:
    if not grant.is_open(now):
        return 0
    # a send that was under way when the grant opened may count for it
    counted = sum(1 for s in sends if s.settled is None or s.settled >= grant.opened)
    return max(0, ALLOWANCES[grant.trigger].sends - counted)


def _charged(grants: Sequence[Grant], sends: Sequence[Send], now: datetime) -> Dict[int, int]:
    """What is left of each open grant when every send took from the one that was to expire first.

    A newer grant of the same kind replaces the older one.
    """
    stock = {index: ALLOWANCES[g.trigger].sends for index, g in enumerate(grants)}
    for send in sorted(sends, key=lambda s: s.started):
        open_then = [i for i in _usable(grants, send.started) if stock[i] > 0]
        if open_then:
            stock[min(open_then, key=lambda i: grants[i].expires)] -= 1
    return {i: stock[i] for i in _usable(grants, now)}


def _usable(grants: Sequence[Grant], at: datetime) -> List[int]:
    newest: Dict[Trigger, int] = {}
    for index, grant in enumerate(grants):
        if grant.opened <= at and (grant.trigger not in newest or grants[newest[grant.trigger]].opened <= grant.opened):
            newest[grant.trigger] = index
    return [i for i in newest.values() if grants[i].is_open(at)]
