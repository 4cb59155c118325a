"""一件事 (yi jian shi): what belongs to a life event, in the order in which it is done (A12)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, List, Mapping, Optional, Sequence, Tuple

from bot.domain.answers import TOKEN, compact


@dataclass(frozen=True)
class LifeEvent:
    """An event, the word that is said first (may be empty), and the codes of its items."""

    id: str
    name: str
    say: str
    items: Tuple[str, ...]


class LifeEvents:
    """Finds the event in a text; patterns, words and items stand in data/dialogue/life_events.yml."""

    def __init__(self, events: Mapping[str, Mapping[str, Any]]) -> None:
        self.all = tuple(LifeEvent(key, e["name"], e.get("say", ""), tuple(e["items"])) for key, e in events.items())
        self._named = [_any(e["named"]) for e in events.values()]
        self._told = [_any(e["told"]) if "told" in e else None for e in events.values()]
        self._unless = [re.compile(e["unless"]) if "unless" in e else None for e in events.values()]

    def named(self, text: str) -> Optional[LifeEvent]:
        """The event that a text names, for a text that asks about an event as a whole; None when it names none."""
        said = compact(TOKEN.sub("", text))
        return next((event for event, named in zip(self.all, self._named) if named.search(said)), None)

    def told(self, text: str) -> Optional[LifeEvent]:
        """The event that a text tells has just happened; None when it tells none."""
        said = compact(TOKEN.sub("", text))
        return next((event for event, told, unless in zip(self.all, self._told, self._unless) if _tells(said, told, unless)), None)


def _tells(said: str, told: "Optional[re.Pattern[str]]", unless: "Optional[re.Pattern[str]]") -> bool:
    return told is not None and told.search(said) is not None and not (unless is not None and unless.search(said))


def _any(patterns: Sequence[str]) -> "re.Pattern[str]":
    parts: List[str] = [f"(?:{pattern})" for pattern in patterns]
    return re.compile("|".join(parts), re.IGNORECASE)
