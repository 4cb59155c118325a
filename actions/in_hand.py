"""手上的事 (shoushang de shi): questions about the item being talked about, and its circumstances thought over."""

from __future__ import annotations

import re
from typing import Dict, FrozenSet, Sequence

from actions.action_base import Events, Turn, close_form, slots, word_buttons
from actions.misses import note_miss
from actions.tell_notice import present_item
from bot.bootstrap import ActionParts
from bot.domain.answers import instead_of, looks_like_question, read_choice
from bot.domain.item import applies
from bot.ports import PublishedItem
from bot.services.find_item import mentioned_facts, not_covered
from bot.services.quote_item import sentences

HOW_MUCH = re.compile(r"(?:多少|好多|几多|几个)钱")
FREE = re.compile(r"不收(?:钱|费|一分|任何|取)|都不收|不要钱|免费(?:办|申请|登记|上牌|领|认证|评|鉴|查|做)|办.{0,6}(?:不收|免费)")
LONGEST_CORRECTION = 24
"""Characters."""


def follow_up_in_hand(turn: Turn, parts: ActionParts, beyond: FrozenSet[str] = frozenset()) -> Events:
    """Answer the message as a follow-up about the item in hand; empty if it asks nothing of it besides what is `beyond`."""
    current = turn.current_item(parts)
    aspects = parts.aspects.find(turn.text)
    if current is None or not set(aspects) - beyond:
        return []
    return answer_aspects(turn, parts, current, aspects)


def say_in_hand(turn: Turn, parts: ActionParts, item: PublishedItem, aspects: Sequence[str]) -> Events:
    """ "补贴的事呢": the item in hand, of which nothing particular is asked."""
    if aspects:
        return answer_aspects(turn, parts, item, aspects)
    turn.say("utter_in_hand", buttons=word_buttons("帮我办"), item=item.item.name)
    return slots(offer="file", misses=0)


def not_covered_here(turn: Turn, parts: ActionParts, item: PublishedItem) -> Events:
    """ "合作社要换法人", and the item is for setting one up: its papers would be the wrong ones. Empty if the item covers what is said."""
    said = not_covered(item.item, turn.text)
    if not said:
        return []
    note_miss(turn, parts)
    centre = parts.catalogue.centre
    turn.say(
        "utter_not_covered",
        buttons=word_buttons("转人工"),
        item=item.item.name,
        said=said,
        window=item.local.window or centre.name,
        phone=centre.enquiry_phone,
    )
    return [*slots(item=item.item.code, facts={}, asking=None, offer="notice", misses=0), *(close_form() if turn.in_form else [])]


async def reconsidered(turn: Turn, parts: ActionParts) -> Events:
    """ "不对，我说在家走的": the item in hand in other circumstances, told anew; empty if the message names no other."""
    item = turn.current_item(parts)
    if item is None or not turn.facts or turn.in_form or looks_like_question(turn.text):
        return []
    facts: Dict[str, str] = {}
    denied = {c.id: instead_of(turn.text, c.options, turn.facts.get(c.id, "")) for c in item.item.circumstances}
    for circumstance in item.item.circumstances:
        if applies(circumstance.when, facts) is not True:
            continue
        option = denied[circumstance.id]
        if not any(denied.values()) and len(turn.text) <= LONGEST_CORRECTION:  # what is taken back says which one is corrected
            option = read_choice(turn.text, circumstance.options)
        known = option.id if option is not None else turn.facts.get(circumstance.id)
        if known is None:
            break
        facts[circumstance.id] = known
    if facts == dict(turn.facts) or not set(facts) & set(turn.facts):
        return []
    return await present_item(turn, parts, item, facts)


def quote(turn: Turn, parts: ActionParts) -> Events:
    """The sentence of the item in hand that a question is about; empty if there is none."""
    current = turn.current_item(parts)
    sentence = parts.quote_item.find(turn.text, current, turn.facts) if current is not None else None
    if current is None or sentence is None or turn.we_said_words("告知单上写着", sentence):
        return []
    turn.say(
        "utter_quote",
        item=current.item.name,
        sentence=sentence.rstrip("。；"),
        phone=parts.catalogue.centre.enquiry_phone,
    )
    return slots(misses=0)


def answer_aspects(turn: Turn, parts: ActionParts, item: PublishedItem, aspects: Sequence[str]) -> Events:
    """Short answers to what is asked of an item."""
    facts = {**turn.facts, **mentioned_facts(item.item, turn.text)}
    if "fee" in aspects and not item.item.fees and item.local.amounts and HOW_MUCH.search(turn.text):
        aspects = [a for a in aspects if a not in ("fee", "amount")] + ["amount"]  # of a benefit "好多钱" asks what one gets
    free = next((s for s in sentences(item, facts) if FREE.search(s)), "") if list(aspects) == ["fee"] and not item.item.fees else ""
    if free:
        turn.say("utter_free", item=item.item.name, sentence=free.rstrip("。；"))
        return slots(misses=0)
    answer = parts.answer_followup.answer(item, aspects, facts, opening_line(parts, item, aspects), turn.text)
    if "unpaid" in aspects and turn.we_said(answer):  # what is to be looked up is in no notice
        turn.say("utter_look_it_up", buttons=word_buttons("转人工"), phone=parts.catalogue.centre.enquiry_phone)
        return slots(misses=0, offer="human")
    turn.say_text(answer)
    return slots(misses=0)


def opening_line(parts: ActionParts, item: PublishedItem, aspects: Sequence[str]) -> str:
    """Whether its window is open now, when hours are asked for."""
    return parts.answer_hours.open_now(item.local.window) if "hours" in aspects else ""
