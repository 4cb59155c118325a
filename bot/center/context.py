"""What every handler of the centre shares; built once per process by `app.create_app`."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import AsyncIterator, Callable

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.adapters.templates import Templates
from bot.center.publication import Publisher
from bot.domain.centre import Centre as CentreProfile
from bot.domain.working_days import WorkingCalendar
from bot.ports import Clock, Messenger, Seal, Sms
from bot.settings import Settings


@dataclass(frozen=True)
class Centre:
    """服务中心: the running centre."""

    settings: Settings
    clock: Clock
    engine: AsyncEngine
    publisher: Publisher
    profile: CentreProfile
    calendar: WorkingCalendar
    log: Callable[..., None]
    words: Templates
    seal: Seal
    messenger: Messenger
    sms: Sms
    turns: asyncio.Semaphore

    def now(self) -> datetime:
        return self.clock.now()

    def today(self) -> date:
        return self.clock.now().date()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """One transaction; every request uses at most one that writes.

        Who comes first is served first: SQLite lets one writer in and has the others knock again and again, and a pool has
        an end. Never begin inside another one.
        """
        async with self.turns, self.engine.begin() as connection:
            yield connection
