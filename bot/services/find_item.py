"""Which item a message is about, and what it already tells about the circumstances."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

from bot.domain.answers import compact, mentioned_option, without_denied
from bot.domain.item import Item, applies
from bot.ports import Catalogue, PublishedItem

MAX_CANDIDATES = 3
LIKELY = 0.5
"""Confidence from which an item is probably meant."""


@dataclass(frozen=True)
class Found:
    """What the matcher says of a message: `decision` is answer, choose, clarify or refuse."""

    decision: str
    candidates: Tuple[PublishedItem, ...] = ()
    confidence: float = 0.0
    """Of the likeliest item; 0 when none was ranked."""

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
    best = float(ranking[0].get("confidence", 0.0)) if ranking else 0.0
    return Found(decision, tuple(published[:MAX_CANDIDATES]), best)


_EMPTY_WORDS = re.compile(r"那个|这个|那|这|啥|什么|的|事情|事|呢|咋样|怎么样|咋说|怎么说|还|就|我|说|问|一下|上次|刚才|了|吗|啊|呀|嘛|哪")
SHORT = 3


def means_in_hand(text: str, item: Item) -> bool:
    """Whether a text says no more than a short word out of the name of the item in hand ("补贴的事呢")."""
    word = _EMPTY_WORDS.sub("", compact(text))
    return 2 <= len(word) <= SHORT and any(word in name for name in (item.name, *item.aliases))


_OTHER_THAN_NEW = {
    "cancel": re.compile(r"注销|吊销|撤销|解散|散伙"),
    "change": re.compile(r"变更|换(?:法人|理事长|负责人|老板)"),
    "transfer": re.compile(r"过户|转让"),
    "reissue": re.compile(r"补办|补领|挂失"),
    "renew": re.compile(r"延续|续期|年审|年检"),
}
"""Words that surely ask to do something else with a thing than to get it for the first time, and are one to another."""


def not_covered(item: Item, text: str) -> str:
    """The word of a message for something that this item is not about ("合作社要换法人", and the item is 设立登记); empty if there is none."""
    options = [w for c in item.circumstances for o in c.options for w in (o.label, *o.words)]
    told = "，".join((item.name, item.summary, *item.aliases, *item.questions, *options))
    for words in _OTHER_THAN_NEW.values():
        said = words.search(without_denied(text))
        if said is not None and not words.search(told):
            return said.group()
    return ""


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
