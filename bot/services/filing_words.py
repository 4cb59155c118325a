"""What people say in an application instead of a value: not yet, as before, I have none. Patterns: data/dialogue/filing_words.yml."""

from __future__ import annotations

import re
from typing import Any, Dict, FrozenSet, Mapping, Optional, Tuple

from bot.domain.answers import TOKEN, compact

LONGEST = 40
"""Characters; a longer text is a story."""


class FilingWords:
    """Finds all kinds that a message holds; several may hold at once."""

    def __init__(self, kinds: Mapping[str, Mapping[str, Any]]) -> None:
        self._kinds: Dict[str, Tuple["re.Pattern[str]", Optional["re.Pattern[str]"]]] = {
            name: (
                re.compile("|".join(f"(?:{p})" for p in words["any"])),
                re.compile(words["unless"]) if words.get("unless") else None,
            )
            for name, words in kinds.items()
        }

    def find(self, text: str) -> FrozenSet[str]:
        """The kinds, by name."""
        said = compact(TOKEN.sub("", text))
        if not said or len(said) > LONGEST:
            return frozenset()
        return frozenset(
            name for name, (pattern, unless) in self._kinds.items() if pattern.search(said) and not (unless and unless.search(said))
        )
