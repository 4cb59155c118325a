"""办件 (banjian): a case, the states it can be in, and the table of allowed moves.

What may happen stands in one table, `MOVES`. A case is never changed: a move gives a new case whose history is the old
one plus one entry, with who, when and with which opinion. On which level a step is done says `case_route`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import Enum
from typing import Any, Mapping, Optional

from bot.domain.case_kind import CaseKind
from bot.domain.case_route import TOWNSHIP_ROUTE, Route, Stage, above, below, compare
from bot.domain.deadline import PausedSpan
from bot.domain.item import Level


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


class Role(str, Enum):
    """Who acts."""

    CLERK = "clerk"
    APPLICANT = "applicant"  # the person or their agent
    SYSTEM = "system"


@dataclass(frozen=True)
class Actor:
    """Who acts, by role and name (or an id; never a personal number), and on which level of the three."""

    role: Role
    name: str
    level: Level = Level.TOWNSHIP


@dataclass(frozen=True)
class Move:
    """One line of the table. `to` is None where a case goes back to the state it was in before 补正.

    `kinds`: only cases of these kinds; empty: all. `opinion`: the actor must say why. `stays`: the state remains, something is
    added to the history. `any_level`: the actor need not be on the level on which the case lies.
    """

    name: str
    sources: tuple[CaseState, ...]
    to: Optional[CaseState]
    roles: tuple[Role, ...]
    opinion: bool = False
    kinds: tuple[CaseKind, ...] = ()
    stays: bool = False
    any_level: bool = False


_S = CaseState
_CLERK, _APPLICANT, _ANYBODY = (Role.CLERK,), (Role.APPLICANT,), (Role.CLERK, Role.APPLICANT, Role.SYSTEM)
_OFFICE = (Role.CLERK, Role.SYSTEM)
_OPEN = (_S.FILED, _S.ACCEPTED, _S.HANDLING, _S.REVIEWING)
_BEFORE_DELIVERY = (_S.HANDLING, _S.REVIEWING, _S.APPROVED, _S.FINISHED)

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
    Move("ask_supplement", _OPEN, _S.AWAITING_SUPPLEMENT, _OFFICE, opinion=True),  # 一次性告知补正
    Move("supply", (_S.AWAITING_SUPPLEMENT,), None, _ANYBODY, stays=True, any_level=True),  # 补了一部分
    Move("supplement", (_S.AWAITING_SUPPLEMENT,), None, _ANYBODY, any_level=True),  # 补正齐全
    Move("give_up_waiting", (_S.AWAITING_SUPPLEMENT,), _S.RETURNED, _OFFICE, opinion=True),  # 逾期未补正退回
    Move("withdraw", (*_OPEN, _S.AWAITING_SUPPLEMENT), _S.WITHDRAWN, _APPLICANT),  # 撤回
    Move("pass_up", _OPEN, None, _CLERK, stays=True),  # 上报、传递
    Move("hand_down", _BEFORE_DELIVERY, None, _CLERK, stays=True),  # 结果返回
    Move("answer_part", (_S.ACCEPTED, _S.HANDLING, _S.REVIEWING), None, _CLERK, True, (CaseKind.JOINT,), True, True),  # 联办意见
    Move("take_over", (_S.ACCEPTED, _S.HANDLING, _S.REVIEWING, _S.APPROVED), None, _CLERK, stays=True),  # AB角顶岗、转办
    Move("hand_in", (*_OPEN, _S.APPROVED), None, _ANYBODY, stays=True, any_level=True),  # 容缺材料交来
)

_BY_NAME = {move.name: move for move in MOVES}

_STAGES: Mapping[CaseState, Stage] = {
    _S.FILED: Stage.ACCEPT,
    _S.ACCEPTED: Stage.HANDLE,
    _S.HANDLING: Stage.HANDLE,
    _S.REVIEWING: Stage.DECIDE,
    _S.APPROVED: Stage.FINISH,
    _S.FINISHED: Stage.DELIVER,
}
"""What is next in a state, and thereby where the case must lie."""
_STEPS = ("accept", "handle", "submit_review", "approve", "finish", "finish_at_once", "deliver")
"""Moves that bring a case forward; only on the level whose turn it is."""


class CaseError(Exception):
    """A case cannot do what was asked."""


class IllegalMove(CaseError):
    """The table has no such move from this state for this role; `allowed` names what it has."""

    def __init__(self, move: str, state: CaseState, allowed: tuple[str, ...]) -> None:
        super().__init__(f"{move} from {state.value}")
        self.move, self.state, self.allowed = move, state, allowed


class OpinionMissing(CaseError):
    """This move must say why."""


class WrongLevel(CaseError):
    """The case lies on another level than the actor, or than the step needs; `lies` and `needed` name both."""

    def __init__(self, lies: Level, needed: Level) -> None:
        super().__init__(f"lies with {lies.value}, needed {needed.value}")
        self.lies, self.needed = lies, needed


class PartsOpen(CaseError):
    """联办: these departments have not agreed yet."""

    def __init__(self, departments: tuple[str, ...]) -> None:
        super().__init__("parts open")
        self.departments = departments


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
    detail: Mapping[str, Any] = field(default_factory=dict)
    """What else belongs to the move: the defects of a 补正, the department of a part, the one who takes over."""


@dataclass(frozen=True)
class Case:
    """办件 with its whole history; `state` always equals the last entry's."""

    number: str
    item_code: str
    catalogue_version: int
    kind: CaseKind
    history: tuple[CaseEvent, ...]
    route: Route = TOWNSHIP_ROUTE

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
        fits = self.state in move.sources and role in move.roles and (not move.kinds or self.kind in move.kinds)
        return fits and self._right_way(move.name)

    def _right_way(self, name: str) -> bool:
        """A case is passed only towards the level whose turn it is."""
        way = compare(self.next_level, self.level)
        return way > 0 if name == "pass_up" else way < 0 if name == "hand_down" else True

    @property
    def level(self) -> Level:
        """Where the case lies."""
        level = self.route.origin
        for event in self.history:
            level = above(level) if event.move == "pass_up" else below(level) if event.move == "hand_down" else level
        return level

    @property
    def next_level(self) -> Level:
        """Where it must lie for its next step."""
        stage = _STAGES.get(self.state)
        return self.route.at(stage) if stage is not None else self.level

    def _check_level(self, move: Move, actor: Actor) -> None:
        if actor.role is not Role.CLERK or move.any_level:
            return
        if actor.level is not self.level:
            raise WrongLevel(self.level, actor.level)
        if move.name in _STEPS and self.level is not self.next_level:
            raise WrongLevel(self.level, self.next_level)

    def open_parts(self) -> tuple[str, ...]:
        """联办: the departments whose last answer is not a yes."""
        answers = {e.detail["department"]: e.detail["agrees"] for e in self.history if e.move == "answer_part"}
        return tuple(name for name in self.route.partners if not answers.get(name)) if self.kind is CaseKind.JOINT else ()

    def _must_say_why(self, move: Move) -> bool:
        """A first check below is worth nothing without its opinion (双向委托授权)."""
        checks = move.name == "pass_up" and self.state is CaseState.REVIEWING and self.route.first_check_below
        return move.opinion or checks

    def _target(self, move: Move) -> CaseState:
        if move.stays:
            return self.state
        if move.to is not None:
            return move.to
        asked = next(event for event in reversed(self.history) if event.move == "ask_supplement")
        return asked.before or CaseState.FILED

    def apply(self, name: str, actor: Actor, at: datetime, opinion: str = "", detail: Optional[Mapping[str, Any]] = None) -> Case:
        """The case after a move.

        Raises:
            IllegalMove: not in the table for this state, kind and role.
            WrongLevel: on this level it is not to be done.
            OpinionMissing: the move must say why.
            PartsOpen: a joint case is not approved before all departments agree.
        """
        move = _BY_NAME.get(name)
        if move is None or not self._fits(move, actor.role):
            raise IllegalMove(name, self.state, self.allowed(actor.role))
        self._check_level(move, actor)
        if self._must_say_why(move) and not opinion.strip():
            raise OpinionMissing(name)
        if name == "approve" and self.open_parts():
            raise PartsOpen(self.open_parts())
        event = CaseEvent(len(self.history) + 1, name, self.state, self._target(move), actor, at, opinion, dict(detail or {}))
        return replace(self, history=(*self.history, event))

    @property
    def handler(self) -> str:
        """承办人: whoever took it up or took it over last; empty before that."""
        taken = [e for e in self.history if e.move in ("handle", "take_over")]
        return taken[-1].actor.name if taken else ""

    @property
    def accepted_at(self) -> Optional[datetime]:
        """受理时间."""
        return next((event.at for event in self.history if event.move == "accept"), None)

    @property
    def accepted_on(self) -> Optional[date]:
        """受理日期; the local date of the acceptance."""
        return self.accepted_at.date() if self.accepted_at else None

    def pauses(self) -> tuple[PausedSpan, ...]:
        """Finished 补正 spans."""
        spans = []
        start: Optional[date] = None
        for event in self.history:
            if event.move == "ask_supplement":
                start = event.at.date()
            elif event.after is CaseState.AWAITING_SUPPLEMENT:
                continue
            elif start is not None:
                spans.append(PausedSpan(start, event.at.date()))
                start = None
        return tuple(spans)


def open_case(
    number: str,
    item_code: str,
    catalogue_version: int,
    kind: CaseKind,
    applicant: Actor,
    at: datetime,
    route: Route = TOWNSHIP_ROUTE,
) -> Case:
    """申请: a new case with the first entry of its history."""
    filed = CaseEvent(1, FILE, None, CaseState.FILED, applicant, at)
    return Case(number, item_code, catalogue_version, kind, (filed,), route)
