"""日期 (riqi): dates as people write and say them ("2025年3月8号", "去年三月", "前天", "8月15")."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Optional, Union

from bot.domain.day_words import near_days, solar_holiday
from bot.domain.numerals import mend_letters, read_integer


class DateProblem(str, Enum):
    """Why no date could be read."""

    NONE = "none"  # there is no date in the text
    IMPOSSIBLE = "impossible"  # 2月30日
    LUNAR = "lunar"  # 农历, 正月初八: ask for the solar date
    YEAR_ONLY = "year_only"
    VAGUE = "vague"  # 前几天, 上周末, 三年前, 月底


@dataclass(frozen=True)
class SpokenDate:
    """A date as far as it was said: with a day, or only year and month."""

    year: int
    month: int
    day: Optional[int] = None

    @property
    def iso(self) -> str:
        return f"{self.year:04d}-{self.month:02d}" + (f"-{self.day:02d}" if self.day else "")

    @property
    def shown(self) -> str:
        return f"{self.year}年{self.month}月" + (f"{self.day}日" if self.day else "")


_N = r"[0-9]{1,2}|[一二两三四五六七八九十]{1,3}"
_YEAR = r"(?:1[89]|20)[0-9]{2}|[一二][零〇一二三四五六七八九]{3}|[0-9]{2}(?=年)"
_NUMERIC = re.compile(r"(?<![\d.])((?:1[89]|20)\d{2})[-/.年 ]\s*(\d{1,2})[-/.月 ]\s*(\d{1,2})(?![\d.])")
_SOLID = re.compile(r"(?<!\d)((?:19|20)\d{2})(\d{2})(\d{2})(?!\d)")
_SPOKEN = re.compile(
    rf"(?:(?P<year>{_YEAR})年|(?P<relative>今年|明年|去年|大前年|前年|上年))?(?:的|农历)?(?P<month>{_N})月(?:份)?(?:(?P<day>{_N})(?:号|日)?)?"
)
_YEAR_ONLY = re.compile(rf"(?P<year>{_YEAR})年|(?P<relative>今年|明年|去年|大前年|前年)")
_LUNAR = re.compile(
    r"农历|阴历|旧历|正月|腊月|冬月|(?<!最)初[一二三四五六七八九十]|[一二三四五六七八九十]月初[一二三四五六七八九十]|除夕|年三十|大年|春节|过年|元宵|端午|七夕|中秋|重阳|清明|小年"
)
_VAGUE = re.compile(
    r"前几天|前些天|前阵子|前一阵|上周末|周末|月底|月初|月中|年底|年初|好久|很久|早就|刚过(?:完)?年"
    r"|(?:[0-9]{1,2}|[一二两三四五六七八九十半]+)个?(?:多)?(?:月|年)(?:多)?以?前"
)
_YEARS_AGO = {"今年": 0, "去年": 1, "上年": 1, "前年": 2, "大前年": 3, "明年": -1}
_ONLY_MONTH = re.compile(r"(?P<which>上|这|本|下)个?月")


def read_date(text: str, today: date) -> Union[SpokenDate, DateProblem]:
    """The date that a text names; a date without a year is the last one that has passed.

    Args:
        text: normalised text (NFKC).
        today: the day on which it was said, Asia/Shanghai.
    """
    said = re.sub(r"\s+", " ", mend_letters(text.strip()))
    if match := _NUMERIC.search(said) or _SOLID.search(said):
        return _checked(int(match.group(1)), int(match.group(2)), int(match.group(3)))
    if _LUNAR.search(said):
        return DateProblem.LUNAR
    if match := _SPOKEN.search(said):
        return _spoken(match, today)
    near = near_days(said, today, past=True)
    if len(near) == 1:
        return SpokenDate(near[0].year, near[0].month, near[0].day)
    if holiday := solar_holiday(said, today):
        return SpokenDate(holiday.year, holiday.month, holiday.day)
    if match := _ONLY_MONTH.search(said):
        index = today.year * 12 + today.month - 1 + {"上": -1, "下": 1}.get(match["which"], 0)
        return SpokenDate(index // 12, index % 12 + 1)
    if near or _VAGUE.search(said):
        return DateProblem.VAGUE
    return DateProblem.YEAR_ONLY if _YEAR_ONLY.search(said) else DateProblem.NONE


def _spoken(match: "re.Match[str]", today: date) -> Union[SpokenDate, DateProblem]:
    month = read_integer(match["month"])
    day = read_integer(match["day"]) if match["day"] else None
    if match["year"]:
        year = _full_year(match["year"], today)
    elif match["relative"]:
        year = today.year - _YEARS_AGO[match["relative"]]
    else:
        later = month is not None and (month, day or 1) > (today.month, today.day)
        year = today.year - 1 if later else today.year
    return _checked(year, month, day)


def _full_year(text: str, today: date) -> int:
    year = read_integer(text) or 0
    if year < 100:  # "85年" is 1985, "03年" is 2003
        year += 2000 if year <= today.year % 100 else 1900
    return year


def _checked(year: int, month: Optional[int], day: Optional[int]) -> Union[SpokenDate, DateProblem]:
    try:
        date(year, month or 0, day or 1)
    except ValueError:
        return DateProblem.IMPOSSIBLE
    return SpokenDate(year, month or 0, day)
