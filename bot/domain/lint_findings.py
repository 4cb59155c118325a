"""检查结果 (jiancha jieguo): what a check of the catalogue says about one place, in words for office staff."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Iterator, Mapping, Optional, Tuple

from bot.domain.item import Item, LocalFacts, Source

ERROR = "error"  # 必须改: cannot be published
WARNING = "warning"  # 请核对


@dataclass(frozen=True)
class Finding:
    """One finding: the item's code, the place in it, and what to do."""

    level: str
    code: str
    path: str
    text: str


@dataclass(frozen=True)
class Place:
    """A text of an item: where it stands and the source that stands with it (its own, or that of the entry around it)."""

    path: str
    text: str
    source: Optional[Source]
    local: bool


def _walk(value: Any, path: str, source: Optional[Source], local: bool) -> Iterator[Place]:
    if isinstance(value, str):
        yield Place(path, value, source, local)
    elif isinstance(value, tuple):
        for index, inner in enumerate(value):
            yield from _walk(inner, f"{path}第{index + 1}项", source, local)
    elif is_dataclass(value):
        own = getattr(value, "source", None) or source
        for part in fields(value):
            inner = getattr(value, part.name)
            if not isinstance(inner, (Source, Mapping)):
                yield from _walk(inner, f"{path}.{part.name}" if path else part.name, own, local)


def places(item: Item, local: Optional[LocalFacts]) -> Tuple[Place, ...]:
    """Every text of an item and of its local facts, but for sources and conditions."""
    found = list(_walk(item, "", None, False))
    if local is not None:
        found += [Place(f"local.{p.path}", p.text, p.source, True) for p in _walk(local, "", None, True)]
    return tuple(found)
