"""公众号菜单 (gongzhonghao caidan): the menu's entries and the platform's limits on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

_MOST_TOP, _MOST_BELOW = 3, 5
_LONGEST_TOP, _LONGEST_BELOW, _LONGEST_KEY = 16, 40, 128  # bytes


@dataclass(frozen=True)
class MenuEntry:
    """An entry that can be clicked. `says`: the words that it stands for; without them it is answered by the greeting."""

    name: str
    key: str
    says: Optional[str]


@dataclass(frozen=True)
class Menu:
    """Top buttons with their entries."""

    tops: Tuple[Tuple[str, Tuple[MenuEntry, ...]], ...]

    def entry(self, key: str) -> Optional[MenuEntry]:
        """The entry with this key; None for one of an older menu."""
        return next((e for _, entries in self.tops for e in entries if e.key == key), None)

    def buttons(self) -> List[Dict[str, Any]]:
        """The menu as the platform takes it."""
        return [
            {"name": name, "sub_button": [{"type": "click", "name": e.name, "key": e.key} for e in entries]}
            for name, entries in self.tops
        ]


class BadMenu(Exception):
    """The menu cannot be used; the text says where and why."""


def read_menu(raw: Any) -> Menu:
    """The menu in its YAML form.

    Raises:
        BadMenu: something is missing, twice or beyond the platform's limits.
    """
    if not isinstance(raw, Sequence) or not 1 <= len(raw) <= _MOST_TOP:
        raise BadMenu(f"menu: needs 1 to {_MOST_TOP} buttons")
    tops = tuple(_top(top) for top in raw)
    keys = [e.key for _, entries in tops for e in entries]
    for key in keys:
        if keys.count(key) > 1:
            raise BadMenu(f"menu: the key {key} stands twice")
    return Menu(tops)


def _top(raw: Any) -> Tuple[str, Tuple[MenuEntry, ...]]:
    name = _text(raw, "name", _LONGEST_TOP)
    below = raw.get("buttons")
    if not isinstance(below, Sequence) or not 1 <= len(below) <= _MOST_BELOW:
        raise BadMenu(f"menu {name}: needs 1 to {_MOST_BELOW} buttons below")
    return name, tuple(_entry(entry) for entry in below)


def _entry(raw: Any) -> MenuEntry:
    name, key = _text(raw, "name", _LONGEST_BELOW), _text(raw, "key", _LONGEST_KEY)
    if ("says" in raw) == (raw.get("answers") == "greeting"):
        raise BadMenu(f"menu {name}: needs either `says` or `answers: greeting`")
    return MenuEntry(name, key, _text(raw, "says", 200) if "says" in raw else None)


def _text(raw: Any, field: str, longest: int) -> str:
    value = raw.get(field) if isinstance(raw, Mapping) else None
    if not isinstance(value, str) or not value.strip():
        raise BadMenu(f"menu: {field} is missing in {raw}")
    if len(value.encode()) > longest:
        raise BadMenu(f"menu: {field} {value} has more than {longest} bytes")
    return value
