"""预约 (yuyue): times at a window that can be booked, from its opening spans and how many people it serves at once (C10).

Bookable is full service, and the hours that are open only to those who have booked (延时服务); a duty window takes people as they come.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Iterator, Mapping, Optional, Sequence, Tuple
from zoneinfo import ZoneInfo

from bot.domain.centre import Office, Service
from bot.domain.opening_hours import what_today
from bot.domain.working_days import WorkingCalendar

AHEAD_DAYS = 30
"""So far ahead one can book."""
NOTICE = timedelta(minutes=30)
"""A time that begins sooner can no longer be booked."""
NOON = time(12)
_SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class SlotRules:
    """How long a visit takes, and how many people a window serves at once."""

    minutes: int
    capacity: int


@dataclass(frozen=True)
class Slot:
    """A bookable time; `free`: how many may still come."""

    start: datetime
    end: datetime
    free: int


def slots_of(
    office: Office, window: str, day: date, calendar: WorkingCalendar, rules: SlotRules, taken: Mapping[datetime, int]
) -> Tuple[Slot, ...]:
    """All times of a day at a window, also those that are full. `taken`: how many have booked a time."""
    return tuple(Slot(at, end, max(0, rules.capacity - taken.get(at, 0))) for at, end in _times(office, window, day, calendar, rules))


def _times(
    office: Office, window: str, day: date, calendar: WorkingCalendar, rules: SlotRules
) -> Iterator[Tuple[datetime, datetime]]:
    length = timedelta(minutes=rules.minutes)
    for span in what_today(office, day, calendar, window).spans:
        if span.service is Service.DUTY:
            continue
        at = datetime.combine(day, span.open, tzinfo=_SHANGHAI)
        while at + length <= datetime.combine(day, span.close, tzinfo=_SHANGHAI):
            yield at, at + length
            at += length


def is_bookable(
    start: datetime, now: datetime, office: Office, window: str, calendar: WorkingCalendar, rules: SlotRules
) -> bool:
    """Whether this is a time of the window, soon enough and not too soon."""
    local = start.astimezone(_SHANGHAI)
    if not now + NOTICE <= local <= now + timedelta(days=AHEAD_DAYS):
        return False
    return any(at == local for at, _ in _times(office, window, local.date(), calendar, rules))


@dataclass(frozen=True)
class WishedTime:
    """When somebody would like to come: from `earliest` to `latest`, on a day or on any."""

    day: Optional[date]
    earliest: time
    latest: time


_AT = re.compile(r"(?P<half>上午|早上|早晨|下午|中午|晚上|傍晚)?(?P<hour>[0-9]{1,2}|十[一二]?|[一二两三四五六七八九])(?:点|时|:|：)(?P<part>半|[0-9]{1,2})?")
_HOURS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10, "十一": 11, "十二": 12}


def read_wished_time(text: str, day: Optional[date]) -> Optional[WishedTime]:
    """The part of the day in a text, with the day that was read already; None when it says neither day nor time."""
    if match := _AT.search(text):
        hour = _HOURS.get(match["hour"]) or int(match["hour"])
        if hour > 23:
            return None
        late = match["half"] in ("下午", "晚上", "傍晚") or (match["half"] is None and hour <= 6)
        at = time(hour + 12 if late and hour < 12 else hour, 30 if match["part"] == "半" else min(int(match["part"] or 0), 59))
        return WishedTime(day, at, time(min(at.hour + 1, 23), at.minute))
    if re.search(r"上午|早上|早晨|一早", text):
        return WishedTime(day, time(0), NOON)
    if re.search(r"下午", text):
        return WishedTime(day, NOON, time(18))
    if re.search(r"晚上|傍晚|下班(?:以?后|了)", text):
        return WishedTime(day, time(17, 30), time(23))
    return WishedTime(day, time(0), time(23, 59)) if day is not None else None


def fitting(slots: Sequence[Slot], wish: WishedTime, most: int) -> Tuple[Slot, ...]:
    """Free times that fit a wish, earliest first."""
    return tuple(s for s in slots if s.free and wish.earliest <= s.start.timetz().replace(tzinfo=None) <= wish.latest)[:most]
