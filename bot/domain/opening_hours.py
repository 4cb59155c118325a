"""开放时间 (kaifang shijian): is the office open, what are its hours today, when does it open next.

Another calendar than that of the deadlines: a make-up Saturday is a weekday with weekday hours, a holiday is closed
whatever the weekday, and Saturday duty (周六值班) is only on Saturdays that belong to no holiday.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import Optional, Tuple
from zoneinfo import ZoneInfo

from bot.domain.centre import Office, OpeningSpan, Service
from bot.domain.working_days import WorkingCalendar

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_MONDAY = 1
_SEARCH_DAYS = 60  # the longest holiday has nine days


class DayKind(str, Enum):
    """Why the hours of a day are what they are."""

    WEEKDAY = "weekday"  # 平常工作日
    MAKEUP = "makeup"  # 调休上班
    WEEKEND = "weekend"  # 周末
    HOLIDAY = "holiday"  # 法定节假日


@dataclass(frozen=True)
class DayHours:
    """The hours of one day; no spans: closed. `provisional` while the year's calendar is not published."""

    kind: DayKind
    spans: Tuple[OpeningSpan, ...]
    provisional: bool


def _kind(day: date, calendar: WorkingCalendar) -> DayKind:
    if calendar.is_makeup_day(day):
        return DayKind.MAKEUP
    if calendar.is_holiday(day):
        return DayKind.HOLIDAY
    return DayKind.WEEKDAY if calendar.is_working_day(day) else DayKind.WEEKEND


def what_today(office: Office, day: date, calendar: WorkingCalendar, window: str = "") -> DayHours:
    """The hours of a day, earliest first; with a window's id only the spans in which that window is open.

    On a make-up day Monday's hours hold: which weekday it replaces is not published.
    """
    kind = _kind(day, calendar)
    weekday = _MONDAY if kind is DayKind.MAKEUP else day.isoweekday()
    spans = () if kind is DayKind.HOLIDAY else tuple(s for s in office.hours if weekday in s.days and _holds(s, window))
    ordered = tuple(sorted(spans, key=lambda span: span.open))
    return DayHours(kind, ordered, not calendar.is_published(day))


def _holds(span: OpeningSpan, window: str) -> bool:
    return not window or not span.windows or window in span.windows


def _local(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a time without a time zone")
    return at.astimezone(_SHANGHAI)


def open_span(office: Office, at: datetime, calendar: WorkingCalendar, window: str = "") -> Optional[OpeningSpan]:
    """The span that holds at this moment; its note says what is done in it. A span ends at its closing minute."""
    local = _local(at)
    hours = what_today(office, local.date(), calendar, window)
    now = local.time().replace(tzinfo=None)
    return next((span for span in hours.spans if span.open <= now < span.close), None)


def is_open(office: Office, at: datetime, calendar: WorkingCalendar, window: str = "") -> bool:
    """Whether somebody is there at this moment without having been called before."""
    span = open_span(office, at, calendar, window)
    return span is not None and span.service is not Service.APPOINTMENT


def next_opening(office: Office, at: datetime, calendar: WorkingCalendar, window: str = "") -> Optional[datetime]:
    """The next moment after `at` at which somebody comes; None if nobody does within two months."""
    local = _local(at)
    for ahead in range(_SEARCH_DAYS):
        day = local.date() + timedelta(days=ahead)
        for span in what_today(office, day, calendar, window).spans:
            opens = _at(day, span.open)
            if opens > local and span.service is not Service.APPOINTMENT:
                return opens
    return None


def _at(day: date, moment: time) -> datetime:
    return datetime.combine(day, moment, tzinfo=_SHANGHAI)
