"""预约提醒 (yuyue tixing): the day before, each booked time once; a changed one again."""

from __future__ import annotations

from datetime import timedelta

from bot.center import appointments_store, messages_store
from bot.center.context import Centre

AHEAD = timedelta(hours=24)
BATCH = 200


async def remind(center: Centre) -> None:
    """Queue the reminders of what is booked in the next day; the key names the time, so that each is said once."""
    now = center.now()
    current = center.publisher.current
    names = {window.id: window.name for window in center.profile.windows}
    async with center.begin() as connection:
        for row in await appointments_store.coming(connection, now, now + AHEAD, None, BATCH):
            if row.created_at > row.starts_at - AHEAD:  # booked for today or tomorrow: nobody has forgotten it
                continue
            published = current.items.get(row.item_code)
            text = center.words.render(
                "appointment_notices.j2",
                day=row.starts_at.date(),
                today=now.date(),
                at=f"{row.starts_at:%H:%M}",
                place=center.profile.name,
                window_name=names.get(row.window, ""),
                item=published.item.name if published else row.item_code,
            )
            key = f"appointment:{row.id}:{row.starts_at:%Y%m%d%H%M}"
            await messages_store.add(connection, key, row.conversation, row.channel, text, now, row.phone)
