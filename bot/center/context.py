"""What every handler of the centre shares; built once per process by `app.create_app`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Callable

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.center.publication import Publisher
from bot.domain.centre import Centre as CentreProfile
from bot.domain.working_days import WorkingCalendar
from bot.ports import Clock
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

    def now(self) -> datetime:
        return self.clock.now()

    def today(self) -> date:
        return self.clock.now().date()

    def begin(self) -> Any:
        """One transaction; every request uses at most one that writes."""
        return self.engine.begin()
