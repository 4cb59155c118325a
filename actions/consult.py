"""咨询: find the item, ask for circumstances, give the notice, answer follow-ups; and what happens when nothing is found."""

from __future__ import annotations

import re
from typing import Any, Dict, List, Optional, Sequence

from actions.action_base import BangbanAction, Events, Turn, open_form, slots, word_buttons
from actions.cries import after_fraud
from actions.in_hand import (
    answer_aspects,
    follow_up_in_hand,
    not_covered_here,
    opening_line,
    quote,
    reconsidered,
    say_in_hand,
)
from actions.life_events import bundle
from actions.matters import list_matters, named_matters, without
from actions.misses import note_miss
from actions.promises import note_whereabouts, promise_answer, tells_where, who_comes
from actions.service import ActionCenterInfo, ActionShowProgress, opening_today
from actions.tell_notice import AGAIN, present_item, say_notice
from actions.together import named_in_story, read_together
from bot.bootstrap import ActionParts
from bot.domain.answers import NUMBER_SAID, compact, has_words, looks_like_question, without_denied
from bot.domain.words import stretches
from bot.ports import PublishedItem
from bot.services.answer_followup import asked_paper
from bot.services.compare_items import two_items
from bot.services.find_item import LIKELY, Found, means_in_hand, mentioned_facts, read_match
from bot.services.track_case import NAMES_A_CASE

WHOLE_NOTICE = frozenset({"materials", "steps"})
"""Aspects that deserve the complete notice when an item comes up for the first time."""
ABOUT_THE_CENTRE = frozenset({"hours", "place", "phone"})
"""Aspects that the centre answers as well as the item."""
NONE_OF_THESE = "都不是"
MISSES_BEFORE_CLERK = 2
SAID_LATELY = 6
"""Messages that count as lately said."""
CERTAIN = 0.9
STRETCH = 3
"""Characters of an item's name that tell it apart."""
_TURNS_TO = re.compile(r"(?:先|再|还|另外|顺便)问|(?:咋个?|怎么)(?:办|弄|领)")
"""Asks how to do a thing, and not about a paper for the one in hand."""
WORTH_AN_ANSWER = 5
"""Characters; less is no question that a clerk could answer."""


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
        if told := await bundle(turn, parts):
            return told
        if followed := follow_up_in_hand(turn, parts):
            return followed
        return await missed(
            turn, parts, "utter_out_of_scope" if turn.intent == "out_of_scope" else "utter_not_understood"
        )


class ActionAskAround(BangbanAction):
    """A question that sounds like one about the centre; with an item in hand it may be about that item."""

    def name(self) -> str:
        """Name in domain.yml."""
        return "action_ask_around"

    async def handle(self, turn: Turn, parts: ActionParts) -> Events:
        """ "我不在家，闺女能替我去不" asks about the item, "几点下班" about the centre."""
        return (
            await bundle(turn, parts)
            or follow_up_in_hand(turn, parts, beyond=ABOUT_THE_CENTRE)
            or await ActionCenterInfo().handle(turn, parts)
        )


class ActionAskProgress(BangbanAction):
    """我的件到哪了; but "啥时候能赔下来" about an item that was not filed asks how long it takes."""

    def name(self) -> str:
        """Name in domain.yml."""
        return "action_ask_progress"

    async def handle(self, turn: Turn, parts: ActionParts) -> Events:
        """The item in hand when nothing was filed for it, else the cases."""
        if coming := who_comes(turn, parts) or after_fraud(turn, parts):
            return coming
        item = turn.current_item(parts)
        followed: Events = []
        if (
            item is not None
            and not NAMES_A_CASE.search(turn.text)
            and item.item.code not in await _filed_codes(turn, parts)
        ):
            followed = follow_up_in_hand(turn, parts, beyond=ABOUT_THE_CENTRE)
        return followed or await ActionShowProgress().handle(turn, parts)


async def _filed_codes(turn: Turn, parts: ActionParts) -> Sequence[str]:
    """Items filed in this conversation; the outbox knows them also while the centre is down."""
    return [str(filing.payload.get("item_code")) for filing in await parts.store.of(turn.conversation)]


async def answer_question(turn: Turn, parts: ActionParts) -> Events:
    """Answer a question from the catalogue."""
    if alone := number_alone(turn, parts):
        return alone
    if tells_where(turn) and (noted := await note_whereabouts(turn, parts)):
        return noted
    if turn.parse.get("item_sides"):
        return await compare(turn, parts)
    if told := await bundle(turn, parts):
        return told
    if again := _asked_again(turn, parts):
        return again
    if several := named_matters(turn, parts):
        return await begin_matters(turn, parts, several)
    found = await _not_the_denied(turn, parts)
    current = turn.current_item(parts)
    aspects = parts.aspects.find(turn.text)
    back = (
        found.item is None
        or parts.aspects.only_asks_back(turn.text)
        or parts.aspects.points_back(turn.text, found.item.item)
    )
    if current is not None and asked_paper(turn.text):
        return answer_aspects(turn, parts, current, aspects or ("materials",))
    if current is not None and not turn.slot("case") and means_in_hand(turn.text, current.item):
        return say_in_hand(turn, parts, current, aspects)
    if current is not None and found.decision == "choose" and not turn.slot("case") and _names_another(turn, found, current):
        return _offer_candidates(turn, parts, found)
    if current is not None and aspects and back:
        return answer_aspects(turn, parts, current, aspects)
    if (
        found.item is not None
        and current is not None
        and not _named(turn, found, found.item)
        and not (_TURNS_TO.search(turn.text) and _names_another(turn, found, current))
        and (quoted := quote(turn, parts))
    ):
        return quoted
    if found.item is not None:
        return await _about(turn, parts, found.item, current, aspects)
    if quoted := quote(turn, parts):
        return quoted
    if found.decision == "choose" and not turn.slot("case") and (
        current is None or not turn.in_form or _of_others(turn, found, current)
    ):
        return _offer_candidates(turn, parts, found)
    if current is not None and aspects:
        return answer_aspects(turn, parts, current, aspects)
    if "hours" in aspects or "phone" in aspects or "place" in aspects:
        opening_today(turn, parts)
        return []
    return await missed(turn, parts, "utter_not_understood")


async def _not_the_denied(turn: Turn, parts: ActionParts) -> Found:
    """What the matcher found; of "改执照那个，不是租房备案" in what is left when the denied item is what it found."""
    found = read_match(turn.parse, parts.catalogue)
    rest = without_denied(turn.text)
    if found.decision not in ("answer", "choose") or rest == turn.text or len(rest) < WORTH_AN_ANSWER:
        return found
    parse = await parts.understanding.read(rest)
    alone = read_match(parse, parts.catalogue)
    if alone.item is None and not (found.decision == alone.decision == "choose"):
        return found
    turn.hear(rest, parse)
    return alone


def _named(turn: Turn, found: Found, other: PublishedItem) -> bool:
    """Whether the words of a message hold another item's name or alias, or ask for it with certainty."""
    return found.confidence >= CERTAIN or any(name in turn.text for name in (other.item.name, *other.item.aliases))


def _names_another(turn: Turn, found: Found, current: PublishedItem) -> bool:
    """Whether a stretch of another candidate's name stands in the message that the item in hand is not called by ("婆婆的养老金咋办")."""
    own = "，".join((current.item.name, *current.item.aliases))
    names = [n for c in found.candidates if c.item.code != current.item.code for n in (c.item.name, *c.item.aliases)]
    return any(s in turn.text and s not in own for s in stretches(*names, length=STRETCH))


def _of_others(turn: Turn, found: Found, current: PublishedItem) -> bool:
    """Whether a message beside an open question clearly asks for another matter, though not for which one ("俺娘没牙了能不能报销")."""
    likely = found.confidence >= LIKELY and turn.confidence >= CERTAIN
    return likely and all(c.item.code != current.item.code for c in found.candidates)


def _asked_again(turn: Turn, parts: ActionParts) -> Events:
    """The same words once more: what matters most in short, and a person; never the same long text again. Empty if it is not so."""
    times = sum(compact(said) == compact(turn.text) for said in turn.said_before[:SAID_LATELY])
    current = turn.current_item(parts)
    if not times or current is None or turn.in_form:
        return []
    if times == 1:
        turn.say("utter_said_already", item=current.item.name)
        return answer_aspects(turn, parts, current, parts.aspects.find(turn.text) or ("materials", "place"))
    turn.say("utter_said_often", buttons=word_buttons("转人工", "帮我办"), phone=parts.catalogue.centre.enquiry_phone)
    return slots(offer="human", misses=0)


async def begin_matters(
    turn: Turn, parts: ActionParts, several: List[PublishedItem], event: str = ""
) -> Events:
    """List the matters (those of a life event, when one is named) and tell the first; in the middle of filing only keep them."""
    matters = list_matters(turn, parts, several, event)
    if turn.slot("case"):
        return slots(matters=matters)
    return await tell_matter(turn, parts, several[0], matters)


async def tell_matter(turn: Turn, parts: ActionParts, item: PublishedItem, matters: Optional[Dict[str, Any]]) -> Events:
    """Tell one matter of the list; what is left is offered when it has been told."""
    turn.remember(matters=without(matters, item.item.code))
    return [
        *slots(matters=turn.slot("matters")),
        *await present_item(turn, parts, item, mentioned_facts(item.item, turn.text)),
    ]


async def compare(turn: Turn, parts: ActionParts) -> Events:
    """Two items side by side, then which one it is to be."""
    pair = two_items(turn.parse, parts.catalogue, turn.slot("item"))
    if pair is None:
        turn.say("utter_compare_what")
        return slots(misses=0)
    turn.say_text(parts.templates.comparison(*pair, parts.catalogue.centre))
    if turn.slot("case"):
        return []
    codes = [item.item.code for item in pair]
    return [*slots(asking={"kind": "choose_item", "codes": codes, "compared": True}, misses=0), *open_form(turn)]


async def _about(
    turn: Turn, parts: ActionParts, item: PublishedItem, current: Optional[PublishedItem], aspects: Sequence[str]
) -> Events:
    same = current is not None and current.item.code == item.item.code
    if not turn.slot("case") and (otherwise := not_covered_here(turn, parts, item)):
        return otherwise
    if same and not aspects and not turn.slot("case") and (again := await reconsidered(turn, parts)):
        return again
    facts: Dict[str, str] = dict(turn.facts) if same else {}
    facts.update(mentioned_facts(item.item, turn.text))
    if turn.slot("case"):  # in the middle of filing: a short answer, the draft stays as it is
        if same and aspects:
            return answer_aspects(turn, parts, item, aspects)
        common = parts.give_notice.common(item, facts)
        if not turn.we_said(common):
            turn.say_text(common)
        if not same:
            turn.say("utter_other_item_later", item=item.item.name)
        return []
    if aspects and not WHOLE_NOTICE & set(aspects):
        if same:
            return answer_aspects(turn, parts, item, aspects)
        turn.say_text(parts.answer_followup.answer(item, aspects, facts, opening_line(parts, item, aspects)))
        turn.say("utter_offer_notice", buttons=word_buttons("要", "帮我办"))
        return slots(item=item.item.code, facts=facts, asking=None, offer="notice", misses=0)
    return await present_item(turn, parts, item, facts)


def _offer_candidates(turn: Turn, parts: ActionParts, found: Found) -> Events:
    codes: List[str] = [c.item.code for c in found.candidates]
    note_miss(turn, parts)
    return [*slots(asking={"kind": "choose_item", "codes": codes}, misses=0), *open_form(turn)]


async def missed(turn: Turn, parts: ActionParts, response: str) -> Events:
    """Say that it was not understood; the second time offer a clerk; whoever goes on asking is promised an answer."""
    if warned := after_fraud(turn, parts):
        return warned
    if noted := await note_whereabouts(turn, parts):  # where somebody is in need belongs to no list of questions
        return noted
    if alone := number_alone(turn, parts):
        return alone
    note_miss(turn, parts)
    current = turn.current_item(parts)
    if current is not None and AGAIN.search(turn.text) and not turn.in_form:
        await say_notice(turn, parts, current, turn.facts)
        return slots(offer="file", misses=0)
    if again := await reconsidered(turn, parts):
        return again
    if quoted := quote(turn, parts):
        return quoted
    misses = int(turn.slot("misses") or 0) + 1
    if misses > 1 and not turn.slot("case") and await read_together(turn, parts, misses - 1):
        return await answer_question(turn, parts)
    if not turn.in_form and (codes := await named_in_story(turn, parts)):
        return [*slots(asking={"kind": "choose_item", "codes": codes}, misses=0), *open_form(turn)]
    if misses > MISSES_BEFORE_CLERK and len(turn.text) >= WORTH_AN_ANSWER and turn.intent != "out_of_scope":
        return await promise_answer(turn, parts, turn.text)
    if turn.in_form:
        choosing = (turn.slot("asking") or {}).get("kind") == "choose_item"
        asks = choosing and parts.aspects.find(turn.text)
        turn.say("utter_choose_first" if asks else _beside_the_step(turn, current), phone=parts.catalogue.centre.enquiry_phone)
        return slots(misses=misses)
    if misses >= MISSES_BEFORE_CLERK:
        turn.say(
            "utter_offer_clerk", buttons=word_buttons("转人工", "再说一遍"), phone=parts.catalogue.centre.enquiry_phone
        )
        return slots(misses=misses, offer="human")
    turn.say(response)
    return slots(misses=misses)


def number_alone(turn: Turn, parts: ActionParts) -> Events:
    """ "号码是…" and no word of a matter: kept sealed, and asked what it is for. Empty if it is not so, or a question is open."""
    if turn.in_form or not turn.numbers or has_words(NUMBER_SAID.sub("", turn.text)):
        return []
    turn.say("utter_number_alone", phone=parts.catalogue.centre.enquiry_phone)
    return slots(misses=0)


def _beside_the_step(turn: Turn, current: Optional[PublishedItem]) -> str:
    """What is said to words beside an open question that no answer was found for.

    A question about the item is not in its notice, and that is said; a story told where a circumstance is asked for calls for a choice.
    """
    if turn.numbers:
        return "utter_number_later"
    if len(turn.text) < WORTH_AN_ANSWER or current is None:
        return "utter_not_understood_beside"
    if looks_like_question(turn.text):
        return "utter_not_in_notice"
    return "utter_pick_nearest" if (turn.slot("asking") or {}).get("kind") == "circumstance" else "utter_not_understood_beside"
