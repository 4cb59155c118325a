"""照单答 (zhao dan da): the sentence of an item's notice that a question is about, quoted as it stands.

For questions that are no known follow-up ("他不同意离呢", "用儿子的卡行不行"). Nothing is made up: either a sentence of the catalogue has the
rare words of the question in common with it, or there is no answer.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Dict, FrozenSet, Iterable, Iterator, List, Optional, Set, Tuple

from bot.domain.answers import TOKEN, compact
from bot.domain.item import Facts, Item, When, applies
from bot.domain.words import stretches
from bot.ports import Catalogue, PublishedItem

ENOUGH = 7.0
"""Summed rarity (natural logarithm of one in so many sentences) of the pieces that question and sentence share."""
SHARE = 0.34
"""And at least this part of the question's own rarity."""
_EMPTY = re.compile(
    r"请问|那个|这个|我们|你们|咱们|什么|怎么|咋个?|吗|呢|吧|啊|呀|嘛|么|噻|我|你|您|俺|额|那|这|的|了|就|也|还|都|是|有|不|没|要|能|行|可以|得"
)
_LABEL = re.compile(r"^（[^）]*）")
_EVERYDAY = (
    ("领证", "结婚证"),
    ("可以开", "开车"),
    ("能开", "开车"),
    ("户口本", "户口簿"),
    ("娃", "孩子"),
    ("医保卡", "社会保障卡"),
    ("卡", "银行卡"),
    ("爸", "爸爸"),
    ("妈", "妈妈"),
)


def pieces(text: str) -> FrozenSet[str]:
    """Pairs of neighbouring characters, without empty words."""
    parts = _EMPTY.sub(" ", compact(TOKEN.sub("", text))).split()
    return stretches(*parts)


@dataclass
class QuoteItem:
    """Finds the sentence; rarity is counted over the catalogue, anew when it has changed."""

    catalogue: Catalogue
    _rarity: Dict[str, float] = field(default_factory=dict)
    _items: Tuple[int, int] = (0, 0)

    def find(self, question: str, published: PublishedItem, facts: Facts) -> Optional[str]:
        """The sentence, or None."""
        asked = self._asked(question)
        total = sum(map(self._weight, asked))
        if not total:
            return None
        for told in (sentences(published, facts), sentences(published, None)):  # else what holds in other circumstances
            best, chosen = 0.0, None
            for sentence in told:
                shared = sum(map(self._weight, asked & pieces(_LABEL.sub("", sentence))))
                if shared > best:
                    best, chosen = shared, sentence
            if best >= ENOUGH and best >= SHARE * total:
                return chosen
        return None

    def _asked(self, question: str) -> Set[str]:
        asked = set(pieces(question))
        for everyday, official in _EVERYDAY:
            if everyday in question:
                asked |= pieces(official)
        return asked

    def _weight(self, piece: str) -> float:
        now = (len(self.catalogue.all()), sum(p.version for p in self.catalogue.all()))
        if now != self._items:
            self._count(now)
        return self._rarity.get(piece, 0.0)

    def _count(self, now: Tuple[int, int]) -> None:
        seen: Counter[str] = Counter()
        number = 0
        for published in self.catalogue.all():
            for sentence in sentences(published, None):
                number += 1
                seen.update(pieces(sentence))
        self._rarity = {piece: math.log(number / times) for piece, times in seen.items()}
        self._items = now


def sentences(published: PublishedItem, facts: Optional[Facts]) -> Iterator[str]:
    """What the notice says in words, for these circumstances; with None for all."""
    item, local = published.item, published.local
    clauses: List[Tuple[str, object]] = []
    for part in (
        item.cautions,
        item.conditions,
        item.steps,
        item.fees,
        item.statutory_limits,
        local.notes,
        local.amounts,
        local.promised_limits,
    ):
        clauses += [(c.text, getattr(c, "when", {})) for c in part]
    clauses += [(f"{m.name}：{m.note}", m.when) for m in item.materials if m.note]
    clauses += [(p.text, {}) for p in (item.proxy, item.online, item.visit) if p is not None]
    clauses += [(r.text, r.when) for r in item.results if r.text]
    clauses += [(text, {}) for text in (item.hands_on.village, item.hands_on.township, item.hands_on.county)]
    for text, when in clauses:
        if text and facts is None:
            yield from (_when(item, when) + sentence for sentence in _split(text))  # type: ignore[arg-type]
        elif text and applies(when, facts) is not False:  # type: ignore[arg-type]
            yield from _split(text)


def _split(text: str) -> Iterable[str]:
    return (s.strip() for s in re.split(r"(?<=[。；！])", text) if s.strip())


def _when(item: Item, when: When) -> str:
    """The circumstances that a sentence is for, in brackets."""
    labels = [o.label for c in item.circumstances for o in c.options if o.id in when.get(c.id, ())]
    return f"（{'、'.join(labels)}）" if labels else ""
