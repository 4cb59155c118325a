"""限速 (xiansu): token buckets, so that one browser or one address cannot fill the inbox."""

from __future__ import annotations

import math
import time
from typing import Dict, Tuple

_MOST_REMEMBERED = 20_000


class Buckets:
    """One bucket per key: `burst` at once, then `rate` a second."""

    def __init__(self, burst: int, rate: float) -> None:
        self._burst, self._rate = float(burst), rate
        self._levels: Dict[str, Tuple[float, float]] = {}  # key → (left, when)

    def take(self, key: str) -> int:
        """Take one; 0 when allowed, otherwise the seconds to wait."""
        now = time.monotonic()
        left, when = self._levels.get(key, (self._burst, now))
        left = min(self._burst, left + (now - when) * self._rate)
        if left < 1:
            self._levels[key] = (left, now)
            return max(1, math.ceil((1 - left) / self._rate))
        self._levels[key] = (left - 1, now)
        if len(self._levels) > _MOST_REMEMBERED:
            self._forget_the_full(now)
        return 0

    def _forget_the_full(self, now: float) -> None:
        """Whoever was quiet long enough has a full bucket, the same as none."""
        full = self._burst / self._rate
        self._levels = {k: v for k, v in self._levels.items() if now - v[1] < full}
