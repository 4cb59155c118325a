"""连着说 (lianzhe shuo): people send a matter in pieces ("我妈84", "那个钱咋还没发"); what makes no sense alone may make sense together."""

from __future__ import annotations

import re
from typing import Any, Dict, List, Mapping, Optional

from actions.action_base import Turn
from bot.bootstrap import ActionParts
from bot.ports import PublishedItem
from bot.services.find_item import read_match

PIECES = 2
"""Messages before this one that are joined to it at most."""
LONGEST = 120
"""Characters; more is a story that should have been understood by itself."""

STORY = 40
"""Characters from which a text is a story that may name its matter in passing."""
MOST_WINDOWS = 12
WINDOW = 3
"""Clauses that are read at once."""
CLEAR = 0.4
MOST_NAMED = 3
_CLAUSES = re.compile(r"[，,。！!？?；;、\s]+")


async def named_in_story(turn: Turn, parts: ActionParts) -> List[str]:
    """Codes of items that stretches of a long story name, likeliest first; the person is then asked which it is."""
    clauses = [c for c in _CLAUSES.split(turn.text) if c]
    if len(turn.text) < STORY or len(clauses) <= WINDOW:
        return []
    best: Dict[str, float] = {}
    starts = range(max(0, len(clauses) - WINDOW - MOST_WINDOWS + 1), len(clauses) - WINDOW + 1)
    for start in starts:
        parse = await parts.understanding.read("，".join(clauses[start : start + WINDOW]))
        if parse.get("item_decision") not in ("answer", "choose"):
            continue
        for entry in (parse.get("item_ranking") or [])[:MOST_NAMED]:
            code, confidence = str(entry["code"]), float(entry["confidence"])
            if confidence >= CLEAR and parts.catalogue.get(code) is not None:
                best[code] = max(best.get(code, 0.0), confidence)
    return sorted(best, key=lambda code: -best[code])[:MOST_NAMED]


async def read_together(turn: Turn, parts: ActionParts, pieces: int = PIECES) -> bool:
    """Whether this message names an item together with the ones before; the turn then holds the joined words and how they were read."""
    words = turn.text
    for before in turn.said_before[: min(pieces, PIECES)]:
        words = f"{before}，{words}"
        if len(words) > LONGEST:
            break
        parse: Mapping[str, Any] = await parts.understanding.read(words)
        if read_match(parse, parts.catalogue).item is not None:
            turn.hear(words, parse)
            return True
    return False


async def read_instead(turn: Turn, parts: ActionParts, words: str) -> Optional[PublishedItem]:
    """The item that these words alone name ("都不是，吃低保" without its beginning); the turn then holds them."""
    parse: Mapping[str, Any] = await parts.understanding.read(words)
    item = read_match(parse, parts.catalogue).item
    if item is not None:
        turn.hear(words, parse)
    return item
