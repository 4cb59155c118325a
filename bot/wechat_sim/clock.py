"""The simulator's time: a wall that can be set and moved, and waits that can be shortened.

The wall (`now`) dates everything that lasts: quota windows, tokens, media. `pace` shortens what the platform waits for in
real time (five seconds, pauses between attempts), so that tests of minutes take seconds while both sides still agree on the date.
"""

from __future__ import annotations

import asyncio
import time
from datetime import datetime, timezone
from typing import Optional
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def iso(moment: float) -> str:
    """Seconds since 1970 as people of Shanghai read them, with milliseconds."""
    return datetime.fromtimestamp(moment, timezone.utc).astimezone(SHANGHAI).isoformat(timespec="milliseconds")


class SimClock:
    """Wall time in seconds since 1970; settings as in BANGBAN_NOW, a trailing `!` makes it stand still."""

    def __init__(self, setting: Optional[str] = None, pace: float = 1.0) -> None:
        self.pace = pace
        self._offset = 0.0
        self._still: Optional[float] = None
        if setting:
            self.set(setting)

    def set(self, setting: str) -> None:
        """Jump to an ISO time; ValueError if it is none."""
        moment = datetime.fromisoformat(setting.rstrip("!"))
        moment = moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
        self._offset = moment.timestamp() - time.time()
        self._still = moment.timestamp() if setting.endswith("!") else None

    def advance(self, seconds: float) -> None:
        """Jump forward, or back if negative."""
        if self._still is not None:
            self._still += seconds
        self._offset += seconds

    def now(self) -> float:
        """Seconds since 1970."""
        return self._still if self._still is not None else time.time() + self._offset

    def real(self, seconds: float) -> float:
        """How long a wait of the platform takes here."""
        return seconds / self.pace

    async def sleep(self, seconds: float) -> None:
        """Wait as the platform does."""
        await asyncio.sleep(self.real(max(0.0, seconds)))
