"""The quota of customer-service messages (fact sheet, items 30-33): what a person's deeds allow, and what sends use up.

How grants overlap is not published, so it is a policy: `any_open` lets a send use any grant that is open (the one ending first),
`latest_only` only the newest. A deed of the same kind resets its grant or adds to it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Optional

_TWO_DAYS = 48 * 3600
DEEDS: dict[str, tuple[Optional[int], int]] = {
    "message": (5, _TWO_DAYS),
    "menu_click": (3, 60),
    "msgmenu": (3, 60),
    "follow": (3, 60),
    "scan": (3, 60),
    "payment": (None, _TWO_DAYS),
}
"""Deed → how many messages it allows (None: any number) and for how many seconds."""


class NoGrant(Exception):
    """45015: no window is open."""


class UsedUp(Exception):
    """45047: a window is open, but nothing is left of it."""


@dataclass(frozen=True)
class Policy:
    """How grants live together."""

    overlap: str = "any_open"
    again: str = "reset"


@dataclass
class Grant:
    """What one kind of deed allows; `left` None means any number."""

    kind: str
    left: Optional[int]
    given: float
    expires: float

    def is_open(self, now: float) -> bool:
        """48:00:00 itself is too late."""
        return now < self.expires


@dataclass
class Ledger:
    """The grants of one person, newest last."""

    grants: list[Grant] = field(default_factory=list)

    def deed(self, kind: str, now: float, policy: Policy) -> None:
        """The person did something that lets the account write."""
        count, seconds = DEEDS[kind]
        before = next((g for g in self.grants if g.kind == kind and g.is_open(now)), None)
        if before and policy.again == "add" and count is not None and before.left is not None:
            count += before.left
        self.grants = [g for g in self.grants if g.kind != kind and g.is_open(now)]
        self.grants.append(Grant(kind, count, now, now + seconds))

    def usable(self, now: float, policy: Policy) -> list[Grant]:
        """Open grants that count under this policy."""
        counted = self.grants[-1:] if policy.overlap == "latest_only" else self.grants
        return [g for g in counted if g.is_open(now)]

    def check(self, now: float, policy: Policy) -> Grant:
        """The grant the next send would use.

        Raises:
            NoGrant, UsedUp: it would be refused.
        """
        usable = self.usable(now, policy)
        if not usable:
            raise NoGrant
        with_rest = [g for g in usable if g.left is None or g.left > 0]
        if not with_rest:
            raise UsedUp
        return min(with_rest, key=lambda g: (g.left is not None, g.expires))

    def spend(self, now: float, policy: Policy) -> Grant:
        """Use one; raises as `check`."""
        grant = self.check(now, policy)
        if grant.left is not None:
            grant.left -= 1
        return grant

    def close(self) -> None:
        """The person left."""
        self.grants = []

    def view(self, now: float, policy: Policy) -> dict[str, Any]:
        """For tests and the page: grants, and what could be sent now (None: any number)."""
        usable = self.usable(now, policy)
        lefts = [g.left for g in usable]
        left = None if None in lefts else sum(n for n in lefts if n is not None)
        grants = [{**asdict(g), "open": g.is_open(now)} for g in self.grants]
        return {"grants": grants, "left": left, "until": max((g.expires for g in usable), default=None)}
