"""Yes, no, a number or a fixed word where no question of the form is open: it answers what we offered last."""

from __future__ import annotations

import re
from typing import Any, Dict, Optional, Tuple

from actions.action_base import BangbanAction, Events, Turn, slots
from actions.consult import missed, tell_matter
from actions.filing import start_filing
from actions.in_hand import reconsidered
from actions.matters import ENOUGH, NEXT, open_matters, say_what_is_left, wanted_matter
from actions.promises import note_whereabouts
from actions.service import hand_over
from actions.tell_notice import present_item
from bot.bootstrap import ActionParts
from bot.domain.answers import compact, looks_like_question, read_choice, read_yes_no
from bot.domain.item import Option
from bot.ports import PublishedItem

OFFERS: Dict[str, Tuple[Option, ...]] = {
    "file": (Option("file", "帮我办"), Option("ask", "还想问问")),
    "notice": (Option("notice", "要"), Option("file", "帮我办")),
    "human": (Option("human", "转人工"), Option("ask", "再说一遍")),
    "next_matter": (Option("next_matter", NEXT), Option("enough", ENOUGH)),
}
"""What each offer's buttons mean, in the order shown; yes is the first."""


_ORDERS = re.compile(
    r"[^不别没]{0,6}(?:就办(?:这|那|它|吧|嘛|了)|办(?:这|那)(?:个|件)|办了(?:吧|嘛)|给我办|开始办)[^不别没吗]*$"
)
"""An order to file that sounds like a yes ("那就办这个嘛")."""


class ActionAnswerOffer(BangbanAction):
    """Carries out what was offered, or asks what is meant."""

    def name(self) -> str:
        """Name in domain.yml."""
        return "action_answer_offer"

    async def handle(self, turn: Turn, parts: ActionParts) -> Events:
        """A wish about the list of matters first, then the offer."""
        wish = parts.wishes.find(turn.text)
        ordered = _ORDERS.match(compact(turn.text)) and not turn.slot("case") and not (wish and turn.slot("matters"))
        if ordered and (item := turn.current_item(parts)):
            return await start_filing(turn, parts, item)
        if wish in ("next_matter", "later_matters", "stop_matters"):
            return await about_matters(turn, parts, wish)
        if wish == "ask_on":
            turn.say("utter_ask_on" if turn.current_item(parts) else "utter_anything_else")
            return slots(misses=0)
        if turn.slot("case"):
            return []  # the form asks its open question again
        if noted := await note_whereabouts(turn, parts):
            return noted
        chosen = _chosen(turn)
        if (
            chosen is None
            and turn.slot("matters")
            and turn.intent == "choose"
            and (wanted := wanted_matter(turn, parts))
        ):
            return await tell_matter(turn, parts, wanted, turn.slot("matters"))
        if chosen is None and (again := await reconsidered(turn, parts)):
            return again
        if chosen is None:
            return await missed(
                turn, parts, "utter_nothing_to_choose" if turn.intent == "choose" else "utter_anything_else"
            )
        return await _carry_out(turn, parts, chosen, turn.current_item(parts))


BARE = 6
"""Characters of a plain no; a longer one says what is wrong."""


def _chosen(turn: Turn) -> Optional[str]:
    options = OFFERS.get(turn.slot("offer") or "")
    option = read_choice(turn.text, options) if options else None
    if option is not None:
        return option.id
    if turn.intent == "deny" and len(turn.text) <= BARE and not looks_like_question(turn.text):
        return "enough" if turn.slot("offer") == "next_matter" else "ask"
    return options[0].id if options and read_yes_no(turn.answer) else None


async def _carry_out(turn: Turn, parts: ActionParts, chosen: str, item: Optional[PublishedItem]) -> Events:
    if chosen == "file" and item is not None:
        return [*slots(offer=None), *await start_filing(turn, parts, item)]
    if chosen == "notice" and item is not None:
        return await present_item(turn, parts, item, turn.facts)
    if chosen == "human":
        return [*slots(offer=None), *await hand_over(turn, parts, "offered")]
    if chosen in ("next_matter", "enough"):
        return await about_matters(turn, parts, "next_matter" if chosen == "next_matter" else "stop_matters")
    turn.say(
        "utter_ask_on" if item is not None and chosen == "ask" and turn.intent != "deny" else "utter_anything_else"
    )
    return slots(offer=None, misses=0)


async def about_matters(turn: Turn, parts: ActionParts, wish: str) -> Events:
    """Go on with the list of matters, tell what is left of it, or drop it."""
    matters: Optional[Dict[str, Any]] = turn.slot("matters")
    if wish == "stop_matters":
        left = open_matters(turn, parts)
        turn.say(
            "utter_matters_dropped" if left else "utter_anything_else",
            lines="、".join(f"“{i.item.name}”" for i in left),
        )
        return slots(matters=None, offer=None, misses=0)
    if turn.slot("case"):
        turn.say("utter_matters_after_filing" if matters else "utter_no_more_matters")
        return []
    wanted = wanted_matter(turn, parts) if wish == "next_matter" else None
    if wanted is not None:
        return await tell_matter(turn, parts, wanted, matters)
    told = say_what_is_left(turn, parts)
    if not told:
        turn.say("utter_no_more_matters")
    return [*told, *slots(misses=0)]
