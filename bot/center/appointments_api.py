"""预约接口 (yuyue jiekou): free times at a window, booked, changed and cancelled by whoever the gateway vouches for (C10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Optional
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.center import appointments_store as store
from bot.center.cases_api import refuse_plain_numbers
from bot.center.context import Centre
from bot.center.errors import ApiError, from_problems
from bot.center.idempotency import again_on_collision
from bot.center.routing import Answer, Call, Param, Route
from bot.center.shapes import Sealed, limited, plain
from bot.center.tables import SHANGHAI
from bot.domain.appointment import SlotRules, is_bookable, slots_of
from bot.domain.centre import Office

GENERAL = "1"
"""The window of items that name none: 综合窗口."""


@dataclass(frozen=True)
class AppointmentBody:
    """A booking for an item; with `case_number` for a case that is filed."""

    item_code: str = limited(40)
    starts_at: datetime = limited()
    conversation: str = limited(128)
    channel: str = limited(32)
    case_number: Optional[str] = limited(24, default=None)
    phone: Optional[Sealed] = None
    idempotency_key: Optional[str] = limited(200, default=None)


@dataclass(frozen=True)
class ChangeBody:
    """Another time; without `starts_at`: cancelled. Only from the conversation that booked."""

    conversation: str = limited(128)
    starts_at: Optional[datetime] = None


@dataclass(frozen=True)
class AppointmentView:
    """预约."""

    id: str
    item_code: str
    case_number: Optional[str]
    window: str
    window_name: str
    place: str
    starts_at: datetime
    ends_at: datetime
    state: str


@dataclass(frozen=True)
class AppointmentsView:
    """Appointments, next first."""

    appointments: tuple[AppointmentView, ...]


@dataclass(frozen=True)
class SlotView:
    """A time; `free`: how many may still come."""

    starts_at: datetime
    ends_at: datetime
    free: int


@dataclass(frozen=True)
class SlotsView:
    """The times of a day at the window of an item."""

    window: str
    window_name: str
    day: date
    slots: tuple[SlotView, ...]


def _rules(center: Centre) -> SlotRules:
    rules = center.profile.case_rules
    return SlotRules(rules.appointment_minutes, rules.appointments_per_slot)


def _window(call: Call, item_code: str) -> tuple[str, Office]:
    """The window of an item, and the office whose hours it keeps.

    Raises:
        ApiError: unknown_item.
    """
    published = call.center.publisher.current.items.get(item_code)
    if published is None:
        raise ApiError("unknown_item")
    window = call.center.profile.window(published.local.window)
    window_id = window.id if window is not None else GENERAL
    return window_id, call.center.profile.office_of(window_id)


def _window_name(center: Centre, window_id: str) -> str:
    return next((w.name for w in center.profile.windows if w.id == window_id), "")


def _view(center: Centre, row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "item_code": row.item_code,
        "case_number": row.case_number,
        "window": row.window,
        "window_name": _window_name(center, row.window),
        "place": center.profile.address,
        "starts_at": row.starts_at.isoformat(),
        "ends_at": (row.starts_at + timedelta(minutes=_rules(center).minutes)).isoformat(),
        "state": row.state,
    }


async def list_slots(call: Call) -> Answer:
    """The times of a day that can still be booked; those that are full are shown too."""
    center = call.center
    try:
        day = date.fromisoformat(call.query["day"])
    except ValueError:
        raise from_problems("bad_value", [("day", "应当是日期，写成 2026-01-31 的样子")]) from None
    window, office = _window(call, call.query["item_code"])
    start = datetime.combine(day, datetime.min.time(), tzinfo=SHANGHAI)
    async with center.begin() as connection:
        taken = await store.taken(connection, window, start, start + timedelta(days=1))
    rules = _rules(center)
    times = [
        slot
        for slot in slots_of(office, window, day, center.calendar, rules, taken)
        if is_bookable(slot.start, center.now(), office, window, center.calendar, rules)
    ]
    slots = [{"starts_at": s.start.isoformat(), "ends_at": s.end.isoformat(), "free": s.free} for s in times]
    return Answer({"window": window, "window_name": _window_name(center, window), "day": day.isoformat(), "slots": slots})


async def book(call: Call) -> Answer:
    """Book a time, once per key."""
    body: AppointmentBody = call.body
    refuse_plain_numbers(call.raw)
    window, office = _window(call, body.item_code)
    starts_at = _aware(body.starts_at)

    async def once() -> Answer:
        async with call.center.begin() as connection:
            known = await store.by_key(connection, body.idempotency_key) if body.idempotency_key else None
            if known is not None:
                return Answer(_view(call.center, known))
            _check_time(call.center, starts_at, office, window)
            row: dict[str, Any] = {
                "id": uuid4().hex,
                "idempotency_key": body.idempotency_key,
                "window": window,
                "starts_at": starts_at,
                "item_code": body.item_code,
                "case_number": body.case_number,
                "conversation": body.conversation,
                "channel": body.channel,
                "phone": plain(body.phone) if body.phone else None,
                "created_at": call.center.now(),
            }
            if not await store.book(connection, row, _rules(call.center).capacity):
                twin = await store.by_key(connection, body.idempotency_key) if body.idempotency_key else None
                if twin is None:
                    raise ApiError("slot_taken")
                return Answer(_view(call.center, twin))
            return Answer(_view(call.center, await store.by_id(connection, row["id"])), 201)

    return await again_on_collision(once)


def _aware(at: datetime) -> datetime:
    return at.replace(tzinfo=SHANGHAI) if at.tzinfo is None else at.astimezone(SHANGHAI)


def _check_time(center: Centre, starts_at: datetime, office: Office, window: str) -> None:
    if not is_bookable(starts_at, center.now(), office, window, center.calendar, _rules(center)):
        raise ApiError("slot_not_open")


async def list_appointments(call: Call) -> Answer:
    """What a conversation has booked; without one, what a window has before it."""
    center, now = call.center, call.center.now()
    async with center.begin() as connection:
        if call.query["conversation"]:
            rows = await store.of_conversation(connection, call.query["conversation"], now)
        else:
            rows = await store.coming(connection, now, now + timedelta(days=call.query["days"]), call.query["window"], 500)
    return Answer({"appointments": [_view(center, row) for row in rows]})


async def change(call: Call) -> Answer:
    """Another time, or none; from the conversation that booked. When the new time is full, the old one stays."""
    body: ChangeBody = call.body

    async def once() -> Answer:
        async with call.center.begin() as connection:
            row = await store.by_id(connection, call.path["appointment"])
            if row is None or row.conversation != body.conversation:
                raise ApiError("appointment_not_found")
            if body.starts_at is None:
                await store.cancel(connection, row.id)
            elif row.state != store.BOOKED:
                raise ApiError("slot_not_open")
            else:
                await _move(call, connection, row, _aware(body.starts_at))
            return Answer(_view(call.center, await store.by_id(connection, row.id)))

    return await again_on_collision(once)


async def _move(call: Call, connection: AsyncConnection, row: Any, starts_at: datetime) -> None:
    if starts_at == row.starts_at:
        return
    _check_time(call.center, starts_at, call.center.profile.office_of(row.window), row.window)
    if not await store.move(connection, row, starts_at, _rules(call.center).capacity):
        raise ApiError("slot_taken")


ROUTES = (
    Route(
        "GET", "/appointments/slots", list_slots, "一天里可以预约的时间", {200: SlotsView}, errors=("unknown_item",),
        query=(
            Param("item_code", "事项编码，决定在哪个窗口", required=True, longest=40),
            Param("day", "哪一天，写成 2026-01-31", required=True, longest=10),
        ),
    ),
    Route(
        "POST", "/appointments", book, "预约", {200: AppointmentView, 201: AppointmentView}, body=AppointmentBody,
        errors=("unknown_item", "slot_taken", "slot_not_open", "personal_number_in_plain_text"),
    ),
    Route(
        "GET", "/appointments", list_appointments, "一个会话的预约，或者一个窗口接下来的预约", {200: AppointmentsView},
        query=(
            Param("conversation", "会话", longest=128),
            Param("window", "窗口", longest=16),
            Param("days", "接下来几天", number=True, most=60, default=1),
        ),
    ),
    Route(
        "PATCH", "/appointments/{appointment}", change, "改约、取消", {200: AppointmentView}, body=ChangeBody,
        errors=("appointment_not_found", "slot_taken", "slot_not_open"),
    ),
)  # fmt: skip
