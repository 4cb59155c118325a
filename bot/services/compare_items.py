"""Which two items a comparison is about, although people name them shortly ("补领和换领", "低保和特困")."""

from __future__ import annotations

from typing import Any, Dict, Iterable, List, Mapping, Optional, Sequence, Tuple

from bot.ports import Catalogue, PublishedItem

TOLD_BY_NAME = 1.0  # all characters of the side stand in the item's name or in an alias
SURE = 0.3  # the matcher's confidence that makes a side clear without its words in the name
ONE_OF_MANY = 4  # so many items hold the words of a side that they alone say nothing
IN_HAND = 0.6
WEIGHT_OF_SURE = 0.3


def two_items(parse: Mapping[str, Any], catalogue: Catalogue, in_hand: Optional[str]) -> Optional[Tuple[PublishedItem, PublishedItem]]:
    """The two items meant, or None when a side stays unclear.

    Args:
        parse: with `item_sides` [{"text", "ranking"}] and `item_ranking` of the whole text.
        in_hand: code of the item being talked about; it settles what "补领" belongs to.
    """
    sides: Sequence[Mapping[str, Any]] = parse.get("item_sides") or []
    if len(sides) != 2:
        return None
    whole = {str(r["code"]): float(r["confidence"]) for r in parse.get("item_ranking") or []}
    first, second = (_candidates(side, whole, catalogue, in_hand) for side in sides)
    if not first or not second or (_says_nothing(sides, catalogue) and in_hand is None):
        return None
    pairs = [
        (score_a + score_b + _likeness(a, b) + (IN_HAND if in_hand in (a.item.code, b.item.code) else 0.0), a, b)
        for score_a, a in first
        for score_b, b in second
        if a.item.code != b.item.code
    ]
    if not pairs:
        return None
    _, a, b = max(pairs, key=lambda pair: pair[0])
    return a, b


def _candidates(
    side: Mapping[str, Any], whole: Mapping[str, float], catalogue: Catalogue, in_hand: Optional[str]
) -> List[Tuple[float, PublishedItem]]:
    own = {str(r["code"]): float(r["confidence"]) for r in side["ranking"]}
    scored: Dict[str, Tuple[float, PublishedItem]] = {}
    for item in catalogue.all():
        code = item.item.code
        named = _named(str(side["text"]), item)
        sure = max(own.get(code, 0.0), whole.get(code, 0.0) if named >= 0.5 else 0.0)
        if named >= TOLD_BY_NAME or sure >= SURE:
            scored[code] = (named + WEIGHT_OF_SURE * sure, item)
    return list(scored.values())


def _says_nothing(sides: Iterable[Mapping[str, Any]], catalogue: Catalogue) -> bool:
    """Whether both sides are words that many items share ("补领", "换领")."""
    return all(sum(str(side["text"]) in item.item.name for item in catalogue.all()) >= ONE_OF_MANY for side in sides)


def _named(words: str, item: PublishedItem) -> float:
    """Share of the words that stands in one piece in the item's name or in an alias."""
    return max(_common(words, name) for name in (item.item.name, *item.item.aliases)) / len(words)


def _likeness(a: PublishedItem, b: PublishedItem) -> float:
    return _common(a.item.name, b.item.name) / max(len(a.item.name), len(b.item.name))


def _common(a: str, b: str) -> int:
    """Length of the longest piece that stands in both."""
    best = 0
    for start in range(len(a)):
        while start + best < len(a) and a[start : start + best + 1] in b:
            best += 1
    return best
