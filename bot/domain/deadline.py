"""时限 (shixian): the day by which a case must be finished, computed from stored facts and never counted along.

The day of acceptance is not counted (民法典 第二百零一条). If the last day of a limit in natural days is a day off, the
limit ends with the next working day (民法典 第二百零三条). While 补正 runs, no day is counted: of a pause the day it was told
still counts, the day the papers came does not, just as with the acceptance.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Iterable, Optional, Sequence

from bot.domain.item import Facts, TimeLimit, applies
from bot.domain.working_days import WorkingCalendar

WORKING = "working"


@dataclass(frozen=True)
class Deadline:
    """到期日; `provisional` (暂定) while it lies beyond the published calendar."""

    date: date
    provisional: bool


@dataclass(frozen=True)
class PausedSpan:
    """补正期间: from the day the defects were told to the day the papers were complete."""

    start: date
    end: date

    def covers(self, day: date) -> bool:
        return self.start < day <= self.end


def due_date(
    accepted_on: date, limit: TimeLimit, calendar: WorkingCalendar, paused: Iterable[PausedSpan] = ()
) -> Deadline:
    """The deadline of a case.

    Args:
        accepted_on: The day of acceptance, local date.
        limit: Days, in working or natural days; 0 days means the same day (当场办结).
        calendar: Working days as published.
        paused: Finished pauses; a case that is paused now has no deadline yet.
    """
    spans = tuple(paused)
    if limit.days == 0:
        return Deadline(accepted_on, False)
    day, counted = accepted_on, 0
    while counted < limit.days:
        day += timedelta(days=1)
        counts = limit.unit != WORKING or calendar.is_working_day(day)
        if counts and not any(span.covers(day) for span in spans):
            counted += 1
    if limit.unit != WORKING:
        day = calendar.next_working_day(day)
    return Deadline(day, not calendar.is_published(day))


def applicable_limit(limits: Sequence[TimeLimit], facts: Facts) -> Optional[TimeLimit]:
    """The limit that holds under these facts; of several (stages of one procedure) the longest."""
    holding = [limit for limit in limits if applies(limit.when, facts) is True]
    return max(holding, key=lambda limit: limit.days, default=None)
