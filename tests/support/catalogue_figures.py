"""The figures of docs/catalogue.md, counted over all items: `python -m tests.support.catalogue_figures`."""

from __future__ import annotations

import sys
from collections import Counter
from typing import Any, Dict, Iterator, Mapping

from bot.domain.catalogue_lint import lint
from bot.domain.item import Delegation, Item, LocalFacts
from tests.support.autopilot import CENTRE, ITEMS, LOCAL

_LISTS = (
    "conditions",
    "materials",
    "steps",
    "statutory_limits",
    "fees",
    "legal_basis",
    "results",
    "cautions",
    "circumstances",
)


def statements(item: Item) -> Iterator[Any]:
    """Everything an item says about the world: each line of its lists, who does what, and what it is for."""
    for name in _LISTS:
        yield from getattr(item, name)
    yield from (item.proxy, item.visit, item.online)
    yield from (text for text in vars(item.hands_on).values() if text)
    yield from (item.department, (item.level, item.delegation), item.summary)


def figures(items: Mapping[str, Item], local: Mapping[str, LocalFacts]) -> Dict[str, object]:
    """What is counted, by its name in the table."""
    every = list(items.values())
    said = [statement for item in every for statement in statements(item)]
    findings = lint(every, local, CENTRE)
    return {
        "items": len(every),
        "items that ask for circumstances": sum(bool(item.circumstances) for item in every),
        "statements": len(said),
        "statements with a source": sum(getattr(statement, "source", None) is not None for statement in said),
        "figures without a source": sum("没有出处" in finding.text for finding in findings),
        "pairs of unrelated items with one list of papers": sum("完全一样" in finding.text for finding in findings),
        "fewest questions of an item": min(len(item.questions) for item in every),
        "items without a fee (left out)": sum(not item.fees for item in every),
        "items without a statutory limit (left out)": sum(not item.statutory_limits for item in every),
        "items with neither statutory nor promised limit": sum(
            not item.statutory_limits and not local[item.code].promised_limits for item in every
        ),
        "items without a part for the village": sum(not item.hands_on.village for item in every),
        "delegation": ", ".join(f"{kind.value} {n}" for kind, n in _delegations(every).most_common()),
    }


def _delegations(items: list[Item]) -> Counter[Delegation]:
    return Counter(item.delegation for item in items)


if __name__ == "__main__":
    for name, figure in figures(ITEMS, LOCAL).items():
        sys.stdout.write(f"| {name} | {figure} |\n")
