"""办件 (banjian): a case, the states it can be in, and the table of allowed moves.

What may happen stands in one table, `MOVES`. A case is never changed: a move gives a new case whose history is the old
one plus one entry, with who, when and with which opinion.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum
from typing import Optional

from bot.domain.deadline import PausedSpan
from bot.domain.item import Delegation, Item, Level, TimeLimit


class CaseState(str, Enum):
    """办件状态."""

    FILED = "filed"  # 申请
    ACCEPTED = "accepted"  # 受理
    HANDLING = "handling"  # 承办
    REVIEWING = "reviewing"  # 审核
    APPROVED = "approved"  # 批准
    FINISHED = "finished"  # 办结
    DELIVERED = "delivered"  # 送达
    ARCHIVED = "archived"  # 归档
    AWAITING_SUPPLEMENT = "awaiting_supplement"  # 补正
    RETURNED = "returned"  # 不予受理/退回
    WITHDRAWN = "withdrawn"  # 撤回


class CaseKind(str, Enum):
    """办件类型 (LP): six kinds; for now a thin rule decides between the first three."""

    IMMEDIATE = "immediate"  # 即办件
    PROMISED = "promised"  # 承诺件
    REPORTED = "reported"  # 上报件
    JOINT = "joint"  # 联办件
    SUPPLEMENTARY = "supplementary"  # 补办件
    RETURNED = "returned"  # 退回件


class Role(str, Enum):
    """Who acts."""

    CLERK = "clerk"
    APPLICANT = "applicant"  # the person or their agent
    SYSTEM = "system"


@dataclass(frozen=True)
class Actor:
    """Who acts, by role and name (or an id; never a personal number)."""

    role: Role
    name: str


@dataclass(frozen=True)
class Move:
    """One line of the table. `to` is None where a case goes back to the state it was in before 补正.

    `kinds`: only cases of these kinds; empty: all. `opinion`: the actor must say why.
    """

    name: str
    sources: tuple[CaseState, ...]
    to: Optional[CaseState]
    roles: tuple[Role, ...]
    opinion: bool = False
    kinds: tuple[CaseKind, ...] = ()


_S = CaseState
_CLERK, _APPLICANT, _ANYBODY = (Role.CLERK,), (Role.APPLICANT,), (Role.CLERK, Role.APPLICANT, Role.SYSTEM)
_OFFICE = (Role.CLERK, Role.SYSTEM)
_OPEN = (_S.FILED, _S.ACCEPTED, _S.HANDLING, _S.REVIEWING)

FILE = "file"
"""申请: the first entry of every history; not in the table, because it makes the case."""

MOVES: tuple[Move, ...] = (
    Move("accept", (_S.FILED,), _S.ACCEPTED, _CLERK),  # 受理
    Move("refuse", (_S.FILED,), _S.RETURNED, _CLERK, opinion=True),  # 不予受理
    Move("handle", (_S.ACCEPTED,), _S.HANDLING, _CLERK),  # 承办
    Move("submit_review", (_S.HANDLING,), _S.REVIEWING, _CLERK),  # 报审
    Move("back_to_handling", (_S.REVIEWING,), _S.HANDLING, _CLERK, opinion=True),  # 审核退回承办
    Move("approve", (_S.REVIEWING,), _S.APPROVED, _CLERK),  # 批准
    Move("return", (_S.ACCEPTED, _S.HANDLING, _S.REVIEWING), _S.RETURNED, _CLERK, opinion=True),  # 退回
    Move("finish", (_S.APPROVED,), _S.FINISHED, _CLERK),  # 办结
    Move("finish_at_once", (_S.ACCEPTED,), _S.FINISHED, _CLERK, kinds=(CaseKind.IMMEDIATE,)),  # 当场办结
    Move("deliver", (_S.FINISHED,), _S.DELIVERED, _OFFICE),  # 送达
    Move("archive", (_S.DELIVERED, _S.RETURNED, _S.WITHDRAWN), _S.ARCHIVED, _OFFICE),  # 归档
    Move("ask_supplement", _OPEN, _S.AWAITING_SUPPLEMENT, _CLERK, opinion=True),  # 一次性告知补正
    Move("supplement", (_S.AWAITING_SUPPLEMENT,), None, _ANYBODY),  # 补正齐全
    Move("give_up_waiting", (_S.AWAITING_SUPPLEMENT,), _S.RETURNED, _OFFICE, opinion=True),  # 逾期未补正退回
    Move("withdraw", (*_OPEN, _S.AWAITING_SUPPLEMENT), _S.WITHDRAWN, _APPLICANT),  # 撤回
)

_BY_NAME = {move.name: move for move in MOVES}


class CaseError(Exception):
    """A case cannot do what was asked."""


class IllegalMove(CaseError):
    """The table has no such move from this state for this role; `allowed` names what it has."""

    def __init__(self, move: str, state: CaseState, allowed: tuple[str, ...]) -> None:
        super().__init__(f"{move} from {state.value}")
        self.move, self.state, self.allowed = move, state, allowed


class OpinionMissing(CaseError):
    """This move must say why."""


@dataclass(frozen=True)
class CaseEvent:
    """One entry of the history (留痕)."""

    seq: int
    move: str
    before: Optional[CaseState]
    after: CaseState
    actor: Actor
    at: datetime
    opinion: str = ""


@dataclass(frozen=True)
class Case:
    """办件 with its whole history; `state` always equals the last entry's."""

    number: str
    item_code: str
    catalogue_version: int
    kind: CaseKind
    history: tuple[CaseEvent, ...]

    @property
    def state(self) -> CaseState:
        return self.history[-1].after

    @property
    def filed_at(self) -> datetime:
        return self.history[0].at

    def allowed(self, role: Role) -> tuple[str, ...]:
        """The moves this role may make now."""
        return tuple(move.name for move in MOVES if self._fits(move, role))

    def _fits(self, move: Move, role: Role) -> bool:
        return self.state in move.sources and role in move.roles and (not move.kinds or self.kind in move.kinds)

    def _target(self, move: Move) -> CaseState:
        if move.to is not None:
            return move.to
        asked = next(event for event in reversed(self.history) if event.after is CaseState.AWAITING_SUPPLEMENT)
        return asked.before or CaseState.FILED

    def apply(self, name: str, actor: Actor, at: datetime, opinion: str = "") -> Case:
        """The case after a move.

        Raises:
            IllegalMove: not in the table for this state, kind and role.
            OpinionMissing: the move must say why.
        """
        move = _BY_NAME.get(name)
        if move is None or not self._fits(move, actor.role):
            raise IllegalMove(name, self.state, self.allowed(actor.role))
        if move.opinion and not opinion.strip():
            raise OpinionMissing(name)
        event = CaseEvent(len(self.history) + 1, name, self.state, self._target(move), actor, at, opinion)
        return replace(self, history=(*self.history, event))

    @property
    def accepted_on(self) -> Optional[date]:
        """受理日期; the local date of the acceptance."""
        return next((event.at.date() for event in self.history if event.move == "accept"), None)

    def pauses(self) -> tuple[PausedSpan, ...]:
        """Finished 补正 spans."""
        spans = []
        start: Optional[date] = None
        for event in self.history:
            if event.after is CaseState.AWAITING_SUPPLEMENT:
                start = event.at.date()
            elif start is not None:
                spans.append(PausedSpan(start, event.at.date()))
                start = None
        return tuple(spans)


def open_case(
    number: str, item_code: str, catalogue_version: int, kind: CaseKind, applicant: Actor, at: datetime
) -> Case:
    """申请: a new case with the first entry of its history."""
    filed = CaseEvent(1, FILE, None, CaseState.FILED, applicant, at)
    return Case(number, item_code, catalogue_version, kind, (filed,))


def decide_kind(item: Item, limit: Optional[TimeLimit]) -> CaseKind:
    """办件类型 from the item and the limit that holds: on the spot, decided by the county, or promised."""
    if limit is not None and limit.days == 0:
        return CaseKind.IMMEDIATE
    if item.level is Level.COUNTY and item.delegation is Delegation.NONE:
        return CaseKind.REPORTED
    return CaseKind.PROMISED
