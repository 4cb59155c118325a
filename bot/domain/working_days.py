"""工作日 (gongzuori): which days count as working days, by the State Council's yearly notice.

The notice for a year comes out in November of the year before. Beyond the published year a day is judged by weekends and
the public holidays with a fixed date (《全国年节及纪念日放假办法》, rules in force since 2025-01-01), and everything that
follows from it is provisional (暂定). Holidays of the lunar calendar are then left to the weekends: how the notice will
move days around them cannot be known.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Mapping

_SATURDAY = 6
_FIXED_HOLIDAYS = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})


def _qingming(year: int) -> date:
    """清明 in the 21st century: the usual formula of the solar terms, right for 2000-2099."""
    last_two = year % 100
    return date(year, 4, int(last_two * 0.2422 + 4.81) - last_two // 4)


def is_fixed_holiday(day: date) -> bool:
    """元旦, 清明, 劳动节 (two days) or 国庆节 (three days)."""
    return (day.month, day.day) in _FIXED_HOLIDAYS or day == _qingming(day.year)


@dataclass(frozen=True)
class WorkingCalendar:
    """工作日历: days off and make-up days as published; `published_until` is the last day they cover.

    `names`: what a day off belongs to (元旦, 春节, 清明, 劳动节, 端午, 国庆节, 中秋).
    """

    holidays: frozenset[date]
    makeup_days: frozenset[date]
    published_until: date
    names: Mapping[date, str] = field(default_factory=dict, compare=False)

    def is_published(self, day: date) -> bool:
        return day <= self.published_until

    def is_makeup_day(self, day: date) -> bool:
        """调休上班: a day of a weekend on which everybody works."""
        return day in self.makeup_days and day.isoweekday() >= _SATURDAY

    def is_holiday(self, day: date) -> bool:
        """A public holiday or a day off that belongs to one, weekends inside it included."""
        return day in self.holidays if self.is_published(day) else is_fixed_holiday(day)

    def is_working_day(self, day: date) -> bool:
        if self.is_makeup_day(day):
            return True
        return day.isoweekday() < _SATURDAY and not self.is_holiday(day)

    def next_working_day(self, day: date) -> date:
        """The day itself if it is a working day, else the first one after it."""
        while not self.is_working_day(day):
            day += timedelta(days=1)
        return day

    def add_working_days(self, start: date, days: int) -> tuple[date, bool]:
        """The day on which the last of `days` working days ends; the start is not counted (民法典 第二百零一条).

        Returns:
            The date, and True if it is provisional.
        """
        day = start
        for _ in range(days):
            day = self.next_working_day(day + timedelta(days=1))
        return day, not self.is_published(day)
