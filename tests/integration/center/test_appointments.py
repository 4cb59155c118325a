"""预约: only in opening spans, never more than the window serves, changed, cancelled, reminded of; on SQLite and PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.integration.center.test_case_life import messages
from tests.support.center import Answer, RunningCentre

TUESDAY = "2026-11-24"


@pytest.fixture(autouse=True)
def _free(centre: RunningCentre) -> None:
    """What other tests have booked is given back."""
    for booked in centre.get("appointments?days=60").json["appointments"]:
        number = booked["id"]
        for conversation in ("web:a1", "web:a2", *(f"web:race{n}" for n in range(12))):
            centre.call("PATCH", f"appointments/{number}", {"conversation": conversation})


def slots(centre: RunningCentre, day: str = TUESDAY) -> list[dict[str, Any]]:
    return list(centre.get(f"appointments/slots?item_code=QS-901&day={day}").json["slots"])


def book(centre: RunningCentre, at: str, conversation: str = "web:a1", **more: Any) -> Answer:
    body = {"item_code": "QS-901", "starts_at": at, "conversation": conversation, "channel": "web", **more}
    return centre.post("appointments", body)


def change(centre: RunningCentre, appointment: str, at: str | None, conversation: str = "web:a1") -> Answer:
    body = {"conversation": conversation} | ({"starts_at": at} if at else {})
    return centre.call("PATCH", f"appointments/{appointment}", body)


def test_times_follow_the_opening_spans(centre: RunningCentre) -> None:
    starts = [slot["starts_at"][11:16] for slot in slots(centre)]
    assert starts[0] == "08:30" and "11:45" in starts and "12:00" not in starts and "14:00" in starts and starts[-1] == "17:15"
    assert slots(centre, "2026-11-29") == []  # a Sunday
    assert slots(centre, "2026-11-22") == []  # over
    assert [s["starts_at"][11:16] for s in slots(centre, "2026-11-23")][0] == "09:30"  # it is nine now
    assert centre.get("appointments/slots?item_code=QS-901&day=yesterday").code == "bad_value"
    assert centre.get(f"appointments/slots?item_code=QS-000&day={TUESDAY}").code == "unknown_item"


def test_booked_time_is_full_and_given_back_by_cancelling(centre: RunningCentre) -> None:
    at = f"{TUESDAY}T09:00:00+08:00"
    booked = book(centre, at)
    assert booked.status == 201 and booked.json["starts_at"] == at and booked.json["window_name"] == "综合窗口（1号窗口）"
    assert {s["starts_at"]: s["free"] for s in slots(centre)}[at] == 0
    assert book(centre, at, "web:a2").code == "slot_taken"
    for _ in range(2):
        assert change(centre, booked.json["id"], None).json["state"] == "cancelled"
    assert book(centre, at, "web:a2").status == 201


@pytest.mark.parametrize(
    "at", [f"{TUESDAY}T12:30:00+08:00", f"{TUESDAY}T09:07:00+08:00", "2026-11-23T09:15:00+08:00", "2027-03-01T09:00:00+08:00"]
)
def test_time_outside_is_refused(centre: RunningCentre, at: str) -> None:
    assert book(centre, at).code == "slot_not_open"


def test_same_key_books_once(centre: RunningCentre) -> None:
    first = book(centre, f"{TUESDAY}T10:00:00+08:00", idempotency_key="once")
    again = book(centre, f"{TUESDAY}T10:00:00+08:00", idempotency_key="once")
    assert first.json["id"] == again.json["id"]
    change(centre, first.json["id"], None)


def test_only_the_one_who_booked_changes(centre: RunningCentre) -> None:
    booked = book(centre, f"{TUESDAY}T10:15:00+08:00").json["id"]
    assert change(centre, booked, None, "web:a2").code == "appointment_not_found"
    moved = change(centre, booked, "2026-11-26T10:00:00+08:00")
    assert moved.json["starts_at"] == "2026-11-26T10:00:00+08:00"
    listed = centre.get("appointments?conversation=web:a1").json["appointments"]
    assert [a["id"] for a in listed] == [booked]


def test_change_to_a_full_time_keeps_the_old_one(centre: RunningCentre) -> None:
    mine = book(centre, f"{TUESDAY}T15:00:00+08:00").json["id"]
    book(centre, f"{TUESDAY}T15:15:00+08:00", "web:a2")
    assert change(centre, mine, f"{TUESDAY}T15:15:00+08:00").code == "slot_taken"
    (kept,) = centre.get("appointments?conversation=web:a1").json["appointments"]
    assert kept["starts_at"] == f"{TUESDAY}T15:00:00+08:00"


def test_of_many_at_once_one_gets_the_time(centre: RunningCentre) -> None:
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda n: book(centre, f"{TUESDAY}T16:00:00+08:00", f"web:race{n}"), range(12)))
    assert sorted(answer.status for answer in answers) == [201] + [409] * 11


def test_reminded_the_day_before_once_and_again_after_a_change(new_sqlite_centre: Any) -> None:
    centre = new_sqlite_centre().start()
    booked = book(centre, "2026-11-26T10:00:00+08:00").json["id"]
    for now in ("2026-11-25T09:00:00!", "2026-11-25T10:00:00!", "2026-11-25T11:00:00!"):
        centre.set_clock(now)
    (told,) = messages(centre)
    assert "明天" in told["text"] and "10:00" in told["text"] and "果树补贴申领" in told["text"] and "取消预约" in told["text"]
    change(centre, booked, "2026-11-27T10:00:00+08:00")
    centre.set_clock("2026-11-26T12:00:00!")
    assert len(messages(centre)) == 2
