"""一次性告知 (yicixing gaozhi): the complete notice for one item in one set of circumstances.

`compose` picks from the item and the centre profile; it writes no sentence of its own and knows no number. With incomplete
circumstances it gives what is the same in all of them. One object, several renderings: channels cannot disagree (A11).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Optional, Sequence, Tuple

from bot.domain.centre import Centre
from bot.domain.item import Clause, Facts, Fee, Form, Item, LocalFacts, Material, Need, Source, TimeLimit, When, applies

ELEMENTS = (
    "conditions",
    "materials",
    "steps",
    "statutory_limits",
    "promised_limits",
    "fees",
    "legal_basis",
    "results",
    "place",
    "hours",
    "online",
    "phones",
)
"""The elements a complete notice has; one that is empty is named as 未提供."""

FORM_LABELS = {
    Form.ORIGINAL: "原件",
    Form.COPY: "复印件",
    Form.ORIGINAL_AND_COPY: "原件和复印件",
    Form.ORIGINAL_SHOWN: "原件（看过就还您）",
    Form.ELECTRONIC: "电子文件",
}
NEED_LABELS = {Need.REQUIRED: "必须有", Need.DEFERRABLE: "可以后补（容缺）", Need.OPTIONAL: "有就带上"}


@dataclass(frozen=True)
class Notice:
    """The answer object. `complete` is false while circumstances are open; `missing` names elements the catalogue lacks."""

    item: Item
    local: LocalFacts
    centre: Centre
    catalogue_version: int
    chosen: Tuple[Tuple[str, str], ...]  # (question, label of the answer)
    facts: Tuple[Tuple[str, str], ...]
    complete: bool
    conditions: Tuple[Clause, ...]
    materials: Tuple[Material, ...]
    steps: Tuple[Clause, ...]
    statutory_limits: Tuple[TimeLimit, ...]
    promised_limits: Tuple[TimeLimit, ...]
    fees: Tuple[Fee, ...]
    legal_basis: Tuple[Clause, ...]
    results: Tuple[object, ...]
    amounts: Tuple[Clause, ...]
    local_notes: Tuple[Clause, ...]
    cautions: Tuple[Clause, ...]
    missing: Tuple[str, ...]
    number: str = ""
    issued_on: Optional[date] = None


def compose(
    item: Item,
    local: LocalFacts,
    centre: Centre,
    version: int,
    facts: Facts,
    *,
    number: str = "",
    issued_on: Optional[date] = None,
) -> Notice:
    """The notice for these circumstances; with open questions, the part that holds in any case."""
    complete = item.next_circumstance(facts) is None

    def pick(elements: Sequence[object]) -> Tuple:  # type: ignore[type-arg]
        return tuple(e for e in elements if applies(_when(e), facts) is True)

    parts = {
        "conditions": pick(item.conditions),
        "materials": pick(item.materials),
        "steps": pick(item.steps),
        "statutory_limits": pick(item.statutory_limits),
        "promised_limits": pick(local.promised_limits),
        "fees": pick(item.fees),
        "legal_basis": pick(item.legal_basis),
        "results": pick(item.results),
    }
    return Notice(
        item=item,
        local=local,
        centre=centre,
        catalogue_version=version,
        chosen=_chosen(item, facts),
        facts=tuple(sorted(facts.items())),
        complete=complete,
        amounts=pick(local.amounts),
        local_notes=pick(local.notes),
        cautions=pick(item.cautions),
        missing=_missing(item, local, parts) if complete else (),
        number=number,
        issued_on=issued_on,
        **parts,
    )


def _when(element: object) -> When:
    return getattr(element, "when", {})


def _chosen(item: Item, facts: Facts) -> Tuple[Tuple[str, str], ...]:
    chosen = []
    for circumstance in item.circumstances:
        for option in circumstance.options:
            if facts.get(circumstance.id) == option.id:
                chosen.append((circumstance.ask, option.label))
    return tuple(chosen)


def _missing(item: Item, local: LocalFacts, parts: dict[str, Tuple]) -> Tuple[str, ...]:  # type: ignore[type-arg]
    lacking = [name for name, found in parts.items() if not found]
    if item.online is None:
        lacking.append("online")
    return tuple(name for name in ELEMENTS if name in lacking)


def open_materials(item: Item, facts: Facts) -> Tuple[Material, ...]:
    """Materials whose need depends on circumstances not yet known."""
    return tuple(m for m in item.materials if applies(m.when, facts) is None)


def source_label(source: Optional[Source]) -> str:
    """《…》第…条, or an empty text."""
    return f"{source.text}{source.article}" if source else ""
