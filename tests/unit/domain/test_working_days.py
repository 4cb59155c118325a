from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.adapters.working_days import published_calendar
from bot.domain.working_days import WorkingCalendar, is_fixed_holiday
from tests.support.builders import a_calendar

CHINA = published_calendar()


def test_weekend_is_no_working_day() -> None:
    assert not CHINA.is_working_day(date(2026, 3, 7))
    assert not CHINA.is_working_day(date(2026, 3, 8))


def test_make_up_saturday_counts_as_working_day() -> None:
    assert date(2026, 2, 14).isoweekday() == 6
    assert CHINA.is_working_day(date(2026, 2, 14))
    assert CHINA.is_makeup_day(date(2026, 2, 14))


def test_spring_festival_week_has_no_working_day() -> None:
    # 2026: 除夕 is 16 February; days off from the 15th to the 23rd
    assert not any(CHINA.is_working_day(date(2026, 2, day)) for day in range(15, 24))
    assert CHINA.add_working_days(date(2026, 2, 14), 1) == (date(2026, 2, 24), False)


def test_deadline_over_spring_festival_by_hand() -> None:
    # from Wednesday 11 February: 12, 13, 14 (make-up Saturday), 24, 25
    assert CHINA.add_working_days(date(2026, 2, 11), 5) == (date(2026, 2, 25), False)


def test_national_day_and_make_up_sunday() -> None:
    assert CHINA.is_working_day(date(2026, 9, 20))
    assert not any(CHINA.is_working_day(date(2026, 10, day)) for day in range(1, 8))
    assert CHINA.is_working_day(date(2026, 10, 10))


def test_start_is_not_counted() -> None:
    assert CHINA.add_working_days(date(2026, 3, 2), 1) == (date(2026, 3, 3), False)


def test_no_days_end_on_the_start() -> None:
    assert CHINA.add_working_days(date(2026, 3, 7), 0) == (date(2026, 3, 7), False)


def test_year_end_is_provisional_when_it_leads_into_an_unpublished_year() -> None:
    assert CHINA.published_until == date(2026, 12, 31)
    assert CHINA.add_working_days(date(2026, 12, 30), 1) == (date(2026, 12, 31), False)
    # 1 January 2027 is a fixed holiday and a Friday; then a weekend
    assert CHINA.add_working_days(date(2026, 12, 30), 2) == (date(2027, 1, 4), True)


@pytest.mark.parametrize("day", [(1, 1), (4, 5), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)])
def test_unpublished_year_knows_holidays_with_a_fixed_date(day: tuple[int, int]) -> None:
    assert is_fixed_holiday(date(2027, *day))
    assert not CHINA.is_working_day(date(2027, *day))


def test_unpublished_year_leaves_lunar_holidays_to_the_weekends() -> None:
    assert CHINA.is_working_day(date(2027, 2, 5))  # 除夕, a Friday
    assert not CHINA.is_published(date(2027, 2, 5))


@pytest.mark.parametrize("year,day", [(2024, 4), (2025, 4), (2026, 5), (2027, 5), (2028, 4), (2031, 5)])
def test_qingming_follows_the_sun(year: int, day: int) -> None:
    assert is_fixed_holiday(date(year, 4, day))
    assert not is_fixed_holiday(date(year, 4, 9 - day))


def test_published_years_agree_with_the_notices_day_by_day() -> None:
    from chinese_calendar import is_workday

    day = date(2024, 1, 1)
    while day <= CHINA.published_until:
        assert CHINA.is_working_day(day) == is_workday(day), day
        day += timedelta(days=1)


def test_calendar_is_given_as_data() -> None:
    calendar = a_calendar()
    assert calendar.is_working_day(date(2026, 1, 4)) and not calendar.is_working_day(date(2026, 1, 1))
    assert calendar.add_working_days(date(2025, 12, 31), 1) == (date(2026, 1, 4), False)


def test_make_up_entry_on_a_weekday_changes_nothing() -> None:
    calendar = WorkingCalendar(frozenset({date(2026, 5, 6)}), frozenset({date(2026, 5, 6)}), date(2026, 12, 31))
    assert not calendar.is_makeup_day(date(2026, 5, 6))
    assert not calendar.is_working_day(date(2026, 5, 6))


def test_a_newly_published_year_recomputes_the_same_deadline() -> None:
    before = CHINA.add_working_days(date(2026, 12, 30), 2)
    # the notice for 2027 gives Monday 4 January off and takes Sunday the 3rd
    published = WorkingCalendar(
        CHINA.holidays | {date(2027, 1, 1), date(2027, 1, 4)}, CHINA.makeup_days | {date(2027, 1, 3)}, date(2027, 12, 31)
    )
    after = published.add_working_days(date(2026, 12, 30), 2)
    assert before == (date(2027, 1, 4), True) and after == (date(2027, 1, 3), False)
