"""好差评 (haochaping): what people may say about a case, when, and until when they may change their mind (E8).

Five levels as 《政务服务评价工作指南》 (GB/T 39735) names them. Rating is voluntary.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Optional

from bot.domain.case import Case, CaseState

CHANGEABLE = timedelta(days=7)
"""Our own rule: long enough to think it over, short enough that the office can act on it."""


class Level(str, Enum):
    """评价等级."""

    VERY_GOOD = "very_good"  # 非常满意
    GOOD = "good"  # 满意
    FAIR = "fair"  # 基本满意
    BAD = "bad"  # 不满意
    VERY_BAD = "very_bad"  # 非常不满意

    @property
    def is_bad(self) -> bool:
        """差评: a supervisor looks into it."""
        return self in (Level.BAD, Level.VERY_BAD)


@dataclass(frozen=True)
class Rating:
    """One rating; a changed mind is a further one, and the last one counts."""

    seq: int
    level: Level
    words: str
    at: datetime
    first_at: datetime

    @property
    def changeable_until(self) -> datetime:
        return self.first_at + CHANGEABLE


def may_rate(case: Case) -> bool:
    """Whether the case has come to its result; one that was returned or withdrawn has none to rate."""
    return any(event.after is CaseState.FINISHED for event in case.history)


def may_change(rating: Optional[Rating], now: datetime) -> bool:
    """Whether there is none yet, or the last one may still be changed."""
    return rating is None or now < rating.changeable_until
