"""闲话: talk around the matters, answered in one line and led back; what is not ours; insults with a matter inside."""

from __future__ import annotations

from actions.action_base import BangbanAction, Events, Turn, put_aside, slots, word_buttons
from actions.consult import ActionMiss, answer_question
from actions.in_hand import follow_up_in_hand
from actions.life_events import bundle
from actions.offers import about_matters
from actions.promises import note_whereabouts, open_question, promise_answer, tell_promises
from bot.bootstrap import ActionParts
from bot.services.find_item import read_match
from bot.services.read_talk import Sign


class ActionTalk(BangbanAction):
    """Small talk, moods, questions about ourselves and about what we promised."""

    def name(self) -> str:
        """Name in domain.yml."""
        return "action_talk"

    async def handle(self, turn: Turn, parts: ActionParts) -> Events:
        """One line, then back to the matter."""
        sign = parts.talk.talk.find(turn.text)
        kind = sign.id if sign else ""
        if kind == "promise":
            return await tell_promises(turn, parts)
        if kind == "rest" and turn.slot("offer") == "next_matter":
            return await about_matters(turn, parts, "stop_matters")  # our own button
        if kind == "ask_for_me":
            return await promise_answer(turn, parts, open_question(turn))
        if sign is None and (noted := await note_whereabouts(turn, parts) or await bundle(turn, parts)):
            return noted
        asks_too = kind in ("", "confused")  # "我不识几个字，你就说带啥" wants the papers
        if asks_too and (followed := follow_up_in_hand(turn, parts)):
            return followed
        sign = sign or parts.talk.talk.of_intent("chitchat")
        if sign is not None:
            say_sign(turn, parts, sign)
        return [*slots(misses=0), *(put_aside(turn) if sign is not None and sign.pause else [])]


class ActionGreet(BangbanAction):
    """您好."""

    def name(self) -> str:
        """Name in domain.yml."""
        return "action_greet"

    async def handle(self, turn: Turn, parts: ActionParts) -> Events:
        """The whole greeting once; later, and in the middle of a matter, a short one."""
        sign = parts.talk.talk.find(turn.text)
        if sign is not None and sign.intent == "greet":
            say_sign(turn, parts, sign)
        elif turn.in_form or turn.said_before:
            turn.say("utter_greet_again", lead=lead(turn, parts))
        else:
            turn.say("utter_greet", town=parts.catalogue.centre.town)
        return slots(misses=0)


class ActionOutOfScope(BangbanAction):
    """Not ours: whom to ask instead; what nobody can help with is a miss."""

    def name(self) -> str:
        """Name in domain.yml."""
        return "action_out_of_scope"

    async def handle(self, turn: Turn, parts: ActionParts) -> Events:
        """首问负责: never sent away without a number."""
        sign = parts.talk.not_ours.find(turn.text)
        if sign is None:
            return await ActionMiss().handle(turn, parts)
        turn.say_text(parts.templates.not_ours(sign, parts.catalogue.centre))
        return slots(misses=0)


class ActionAbuse(BangbanAction):
    """An insult; the matter in it is answered all the same."""

    def name(self) -> str:
        """Name in domain.yml."""
        return "action_abuse"

    async def handle(self, turn: Turn, parts: ActionParts) -> Events:
        """No lecture: a word of sympathy, then the matter or a way to a person."""
        if read_match(turn.parse, parts.catalogue).item is not None:
            turn.say("utter_abuse_with_matter")
            return await answer_question(turn, parts)
        turn.say(
            "utter_abuse",
            phone=parts.catalogue.centre.enquiry_phone,
            buttons=None if turn.in_form else word_buttons("转人工"),
        )
        return []


def say_sign(turn: Turn, parts: ActionParts, sign: Sign) -> None:
    """The line of a kind of talk."""
    centre = parts.catalogue.centre
    turn.say_text(
        sign.say.format(
            town=centre.town, phone=centre.enquiry_phone, complaint_phone=centre.complaint_phone, lead=lead(turn, parts)
        )
    )


def lead(turn: Turn, parts: ActionParts) -> str:
    """The way back to the matter; in the form its question follows by itself."""
    item = turn.current_item(parts)
    if turn.in_form:
        return parts.talk.leads["form"]
    return parts.talk.leads["item"].format(item=item.item.name) if item else parts.talk.leads["none"]
