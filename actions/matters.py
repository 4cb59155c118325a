"""几件事: several matters in one message are listed and worked off one by one.

The slot `matters` holds {"all": codes in the order said, "open": those not told yet}, so the list outlives digressions and restarts.
"""

from __future__ import annotations

import re
from typing import Any, Dict, List, Optional

from actions.action_base import Events, Turn, slots, word_buttons
from bot.bootstrap import ActionParts
from bot.domain.numerals import read_integer
from bot.ports import PublishedItem

NEXT, ENOUGH = "下一件", "先不说了"
_NTH = re.compile(r"第([一二三四五1-5])|(?<![下这那后])([一二三四五1-5])(?:件|项|样|个)")
_COUNTS = "一两三四五"


def named_matters(turn: Turn, parts: ActionParts) -> List[PublishedItem]:
    """The matters that the message names, at least two; else empty."""
    found = [parts.catalogue.get(str(m.get("code"))) for m in turn.parse.get("item_matters") or []]
    known = [item for item in found if item is not None]
    return known if len(known) > 1 else []


def list_matters(
    turn: Turn, parts: ActionParts, items: List[PublishedItem], event: str = ""
) -> Dict[str, Any]:
    """Tell what was asked, or what belongs to a life event; value of the slot, with all of them still open."""
    if turn.slot("case"):
        response = "utter_matters_later"
    else:
        response = "utter_life_event" if event else "utter_matters"
    turn.say(response, count=_COUNTS[len(items) - 1], lines=_lines(items), event=event)
    codes = [item.item.code for item in items]
    return {"all": codes, "open": codes}


def without(matters: Optional[Dict[str, Any]], code: str) -> Optional[Dict[str, Any]]:
    """The list after one of its matters has been told; None when nothing is left."""
    left = [c for c in (matters or {}).get("open", ()) if c != code]
    return {**(matters or {}), "open": left} if left else None


def open_matters(turn: Turn, parts: ActionParts) -> List[PublishedItem]:
    """What has not been told yet."""
    return _items(parts, (turn.slot("matters") or {}).get("open", ()))


def wanted_matter(turn: Turn, parts: ActionParts) -> Optional[PublishedItem]:
    """The matter meant by "下一件" or "先说第三件"; the latter counts in the list as it was told."""
    match = _NTH.search(turn.text)
    every = (turn.slot("matters") or {}).get("all", ())
    if match:
        number = read_integer(match.group(1) or match.group(2)) or 0
        return parts.catalogue.get(every[number - 1]) if 1 <= number <= len(every) else None
    return next(iter(open_matters(turn, parts)), None)


def say_what_is_left(turn: Turn, parts: ActionParts, code: Optional[str] = None) -> Events:
    """Remind of the matters still open besides `code`; the offer to go on with the next one."""
    left = [item for item in open_matters(turn, parts) if item.item.code != code]
    if not left:
        return []
    turn.say("utter_matters_left", buttons=word_buttons(NEXT, ENOUGH), item=left[0].item.name, lines=_lines(left))
    return slots(offer="next_matter")


def _items(parts: ActionParts, codes: Any) -> List[PublishedItem]:
    return [item for item in (parts.catalogue.get(code) for code in codes) if item is not None]


def _lines(items: List[PublishedItem]) -> str:
    return "\n".join(f"{'①②③④⑤'[place]} {item.item.name}" for place, item in enumerate(items[:5]))
