"""目录检查 (mulu jiancha): is the catalogue complete, consistent and honest? Findings are for office staff.

Errors keep an item from being published; warnings ask somebody to look again.
"""

from __future__ import annotations

import re
from collections import defaultdict
from difflib import SequenceMatcher
from itertools import combinations
from typing import Iterator, List, Mapping, Optional, Sequence

from bot.domain.centre import Centre
from bot.domain.item import Item, LocalFacts
from bot.domain.lint_circumstances import circumstance_findings
from bot.domain.lint_findings import ERROR, WARNING, Finding
from bot.domain.lint_item import item_findings
from bot.domain.lint_numbers import personal_number_findings, unsourced_number_findings

__all__ = ["ERROR", "WARNING", "Finding", "lint"]

Names = Mapping[str, str]
"""The list of names: item name -> class."""

_RELATED_LETTERS = 3


def _name_findings(item: Item, names: Names) -> Iterator[Finding]:
    if item.name not in names:
        yield Finding(ERROR, item.code, "name", f"名称“{item.name}”不在事项名单里，要一字不差")
    elif names[item.name] != item.category:
        yield Finding(ERROR, item.code, "category", f"名单里这个事项属于“{names[item.name]}”")


def _compact(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).lower()


def _repetition_findings(items: Sequence[Item]) -> Iterator[Finding]:
    """Codes, names and questions that stand twice."""
    owners: dict[str, str] = {}
    for item in items:
        for kind, path, text in [
            ("code", "code", item.code),
            ("name", "name", item.name),
            *(("question", f"questions第{i + 1}项", q) for i, q in enumerate(item.questions)),
        ]:
            key = f"{kind}:{_compact(text)}"
            if key in owners:
                yield Finding(ERROR, item.code, path, f"“{text}”与 {owners[key]} 重复")
            owners.setdefault(key, item.code)


def _related(one: Item, other: Item) -> bool:
    """Items that may well want the same papers: their names share a word, or they rest on the same first law."""
    match = SequenceMatcher(None, one.name, other.name, autojunk=False).find_longest_match()
    if match.size >= _RELATED_LETTERS:
        return True
    laws = [item.legal_basis[0].source for item in (one, other) if item.legal_basis]
    return len(laws) == 2 and laws[0] is not None and laws[1] is not None and laws[0].text == laws[1].text


def _same_material_findings(items: Sequence[Item]) -> Iterator[Finding]:
    by_list: dict[object, List[Item]] = defaultdict(list)
    for item in items:
        key = frozenset((m.id, m.form, m.copies, m.need, tuple(sorted(m.when.items()))) for m in item.materials)
        if key:
            by_list[key].append(item)
    for group in by_list.values():
        for one, other in combinations(group, 2):
            if not _related(one, other):
                text = f"材料与“{other.name}”（{other.code}）完全一样，两个事项并不相关，请核对"
                yield Finding(WARNING, one.code, "materials", text)


def _material_name_findings(items: Sequence[Item]) -> Iterator[Finding]:
    """The same paper has the same id everywhere; so the same id must not name two papers in one class."""
    seen: dict[str, tuple[str, str]] = {}
    for item in items:
        for index, material in enumerate(item.materials):
            name, code = seen.setdefault(material.id, (material.name, item.code))
            if _compact(name) != _compact(material.name) and not _overlap(name, material.name):
                text = f"编号 {material.id} 在 {code} 里是“{name}”，同一编号应当是同一种材料"
                yield Finding(WARNING, item.code, f"materials第{index + 1}项.id", text)


def _overlap(one: str, other: str) -> bool:
    match = SequenceMatcher(None, one, other, autojunk=False).find_longest_match()
    return match.size >= min(2, len(one), len(other))


def _local_findings(items: Sequence[Item], facts: Mapping[str, LocalFacts]) -> Iterator[Finding]:
    codes = {item.code for item in items}
    for code, local in facts.items():
        if code not in codes:
            yield Finding(ERROR, code, "local.code", "本镇规定没有对应的事项")
        elif local.code != code:
            yield Finding(ERROR, code, "local.code", f"编码写成了 {local.code}")


def lint(
    items: Sequence[Item], facts: Mapping[str, LocalFacts], centre: Centre, names: Optional[Names] = None
) -> List[Finding]:
    """Check a whole catalogue.

    Args:
        items: All items.
        facts: Local facts by item code.
        centre: The centre profile; windows must exist in it.
        names: The list of names with their classes; None where a town has no such list.
    """
    findings: List[Finding] = []
    for item in items:
        local = facts.get(item.code)
        if names is not None:
            findings += _name_findings(item, names)
        findings += item_findings(item, local, centre)
        findings += circumstance_findings(item, local)
        findings += unsourced_number_findings(item, local)
        findings += personal_number_findings(item, local)
    findings += _repetition_findings(items)
    findings += _same_material_findings(items)
    findings += _material_name_findings(items)
    findings += _local_findings(items, facts)
    return findings
