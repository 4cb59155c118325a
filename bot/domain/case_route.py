"""三级联办 (sanji lianban): on which level a case must lie for each of its steps, by level and delegation kind of the item.

DC: 直接赋权: the township does everything and signs. 服务端前移: taken in and handled at the township's counter, checked and
decided above. 双向委托授权: the township makes the first check, with its opinion; the last decision is handed back to the county.
Without delegation a county matter is only taken in below and passed up; the result comes back the same way (QX, HH).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Mapping, Tuple

from bot.domain.item import Delegation, Level

UPWARDS = (Level.VILLAGE, Level.TOWNSHIP, Level.COUNTY)


class Stage(str, Enum):
    """What is to be done next with a case; the column of the table below."""

    ACCEPT = "accept"  # 受理
    HANDLE = "handle"  # 承办
    DECIDE = "decide"  # 审核以后批准
    FINISH = "finish"  # 办结
    DELIVER = "deliver"  # 送达


_V, _T, _C = UPWARDS
_SIGNED_BELOW = (_T, _T, _T, _T)
_TABLE: Mapping[Delegation, Tuple[Level, Level, Level, Level]] = {  # accept, handle, decide, finish
    Delegation.NONE: (_T, _C, _C, _T),
    Delegation.DIRECT: _SIGNED_BELOW,
    Delegation.FRONTDESK: (_T, _T, _C, _T),
    Delegation.MUTUAL: (_T, _T, _C, _T),
}


def decides_above(level: Level, delegation: Delegation) -> bool:
    """Whether the township's counter must ask the county for the decision."""
    return level is Level.COUNTY and _TABLE[delegation][2] is Level.COUNTY


@dataclass(frozen=True)
class Route:
    """The way of a case. `origin`: where it was taken in and is delivered; `partners`: other departments of a joint case."""

    level: Level = Level.TOWNSHIP
    delegation: Delegation = Delegation.NONE
    origin: Level = Level.TOWNSHIP
    partners: Tuple[str, ...] = ()
    on_the_spot: bool = False

    def at(self, stage: Stage) -> Level:
        """Where this stage is done."""
        if stage is Stage.DELIVER:
            return self.origin
        if self.level is Level.VILLAGE:
            return Level.VILLAGE
        steps = _TABLE[self.delegation] if self.level is Level.COUNTY and not self.on_the_spot else _SIGNED_BELOW
        return steps[list(Stage).index(stage)]

    @property
    def first_check_below(self) -> bool:
        """双向委托授权: whoever passes the case up for the decision must give an opinion of the first check."""
        return self.level is Level.COUNTY and self.delegation is Delegation.MUTUAL and not self.on_the_spot

    @property
    def signer(self) -> Level:
        """Who signs the decision."""
        return self.at(Stage.DECIDE)


TOWNSHIP_ROUTE = Route()


def route_of(
    level: Level,
    delegation: Delegation,
    by_village_agent: bool,
    partners: Tuple[str, ...] = (),
    on_the_spot: bool = False,
) -> Route:
    """The way of a new case."""
    starts_below = by_village_agent or level is Level.VILLAGE
    return Route(level, delegation, Level.VILLAGE if starts_below else Level.TOWNSHIP, partners, on_the_spot)


def above(level: Level) -> Level:
    """The next level up; the county stays."""
    return UPWARDS[min(UPWARDS.index(level) + 1, len(UPWARDS) - 1)]


def below(level: Level) -> Level:
    """The next level down; the village stays."""
    return UPWARDS[max(UPWARDS.index(level) - 1, 0)]


def compare(one: Level, other: Level) -> int:
    """Below 0: `one` is lower; 0: the same; above 0: higher."""
    return UPWARDS.index(one) - UPWARDS.index(other)
