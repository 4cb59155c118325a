"""情形检查 (qingxing jiancha): conditions name what exists, every question changes something, nobody is asked too much."""

from __future__ import annotations

from dataclasses import fields
from math import prod
from typing import Any, FrozenSet, Iterator, List, Mapping, Optional, Tuple

from bot.domain.item import Circumstance, Facts, Item, LocalFacts, When, applies
from bot.domain.lint_findings import ERROR, WARNING, Finding

MAX_QUESTIONS = 3
_MAX_COMBINATIONS = 5000
Conditional = Tuple[str, Any]
"""Path and entry of a list whose entries have a `when`."""


def conditional_entries(item: Item, local: Optional[LocalFacts]) -> List[Conditional]:
    """All entries that can depend on circumstances, but for the circumstances themselves."""
    entries: List[Conditional] = []
    for prefix, owner in (("", item), ("local.", local)):
        for part in fields(owner) if owner is not None else ():
            value = getattr(owner, part.name)
            if part.name != "circumstances" and isinstance(value, tuple):
                places = ((f"{prefix}{part.name}第{i + 1}项", entry) for i, entry in enumerate(value))
                entries += [(path, entry) for path, entry in places if hasattr(entry, "when")]
    return entries


def _when_findings(code: str, path: str, when: When, known: Mapping[str, FrozenSet[str]]) -> Iterator[Finding]:
    for circumstance, options in when.items():
        place = f"{path}.when.{circumstance}"
        if circumstance not in known:
            yield Finding(ERROR, code, place, f"没有叫“{circumstance}”的情形（或者它排在后面才问）")
            continue
        if not options:
            yield Finding(ERROR, code, place, "没有列出任何选项，这一条永远不会出现")
        for option in options:
            if option not in known[circumstance]:
                yield Finding(ERROR, code, place, f"情形“{circumstance}”没有“{option}”这个选项")


def _own_findings(code: str, index: int, circumstance: Circumstance) -> Iterator[Finding]:
    path = f"circumstances第{index + 1}项"
    ids = [option.id for option in circumstance.options]
    if len(ids) < 2:
        yield Finding(ERROR, code, path, "至少要有两个选项，否则不用问")
    if len(set(ids)) != len(ids):
        yield Finding(ERROR, code, path, "选项的编号有重复")
    if not circumstance.ask.strip():
        yield Finding(ERROR, code, f"{path}.ask", "没有写怎么问")


def _signature(entries: List[Conditional], facts: Facts) -> Tuple[bool, ...]:
    return tuple(applies(entry.when, facts) is True for _, entry in entries)


def _changes_something(circumstance: str, combinations: List[Facts], entries: List[Conditional]) -> bool:
    """Two people who differ in this answer only (and in what it leads to being asked) get different lists."""
    seen = [(facts, _signature(entries, facts)) for facts in combinations if circumstance in facts]
    for facts, signature in seen:
        for other, other_signature in seen:
            shared = (facts.keys() & other.keys()) - {circumstance}
            alike = all(facts[name] == other[name] for name in shared)
            if alike and facts[circumstance] != other[circumstance] and signature != other_signature:
                return True
    return False


def _path_findings(item: Item, entries: List[Conditional]) -> Iterator[Finding]:
    if prod(len(c.options) for c in item.circumstances) > _MAX_COMBINATIONS:
        yield Finding(ERROR, item.code, "circumstances", "情形太多，组合数不清，请减少")
        return
    combinations = list(item.combinations())
    longest = max(len(facts) for facts in combinations)
    if longest > MAX_QUESTIONS:
        yield Finding(ERROR, item.code, "circumstances", f"有人要被问{longest}个问题，最多只能问{MAX_QUESTIONS}个")
    for index, circumstance in enumerate(item.circumstances):
        if not any(circumstance.id in facts for facts in combinations):
            text = f"情形“{circumstance.id}”永远问不到"
            yield Finding(ERROR, item.code, f"circumstances第{index + 1}项", text)
        elif not _changes_something(circumstance.id, combinations, entries):
            text = f"情形“{circumstance.id}”怎么回答都一样，不用问"
            yield Finding(ERROR, item.code, f"circumstances第{index + 1}项", text)
    for path, entry in entries:
        if entry.when and not any(applies(entry.when, facts) is True for facts in combinations):
            yield Finding(WARNING, item.code, f"{path}.when", "没有人会遇到这种组合，这一条永远不会出现")


def _repeated_material_findings(item: Item) -> Iterator[Finding]:
    """One paper may stand there twice (an original for some, a copy for others), but not for the same person."""
    if prod(len(c.options) for c in item.circumstances) > _MAX_COMBINATIONS:
        return
    repeated: set[str] = set()
    for facts in item.combinations():
        ids = [material.id for material in item.materials if applies(material.when, facts) is True]
        repeated.update(name for name in ids if ids.count(name) > 1)
    for name in sorted(repeated):
        yield Finding(ERROR, item.code, f"materials.{name}", "同一个人会看到这份材料两次，编号重复或条件有重叠")


def circumstance_findings(item: Item, local: Optional[LocalFacts]) -> Iterator[Finding]:
    """Everything about circumstances and conditions."""
    known: dict[str, FrozenSet[str]] = {}
    broken = False
    for index, circumstance in enumerate(item.circumstances):
        findings = [*_own_findings(item.code, index, circumstance)]
        findings += _when_findings(item.code, f"circumstances第{index + 1}项", circumstance.when, known)
        if circumstance.id in known:
            findings.append(Finding(ERROR, item.code, f"circumstances第{index + 1}项", "情形的编号有重复"))
        known[circumstance.id] = frozenset(option.id for option in circumstance.options)
        broken = broken or bool(findings)
        yield from findings
    entries = conditional_entries(item, local)
    for path, entry in entries:
        findings = list(_when_findings(item.code, path, entry.when, known))
        broken = broken or bool(findings)
        yield from findings
    if broken:
        return
    yield from _repeated_material_findings(item)
    if item.circumstances:
        yield from _path_findings(item, entries)
