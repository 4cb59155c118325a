from __future__ import annotations

from datetime import date, datetime, timezone
from zoneinfo import ZoneInfo

import pytest

from bot.adapters.working_days import published_calendar
from bot.domain.opening_hours import DayKind, is_open, next_opening, open_span, what_today
from tests.support.builders import an_office

SHANGHAI = ZoneInfo("Asia/Shanghai")
CHINA = published_calendar()
OFFICE = an_office()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    "moment,open_now",
    [
        ("2026-03-04T08:29", False),
        ("2026-03-04T08:30", True),
        ("2026-03-04T11:59", True),
        ("2026-03-04T12:00", False),
        ("2026-03-04T14:00", True),
        ("2026-03-04T17:30", False),
    ],
)
def test_closed_over_lunch_and_after_hours(moment: str, open_now: bool) -> None:
    assert is_open(OFFICE, at(moment), CHINA) is open_now


def test_opens_again_after_lunch() -> None:
    assert next_opening(OFFICE, at("2026-03-04T12:30"), CHINA) == at("2026-03-04T14:00")


def test_next_opening_is_after_the_present_moment() -> None:
    assert next_opening(OFFICE, at("2026-03-04T08:30"), CHINA) == at("2026-03-04T14:00")


def test_saturday_duty_on_an_ordinary_saturday() -> None:
    hours = what_today(OFFICE, date(2026, 3, 7), CHINA)
    assert hours.kind is DayKind.WEEKEND and [span.note for span in hours.spans] == ["只开1号窗口"]
    span = open_span(OFFICE, at("2026-03-07T10:00"), CHINA)
    assert span is not None and span.note


def test_make_up_saturday_has_weekday_hours() -> None:
    hours = what_today(OFFICE, date(2026, 2, 14), CHINA)
    assert hours.kind is DayKind.MAKEUP and len(hours.spans) == 2
    assert is_open(OFFICE, at("2026-02-14T15:00"), CHINA)


def test_no_saturday_duty_within_a_holiday() -> None:
    saturday = date(2026, 2, 21)
    assert what_today(OFFICE, saturday, CHINA).kind is DayKind.HOLIDAY
    assert not is_open(OFFICE, at("2026-02-21T10:00"), CHINA)


def test_holiday_on_a_weekday_is_closed() -> None:
    assert what_today(OFFICE, date(2026, 10, 1), CHINA).spans == ()


def test_sunday_is_closed_and_monday_opens() -> None:
    assert next_opening(OFFICE, at("2026-03-08T10:00"), CHINA) == at("2026-03-09T08:30")


def test_after_spring_festival_eve_the_office_opens_on_the_first_working_day() -> None:
    assert next_opening(OFFICE, at("2026-02-14T18:00"), CHINA) == at("2026-02-24T08:30")


def test_hours_of_an_unpublished_year_are_provisional() -> None:
    assert what_today(OFFICE, date(2027, 1, 4), CHINA).provisional
    assert not what_today(OFFICE, date(2026, 12, 31), CHINA).provisional


def test_times_of_other_zones_are_understood() -> None:
    assert is_open(OFFICE, datetime(2026, 3, 4, 1, 0, tzinfo=timezone.utc), CHINA)


def test_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError):
        is_open(OFFICE, datetime(2026, 3, 4, 9, 0), CHINA)


def test_office_that_never_opens_has_no_next_opening() -> None:
    assert next_opening(an_office(hours=()), at("2026-03-04T09:00"), CHINA) is None
