"""中心 (zhongxin): the service centre's own facts: address, telephones, windows, opening hours. All local."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import time
from enum import Enum
from math import asin, cos, radians, sin, sqrt
from typing import Dict, List, Mapping, Optional, Tuple


class Service(str, Enum):
    """What is done in an opening span."""

    FULL = "full"  # 正常办事
    DUTY = "duty"  # 值班: somebody answers and takes papers
    APPOINTMENT = "appointment"  # 延时服务: only for those who have called before


@dataclass(frozen=True)
class OpeningSpan:
    """Opening on these weekdays (1 = Monday) from `open` to `close`, local time.

    `windows`: only these are open then; empty: all of the office.
    """

    days: Tuple[int, ...]
    open: time
    close: time
    note: str = ""
    service: Service = Service.FULL
    windows: Tuple[str, ...] = ()


@dataclass(frozen=True)
class Office:
    """A place with its own hours; `windows` are the counters that keep them. The first office of a centre has all others."""

    id: str
    name: str
    hours: Tuple[OpeningSpan, ...]
    windows: Tuple[str, ...] = ()


@dataclass(frozen=True)
class Window:
    """窗口: a counter in the hall."""

    id: str
    name: str


@dataclass(frozen=True)
class CaseRules:
    """The town's own numbers about cases; all local. Days are working days."""

    joint_departments: int = 3  # 联办件 from so many departments on
    report_days: int = 3  # 上报件: by when it goes up
    supplement_days: int = 15  # 补正: how long is waited
    deferral_days: int = 10  # 容缺: by when the paper comes
    bad_rating_days: int = 5  # 差评整改
    complaint_days: int = 7  # 投诉答复
    return_visit_days: int = 5  # 回访
    return_visit_every: int = 10  # every so many-th finished case; 0: none
    appointment_minutes: int = 15  # one visit at a window
    appointments_per_slot: int = 1
    reuse_months: Mapping[str, int] = field(default_factory=dict)  # 免提交: material id → months it need not be given again


@dataclass(frozen=True)
class ServicePoint:
    """便民服务点: where people can go; degrees as telephones give them (GCJ-02)."""

    name: str
    address: str
    latitude: float
    longitude: float
    note: str = ""


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
    case_rules: CaseRules = CaseRules()
    points: Tuple[ServicePoint, ...] = ()

    def window(self, name: str) -> Optional[Window]:
        """The window of this name; items name theirs by name."""
        return next((w for w in self.windows if w.name == name), None)

    def office_of(self, window_id: str) -> Office:
        """The office whose hours a window keeps; the hall for all that have none of their own."""
        return next((o for o in self.offices if window_id in o.windows), self.offices[0])


_EARTH_KM = 6371.0


def nearest_point(centre: Centre, latitude: float, longitude: float) -> Optional[Tuple[ServicePoint, float]]:
    """(the service point nearest by air, kilometres), or None for a centre that lists none."""
    if not centre.points:
        return None
    near = min(centre.points, key=lambda p: _kilometres(p, latitude, longitude))
    return near, _kilometres(near, latitude, longitude)


def _kilometres(point: ServicePoint, latitude: float, longitude: float) -> float:
    here, there = radians(latitude), radians(point.latitude)
    half = sin((there - here) / 2) ** 2
    half += cos(here) * cos(there) * sin(radians(point.longitude - longitude) / 2) ** 2
    return 2 * _EARTH_KM * asin(min(1.0, sqrt(half)))


_WEEKDAYS = "一二三四五六日"


def opening_lines(centre: Centre, window_name: str = "") -> List[str]:
    """Opening hours in words, one line a set of days and a kind of service.

    With a window: those of its office, and only the spans in which that window is open. Without: the hall, then the offices
    that keep other hours.
    """
    if window_name:
        window = centre.window(window_name)
        window_id = window.id if window else ""
        return _office_lines(centre.office_of(window_id), window_id)
    lines = _office_lines(centre.offices[0])
    for office in centre.offices[1:]:
        lines.extend(f"{office.name}：{line}" for line in _office_lines(office))
    return lines


def _office_lines(office: Office, window_id: str = "") -> List[str]:
    grouped: Dict[Tuple[Tuple[int, ...], Service, str], List[str]] = {}
    for span in sorted(office.hours, key=lambda s: (s.service is not Service.FULL, s.days, s.open)):
        if not window_id or not span.windows or window_id in span.windows:
            times = f"{span.open:%H:%M}–{span.close:%H:%M}"
            grouped.setdefault((span.days, span.service, span.note), []).append(times)
    return [
        f"{weekdays(days)} {'、'.join(times)}" + (f"（{note}）" if note else "")
        for (days, _, note), times in grouped.items()
    ]


def weekdays(days: Tuple[int, ...]) -> str:
    """`(1, 2, 3)` → 周一到周三."""
    names = [_WEEKDAYS[d - 1] for d in days]
    if len(days) > 2 and list(days) == list(range(days[0], days[-1] + 1)):
        return f"周{names[0]}到周{names[-1]}"
    return "、".join("周" + name for name in names)
