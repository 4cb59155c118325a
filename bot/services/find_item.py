"""Which item a message is about, and what it already tells about the circumstances."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

from bot.domain.answers import mentioned_option
from bot.domain.item import Item, applies
from bot.ports import Catalogue, PublishedItem

MAX_CANDIDATES = 3


@dataclass(frozen=True)
class Found:
    """What the matcher says of a message: `decision` is answer, choose, clarify or refuse."""

    decision: str
    candidates: Tuple[PublishedItem, ...] = ()

    @property
    def item(self) -> Optional[PublishedItem]:
        return self.candidates[0] if self.decision == "answer" and self.candidates else None


def read_match(parse: Mapping[str, Any], catalogue: Catalogue) -> Found:
    """The matcher's ranking in a parsed message, as published items.

    Codes that this catalogue does not hold (an index of another version) are passed over.
    """
    ranking: Sequence[Dict[str, Any]] = parse.get("item_ranking") or []
    published: List[PublishedItem] = []
    for entry in ranking:
        found = catalogue.get(str(entry.get("code")))
        if found is not None:
            published.append(found)
    decision = str(parse.get("item_decision") or "refuse")
    if decision in ("answer", "choose") and not published:
        decision = "clarify"
    return Found(decision, tuple(published[:MAX_CANDIDATES]))


def mentioned_facts(item: Item, text: str) -> Dict[str, str]:
    """Circumstances that the message itself names ("孩子的身份证丢了" → who: minor), so they need not be asked."""
    facts: Dict[str, str] = {}
    text = text.replace(item.name, "")  # "劳动保障监察投诉举报" names no circumstance by being called so
    for circumstance in item.circumstances:
        if applies(circumstance.when, facts) is True:
            option = mentioned_option(text, circumstance.options)
            if option is not None:
                facts[circumstance.id] = option.id
    return facts
