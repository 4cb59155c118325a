"""Checks a rendered notice against the item: everything that applies is in it, nothing that does not, no number from elsewhere."""

from __future__ import annotations

import json
import re
from typing import Any, Iterable, List

from bot.adapters.yaml_catalogue import to_json
from bot.domain.item import Facts, Item, LocalFacts, applies
from tests.support.autopilot import CENTRE

NUMBER = re.compile(r"\d+(?:\.\d+)?")
HEADER = re.compile(r"—— .*", re.DOTALL)


def _texts(elements: Iterable[Any]) -> List[str]:
    return [getattr(e, "name", None) or e.text for e in elements]


def _parts(item: Item, local: LocalFacts) -> List[Any]:
    return [
        *item.conditions, *item.materials, *item.steps, *item.statutory_limits, *item.fees, *item.legal_basis, *item.results,
        *item.cautions, *local.amounts, *local.notes,
    ]  # fmt: skip


def problems(notice: str, item: Item, local: LocalFacts, facts: Facts) -> List[str]:
    """What is wrong with a notice; empty when it is right."""
    found = []
    parts = _parts(item, local)
    present = [p for p in parts if applies(p.when, facts) is True]
    for text in _texts(present):
        if text.rstrip("。") not in notice:
            found.append(f"missing: {text}")
    said = _texts(present)
    for part in parts:
        if applies(part.when, facts) is False:
            text = _texts([part])[0]
            if not any(text in other for other in said) and f"• {text}" in notice:
                found.append(f"does not apply: {text}")
    for always in (CENTRE.address, CENTRE.enquiry_phone, CENTRE.complaint_phone, item.code, item.department):
        if always not in notice:
            found.append(f"missing: {always}")
    known = json.dumps([to_json(item), to_json(local), to_json(CENTRE)], ensure_ascii=False)
    numbers = set(NUMBER.findall(known))
    for number in NUMBER.findall(HEADER.sub("", notice)):
        if number not in numbers and not any(n.startswith(number + ".") for n in numbers):
            found.append(f"number from elsewhere: {number}")
    return found
