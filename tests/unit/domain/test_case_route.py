"""Kind × level × delegation kind: from filing to archive, who does what where, and what the case is called."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Optional
from zoneinfo import ZoneInfo

import pytest

from bot.domain.case import Actor, Case, CaseState, OpinionMissing, PartsOpen, Role, WrongLevel, open_case
from bot.domain.case_kind import RULES, CaseKind, KindFacts, KindReason, kind_now, kind_of
from bot.domain.case_route import Route, Stage, route_of
from bot.domain.item import Delegation, Level

V, T, C = Level.VILLAGE, Level.TOWNSHIP, Level.COUNTY
NONE, DIRECT, FRONT, MUTUAL = Delegation.NONE, Delegation.DIRECT, Delegation.FRONTDESK, Delegation.MUTUAL
START = datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
APPLICANT = Actor(Role.APPLICANT, "申请人")

# level, delegation, days of the limit, departments -> kind, and the levels of 受理 承办 审批 办结
TABLE = [
    (V, NONE, 0, 1, CaseKind.IMMEDIATE, "VVVV"),
    (V, NONE, 5, 1, CaseKind.PROMISED, "VVVV"),
    (V, NONE, None, 1, CaseKind.PROMISED, "VVVV"),
    (V, NONE, 5, 3, CaseKind.JOINT, "VVVV"),
    (T, NONE, 0, 1, CaseKind.IMMEDIATE, "TTTT"),
    (T, NONE, 5, 2, CaseKind.PROMISED, "TTTT"),
    (T, NONE, 5, 3, CaseKind.JOINT, "TTTT"),
    (T, DIRECT, 5, 1, CaseKind.PROMISED, "TTTT"),
    (T, FRONT, 5, 1, CaseKind.PROMISED, "TTTT"),
    (T, MUTUAL, 5, 1, CaseKind.PROMISED, "TTTT"),
    (C, NONE, 0, 1, CaseKind.IMMEDIATE, "TTTT"),
    (C, NONE, 5, 1, CaseKind.REPORTED, "TCCT"),
    (C, NONE, 5, 3, CaseKind.JOINT, "TCCT"),
    (C, DIRECT, 0, 1, CaseKind.IMMEDIATE, "TTTT"),
    (C, DIRECT, 5, 1, CaseKind.PROMISED, "TTTT"),
    (C, DIRECT, 5, 3, CaseKind.JOINT, "TTTT"),
    (C, FRONT, 0, 1, CaseKind.IMMEDIATE, "TTTT"),
    (C, FRONT, 5, 1, CaseKind.REPORTED, "TTCT"),
    (C, FRONT, 5, 4, CaseKind.JOINT, "TTCT"),
    (C, MUTUAL, 0, 1, CaseKind.IMMEDIATE, "TTTT"),
    (C, MUTUAL, 5, 1, CaseKind.REPORTED, "TTCT"),
    (C, MUTUAL, 5, 3, CaseKind.JOINT, "TTCT"),
]  # fmt: skip
LETTERS = {"V": V, "T": T, "C": C}


def clerk(level: Level) -> Actor:
    return Actor(Role.CLERK, f"{level.value}-clerk", level)


def brought(case: Case, moves: list[str], hour: int) -> Case:
    """Pass the case to the level whose turn it is, one level at a time."""
    while case.level is not case.next_level:
        move = next(m for m in case.allowed(Role.CLERK) if m in ("pass_up", "hand_down"))
        case = case.apply(move, clerk(case.level), START + timedelta(hours=hour), "初审意见")
        moves.append(move)
    return case


def walked(case: Case) -> tuple[Case, list[str]]:
    """From filing to archive by clerks of the right levels; the moves made."""
    at_once = case.kind is CaseKind.IMMEDIATE
    steps = ["accept", "finish_at_once"] if at_once else ["accept", "handle", "submit_review", "approve", "finish"]
    moves: list[str] = []
    for hour, step in enumerate([*steps, "deliver", "archive"]):
        case = brought(case, moves, hour)
        if step == "approve":
            for department in case.open_parts():
                answer = {"department": department, "agrees": True}
                case = case.apply("answer_part", clerk(T), START + timedelta(hours=hour), "同意", answer)
        case = case.apply(step, clerk(case.level), START + timedelta(hours=hour))
        moves.append(step)
    return case, moves


def a_case(level: Level, delegation: Delegation, days: Optional[int], departments: int, by_village: bool = False) -> Case:
    kind, _ = kind_of(KindFacts(level, delegation, days, departments))
    partners = tuple(f"部门{n}" for n in range(1, departments))
    route = route_of(level, delegation, by_village, partners, on_the_spot=kind is CaseKind.IMMEDIATE)
    return open_case("BJ-260302-0001-0", "QS-901", 1, kind, APPLICANT, START, route)


@pytest.mark.parametrize("by_village", [False, True])
@pytest.mark.parametrize("level,delegation,days,departments,kind,levels", TABLE)
def test_every_case_goes_its_way_from_filing_to_archive(
    level: Level, delegation: Delegation, days: Optional[int], departments: int, kind: CaseKind, levels: str, by_village: bool
) -> None:
    case = a_case(level, delegation, days, departments, by_village)
    assert case.kind is kind
    origin = V if by_village or level is V else T
    done, moves = walked(case)
    assert done.state is CaseState.ARCHIVED and done.history[: len(case.history)] == case.history
    where = {e.move: e.actor.level for e in done.history}
    accept, handle, decide, finish = (LETTERS[letter] for letter in levels)
    assert where["accept"] is accept and where["deliver"] is origin
    if kind is CaseKind.IMMEDIATE:
        assert where["finish_at_once"] is finish and "approve" not in where
    else:
        assert (where["handle"], where["submit_review"], where["approve"], where["finish"]) == (handle, handle, decide, finish)
    assert done.level is origin and moves.count("pass_up") == moves.count("hand_down")
    assert case.route.signer is decide
    assert [e.at for e in done.history] == sorted(e.at for e in done.history)


@pytest.mark.parametrize("level,delegation,days,departments,kind,levels", TABLE)
def test_no_step_is_done_by_a_clerk_of_another_level(
    level: Level, delegation: Delegation, days: Optional[int], departments: int, kind: CaseKind, levels: str
) -> None:
    case = a_case(level, delegation, days, departments)
    for step in ("accept", "handle", "submit_review", "approve", "finish"):
        case = brought(case, [], 0)
        for wrong in set(Level) - {case.level}:
            if step in case.allowed(Role.CLERK):
                with pytest.raises(WrongLevel):
                    case.apply(step, clerk(wrong), START)
        for part in case.open_parts():
            if step == "approve":
                case = case.apply("answer_part", clerk(T), START, "同意", {"department": part, "agrees": True})
        case = case.apply(step, clerk(case.level), START)


def test_case_is_not_decided_below_while_the_decision_lies_above() -> None:
    case = a_case(C, FRONT, 5, 1)
    for step in ("accept", "handle", "submit_review"):
        case = case.apply(step, clerk(T), START)
    with pytest.raises(WrongLevel) as caught:
        case.apply("approve", clerk(T), START)
    assert (caught.value.lies, caught.value.needed) == (T, C)
    with pytest.raises(WrongLevel):
        case.apply("approve", clerk(C), START)  # not passed up yet


def test_first_check_below_needs_its_opinion_before_it_goes_up() -> None:
    for delegation, needs in ((MUTUAL, True), (FRONT, False)):
        case = a_case(C, delegation, 5, 1)
        for step in ("accept", "handle", "submit_review"):
            case = case.apply(step, clerk(T), START)
        if needs:
            with pytest.raises(OpinionMissing):
                case.apply("pass_up", clerk(T), START)
        assert case.apply("pass_up", clerk(T), START, "初审通过" if needs else "").level is C


def test_joint_case_is_approved_only_when_all_departments_agree() -> None:
    case = a_case(T, NONE, 5, 3)
    for step in ("accept", "handle", "submit_review"):
        case = case.apply(step, clerk(T), START)
    case = case.apply("answer_part", clerk(T), START, "不同意", {"department": "部门1", "agrees": False})
    case = case.apply("answer_part", clerk(C), START, "同意", {"department": "部门2", "agrees": True})
    with pytest.raises(PartsOpen) as caught:
        case.apply("approve", clerk(T), START)
    assert caught.value.departments == ("部门1",)
    case = case.apply("answer_part", clerk(T), START, "改好了，同意", {"department": "部门1", "agrees": True})
    assert case.apply("approve", clerk(T), START).state is CaseState.APPROVED


def test_village_agent_passes_up_what_was_taken_in_and_brings_the_result_back() -> None:
    done, moves = walked(a_case(C, NONE, 5, 1, by_village=True))
    assert moves == [
        "pass_up", "accept", "pass_up", "handle", "submit_review", "approve", "hand_down", "finish", "hand_down", "deliver",
        "archive",
    ]  # fmt: skip
    assert done.history[-2].actor.level is V


def test_number_of_departments_of_a_joint_case_is_a_setting() -> None:
    assert kind_of(KindFacts(T, NONE, 5, 2, joint_from=2))[0] is CaseKind.JOINT
    assert kind_of(KindFacts(T, NONE, 5, 3, joint_from=4))[0] is CaseKind.PROMISED


def test_missing_papers_and_return_rename_a_case_and_every_kind_has_one_reason() -> None:
    assert kind_now(CaseKind.PROMISED, papers_missing=True, returned=False) == (CaseKind.SUPPLEMENTARY, KindReason.PAPERS_MISSING)
    assert kind_now(CaseKind.JOINT, papers_missing=True, returned=True) == (CaseKind.RETURNED, KindReason.RETURNED)
    assert kind_now(CaseKind.JOINT, False, False) == (CaseKind.JOINT, KindReason.DEPARTMENTS)
    assert sorted(rule.kind for rule in RULES) == sorted(CaseKind) and {rule.reason for rule in RULES} == set(KindReason)
    for kind in CaseKind:  # the rules themselves say the same as what it is called
        facts = KindFacts(T, NONE, 5, 1, papers_missing=kind is CaseKind.SUPPLEMENTARY, returned=kind is CaseKind.RETURNED)
        if kind in (CaseKind.SUPPLEMENTARY, CaseKind.RETURNED):
            assert kind_of(facts)[0] is kind


def test_partial_supply_keeps_the_case_waiting_and_the_pause_running() -> None:
    case = a_case(T, NONE, 5, 1).apply("accept", clerk(T), START)
    case = case.apply("ask_supplement", clerk(T), START + timedelta(days=1), "缺照片")
    case = case.apply("supply", APPLICANT, START + timedelta(days=2))
    assert case.state is CaseState.AWAITING_SUPPLEMENT and case.pauses() == ()
    case = case.apply("supplement", APPLICANT, START + timedelta(days=3))
    assert case.state is CaseState.ACCEPTED
    assert [(span.start.day, span.end.day) for span in case.pauses()] == [(3, 5)]


def test_substitute_who_takes_over_is_the_handler() -> None:
    case = a_case(T, NONE, 5, 1).apply("accept", clerk(T), START).apply("handle", Actor(Role.CLERK, "甲"), START)
    assert case.handler == "甲"
    assert case.apply("take_over", Actor(Role.CLERK, "乙"), START).handler == "乙"


def test_every_stage_of_every_route_lies_on_one_level() -> None:
    for level in Level:
        for delegation in Delegation:
            assert {Route(level, delegation).at(stage) for stage in Stage} <= set(Level)
