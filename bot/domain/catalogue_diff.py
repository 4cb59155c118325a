"""版本对比 (banben duibi): what differs between two versions of an item, place by place.

Works on the JSON form. Entries of a list that have an `id` are matched by it, so that moving a material is not shown
as twenty changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Iterator, Mapping, Sequence


@dataclass(frozen=True)
class Change:
    """One place; `before` or `after` is None where the value did not exist."""

    path: str
    before: Any
    after: Any


_ABSENT = object()


def _value(value: Any) -> Any:
    return None if value is _ABSENT else value


def _by_id(value: Any) -> Mapping[str, Any] | None:
    """The entries by id; None if this is not a list of entries with unique ids."""
    if not isinstance(value, (list, tuple)):
        return None
    ids = [entry.get("id") if isinstance(entry, Mapping) else None for entry in value]
    if not all(isinstance(i, str) for i in ids) or len(set(ids)) != len(ids):
        return None
    return {str(i): entry for i, entry in zip(ids, value)}


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _mappings(before: Mapping[str, Any], after: Mapping[str, Any], path: str) -> Iterator[Change]:
    for key in [*before, *(k for k in after if k not in before)]:
        yield from _differences(before.get(key, _ABSENT), after.get(key, _ABSENT), _join(path, key))


def _sequences(before: Sequence[Any], after: Sequence[Any], path: str) -> Iterator[Change]:
    for index in range(max(len(before), len(after))):
        old = before[index] if index < len(before) else _ABSENT
        new = after[index] if index < len(after) else _ABSENT
        yield from _differences(old, new, f"{path}[{index}]")


def _differences(before: Any, after: Any, path: str) -> Iterator[Change]:
    if before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        yield from _mappings(before, after, path)
        return
    if isinstance(before, (list, tuple)) and isinstance(after, (list, tuple)):
        old, new = _by_id(before), _by_id(after)
        if before and after and old is not None and new is not None:
            yield from _mappings(old, new, path)
            if list(old) != list(new) and set(old) == set(new):
                yield Change(f"{path}（次序）", list(old), list(new))
        else:
            yield from _sequences(before, after, path)
        return
    yield Change(path, _value(before), _value(after))


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Every place where two JSON forms differ, in the order of the first."""
    return list(_differences(before, after, ""))
