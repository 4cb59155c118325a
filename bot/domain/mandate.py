"""委托 (weituo): somebody lets somebody else act for them: for which item, what exactly, until when (C5).

Free of charge and voluntary. It counts from the moment both have agreed, and ends on its last day, or with one word of either.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Optional, Tuple

LONGEST = timedelta(days=365)
MAX_WRONG_CODES = 5


class Scope(str, Enum):
    """What an agent may do."""

    FILE = "file"  # 递交
    SUPPLEMENT = "supplement"  # 补正
    FOLLOW = "follow"  # 查进度
    WITHDRAW = "withdraw"  # 撤回
    COLLECT = "collect"  # 代领


USUAL: Tuple[Scope, ...] = (Scope.FILE, Scope.SUPPLEMENT, Scope.FOLLOW, Scope.COLLECT)
"""Without a word about it: everything but taking the case back."""


class Form(str, Enum):
    """How the principal agreed (LP: in writing or by word of mouth, noted by the village agent)."""

    CODE = "code"  # a code sent to the principal's telephone or channel
    ORAL = "oral"
    WRITTEN = "written"


class MandateState(str, Enum):
    """Where a mandate stands."""

    PROPOSED = "proposed"  # the agent has agreed, the principal not yet
    CONFIRMED = "confirmed"
    REVOKED = "revoked"


class MandateError(Exception):
    """A mandate cannot be made or changed so; `reason` names why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Mandate:
    """委托 as it stands now."""

    item_code: str
    scope: Tuple[Scope, ...]
    until: date
    form: Form
    state: MandateState
    witness: str = ""
    wrong_codes: int = 0

    def holds(self, item_code: str, act: Scope, today: date) -> bool:
        """Whether the agent may do this today."""
        return self.state is MandateState.CONFIRMED and item_code == self.item_code and act in self.scope and today <= self.until

    def confirm(self, right: bool) -> Mandate:
        """The principal has agreed by the code.

        Raises:
            MandateError: not_open, or too_many (wrong codes).
        """
        if self.state is not MandateState.PROPOSED:
            raise MandateError("not_open")
        if self.wrong_codes >= MAX_WRONG_CODES:
            raise MandateError("too_many")
        return replace(self, state=MandateState.CONFIRMED) if right else replace(self, wrong_codes=self.wrong_codes + 1)

    def revoke(self) -> Mandate:
        """One word suffices; a revoked one stays revoked."""
        return replace(self, state=MandateState.REVOKED)


def propose(item_code: str, scope: Tuple[Scope, ...], until: date, form: Form, witness: str, now: datetime) -> Mandate:
    """A new mandate. What was agreed orally or in writing before a village agent counts at once, with the witness named.

    Raises:
        MandateError: past, too_long, or witness_missing.
    """
    if until < now.date():
        raise MandateError("past")
    if until > now.date() + LONGEST:
        raise MandateError("too_long")
    if form is not Form.CODE and not witness.strip():
        raise MandateError("witness_missing")
    state = MandateState.PROPOSED if form is Form.CODE else MandateState.CONFIRMED
    return Mandate(item_code, scope or USUAL, until, form, state, witness)


def default_until(today: date, asked: Optional[date]) -> date:
    """The last day; ninety days when nothing was said."""
    return asked or today + timedelta(days=90)
