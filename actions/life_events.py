"""一件事 (yi jian shi): a life event told instead of a matter, or asked about as a whole; a word first, then what is usually to be done."""

from __future__ import annotations

from typing import Optional

from actions.action_base import Events, Turn
from bot.bootstrap import ActionParts
from bot.services.find_item import LIKELY, Found, read_match
from bot.services.life_events import LifeEvent

WHOLE_EVENT = "life_event"


async def bundle(turn: Turn, parts: ActionParts) -> Events:
    """The matters of an event: of one asked about as a whole ("生了娃要办哪些手续"), or of one told in a message that names no matter.

    Empty if there is no such event.
    """
    told, asked = _told(turn, parts), _asked(turn, parts)
    found = read_match(turn.parse, parts.catalogue)
    event = asked or (None if turn.slot("case") or found.item is not None or _wants_else(found, told) else told)
    if event is None:
        return []
    from actions.consult import begin_matters  # they lead to each other: a bundle is a list of matters

    items = [item for item in map(parts.catalogue.get, event.items) if item is not None]
    return await begin_matters(turn, parts, items, event.name) if len(items) > 1 else []


def _wants_else(found: Found, event: Optional[LifeEvent]) -> bool:
    """ "男人走了，揭不开锅了，政府能不能救下急" wants relief, though it is not certain which."""
    likely = found.decision == "choose" and found.confidence >= LIKELY
    return likely and event is not None and found.candidates[0].item.code not in event.items


def _told(turn: Turn, parts: ActionParts) -> Optional[LifeEvent]:
    """The event that the message tells; its word is said, once in a session."""
    event = parts.life_events.told(turn.text)
    if event is not None and event.say and not turn.we_said_words(event.say):
        turn.say_text(event.say)
    return event


def _asked(turn: Turn, parts: ActionParts) -> Optional[LifeEvent]:
    if parts.wishes.find(turn.text) != WHOLE_EVENT:
        return None
    return parts.life_events.named(turn.text) or parts.life_events.told(turn.text)
