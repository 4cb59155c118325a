"""中心 (zhongxin): the service centre's own facts: address, telephones, windows, opening hours. All local."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import Dict, List, Optional, Tuple


@dataclass(frozen=True)
class OpeningSpan:
    """Opening on these weekdays (1 = Monday) from `open` to `close`, local time."""

    days: Tuple[int, ...]
    open: time
    close: time
    note: str = ""


@dataclass(frozen=True)
class Office:
    """A place with its own hours."""

    id: str
    name: str
    hours: Tuple[OpeningSpan, ...]
    noon: str = ""


@dataclass(frozen=True)
class Window:
    """窗口: a counter in the hall."""

    id: str
    name: str
    saturday: bool = False


@dataclass(frozen=True)
class Centre:
    """The centre profile; `fictional` is true for the shipped 青山镇."""

    town: str
    county: str
    fictional: bool
    name: str
    address: str
    how_to_get_there: str
    enquiry_phone: str
    complaint_phone: str
    county_phone: str
    hotline: str
    online_name: str
    village_rooms: str
    free_help: str
    offices: Tuple[Office, ...]
    windows: Tuple[Window, ...]

    def office(self, office_id: str) -> Optional[Office]:
        return next((o for o in self.offices if o.id == office_id), None)


_WEEKDAYS = "一二三四五六日"


def opening_lines(centre: Centre) -> List[str]:
    """Opening hours in words, one line a span of days, plus the noon service."""
    lines: List[str] = []
    for office in centre.offices:
        by_days: Dict[Tuple[int, ...], List[str]] = {}
        notes: Dict[Tuple[int, ...], str] = {}
        for span in office.hours:
            by_days.setdefault(span.days, []).append(f"{span.open:%H:%M}–{span.close:%H:%M}")
            notes[span.days] = span.note or notes.get(span.days, "")
        for days, times in by_days.items():
            note = f"（{notes[days]}）" if notes[days] else ""
            lines.append(f"{_days(days)} {'、'.join(times)}{note}")
        if office.noon:
            lines.append(office.noon)
    return lines


def _days(days: Tuple[int, ...]) -> str:
    names = [_WEEKDAYS[d - 1] for d in days]
    if len(days) > 2 and list(days) == list(range(days[0], days[-1] + 1)):
        return f"周{names[0]}到周{names[-1]}"
    return "、".join("周" + name for name in names)
