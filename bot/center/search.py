"""找事项 (zhao shixiang): plain search by name, alias or code, for staff tools. What residents write goes through
`bot/matching` instead.
"""

from __future__ import annotations

import unicodedata
from typing import Iterable

from rapidfuzz import fuzz

from bot.ports import PublishedItem

_WEAK = 60.0


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


def _score(wanted: str, published: PublishedItem) -> float:
    item = published.item
    if wanted == _plain(item.code):
        return 200.0
    best = 0.0
    for name in (item.name, *item.aliases):
        plain = _plain(name)
        if wanted in plain:
            # The shorter the name around the words, the closer it is.
            best = max(best, 100.0 + 50.0 * len(wanted) / max(len(plain), 1))
        best = max(best, fuzz.ratio(wanted, plain), 0.9 * fuzz.partial_ratio(wanted, plain))
    return best


def find(items: Iterable[PublishedItem], text: str, limit: int) -> list[PublishedItem]:
    """The best items first; all of them, by code, if nothing is asked for."""
    wanted = _plain(text)
    if not wanted:
        return list(items)[:limit]
    scored = [(_score(wanted, published), published) for published in items]
    good = [(score, published) for score, published in scored if score >= _WEAK]
    good.sort(key=lambda pair: (-pair[0], pair[1].item.code))
    return [published for _, published in good[:limit]]
