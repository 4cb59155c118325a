"""答时间 (da shijian): the facts that answer a question about opening hours. Pure; the wording stands in data/dialogue/hours.j2."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Optional, Tuple

from bot.domain.centre import Office, OpeningSpan, Service
from bot.domain.hours_question import HoursKind, HoursQuestion
from bot.domain.opening_hours import DayKind, next_opening, open_span, what_today
from bot.domain.working_days import WorkingCalendar, is_fixed_holiday

_FIXED = {"元旦": (1, 1), "劳动节": (5, 1), "国庆节": (10, 1)}


@dataclass(frozen=True)
class DayAnswer:
    """One day: who is there when. `full`: normal service, `duty`: somebody is there, `appointment`: for those who called before."""

    day: date
    kind: DayKind
    full: Tuple[OpeningSpan, ...]
    duty: Tuple[OpeningSpan, ...]
    appointment: Tuple[OpeningSpan, ...]
    provisional: bool

    @property
    def closes(self) -> Optional[time]:
        """When normal service ends; else when duty does."""
        spans = self.full or self.duty
        return spans[-1].close if spans else None

    @property
    def opens(self) -> Optional[time]:
        spans = self.full or self.duty
        return spans[0].open if spans else None

    @property
    def noon(self) -> Tuple[OpeningSpan, ...]:
        """Spans that hold at half past twelve."""
        return tuple(s for s in (*self.full, *self.duty) if s.open <= time(12, 30) < s.close)


@dataclass(frozen=True)
class HolidayAnswer:
    """放假: first and last day off, the first day of work after; `published` false: only the days that the law fixes are known."""

    name: str
    year: int
    first: Optional[date]
    last: Optional[date]
    back: Optional[date]
    makeup: Tuple[date, ...]
    published: bool


@dataclass(frozen=True)
class HoursAnswer:
    """Everything that a sentence about hours can be made of."""

    question: HoursQuestion
    now: datetime
    current: Optional[OpeningSpan]
    following: Optional[datetime]
    days: Tuple[DayAnswer, ...]
    holiday: Optional[HolidayAnswer] = None
    following_provisional: bool = False

    @property
    def open_now(self) -> bool:
        return self.current is not None and self.current.service is not Service.APPOINTMENT


def answer_hours(
    question: HoursQuestion, office: Office, now: datetime, calendar: WorkingCalendar, window: str = ""
) -> HoursAnswer:
    """Answer a question for an office, or for one of its windows by id."""
    days = question.days or (now.date(),)
    following = _next_after(office, now, calendar, window, days, question.kind)
    return HoursAnswer(
        question,
        now,
        open_span(office, now, calendar, window),
        following,
        tuple(day_answer(office, day, calendar, window) for day in days),
        holiday_answer(question.holiday, now.date(), calendar) if question.holiday else None,
        following is not None and not calendar.is_published(following.date()),
    )


def day_answer(office: Office, day: date, calendar: WorkingCalendar, window: str = "") -> DayAnswer:
    """Who is there on a day."""
    hours = what_today(office, day, calendar, window)

    def of(service: Service) -> Tuple[OpeningSpan, ...]:
        return tuple(span for span in hours.spans if span.service is service)

    return DayAnswer(day, hours.kind, of(Service.FULL), of(Service.DUTY), of(Service.APPOINTMENT), hours.provisional)


def _next_after(
    office: Office, now: datetime, calendar: WorkingCalendar, window: str, days: Tuple[date, ...], kind: HoursKind
) -> Optional[datetime]:
    """When somebody is there next: from now, or after the last of the named days when nobody is there on it."""
    if kind is HoursKind.DAYS and days[-1] > now.date():
        start = datetime.combine(days[-1], time(0), tzinfo=now.tzinfo) - timedelta(seconds=1)
        return next_opening(office, start, calendar, window)
    return next_opening(office, now, calendar, window)


def holiday_answer(name: str, today: date, calendar: WorkingCalendar) -> HolidayAnswer:
    """The next time of a holiday, or the one that is on now."""
    named = sorted(day for day, called in calendar.names.items() if called == name and day >= today - timedelta(days=9))
    block = _first_block(named, today)
    if block:
        back = calendar.next_working_day(block[-1] + timedelta(days=1))
        near = tuple(sorted(d for d in calendar.makeup_days if abs((d - block[0]).days) <= 14 or abs((d - block[-1]).days) <= 14))
        return HolidayAnswer(name, block[0].year, block[0], block[-1], back, near, True)
    year = today.year + 1 if calendar.is_published(today) else today.year
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
    if name == "清明":
        fixed = [d for d in days if is_fixed_holiday(d) and d.month == 4]
    else:
        fixed = [d for d in days if is_fixed_holiday(d) and name in _FIXED and d.month == _FIXED[name][0]]
    if fixed:
        back = calendar.next_working_day(fixed[-1] + timedelta(days=1))
        return HolidayAnswer(name, year, fixed[0], fixed[-1], back, (), False)
    return HolidayAnswer(name, year, None, None, None, (), False)


def _first_block(days: "list[date]", today: date) -> "list[date]":
    """The first run of neighbouring days that is not over yet."""
    block: "list[date]" = []
    for day in days:
        if block and (day - block[-1]).days > 1:
            if block[-1] >= today:
                break
            block = []
        block.append(day)
    return block if block and block[-1] >= today else []
