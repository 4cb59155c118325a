"""值守 (zhishou): what the centre does by itself: keeps the catalogue published, watches promises and deadlines, sends word.

Each keeper may be stopped and started at any moment, and several centres may run them at once: what was done is told by a
unique key or by one guarded statement, never by memory.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any, Awaitable, Callable, Sequence

from bot.center import appointment_watch, case_watch, messages_store, tasks_store
from bot.center.context import Centre
from bot.ports import SmsUnavailable, VaultUnavailable

PUBLISH_SECONDS, TASK_SECONDS, CASE_SECONDS, SEND_SECONDS = 15.0, 2.0, 20.0, 1.0
SEND_BATCH = 50
STOP_SECONDS = 8.0
SMS_CHANNELS = ("hotline", "phone", "counter", "village", "paper")
"""Channels on which nobody reads a chat."""


async def _publish(center: Centre) -> None:
    """Versions take effect and expire with the day; another process may have published."""
    await center.publisher.refresh()


async def _watch_tasks(center: Centre) -> None:
    """Find promises that are late; each is raised once, by one statement, so a restart or a second centre raises none again."""
    async with center.begin() as connection:
        late = await tasks_store.raise_overdue(connection, center.now())
    if late:
        center.log("tasks_overdue", logging.WARNING, tasks=late)


async def send_messages(center: Centre) -> int:
    """Hand over what is due; how many were. The gateway says a key once, so that a message sent twice is heard once."""
    async with center.engine.connect() as connection:
        rows = await messages_store.due(connection, center.now(), SEND_BATCH)
    sent = 0
    for row in rows:
        try:
            await _hand_over(center, row)
        except (VaultUnavailable, SmsUnavailable):
            async with center.begin() as connection:
                await messages_store.later(connection, row.key, row.tries, center.now())
            continue
        async with center.begin() as connection:
            await messages_store.mark_sent(connection, row.key, center.now())
        sent += 1
    return sent


async def _hand_over(center: Centre, row: Any) -> None:
    if row.channel in SMS_CHANNELS and row.phone:
        await center.sms.send(row.phone, row.text, row.key)
    else:
        await center.messenger.send(row.conversation, row.text, row.key)


KEEPERS: Sequence[tuple[str, float, Callable[[Centre], Awaitable[Any]]]] = (
    ("publication", PUBLISH_SECONDS, _publish),
    ("tasks", TASK_SECONDS, _watch_tasks),
    ("cases", CASE_SECONDS, case_watch.watch),
    ("appointments", CASE_SECONDS, appointment_watch.remind),
    ("messages", SEND_SECONDS, send_messages),
)


class Keepers:
    """All of them, from start to stop. A round that runs is let finish: a store connection that is dropped in the middle keeps
    its thread, and the process with it, alive.
    """

    def __init__(self, center: Centre) -> None:
        self._center = center
        self._stopping = asyncio.Event()
        self._tasks = [asyncio.ensure_future(self._keep(*keeper)) for keeper in KEEPERS]

    async def _keep(self, name: str, seconds: float, work: Callable[[Centre], Awaitable[Any]]) -> None:
        """Do one thing over and over; a failure is logged and the next round tries again."""
        while not self._stopping.is_set():
            try:
                await self._center.publisher.follow_the_day()
                await work(self._center)
            except Exception as error:  # requests go on with what is there
                self._center.log("keeper_failed", logging.ERROR, error, keeper=name)
            try:
                await asyncio.wait_for(self._stopping.wait(), seconds)
            except asyncio.TimeoutError:
                continue

    async def stop(self) -> None:
        """After the rounds that run now, or at once after some seconds."""
        self._stopping.set()
        _, late = await asyncio.wait(self._tasks, timeout=STOP_SECONDS)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
