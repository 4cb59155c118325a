"""时限 (shixian): the day by which a case must be finished, computed from stored facts and never counted along.

The day of acceptance is not counted (民法典 第二百零一条). If the last day of a limit in natural days is a day off, the
limit ends with the next working day (民法典 第二百零三条). While 补正 runs, no day is counted: of a pause the day it was told
still counts, the day the papers came does not, just as with the acceptance.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import Iterable, Optional, Sequence

from bot.domain.item import Facts, TimeLimit, applies
from bot.domain.working_days import WorkingCalendar

WORKING, NATURAL, HALF = "working", "natural", "half"
NOON = time(12)


@dataclass(frozen=True)
class Deadline:
    """到期日; `provisional` (暂定) while it lies beyond the published calendar; `by_noon`: the first half of the day ends it."""

    date: date
    provisional: bool
    by_noon: bool = False


@dataclass(frozen=True)
class PausedSpan:
    """补正期间: from the day the defects were told to the day the papers were complete."""

    start: date
    end: date

    def covers(self, day: date) -> bool:
        return self.start < day <= self.end


def due_date(
    accepted_on: date,
    limit: TimeLimit,
    calendar: WorkingCalendar,
    paused: Iterable[PausedSpan] = (),
    afternoon: bool = False,
) -> Deadline:
    """The deadline of a case.

    Args:
        accepted_on: The day of acceptance, local date.
        limit: Days, in working or natural days; 0 days means the same day (当场办结).
        calendar: Working days as published.
        paused: Finished pauses; a case that is paused now has no deadline yet.
        afternoon: Whether the acceptance came after noon; matters for half days only.
    """
    spans = tuple(paused)
    if limit.days == 0:
        return Deadline(accepted_on, False)
    if limit.unit == HALF:
        return _half_days(accepted_on, afternoon, limit.days, calendar, spans)
    day, counted = accepted_on, 0
    while counted < limit.days:
        day += timedelta(days=1)
        counts = limit.unit != WORKING or calendar.is_working_day(day)
        if counts and not any(span.covers(day) for span in spans):
            counted += 1
    if limit.unit != WORKING:
        day = calendar.next_working_day(day)
    return Deadline(day, not calendar.is_published(day))


def _half_days(
    start: date, afternoon: bool, halves: int, calendar: WorkingCalendar, spans: Sequence[PausedSpan]
) -> Deadline:
    """The half day of acceptance is not counted, just as the day is not. Half days are numbered through: two for each day."""
    half = 2 * start.toordinal() + afternoon
    while halves:
        half += 1
        halves -= _counts(date.fromordinal(half // 2), calendar, spans)
    day = date.fromordinal(half // 2)
    return Deadline(day, not calendar.is_published(day), by_noon=half % 2 == 0)


def _counts(day: date, calendar: WorkingCalendar, spans: Sequence[PausedSpan]) -> bool:
    return calendar.is_working_day(day) and not any(span.covers(day) for span in spans)


class Light(str, Enum):
    """时限状态: how near the deadline is."""

    GREEN = "green"
    AMBER = "amber"  # 预警: the handler is reminded
    RED = "red"  # the last day
    OVERDUE = "overdue"  # 超期: 督办


AMBER_DAYS = 2
"""Working days left, today not counted, from which on a case is amber; a short limit is amber in its last third only."""


def light(deadline: Deadline, start: date, now: datetime, calendar: WorkingCalendar) -> Light:
    """The light of a case.

    Args:
        start: When the limit began to run; tells a short limit from a long one.
        now: Local time.
    """
    today = now.date()
    if today > deadline.date or (today == deadline.date and deadline.by_noon and now.time() >= NOON):
        return Light.OVERDUE
    if today == deadline.date:
        return Light.RED
    left = working_days_between(today, deadline.date, calendar)
    whole = working_days_between(start, deadline.date, calendar)
    return Light.AMBER if left <= min(AMBER_DAYS, max(1, whole // 3)) else Light.GREEN


def working_days_between(after: date, until: date, calendar: WorkingCalendar) -> int:
    """Working days after one day up to and with another; 0 if there are none."""
    days = (after + timedelta(days=n) for n in range(1, (until - after).days + 1))
    return sum(calendar.is_working_day(day) for day in days)


def applicable_limit(limits: Sequence[TimeLimit], facts: Facts) -> Optional[TimeLimit]:
    """The limit that holds under these facts; of several (stages of one procedure) the longest."""
    holding = [limit for limit in limits if applies(limit.when, facts) is True]
    return max(holding, key=lambda limit: limit.days / 2 if limit.unit == HALF else limit.days, default=None)
