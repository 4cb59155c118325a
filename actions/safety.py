"""平安: cries for help, fraud, what is against the law, other people's data: one fixed text a kind (data/dialogue/safety.yml)."""

from __future__ import annotations

from typing import Optional

from actions.action_base import BangbanAction, Events, Turn, put_aside, slots
from actions.consult import answer_question, missed
from actions.cries import cries_before, told_where
from actions.life_events import bundle
from actions.promises import WHEREABOUTS, promise
from bot.bootstrap import ActionParts
from bot.domain.promise import TaskKind
from bot.services.find_item import read_match
from bot.services.read_talk import Sign

SURE = 0.85
"""Confidence from which a guess is followed as if words had made it certain."""
LIFE = frozenset({"emergency", "crisis"})
GUESSED = frozenset({"anti_fraud", "illegal", "privacy"})
"""Intents that a matter of ours in the same message overrules, unless words make them certain."""


class ActionSafety(BangbanAction):
    """The protocol of the kind; where life is at risk the centre is told, and an open application is put aside, kept."""

    def name(self) -> str:
        """Name in domain.yml."""
        return "action_safety"

    async def handle(self, turn: Turn, parts: ActionParts) -> Events:
        """The fixed text is said whatever else works or not; that the centre knows is said only when it does."""
        if _only_sounds_like_it(turn, parts):
            return await answer_question(turn, parts)
        no_word = parts.talk.safety.find(turn.text) is None
        if no_word and (event := await bundle(turn, parts)):
            return event  # "俺老伴没了" is grief
        going_on = _going_on(turn, parts)
        if no_word and (turn.confidence < SURE or turn.in_form) and going_on is None:
            return await _only_perhaps(turn, parts)
        sign = safety_sign(turn, parts, going_on)
        if sign is None:
            return []
        events: Events = []
        told = False
        if sign.task == TaskKind.LIFE_AT_RISK.value:
            told = await promise(turn, parts, TaskKind.LIFE_AT_RISK, turn.text, sign=sign.id) is not None
            events += slots(offer=WHEREABOUTS, misses=0)
        centre = parts.catalogue.centre
        values = {"phone": centre.enquiry_phone, "complaint_phone": centre.complaint_phone}
        ask = "" if told_where(turn, parts) else sign.ask
        words = sign.again if going_on is not None and sign.again else sign.say
        turn.say_text(words.format(told=parts.talk.told if told else "", ask=ask, **values).strip())
        return [*events, *(put_aside(turn) if sign.pause else [])]


def _going_on(turn: Turn, parts: ActionParts) -> Optional[Sign]:
    """The attack that somebody says more about; a wound told in between does not end it."""
    if turn.intent not in LIFE:
        return None
    return next((cry for cry in cries_before(turn, parts) if cry.again), None)


async def _only_perhaps(turn: Turn, parts: ActionParts) -> Events:
    """A guess without a word that makes it certain ("厂子倒闭了"): the numbers are said, and nobody is alarmed, warned off or accused."""
    if turn.intent in LIFE:
        turn.say("utter_check_danger")
        return slots(misses=0)
    if turn.intent == "anti_fraud":
        turn.say("utter_check_fraud")
        return slots(misses=0)
    return await missed(turn, parts, "utter_not_understood")


def _only_sounds_like_it(turn: Turn, parts: ActionParts) -> bool:
    """A story with a matter of ours in it and no word of fraud or forgery; where life may be at risk the protocol is said all the same."""
    guessed = turn.intent in GUESSED and parts.talk.safety.find(turn.text) is None
    decision = read_match(turn.parse, parts.catalogue).decision
    return guessed and (decision == "answer" or (decision == "choose" and turn.confidence < SURE))


def safety_sign(turn: Turn, parts: ActionParts, going_on: Optional[Sign]) -> Optional[Sign]:
    """The kind that the words tell, else the attack that goes on ("他进来了" after "我男人打我"), else that of the intent."""
    found = parts.talk.safety.find(turn.text)
    if found is not None and found.intent == turn.intent:
        return found
    return going_on or parts.talk.safety.of_intent(turn.intent)
