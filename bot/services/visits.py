"""到窗口的时间 (dao chuangkou de shijian): find, book, change and cancel a time at a window for somebody who says it in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, List, Mapping, Optional, Sequence

from bot.domain.appointment import Slot, WishedTime, fitting, read_wished_time
from bot.domain.day_words import near_days
from bot.ports import ServiceCenter

OFFERED = 3
SEARCH_DAYS = 7
"""So many days from the wished one on are looked through when it has nothing free."""


def wished_time(text: str, today: date) -> Optional[WishedTime]:
    """The time that a text names: "周四上午", "后天三点"; None when it names none."""
    days = [day for day in near_days(text, today, past=False) if day >= today]
    return read_wished_time(text, days[0] if days else None)


@dataclass(frozen=True)
class Visits:
    """Asks the centre; raises its errors."""

    center: ServiceCenter

    async def own(self, conversation: str) -> Sequence[Mapping[str, Any]]:
        """What somebody has booked, next first."""
        return await self.center.appointments_of(conversation)

    async def free(self, item_code: str, wish: WishedTime, today: date) -> List[Slot]:
        """Free times that fit, on the wished day; else the first day after it that has some."""
        start = wish.day or today
        for ahead in range(SEARCH_DAYS):
            day = start + timedelta(days=ahead)
            found = fitting([_slot(raw) for raw in await self.center.slots(item_code, day.isoformat())], wish, OFFERED)
            if found:
                return list(found)
        return []

    async def take(self, asking: Mapping[str, Any], starts_at: str, conversation: str, channel: str, key: str) -> Mapping[str, Any]:
        """Book the time, or change an appointment to it."""
        if asking.get("appointment"):
            return await self.center.change_appointment(
                asking["appointment"], {"conversation": conversation, "starts_at": starts_at}
            )
        body = {
            "item_code": asking["item"],
            "starts_at": starts_at,
            "conversation": conversation,
            "channel": channel,
            "case_number": asking.get("case"),
            "idempotency_key": key,
        }
        return await self.center.book(body)

    async def cancel(self, appointment: str, conversation: str) -> None:
        """Give the time back."""
        await self.center.change_appointment(appointment, {"conversation": conversation})


def _slot(raw: Mapping[str, Any]) -> Slot:
    return Slot(datetime.fromisoformat(raw["starts_at"]), datetime.fromisoformat(raw["ends_at"]), int(raw["free"]))
