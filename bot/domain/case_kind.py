"""办件类型 (banjian leixing): the six kinds of LP as a table of rules, each with the reason that is told.

A case has a kind from its item and facts for its whole life (`decide_kind`); what it is called today can differ (`kind_now`):
补办件 while papers are missing, 退回件 once it has been returned.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Callable, Optional, Tuple

from bot.domain.case_route import decides_above
from bot.domain.item import Delegation, Item, Level, TimeLimit

JOINT_DEPARTMENTS = 3
"""联办件: from so many departments on (LP); a centre may set its own number."""


class CaseKind(str, Enum):
    """办件类型."""

    IMMEDIATE = "immediate"  # 即办件
    PROMISED = "promised"  # 承诺件
    REPORTED = "reported"  # 上报件
    JOINT = "joint"  # 联办件
    SUPPLEMENTARY = "supplementary"  # 补办件
    RETURNED = "returned"  # 退回件


class KindReason(str, Enum):
    """Why a case is of its kind; the words stand in the centre's labels."""

    RETURNED = "returned"  # 不符合规定, 不予办理
    PAPERS_MISSING = "papers_missing"  # 材料不全
    ON_THE_SPOT = "on_the_spot"  # 程序简便, 当场办结
    DEPARTMENTS = "departments"  # 三个以上部门
    DECIDED_ABOVE = "decided_above"  # 需报上级审批
    TAKES_TIME = "takes_time"  # 要审核、论证、勘察


@dataclass(frozen=True)
class KindFacts:
    """What the rules look at. `days`: of the limit that holds; None when there is none."""

    level: Level
    delegation: Delegation
    days: Optional[int]
    departments: int
    joint_from: int = JOINT_DEPARTMENTS
    papers_missing: bool = False
    returned: bool = False


@dataclass(frozen=True)
class KindRule:
    """One line of the table."""

    kind: CaseKind
    reason: KindReason
    holds: Callable[[KindFacts], bool]


RULES: Tuple[KindRule, ...] = (
    KindRule(CaseKind.RETURNED, KindReason.RETURNED, lambda f: f.returned),
    KindRule(CaseKind.SUPPLEMENTARY, KindReason.PAPERS_MISSING, lambda f: f.papers_missing),
    KindRule(CaseKind.IMMEDIATE, KindReason.ON_THE_SPOT, lambda f: f.days == 0),
    KindRule(CaseKind.JOINT, KindReason.DEPARTMENTS, lambda f: f.departments >= f.joint_from),
    KindRule(CaseKind.REPORTED, KindReason.DECIDED_ABOVE, lambda f: decides_above(f.level, f.delegation)),
    KindRule(CaseKind.PROMISED, KindReason.TAKES_TIME, lambda f: True),
)
"""The first rule that holds decides."""


def kind_of(facts: KindFacts) -> Tuple[CaseKind, KindReason]:
    """The kind and why."""
    rule = next(rule for rule in RULES if rule.holds(facts))
    return rule.kind, rule.reason


def kind_facts(item: Item, limit: Optional[TimeLimit], joint_from: int = JOINT_DEPARTMENTS) -> KindFacts:
    """What the item and the limit that holds say."""
    days = limit.days if limit is not None else None
    return KindFacts(item.level, item.delegation, days, 1 + len(item.joint_with), joint_from)


def decide_kind(item: Item, limit: Optional[TimeLimit], joint_from: int = JOINT_DEPARTMENTS) -> CaseKind:
    """The kind for the whole life of a case."""
    return kind_of(kind_facts(item, limit, joint_from))[0]


_REASON_OF = {rule.kind: rule.reason for rule in RULES}


def kind_now(kind: CaseKind, papers_missing: bool, returned: bool) -> Tuple[CaseKind, KindReason]:
    """What a case of this kind is called at this moment, and why."""
    if returned:
        kind = CaseKind.RETURNED
    elif papers_missing:
        kind = CaseKind.SUPPLEMENTARY
    return kind, _REASON_OF[kind]
