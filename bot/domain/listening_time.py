"""答复时限 (dafu shixian): by when somebody at the counter will have answered."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.centre import Office
from bot.domain.opening_hours import is_open, next_opening
from bot.domain.working_days import WorkingCalendar

_WORK = timedelta(hours=2)
_STEP = timedelta(minutes=15)


def promised_by(office: Office, at: datetime, calendar: WorkingCalendar) -> datetime:
    """Two hours after the question, or after the next opening, up to the next quarter of an hour."""
    begins = at if is_open(office, at, calendar) else next_opening(office, at, calendar) or at
    due = begins + _WORK
    return due + (-(due - due.replace(hour=0, minute=0, second=0, microsecond=0))) % _STEP


def in_words(due: datetime, now: datetime) -> str:
    """The moment as people say it: 今天16:30, 明天10:30, 11月25日10:30."""
    days = (due.date() - now.date()).days
    day = {0: "今天", 1: "明天", 2: "后天"}.get(days, f"{due.month}月{due.day}日")
    return f"{day}{due:%H:%M}"
