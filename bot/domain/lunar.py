"""农历 (nongli): days of the lunar calendar as people say them ("八月初三", "阴历十月十三", "去年中秋"), as days of the solar one. Pure."""

from __future__ import annotations

import re
from datetime import date
from typing import Optional, Tuple

from borax.calendars.lunardate import InvalidLunarDateError, LunarDate

from bot.domain.numerals import read_integer

_MONTHS = {"正": 1, "冬": 11, "腊": 12}
_FESTIVALS = {"春节": (1, 1), "大年初一": (1, 1), "元宵": (1, 15), "端午": (5, 5), "七夕": (7, 7), "中秋": (8, 15), "重阳": (9, 9), "腊八": (12, 8)}
_YEARS = {"今年": 0, "去年": -1, "上年": -1, "前年": -2, "大前年": -3, "明年": 1}
_YEAR = r"(?:(?P<year>(?:1[89]|20)[0-9]{2})年|(?P<relative>今年|去年|上年|大前年|前年|明年))?(?:的)?"
_DAY = re.compile(
    _YEAR + r"(?:农历|阴历|旧历)?(?:的)?(?P<leap>闰)?(?P<month>正|冬|腊|[0-9]{1,2}|[一二三四五六七八九十]{1,2})月"
    r"(?:初(?P<first>[一二三四五六七八九十1-9])|(?:廿|卄)(?P<twenty>[一二三四五六七八九]?)|(?P<day>[0-9]{1,2}|[一二三四五六七八九十]{1,3}))(?:号|日)?"
)
_FESTIVAL = re.compile(_YEAR + f"(?P<name>{'|'.join(sorted(_FESTIVALS, key=len, reverse=True))})")
_EVE = re.compile(_YEAR + r"(?:除夕|年三十|大年夜|三十晚上)")


def lunar_day(text: str, today: date, *, coming: bool = False) -> Optional[Tuple[str, date]]:
    """The lunar day that a text names, in words, and the same day in the solar calendar; None if no day is named or there is none such.

    Args:
        coming: without a year the next such day is meant, else the last one that has passed.
    """
    if match := _DAY.search(text):
        month = _MONTHS.get(match["month"]) or read_integer(match["month"]) or 0
        said = f"{'闰' if match['leap'] else ''}{match['month']}月{match.group()[match.start('month') - match.start() + len(match['month']) + 1 :]}"
        return _found(said, match, month, _day_of_month(match), bool(match["leap"]), today, coming)
    if match := _FESTIVAL.search(text):
        return _found(match["name"], match, *_FESTIVALS[match["name"]], False, today, coming)
    if match := _EVE.search(text):
        return _found("除夕", match, 12, -1, False, today, coming)
    return None


def _day_of_month(match: "re.Match[str]") -> int:
    if match["first"]:
        return read_integer(match["first"]) or 0
    if match["twenty"] is not None:
        return 20 + (read_integer(match["twenty"]) or 0)
    return read_integer(match["day"]) or 0


def _found(
    said: str, match: "re.Match[str]", month: int, day: int, leap: bool, today: date, coming: bool
) -> Optional[Tuple[str, date]]:
    this_year = LunarDate.from_solar(today).year
    if match["year"]:
        solar = _solar(int(match["year"]), month, day, leap)
    elif match["relative"]:
        solar = _solar(this_year + _YEARS[match["relative"]], month, day, leap)
    else:
        days = [found for year in range(this_year - 20, this_year + 2) if (found := _solar(year, month, day, leap))]
        fitting = [d for d in days if d >= today] if coming else [d for d in reversed(days) if d <= today]
        solar = fitting[0] if fitting else None
    return (said, solar) if solar else None


def _solar(year: int, month: int, day: int, leap: bool) -> Optional[date]:
    """A solar day; day -1 is the last of the month."""
    days = range(30, 28, -1) if day < 0 else (day,)
    for each in days:
        try:
            return LunarDate(year, month, each, 1 if leap else 0).to_solar_date()  # type: ignore[no-any-return]
        except (InvalidLunarDateError, ValueError):
            continue
    return None
