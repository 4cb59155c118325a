"""一次性告知 in chat: what is common at once, then the open circumstances, then the exact notice; never the same notice twice unasked."""

from __future__ import annotations

import re

from actions.action_base import Events, Turn, open_form, slots, word_buttons
from actions.cries import cries_before
from actions.matters import NEXT, open_matters, without
from bot.bootstrap import ActionParts
from bot.domain.item import Facts
from bot.ports import PublishedItem

AGAIN = re.compile(r"再(?:发|说|看|讲|来)一?[遍次]|重新?(?:发|说|看)|全部|都发|完整")
"""Asks for the whole once more."""


async def present_item(turn: Turn, parts: ActionParts, item: PublishedItem, facts: Facts) -> Events:
    """What is common at once; then the open circumstances one by one; then the exact notice."""
    left = without(turn.slot("matters"), item.item.code)
    turn.remember(matters=left)
    known = slots(item=item.item.code, facts=dict(facts), misses=0, matters=left)
    instead = next((cry.instead for cry in cries_before(turn, parts) if cry.instead_item == item.item.code), "")
    if instead and not turn.we_said(instead):
        turn.say_text(instead, buttons=word_buttons("要", "转人工"))
        return [*known, *slots(asking=None, offer="notice")]
    if item.item.next_circumstance(facts) is not None:
        turn.say_text(parts.give_notice.common(item, facts))
        return [*known, *slots(asking={"kind": "circumstance"}, offer=None), *open_form(turn)]
    await say_notice(turn, parts, item, facts)
    return [*known, *slots(asking=None, offer="file")]


async def say_notice(turn: Turn, parts: ActionParts, item: PublishedItem, facts: Facts) -> None:
    """The complete notice and the offer to file; a notice that was given lately is not given again unless asked for."""
    chosen = [option.label for c in item.item.circumstances for option in c.options if facts.get(c.id) == option.id]
    if not AGAIN.search(turn.text) and turn.we_said_words(f"【一次性告知】{item.item.name}\n", *chosen):
        turn.say_text(parts.answer_followup.answer(item, ("materials",), facts))  # who cannot read on is not told to scroll up
        turn.say("utter_notice_given", buttons=word_buttons("帮我办", "再发一遍"), item=item.item.name)
        return
    asked_by = {"conversation": turn.conversation, "channel": turn.channel, "message_id": turn.message_id}
    for part in await parts.give_notice.complete(item, facts, asked_by):
        turn.say_text(part)
    left = [other for other in open_matters(turn, parts) if other.item.code != item.item.code]
    if left:
        following = "、".join(f"“{other.item.name}”" for other in left)
        turn.say(
            "utter_offer_filing_or_next", buttons=word_buttons("帮我办", NEXT), item=item.item.name, left=following
        )
        return
    turn.say("utter_offer_filing", buttons=word_buttons("帮我办", "还想问问"), item=item.item.name)
