"""Around the counter: opening hours and address, a person to talk to, complaints, progress of a case."""

from __future__ import annotations

import re
from abc import abstractmethod
from typing import Any, Dict

from actions.action_base import BangbanAction, Events, Turn, open_form, slots
from actions.case_talk import start_rating
from actions.promises import moment, note_whereabouts, open_question, promise
from bot.bootstrap import ActionParts
from bot.domain.centre import opening_lines
from bot.domain.hours_question import HoursKind
from bot.domain.opening_hours import is_open
from bot.domain.promise import TaskKind
from bot.ports import ServiceCenterError, ServiceCenterRefused
from bot.services.find_item import read_match
from bot.services.track_case import LOOKS_LIKE_OURS, CaseView, code_in, fingerprint_in, number_in


class ActionCenterInfo(BangbanAction):
    """Address, telephone, opening hours, open now or not."""

    def name(self) -> str:
        """Name in domain.yml."""
        return "action_center_info"

    async def handle(self, turn: Turn, parts: ActionParts) -> Events:
        """Answer just what is asked about hours; else tell everything."""
        question = parts.answer_hours.read(turn.text)
        if question is None or question.kind is HoursKind.GENERAL:
            opening_today(turn, parts)
        else:
            turn.say_text(parts.answer_hours.answer(question, window_meant(turn, parts)))
        return slots(misses=0)


def window_meant(turn: Turn, parts: ActionParts) -> str:
    """The window of the item that the message names or that is in hand; empty for the whole hall."""
    item = read_match(turn.parse, parts.catalogue).item or turn.current_item(parts)
    return item.local.window if item is not None and not _WHOLE_HALL.search(turn.text) else ""


_WHOLE_HALL = re.compile(r"你们|您们|大厅|中心|镇上|单位")


class ActionHandOver(BangbanAction):
    """转人工."""

    def name(self) -> str:
        """Name in domain.yml."""
        return "action_hand_over"

    async def handle(self, turn: Turn, parts: ActionParts) -> Events:
        """Leave word for a clerk."""
        return await hand_over(turn, parts, turn.intent or "human")


class ActionShowProgress(BangbanAction):
    """我的件到哪了."""

    def name(self) -> str:
        """Name in domain.yml."""
        return "action_show_progress"

    async def handle(self, turn: Turn, parts: ActionParts) -> Events:
        """Show own cases, or one by number with proof."""
        number = number_in(turn.text)
        if number is None and LOOKS_LIKE_OURS.search(turn.text):
            turn.say("utter_number_wrong")
            return []
        try:
            if number is not None:
                return await show_by_number(turn, parts, number)
            views = await parts.track_case.own(turn.conversation)
        except ServiceCenterError:
            turn.say("utter_progress_unavailable", phone=parts.catalogue.centre.enquiry_phone)
            return []
        if not views:
            turn.say("utter_no_case", phone=parts.catalogue.centre.enquiry_phone)
            return []
        for view in views[:3]:
            say_case(turn, parts, view)
        return slots(misses=0)


class SaysCentreFacts(BangbanAction):
    """Base: one response that names the town or its telephones."""

    @property
    @abstractmethod
    def response(self) -> str:
        """Name of the response; abstract so that the SDK does not take this class for an action."""

    async def handle(self, turn: Turn, parts: ActionParts) -> Events:
        """Say it."""
        centre = parts.catalogue.centre
        turn.say(self.response, town=centre.town, phone=centre.enquiry_phone, complaint_phone=centre.complaint_phone)
        return slots(misses=0)


class ActionOtherRegion(SaysCentreFacts):
    """外地的事: whom to ask there (首问负责)."""

    response = "utter_other_region"

    def name(self) -> str:
        """Name in domain.yml."""
        return "action_other_region"

    async def handle(self, turn: Turn, parts: ActionParts) -> Events:
        """An address after a cry for help may sound like another region."""
        return await note_whereabouts(turn, parts) or await super().handle(turn, parts)


class ActionRating(BangbanAction):
    """评价."""

    def name(self) -> str:
        """Name in domain.yml."""
        return "action_rating"

    async def handle(self, turn: Turn, parts: ActionParts) -> Events:
        """Of one's own finished case."""
        return await start_rating(turn, parts)


async def show_by_number(turn: Turn, parts: ActionParts, number: str) -> Events:
    """One case; without proof ask for it. Unknown number and missing proof read the same."""
    proof: Dict[str, Any] = {}
    code, fingerprint = code_in(turn.text), fingerprint_in(turn.numbers)
    if code:
        proof["lookup_code"] = code
    if fingerprint:
        proof["id_fingerprint"] = fingerprint
    try:
        view = await parts.track_case.by_number(number, turn.conversation, proof)
    except ServiceCenterRefused as refusal:
        if refusal.status == 429:
            turn.say("utter_progress_locked", phone=parts.catalogue.centre.enquiry_phone)
            return slots(asking=None)
        if proof:
            turn.say("utter_proof_wrong")
        if turn.slot("case"):
            turn.say("utter_progress_after_filing")
            return []
        return [*slots(asking={"kind": "proof", "number": number}), *open_form(turn)]
    say_case(turn, parts, view)
    return slots(asking=None, misses=0)


def say_case(turn: Turn, parts: ActionParts, view: CaseView) -> None:
    """Tell where a case stands."""
    if view.waiting:
        turn.say("utter_case_waiting", number=view.number)
        return
    promised = view.promised_date + ("（暂定）" if view.promised_provisional else "")
    turn.say(
        "utter_case_progress" if promised else "utter_case_progress_no_date",
        number=view.number,
        item=view.item_name,
        state=view.state_label,
        date=promised,
        phone=view.phone or parts.catalogue.centre.enquiry_phone,
    )


async def hand_over(turn: Turn, parts: ActionParts, reason: str) -> Events:
    """Leave word for a clerk; while nobody is there, promise by when somebody calls back."""
    centre = parts.catalogue.centre
    packet = {"item_code": turn.slot("item"), "facts": turn.slot("facts") or {}, "draft": turn.slot("case")}
    try:
        await parts.center.hand_off({"conversation": turn.conversation, "reason": reason, "packet": packet})
        noted = True
    except ServiceCenterError:
        noted = False
    someone_there = is_open(centre.offices[0], parts.clock.now(), parts.calendar)
    task = None if someone_there or not noted else await promise(turn, parts, TaskKind.CALL_BACK, open_question(turn))
    if task is not None:
        turn.say("utter_call_back_promised", when=moment(task["due_at"], parts), phone=centre.enquiry_phone)
    else:
        turn.say(
            "utter_handed_over" if noted else "utter_call_us",
            phone=centre.enquiry_phone,
            when=parts.answer_hours.open_now(),
        )
    return slots(misses=0)


def opening_today(turn: Turn, parts: ActionParts) -> None:
    """Address, telephones, hours, and whether it is open now."""
    centre = parts.catalogue.centre
    turn.say(
        "utter_center_info",
        name=centre.name,
        address=centre.address,
        way=centre.how_to_get_there,
        phone=centre.enquiry_phone,
        hours="\n".join("• " + line for line in opening_lines(centre)),
        today=parts.answer_hours.open_now(),
    )
