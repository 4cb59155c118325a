"""答复承诺 (dafu chengnuo): by when something that was promised is due. A pure function of the moment and the opening hours."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from bot.domain.centre import Office, OpeningSpan, Service
from bot.domain.opening_hours import what_today
from bot.domain.working_days import WorkingCalendar


class TaskKind(str, Enum):
    """What was promised."""

    ANSWER_LATER = "answer_later"  # a question we could not answer
    CALL_BACK = "call_back"  # a person was wanted while nobody was there
    LIFE_AT_RISK = "life_at_risk"  # a word to a supervisor, at once and at any hour
    CASE_DUE = "case_due"  # 预警: the handler is reminded of a deadline
    SUPERVISE = "supervise"  # 督办: a supervisor looks into a case that is late
    BAD_RATING = "bad_rating"  # 差评整改
    COMPLAINT = "complaint"  # 投诉
    RETURN_VISIT = "return_visit"  # 回访


WORKING_TIME = timedelta(hours=2)
NEXT_MORNING = time(10)
QUARTER = AT_ONCE = timedelta(minutes=15)
_SEARCH_DAYS = 60
_SHANGHAI = ZoneInfo("Asia/Shanghai")


def due_at(kind: TaskKind, now: datetime, office: Office, calendar: WorkingCalendar) -> datetime:
    """Life at risk: within a quarter of an hour. Else two hours of full service from now, rounded up to a quarter, if the day has them; else 10:00 of the
    next day with full service, or two hours after it opens when it opens late.
    """
    if kind is TaskKind.LIFE_AT_RISK:
        return now + AT_ONCE
    left = WORKING_TIME
    for span in _full(office, now, calendar):
        start, end = max(now, _at(now, span.open)), _at(now, span.close)
        if end > start:
            if end - start >= left:
                return _round(start + left)
            left -= end - start
    for ahead in range(1, _SEARCH_DAYS):
        day = now + timedelta(days=ahead)
        spans = _full(office, day, calendar)
        if spans:
            opens = _at(day, spans[0].open)
            return max(_at(day, NEXT_MORNING), opens + WORKING_TIME if opens.time() >= NEXT_MORNING else opens)
    return now + timedelta(days=_SEARCH_DAYS)


def end_of_office_day(day: date, office: Office, calendar: WorkingCalendar) -> datetime:
    """When full service ends on this day, or on the next day that has some."""
    moment = datetime.combine(day, time(), tzinfo=_SHANGHAI)
    for ahead in range(_SEARCH_DAYS):
        spans = _full(office, moment + timedelta(days=ahead), calendar)
        if spans:
            return _at(moment + timedelta(days=ahead), spans[-1].close)
    return moment


def _round(moment: datetime) -> datetime:
    """Up to the next quarter of an hour: nobody is promised an answer by 14:01."""
    over = timedelta(minutes=moment.minute % 15, seconds=moment.second, microseconds=moment.microsecond)
    return moment + QUARTER - over if over else moment


def _full(office: Office, day: datetime, calendar: WorkingCalendar) -> "list[OpeningSpan]":
    return [s for s in what_today(office, day.date(), calendar).spans if s.service is Service.FULL and not s.windows]


def _at(day: datetime, moment: time) -> datetime:
    return day.replace(hour=moment.hour, minute=moment.minute, second=0, microsecond=0)
