"""问时间 (wen shijian): which question about opening hours a sentence asks, and for which days.

The words stand in `data/dialogue/hours.yml`; days are read by `day_words`. Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any, Mapping, Optional, Sequence, Tuple

from bot.domain.dates import DateProblem, SpokenDate, read_date
from bot.domain.day_words import near_days


class HoursKind(str, Enum):
    """What is asked."""

    NOW = "now"  # 现在开门吗
    OPENS = "opens"  # 几点开门
    CLOSES = "closes"  # 几点下班
    NOON = "noon"  # 中午有人吗
    EVENING = "evening"  # 晚上能办吗
    DAYS = "days"  # 周六上班吗, 明天开门吗
    HOLIDAY = "holiday"  # 国庆放假到几号
    HOLIDAYS = "holidays"  # 节假日能办吗
    GENERAL = "general"  # 什么时间上班


@dataclass(frozen=True)
class HoursQuestion:
    """A question about hours; `days` are those named (empty: today), `holiday` the calendar's name of one."""

    kind: HoursKind
    days: Tuple[date, ...] = ()
    holiday: str = ""


class HoursWords:
    """Reads questions by the patterns of hours.yml."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        self._about = _any(words["about"])
        self._never = _any(words["never"])
        self._kinds = [(HoursKind(kind), _any(patterns)) for kind, patterns in words["kinds"].items()]
        self._holidays = [(name, _any(patterns)) for name, patterns in words["holidays"].items()]

    def read(self, text: str, today: date) -> Optional[HoursQuestion]:
        """The question that a text asks; None if it asks nothing about hours."""
        if not self._about.search(text) or self._never.search(text):
            return None
        holiday = next((name for name, pattern in self._holidays if pattern.search(text)), "")
        if holiday:
            return HoursQuestion(HoursKind.HOLIDAY, holiday=holiday)
        days = named_days(text, today)
        for kind, pattern in self._kinds:
            if pattern.search(text) and not (kind is HoursKind.NOW and days and days != (today,)):
                return HoursQuestion(kind, days)
        return HoursQuestion(HoursKind.DAYS if days else HoursKind.GENERAL, days)


def named_days(text: str, today: date) -> Tuple[date, ...]:
    """The days that a text names, those to come first meant: 周六, 明天, 12月5号, 5号."""
    if days := near_days(text, today, past=False):
        return days
    if match := re.search(r"(?<![0-9月])(3[01]|[12][0-9]|[1-9])[号日](?!窗|线|楼)", text):
        return _coming_day(int(match.group(1)), today)
    found = read_date(text, today) if re.search(r"月", text) else DateProblem.NONE
    if not isinstance(found, SpokenDate) or found.day is None:
        return ()
    day = date(found.year, found.month, found.day)
    if not re.search(r"年", text) and day < today:  # a day without a year is the coming one here
        day = day.replace(year=day.year + 1)
    return (day,)


def _coming_day(number: int, today: date) -> Tuple[date, ...]:
    for ahead in range(3):
        index = today.year * 12 + today.month - 1 + ahead
        try:
            day = date(index // 12, index % 12 + 1, number)
        except ValueError:
            continue
        if day >= today:
            return (day,)
    return ()


def _any(patterns: Sequence[str]) -> "re.Pattern[str]":
    return re.compile("|".join(f"(?:{p})" for p in patterns))
