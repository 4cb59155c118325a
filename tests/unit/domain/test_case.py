from __future__ import annotations

import os
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.center import labels
from bot.domain.case import (
    FILE,
    MOVES,
    Actor,
    Case,
    CaseState,
    IllegalMove,
    OpinionMissing,
    Role,
    open_case,
)
from bot.domain.case_kind import CaseKind, decide_kind
from bot.domain.deadline import PausedSpan
from bot.domain.item import Delegation, Level, TimeLimit
from tests.support.builders import an_item

START = datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
CLERK = Actor(Role.CLERK, "王")
APPLICANT = Actor(Role.APPLICANT, "申请人")
LONG = os.environ.get("BANGBAN_LONG") == "1"
EXAMPLES, STEPS = (2000, 50) if LONG else (60, 20)


def a_case(kind: CaseKind = CaseKind.PROMISED) -> Case:
    return open_case("BJ-260302-0001-0", "QS-901", 1, kind, APPLICANT, START)


def walk(case: Case, *moves: str, actor: Actor = CLERK, days: int = 1) -> Case:
    for move in moves:
        case = case.apply(move, actor, case.history[-1].at + timedelta(days=days), "意见")
    return case


def test_six_steps_then_delivery_and_archive() -> None:
    case = walk(a_case(), "accept", "handle", "submit_review", "approve", "finish", "deliver", "archive")
    assert [event.after for event in case.history] == [
        CaseState.FILED,
        CaseState.ACCEPTED,
        CaseState.HANDLING,
        CaseState.REVIEWING,
        CaseState.APPROVED,
        CaseState.FINISHED,
        CaseState.DELIVERED,
        CaseState.ARCHIVED,
    ]
    assert case.allowed(Role.CLERK) == ()


def test_history_begins_with_the_application() -> None:
    (filed,) = a_case().history
    assert (filed.move, filed.before, filed.after, filed.actor) == (FILE, None, CaseState.FILED, APPLICANT)


def test_case_is_never_changed_in_place() -> None:
    case = a_case()
    after = walk(case, "accept")
    assert case.state is CaseState.FILED and after.state is CaseState.ACCEPTED
    assert after.history[: len(case.history)] == case.history


def test_only_on_the_spot_cases_are_finished_at_once() -> None:
    assert walk(a_case(CaseKind.IMMEDIATE), "accept", "finish_at_once").state is CaseState.FINISHED
    with pytest.raises(IllegalMove):
        walk(a_case(), "accept", "finish_at_once")


def test_refusal_and_supplement_must_be_reasoned() -> None:
    for move in ("refuse", "ask_supplement"):
        with pytest.raises(OpinionMissing):
            a_case().apply(move, CLERK, START, "  ")


def test_illegal_move_names_what_is_allowed() -> None:
    with pytest.raises(IllegalMove) as caught:
        a_case().apply("approve", CLERK, START)
    assert set(caught.value.allowed) == {"accept", "refuse", "ask_supplement", "hand_in"}


@pytest.mark.parametrize("moves", [(), ("accept",), ("accept", "handle"), ("accept", "handle", "submit_review")])
def test_after_supplement_the_case_goes_on_where_it_was(moves: tuple[str, ...]) -> None:
    before = walk(a_case(), *moves)
    waiting = walk(before, "ask_supplement")
    assert waiting.state is CaseState.AWAITING_SUPPLEMENT
    assert walk(waiting, "supplement", actor=APPLICANT).state is before.state


def test_only_the_applicant_withdraws_and_only_before_the_approval() -> None:
    assert walk(a_case(), "withdraw", actor=APPLICANT).state is CaseState.WITHDRAWN
    with pytest.raises(IllegalMove):
        walk(a_case(), "withdraw")
    with pytest.raises(IllegalMove):
        walk(walk(a_case(), "accept", "handle", "submit_review", "approve"), "withdraw", actor=APPLICANT)


def test_applicant_does_no_clerks_work() -> None:
    with pytest.raises(IllegalMove):
        walk(a_case(), "accept", actor=APPLICANT)


def test_day_of_acceptance_and_pauses_come_from_the_history() -> None:
    case = walk(a_case(), "accept", "handle", "ask_supplement")
    assert case.accepted_on == date(2026, 3, 3) and case.pauses() == ()
    supplied = walk(case, "supplement", days=6)
    assert supplied.pauses() == (PausedSpan(date(2026, 3, 5), date(2026, 3, 11)),)


def test_every_state_can_be_reached() -> None:
    reached = {CaseState.FILED} | {move.to for move in MOVES if move.to}
    assert reached == set(CaseState)


def test_every_state_kind_and_move_has_its_official_word() -> None:
    assert set(labels.STATES) == set(CaseState) and set(labels.KINDS) == set(CaseKind)
    assert set(labels.MOVES) == {FILE} | {move.name for move in MOVES}


@pytest.mark.parametrize(
    "level,delegation,days,kind",
    [
        (Level.TOWNSHIP, Delegation.NONE, 0, CaseKind.IMMEDIATE),
        (Level.COUNTY, Delegation.NONE, 0, CaseKind.IMMEDIATE),
        (Level.COUNTY, Delegation.NONE, 20, CaseKind.REPORTED),
        (Level.COUNTY, Delegation.DIRECT, 20, CaseKind.PROMISED),
        (Level.COUNTY, Delegation.FRONTDESK, 20, CaseKind.REPORTED),
        (Level.COUNTY, Delegation.MUTUAL, 20, CaseKind.REPORTED),
        (Level.TOWNSHIP, Delegation.NONE, 20, CaseKind.PROMISED),
        (Level.VILLAGE, Delegation.NONE, None, CaseKind.PROMISED),
    ],
)
def test_kind_follows_from_limit_level_and_delegation(
    level: Level, delegation: Delegation, days: int | None, kind: CaseKind
) -> None:
    limit = None if days is None else TimeLimit(days, "working", "")
    assert decide_kind(an_item(level=level, delegation=delegation), limit) is kind


TABLE = {(source, move.name): move for move in MOVES for source in move.sources}
steps = st.lists(
    st.tuples(
        st.sampled_from([move.name for move in MOVES] + ["", "nonsense"]),
        st.sampled_from(list(Role)),
        st.sampled_from(["", "意见"]),
    ),
    min_size=STEPS // 2,
    max_size=STEPS,
)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(list(CaseKind)), steps)
def test_no_state_outside_the_table_and_no_history_rewritten(
    kind: CaseKind, tried: list[tuple[str, Role, str]]
) -> None:
    case = a_case(kind)
    for hour, (name, role, opinion) in enumerate(tried):
        before, allowed = case, case.allowed(role)
        try:
            case = case.apply(name, Actor(role, "某"), START + timedelta(hours=hour), opinion)
        except IllegalMove as error:
            assert name not in allowed and error.allowed == allowed
        except OpinionMissing:
            assert name in allowed and opinion == ""
        if case is before:
            continue
        move, event = TABLE[(before.state, name)], case.history[-1]
        assert name in allowed and role in move.roles and (not move.kinds or kind in move.kinds)
        assert case.history[:-1] == before.history
        assert (event.seq, event.before, event.after) == (len(case.history), before.state, case.state)
        asked_from = next((e.before for e in reversed(before.history) if e.move == "ask_supplement"), None)
        assert case.state is (before.state if move.stays else move.to or asked_from)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(list(CaseKind)), st.lists(st.integers(0, 10**6), min_size=STEPS, max_size=STEPS))
def test_allowed_moves_are_really_allowed(kind: CaseKind, choices: list[int]) -> None:
    case = a_case(kind)
    for choice in choices:
        open_moves = [(role, name) for role in Role for name in case.allowed(role)]
        if not open_moves:
            assert case.state is CaseState.ARCHIVED
            return
        role, name = open_moves[choice % len(open_moves)]
        case = case.apply(name, Actor(role, "某"), START, "意见")
        assert len(case.history) >= 2 and case.state in CaseState
