"""咨询: find the item, ask for circumstances, give the notice, answer follow-ups; and what happens when nothing is found."""

from __future__ import annotations

from typing import Dict, List, Optional, Sequence

from actions.action_base import BangbanAction, Events, Turn, open_form, slots, word_buttons
from actions.filing import start_filing
from actions.service import hand_over, opening_today
from bot.bootstrap import ActionParts
from bot.domain.item import Facts
from bot.ports import PublishedItem
from bot.services.find_item import Found, mentioned_facts, read_match

WHOLE_NOTICE = frozenset({"materials", "steps", "conditions"})
"""Aspects that deserve the complete notice when an item comes up for the first time."""
NONE_OF_THESE = "都不是"
MISSES_BEFORE_CLERK = 2


class ActionAskItem(BangbanAction):
    """A question about an item: a new one, or one more about the item in hand."""

    def name(self) -> str:
        """Name in domain.yml."""
        return "action_ask_item"

    async def handle(self, turn: Turn, parts: ActionParts) -> Events:
        """Answer it."""
        return await answer_question(turn, parts)


class ActionMiss(BangbanAction):
    """Nothing was understood: perhaps the matcher still knows the item; else say so, the second time with a clerk."""

    def name(self) -> str:
        """Name in domain.yml."""
        return "action_miss"

    async def handle(self, turn: Turn, parts: ActionParts) -> Events:
        """Try the matcher, then admit it."""
        if turn.metadata.get("emoji_only") or not turn.text.strip():
            turn.say("utter_no_words")
            return []
        found = read_match(turn.parse, parts.catalogue)
        if found.decision in ("answer", "choose"):
            return await answer_question(turn, parts)
        return await missed(turn, parts, "utter_out_of_scope" if turn.intent == "out_of_scope" else "utter_not_understood")


class ActionAnswerOffer(BangbanAction):
    """Yes, no or a number where no question of the form is open: it answers what we offered last."""

    def name(self) -> str:
        """Name in domain.yml."""
        return "action_answer_offer"

    async def handle(self, turn: Turn, parts: ActionParts) -> Events:
        """Carry out the offer, or ask what is meant."""
        offer = turn.slot("offer")
        item = turn.current_item(parts)
        if turn.intent == "deny":
            turn.say("utter_anything_else")
            return slots(offer=None)
        if turn.intent == "affirm" and offer == "file" and item is not None:
            return [*slots(offer=None), *await start_filing(turn, parts, item)]
        if turn.intent == "affirm" and offer == "notice" and item is not None:
            return await present_item(turn, parts, item, turn.facts)
        if turn.intent == "affirm" and offer == "human":
            return [*slots(offer=None), *await hand_over(turn, parts, "offered")]
        return await missed(turn, parts, "utter_nothing_to_choose" if turn.intent == "choose" else "utter_anything_else")


async def answer_question(turn: Turn, parts: ActionParts) -> Events:
    """Answer a question from the catalogue."""
    found = read_match(turn.parse, parts.catalogue)
    current = turn.current_item(parts)
    aspects = parts.aspects.find(turn.text)
    if current is not None and aspects and (found.item is None or parts.aspects.only_asks_back(turn.text)):
        return _follow_up(turn, parts, current, aspects)
    if found.item is not None:
        return await _about(turn, parts, found.item, current, aspects)
    if found.decision == "choose" and not turn.slot("case"):
        return _offer_candidates(turn, found)
    if current is not None and aspects:
        return _follow_up(turn, parts, current, aspects)
    if "hours" in aspects or "phone" in aspects or "place" in aspects:
        opening_today(turn, parts)
        return []
    return await missed(turn, parts, "utter_not_understood")


async def _about(
    turn: Turn, parts: ActionParts, item: PublishedItem, current: Optional[PublishedItem], aspects: Sequence[str]
) -> Events:
    same = current is not None and current.item.code == item.item.code
    facts: Dict[str, str] = dict(turn.facts) if same else {}
    facts.update(mentioned_facts(item.item, turn.text))
    if turn.slot("case"):  # in the middle of filing: a short answer, the draft stays as it is
        if same and aspects:
            return _follow_up(turn, parts, item, aspects)
        turn.say_text(parts.give_notice.common(item, facts))
        if not same:
            turn.say("utter_other_item_later", item=item.item.name)
        return []
    if aspects and not WHOLE_NOTICE & set(aspects):
        turn.say_text(parts.answer_followup.answer(item, aspects, facts, _today(parts, aspects)))
        turn.say("utter_offer_notice", buttons=word_buttons("要", "帮我办"))
        return slots(item=item.item.code, facts=facts, asking=None, offer="notice", misses=0)
    return await present_item(turn, parts, item, facts)


async def present_item(turn: Turn, parts: ActionParts, item: PublishedItem, facts: Facts) -> Events:
    """What is common at once; then the open circumstances one by one; then the exact notice."""
    known = slots(item=item.item.code, facts=dict(facts), misses=0)
    if item.item.next_circumstance(facts) is not None:
        turn.say_text(parts.give_notice.common(item, facts))
        return [*known, *slots(asking={"kind": "circumstance"}, offer=None), *open_form(turn)]
    await say_notice(turn, parts, item, facts)
    return [*known, *slots(asking=None, offer="file")]


async def say_notice(turn: Turn, parts: ActionParts, item: PublishedItem, facts: Facts) -> None:
    """The complete notice and the offer to file."""
    asked_by = {"conversation": turn.conversation, "channel": turn.channel, "message_id": turn.message_id}
    for part in await parts.give_notice.complete(item, facts, asked_by):
        turn.say_text(part)
    turn.say("utter_offer_filing", buttons=word_buttons("帮我办", "还想问问"), item=item.item.name)


def _follow_up(turn: Turn, parts: ActionParts, item: PublishedItem, aspects: Sequence[str]) -> Events:
    facts = {**turn.facts, **mentioned_facts(item.item, turn.text)}
    turn.say_text(parts.answer_followup.answer(item, aspects, facts, _today(parts, aspects)))
    return slots(misses=0)


def _today(parts: ActionParts, aspects: Sequence[str]) -> str:
    if "hours" not in aspects:
        return ""
    from actions.service import today_line

    return today_line(parts)


def _offer_candidates(turn: Turn, found: Found) -> Events:
    codes: List[str] = [c.item.code for c in found.candidates]
    return [*slots(asking={"kind": "choose_item", "codes": codes}, misses=0), *open_form(turn)]


async def missed(turn: Turn, parts: ActionParts, response: str) -> Events:
    """Say that it was not understood; the second time offer a clerk."""
    misses = int(turn.slot("misses") or 0) + 1
    if misses >= MISSES_BEFORE_CLERK:
        turn.say("utter_offer_clerk", buttons=word_buttons("转人工", "再说一遍"), phone=parts.catalogue.centre.enquiry_phone)
        return slots(misses=0, offer="human")
    turn.say(response)
    return slots(misses=misses)
