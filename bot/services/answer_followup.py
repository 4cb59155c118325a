"""追问 (zhuiwen): answer 要多久 / 收费吗 / 在哪办 / 周末开门吗 / 可以代办吗 / 复印件行不行 for the item already in hand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import List, Mapping, Protocol, Sequence, Tuple

from bot.domain.item import Facts
from bot.domain.notice import Notice, compose
from bot.ports import Catalogue, PublishedItem

MAX_ASPECTS = 3


class FollowupTemplates(Protocol):
    """What renders follow-up answers."""

    def followup(self, notice: Notice, aspects: Sequence[str], facts: Facts, today_line: str) -> str: ...


class AspectWords:
    """Finds what a question asks about, by the patterns of data/dialogue/aspects.yml."""

    def __init__(self, patterns: Mapping[str, Sequence[str]]) -> None:
        self._patterns: List[Tuple[str, "re.Pattern[str]"]] = [
            (aspect, re.compile("|".join(f"(?:{p})" for p in alternatives))) for aspect, alternatives in patterns.items()
        ]

    def find(self, text: str) -> List[str]:
        """Aspects named in the text, in the order in which they are named; at most MAX_ASPECTS."""
        hits = []
        for aspect, pattern in self._patterns:
            match = pattern.search(text)
            if match:
                hits.append((match.start(), aspect))
        return [aspect for _, aspect in sorted(hits)][:MAX_ASPECTS]

    def without(self, text: str) -> str:
        """The text with all words that name an aspect taken out."""
        for _, pattern in self._patterns:
            text = pattern.sub("", text)
        return text


@dataclass(frozen=True)
class AnswerFollowup:
    """Short answers from the catalogue; what it does not hold is said to be missing."""

    catalogue: Catalogue
    templates: FollowupTemplates

    def answer(self, published: PublishedItem, aspects: Sequence[str], facts: Facts, today_line: str = "") -> str:
        """The answer to one or more follow-up questions about an item."""
        notice = compose(published.item, published.local, self.catalogue.centre, published.version, facts)
        return self.templates.followup(notice, aspects, facts, today_line)
