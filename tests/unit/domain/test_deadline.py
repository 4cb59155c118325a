from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.working_days import published_calendar
from bot.domain.deadline import Deadline, Light, PausedSpan, applicable_limit, due_date, light
from bot.domain.item import TimeLimit

CHINA = published_calendar()


def working(days: int) -> TimeLimit:
    return TimeLimit(days, "working", "")


def natural(days: int) -> TimeLimit:
    return TimeLimit(days, "natural", "")


def test_day_of_acceptance_is_not_counted() -> None:
    assert due_date(date(2026, 3, 2), working(1), CHINA).date == date(2026, 3, 3)
    assert due_date(date(2026, 3, 2), natural(1), CHINA).date == date(2026, 3, 3)


def test_no_days_means_the_same_day() -> None:
    assert due_date(date(2026, 12, 31), working(0), CHINA) == Deadline(date(2026, 12, 31), False)


def test_natural_days_run_over_weekends_and_working_days_do_not() -> None:
    friday = date(2026, 3, 6)
    assert due_date(friday, natural(5), CHINA).date == date(2026, 3, 11)
    assert due_date(friday, working(5), CHINA).date == date(2026, 3, 13)


def test_natural_limit_ending_on_a_day_off_ends_with_the_next_working_day() -> None:
    assert due_date(date(2026, 3, 2), natural(5), CHINA).date == date(2026, 3, 9)  # Saturday the 7th
    assert due_date(date(2026, 2, 10), natural(7), CHINA).date == date(2026, 2, 24)  # in Spring Festival


def test_natural_limit_ending_on_a_make_up_saturday_stays_there() -> None:
    assert due_date(date(2026, 2, 9), natural(5), CHINA).date == date(2026, 2, 14)


def test_accepted_on_a_holiday_counts_from_the_first_working_day_after() -> None:
    assert due_date(date(2026, 2, 18), working(1), CHINA).date == date(2026, 2, 24)


def test_unpublished_year_makes_the_date_provisional() -> None:
    assert due_date(date(2026, 12, 15), working(12), CHINA) == Deadline(date(2026, 12, 31), False)
    assert due_date(date(2026, 12, 15), working(20), CHINA) == Deadline(date(2027, 1, 13), True)
    assert due_date(date(2026, 12, 15), natural(60), CHINA) == Deadline(date(2027, 2, 15), True)


def test_supplement_pause_adds_its_days() -> None:
    monday = date(2026, 3, 2)
    pause = PausedSpan(date(2026, 3, 4), date(2026, 3, 10))  # told on Wednesday, complete on Tuesday
    assert due_date(monday, working(5), CHINA).date == date(2026, 3, 9)
    # Tuesday, Wednesday count; then Wednesday 11 to Friday 13
    assert due_date(monday, working(5), CHINA, [pause]).date == date(2026, 3, 13)


def test_told_and_supplied_on_the_same_day_costs_nothing() -> None:
    same = PausedSpan(date(2026, 3, 4), date(2026, 3, 4))
    assert due_date(date(2026, 3, 2), working(5), CHINA, [same]) == due_date(date(2026, 3, 2), working(5), CHINA)


def test_two_pauses_both_count_and_overlap_counts_once() -> None:
    spans = [PausedSpan(date(2026, 3, 3), date(2026, 3, 5)), PausedSpan(date(2026, 3, 4), date(2026, 3, 6))]
    assert due_date(date(2026, 3, 2), working(3), CHINA, spans).date == date(2026, 3, 10)


def test_longest_holding_limit_is_taken() -> None:
    limits = (
        TimeLimit(5, "working", "", when={"who": ("self",)}),
        TimeLimit(30, "working", "", when={"who": ("parent",)}),
        TimeLimit(3, "working", ""),
    )
    chosen = applicable_limit(limits, {"who": "self"})
    assert chosen is not None and chosen.days == 5
    assert applicable_limit(limits[:2], {}) is None


days = st.dates(date(2024, 1, 1), date(2027, 12, 31))


@given(days, st.integers(0, 120), st.sampled_from(["working", "natural"]))
def test_more_days_are_never_due_earlier(start: date, count: int, unit: str) -> None:
    shorter = due_date(start, TimeLimit(count, unit, ""), CHINA)
    longer = due_date(start, TimeLimit(count + 1, unit, ""), CHINA)
    assert start <= shorter.date <= longer.date


@given(days, st.integers(1, 60), st.integers(0, 30), st.integers(0, 30))
def test_pause_never_shortens_a_deadline(start: date, count: int, begins: int, lasts: int) -> None:
    pause = PausedSpan(start + timedelta(days=begins), start + timedelta(days=begins + lasts))
    paused = due_date(start, working(count), CHINA, [pause]).date
    assert paused >= due_date(start, working(count), CHINA).date
    assert not pause.covers(paused)


@pytest.mark.parametrize("unit", ["working", "natural"])
@given(start=days, count=st.integers(1, 60))
def test_due_day_is_a_working_day(unit: str, start: date, count: int) -> None:
    assert CHINA.is_working_day(due_date(start, TimeLimit(count, unit, ""), CHINA).date)


# by hand: half days, year end, Spring Festival, make-up days, unpublished year

FRIDAY, MONDAY = date(2026, 3, 6), date(2026, 3, 9)


@pytest.mark.parametrize(
    "start,afternoon,halves,due,by_noon",
    [
        (FRIDAY, False, 1, FRIDAY, False),  # taken in the morning, half a day: by the evening
        (FRIDAY, True, 1, MONDAY, True),  # taken in the afternoon: by Monday noon
        (FRIDAY, False, 3, MONDAY, False),
        (date(2026, 3, 7), True, 1, MONDAY, True),  # a Saturday
        (date(2026, 2, 13), True, 1, date(2026, 2, 14), True),  # make-up Saturday before Spring Festival
        (date(2026, 2, 14), True, 1, date(2026, 2, 24), True),  # Spring Festival 15 to 23 February
        (date(2026, 12, 31), True, 1, date(2027, 1, 4), True),  # New Year's Day is a Friday
    ],
)
def test_half_days(start: date, afternoon: bool, halves: int, due: date, by_noon: bool) -> None:
    deadline = due_date(start, TimeLimit(halves, "half", ""), CHINA, (), afternoon)
    assert (deadline.date, deadline.by_noon) == (due, by_noon)
    assert deadline.provisional == (due.year == 2027)


@pytest.mark.parametrize(
    "start,days,due",
    [
        (date(2026, 2, 12), 3, date(2026, 2, 24)),  # Friday 13, make-up Saturday 14, then the 24th
        (date(2026, 2, 27), 2, date(2026, 3, 2)),  # make-up Saturday 28 February, Monday
        (date(2026, 9, 30), 1, date(2026, 10, 8)),  # National Day until the 7th
        (date(2026, 10, 9), 1, date(2026, 10, 10)),  # make-up Saturday
        (date(2026, 12, 30), 2, date(2027, 1, 4)),  # over the year end, provisional
    ],
)
def test_dates_by_hand(start: date, days: int, due: date) -> None:
    assert due_date(start, working(days), CHINA) == Deadline(due, due.year > 2026)


def test_supplement_over_spring_festival_counts_no_holiday_twice() -> None:
    pause = PausedSpan(date(2026, 2, 13), date(2026, 2, 25))
    # Thursday 12 accepted; Friday 13 counts, then 26, 27, make-up Saturday 28, Monday 2 March
    assert due_date(date(2026, 2, 12), working(5), CHINA, [pause]).date == date(2026, 3, 2)


def at(day: date, hour: int = 10) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(
    "today,expected",
    [
        (date(2026, 3, 10), Light.GREEN),
        (date(2026, 3, 11), Light.GREEN),
        (date(2026, 3, 12), Light.AMBER),  # Friday and Monday are left
        (date(2026, 3, 13), Light.AMBER),
        (date(2026, 3, 15), Light.AMBER),  # a Sunday: Monday is left
        (date(2026, 3, 16), Light.RED),
        (date(2026, 3, 17), Light.OVERDUE),
    ],
)
def test_lights_of_a_limit_of_ten_days(today: date, expected: Light) -> None:
    start = date(2026, 3, 2)
    deadline = due_date(start, working(10), CHINA)
    assert deadline.date == date(2026, 3, 16) and light(deadline, start, at(today), CHINA) is expected


def test_short_limit_is_not_amber_from_the_start_and_half_day_is_over_at_noon() -> None:
    monday = date(2026, 3, 2)
    assert light(due_date(monday, working(3), CHINA), monday, at(monday), CHINA) is Light.GREEN
    half = due_date(monday, TimeLimit(1, "half", ""), CHINA, (), afternoon=True)
    assert light(half, monday, at(date(2026, 3, 3), 11), CHINA) is Light.RED
    assert light(half, monday, at(date(2026, 3, 3), 12), CHINA) is Light.OVERDUE
