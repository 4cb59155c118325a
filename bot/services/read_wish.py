"""What a message asks of the conversation itself: take back, delete, compare, go on to the next matter, show what is filled in, skip, step back.

No intents of their own: these are few, fixed ways of speaking, and what they mean depends on the state of the dialogue, which the
action that reads them knows. Patterns stand in data/dialogue/wishes.yml.
"""

from __future__ import annotations

import re
from typing import Any, List, Mapping, Optional, Tuple

from bot.domain.answers import TOKEN, compact

INTENTS: Mapping[str, str] = {
    "delete": "cancel",
    "withdraw": "cancel",
    "revoke": "cancel",
    "supply": "supplement",
    "life_event": "ask_item",
    "cancel_visit": "cancel",
    "change_visit": "correct",
    "book_visit": "file_case",
    "compare": "ask_item",
    "later_matters": "choose",
    "stop_matters": "choose",
    "next_matter": "choose",
    "ask_on": "choose",
    "show_filled": "progress",
    "back": "correct",
    "skip": "correct",
}
"""The intent whose rule leads to the action that reads the wish; a wish is certain, so the classifier is overruled."""

_FILLERS = re.compile(r"^(?:那个|那|嗯|哦|呃|额|啊|哎呀?|诶|唉|我说)+")
LONGEST = 60
"""Characters; a longer text is a story and not a wish."""


class WishWords:
    """Finds the wish in a message."""

    def __init__(self, patterns: Mapping[str, Mapping[str, Any]]) -> None:
        self._patterns: List[Tuple[str, "re.Pattern[str]", Optional["re.Pattern[str]"]]] = [
            (
                wish,
                re.compile("|".join(f"(?:{p})" for p in words["any"]), re.IGNORECASE),
                re.compile(words["unless"]) if words.get("unless") else None,
            )
            for wish, words in patterns.items()
        ]

    def find(self, text: str) -> Optional[str]:
        """The wish, or None."""
        found = self._match(text)
        return found[0] if found else None

    def is_whole(self, text: str) -> bool:
        """Whether the message is a wish and nothing else; then no classifier can know better."""
        found = self._match(text)
        return found is not None and found[1]

    def _match(self, text: str) -> Optional[Tuple[str, bool]]:
        said = _FILLERS.sub("", compact(TOKEN.sub("", text))) or text
        if len(said) > LONGEST:
            return None
        for wish, pattern, unless in self._patterns:
            match = pattern.search(said)
            if match and not (unless and unless.search(said)):
                return wish, match.group() == said
        return None
