"""Clock: real time, or the time that BANGBAN_NOW says.

`2026-12-15T09:00` starts the clock there and lets it run; a trailing `!` makes it stand still.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Optional
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


class ShiftedClock:
    """A clock that can be moved; used with an unmoved one in production."""

    def __init__(self, setting: Optional[str] = None) -> None:
        self._frozen: Optional[datetime] = None
        self._offset = timedelta()
        if setting:
            self.set(setting)

    def set(self, setting: str) -> None:
        """Move the clock to an ISO time; with a trailing `!` it then stands still.

        Raises:
            ValueError: not an ISO time.
        """
        still = setting.endswith("!")
        moment = datetime.fromisoformat(setting.rstrip("!"))
        moment = moment.replace(tzinfo=SHANGHAI) if moment.tzinfo is None else moment.astimezone(SHANGHAI)
        self._frozen = moment if still else None
        self._offset = moment - self._real()

    @staticmethod
    def _real() -> datetime:
        return datetime.fromtimestamp(time.time(), SHANGHAI)

    def now(self) -> datetime:
        """The present moment, aware, Asia/Shanghai."""
        return self._frozen or self._real() + self._offset
