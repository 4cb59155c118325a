"""日子 (rizi): days that people name from today: 明天, 下周五, 上个月二十号, 去年国庆那天.

Pure: the day on which it was said is an argument.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Optional, Tuple

from bot.domain.numerals import read_integer

_N = r"[0-9]{1,2}|[一二两三四五六七八九十]{1,3}"
_NEAR = {
    "大前天": -3, "大前儿": -3, "前天": -2, "前儿": -2, "前日": -2, "昨天": -1, "昨日": -1, "昨儿": -1, "昨晚": -1,
    "今天": 0, "今日": 0, "今儿": 0, "今晚": 0, "明天": 1, "明日": 1, "明儿": 1, "后天": 2, "后儿": 2, "大后天": 3,
    "前几天": None, "前些天": None, "过几天": None,
}  # fmt: skip
_NEAR_WORD = re.compile("|".join(sorted(_NEAR, key=len, reverse=True)))
_AGO = re.compile(rf"(?P<n>{_N}|半)个?(?P<unit>天|周|星期|礼拜|月|年)(?P<way>以?前|之前|以?后|之后)(?!付|果)")
_WEEK = re.compile(r"(?P<which>上上|下下|上|这|本|下)?个?(?:周|星期|礼拜)(?P<day>[一二三四五六日天末1-7])(?![0-9一二三四五六七八九十]?[月年])")
_MONTH = re.compile(rf"(?P<which>上|这|本|下)个?月(?:份)?(?:的)?(?P<day>{_N})(?:号|日)?")
_OF_WEEK = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "日": 7, "天": 7}
_WEEKS = {"上上": -2, "上": -1, "这": 0, "本": 0, "下": 1, "下下": 2}
_MONTHS = {"上": -1, "这": 0, "本": 0, "下": 1}

# public holidays on a fixed day of the solar year; all others are lunar
SOLAR_HOLIDAYS = {
    "元旦": (1, 1), "妇女节": (3, 8), "三八节": (3, 8), "植树节": (3, 12), "五一": (5, 1), "劳动节": (5, 1), "青年节": (5, 4),
    "六一": (6, 1), "儿童节": (6, 1), "七一": (7, 1), "八一": (8, 1), "建军节": (8, 1), "教师节": (9, 10), "十一": (10, 1),
    "国庆": (10, 1), "圣诞": (12, 25),
}  # fmt: skip
_HOLIDAY = re.compile(
    rf"(?P<year>今年|去年|上年|大前年|前年)?(?:的)?(?P<name>{'|'.join(sorted(SOLAR_HOLIDAYS, key=len, reverse=True))})(?:节)?"
    r"(?!月|[0-9一二三四五六七八九十]|个|点|块|元)"
)
_YEARS = {"今年": 0, "去年": -1, "上年": -1, "前年": -2, "大前年": -3}


def near_days(text: str, today: date, *, past: bool) -> Tuple[date, ...]:
    """The day or the two days of a weekend that a text names from today; empty if it names none.

    Args:
        past: whether a bare 周五 is the last one (a value: "周五丢的") or the coming one ("周五开门吗").
    """
    if match := _NEAR_WORD.search(text):
        ahead = _NEAR[match.group()]
        return () if ahead is None else (today + timedelta(days=ahead),)
    if match := _WEEK.search(text):
        return _weekday(match, today, past)
    if match := _MONTH.search(text):
        day = _month_day(_shifted(today, _MONTHS[match["which"]]), read_integer(match["day"]))
        return () if day is None else (day,)
    if "周末" in text or "双休" in text:
        saturday = today + timedelta(days=6 - today.isoweekday()) if today.isoweekday() < 7 else today - timedelta(days=1)
        return saturday, saturday + timedelta(days=1)
    if match := _AGO.search(text):
        day = _ago(match, today)
        return () if day is None else (day,)
    return ()


def solar_holiday(text: str, today: date) -> Optional[date]:
    """The day of a solar holiday of a named or of the last year ("去年国庆那天"); None if none is named."""
    match = _HOLIDAY.search(text)
    if match is None:
        return None
    month, day = SOLAR_HOLIDAYS[match["name"]]
    if match["year"]:
        return date(today.year + _YEARS[match["year"]], month, day)
    return date(today.year - ((month, day) > (today.month, today.day)), month, day)


def _weekday(match: "re.Match[str]", today: date, past: bool) -> Tuple[date, ...]:
    said = match["day"]
    monday = today - timedelta(days=today.isoweekday() - 1) + timedelta(weeks=_WEEKS.get(match["which"] or "", 0))
    if said == "末":
        return monday + timedelta(days=5), monday + timedelta(days=6)
    number = int(said) if said.isdigit() else _OF_WEEK[said]
    day = monday + timedelta(days=number - 1)
    if match["which"] is None:
        if past and day > today:
            day -= timedelta(weeks=1)
        if not past and day < today:
            day += timedelta(weeks=1)
    return (day,)


def _shifted(today: date, months: int) -> date:
    index = today.year * 12 + today.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def _month_day(month: date, day: Optional[int]) -> Optional[date]:
    try:
        return month.replace(day=day or 0)
    except ValueError:
        return None


def _ago(match: "re.Match[str]", today: date) -> Optional[date]:
    """Only days and weeks count to a day; "三年前" names no day."""
    number = read_integer(match["n"]) if match["n"] != "半" else None
    if number is None or match["unit"] in ("月", "年"):
        return None
    days = number * (1 if match["unit"] == "天" else 7)
    return today + timedelta(days=-days if "前" in match["way"] else days)


def day_name(day: date, today: date) -> str:
    """今天（11月25日，周三）, or the date alone when it is farther off."""
    names = {0: "今天", 1: "明天", 2: "后天"}
    weekday = "一二三四五六日"[day.weekday()]
    year = f"{day.year}年" if day.year != today.year else ""
    near = names.get((day - today).days)
    return f"{near}（周{weekday}）" if near else f"{year}{day.month}月{day.day}日（周{weekday}）"
