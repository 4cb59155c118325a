"""补正 (buzheng): everything that is wrong, told at once; what is still missing; and whether the notice had asked for it (I2).

A demand that the notice given for the same catalogue version and circumstances does not contain is a fault of the
catalogue, not of the person; so is one that could have been told with the first 补正 and was not.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any, Mapping, Optional, Sequence, Tuple

from bot.domain.case import Case
from bot.domain.item import Facts, Item, applies


@dataclass(frozen=True)
class Defect:
    """One thing that is wrong. `material`, `field`: an id of the item; `paper`: the name of a paper the item does not have."""

    id: str
    text: str
    material: str = ""
    field: str = ""
    paper: str = ""

    @property
    def about(self) -> str:
        """What it is about, for telling two defects apart."""
        return self.material or self.field or self.paper


class Fault(str, Enum):
    """Why a demand is a fault of ours."""

    NOT_IN_NOTICE = "not_in_notice"
    TOLD_LATE = "told_late"


def fault_of(defect: Defect, item: Item, facts: Facts, asked_before: Sequence[Defect]) -> Optional[Fault]:
    """Whether a demand shows a fault of the catalogue or of the first 补正; None for a fair one.

    Args:
        asked_before: Defects of earlier rounds of the same case; empty in the first round.
    """
    if not defect.about:
        return None
    materials = [m for m in item.materials if applies(m.when, facts) is True]
    known = {m.id for m in materials} | {m.name for m in materials} | {f.id for f in item.fields}
    if defect.about not in known:
        return Fault.NOT_IN_NOTICE
    late = asked_before and defect.about not in {earlier.about for earlier in asked_before}
    return Fault.TOLD_LATE if late else None


def defects_of(detail: Mapping[str, Any]) -> Tuple[Defect, ...]:
    """The defects that an event of the history names."""
    names = ("id", "text", "material", "field", "paper")
    return tuple(Defect(**{name: str(raw.get(name) or "") for name in names}) for raw in detail.get("defects", ()))


def asked_before(case: Case) -> Tuple[Defect, ...]:
    """The defects of all rounds so far."""
    return tuple(d for event in case.history if event.move == "ask_supplement" for d in defects_of(event.detail))


def open_defects(case: Case) -> Tuple[Defect, ...]:
    """What is still missing in the round that runs now; empty when none runs."""
    asked: Tuple[Defect, ...] = ()
    given: set[str] = set()
    for event in case.history:
        if event.move == "ask_supplement":
            asked, given = defects_of(event.detail), set()
        elif event.move == "supply":
            given |= {str(one.get("defect")) for one in event.detail.get("given", ())}
        elif event.move in ("supplement", "give_up_waiting", "withdraw"):
            asked = ()
    return tuple(defect for defect in asked if defect.id not in given)
