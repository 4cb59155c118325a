"""预约、改约、取消预约、撤销委托: said in one sentence, with the day in words."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Dict, List, Optional

from actions.action_base import BESIDE, DONE, WAITING, Events, Turn, open_form, slots, word_buttons
from actions.promises import moment
from bot.bootstrap import ActionParts
from bot.domain.answers import looks_like_question, read_choice
from bot.domain.item import Option
from bot.ports import ServiceCenterError, ServiceCenterRefused
from bot.services.visits import wished_time

Asking = Dict[str, Any]
BOOK, CHANGE, CANCEL, REVOKE = "book_visit", "change_visit", "cancel_visit", "revoke"
WISHES = frozenset({BOOK, CHANGE, CANCEL, REVOKE})
MANY = 5


def _unavailable(turn: Turn, parts: ActionParts) -> Events:
    turn.say("utter_progress_unavailable", phone=parts.catalogue.centre.enquiry_phone)
    return slots(misses=0)


async def start(turn: Turn, parts: ActionParts, wish: str) -> Events:
    """What the wish asks for."""
    try:
        if wish == REVOKE:
            return await _start_revoking(turn, parts)
        own = list(await parts.visits.own(turn.conversation))
        if wish == CANCEL:
            return await _start_cancelling(turn, parts, own)
        asking = await _visit_meant(turn, parts, own if wish == CHANGE else [])
        if asking is None:
            return slots(misses=0)
        offered = await _offer(turn, parts, asking)
    except ServiceCenterError:
        return _unavailable(turn, parts)
    return [*slots(asking=offered, misses=0), *open_form(turn)]


async def _visit_meant(turn: Turn, parts: ActionParts, own: List[Any]) -> Optional[Asking]:
    """The appointment to change, or the matter to book for; None when there is none, which has been said then."""
    if own:
        first = own[0]
        return {"kind": "visit", "item": first["item_code"], "appointment": first["id"]}
    cases = await parts.open_cases.own(turn.conversation)
    code = turn.slot("item") or (cases[0].item_code if cases else "")
    if not code or parts.catalogue.get(code) is None:
        turn.say("utter_visit_for_what")
        return None
    case = next((c.number for c in cases if c.item_code == code), None)
    return {"kind": "visit", "item": code, "case": case}


async def _offer(turn: Turn, parts: ActionParts, asking: Asking) -> Asking:
    """With a time in the words: free times near it; else the question when."""
    wish = wished_time(turn.text, parts.clock.now().date())
    if wish is None:
        return {**asking, "times": []}
    found = await parts.visits.free(asking["item"], wish, parts.clock.now().date())
    other_day = bool(found) and wish.day is not None and found[0].start.date() != wish.day
    return {**asking, "times": [slot.start.isoformat() for slot in found], "none": not found, "other_day": other_day}


def _say(turn: Turn, parts: ActionParts, asking: Asking) -> None:
    times = [moment(at, parts) for at in asking.get("times", ())]
    if times:
        turn.say("utter_visit_other_day" if asking.get("other_day") else "utter_visit_times", buttons=word_buttons(*times))
    elif asking.get("none"):
        turn.say("utter_visit_none", phone=parts.catalogue.centre.enquiry_phone)
    else:
        turn.say("utter_visit_when", buttons=word_buttons("明天上午", "明天下午"))


async def visit(turn: Turn, parts: ActionParts, asking: Asking) -> Events:
    """A time out of those offered, or another wish."""
    if not turn.fresh:
        if asking.get("said"):
            return [*slots(asking=None), *DONE]
        _say(turn, parts, asking)
        return [*slots(asking={**asking, "said": True}), *WAITING]
    options = tuple(Option(at, moment(at, parts), (f"{datetime.fromisoformat(at):%H:%M}",)) for at in asking.get("times", ()))
    chosen = read_choice(turn.text, options)
    try:
        if chosen is not None:
            return await _take(turn, parts, asking, chosen.id)
        if looks_like_question(turn.text) or wished_time(turn.text, parts.clock.now().date()) is None:
            if parts.case_words.read("nothing_more", turn.text):
                turn.say("utter_visit_left")
                return [*slots(asking=None), *DONE]
            return list(BESIDE)
        offered = {**await _offer(turn, parts, asking), "said": True}
    except ServiceCenterError:
        return [*_unavailable(turn, parts), *slots(asking=None), *DONE]
    _say(turn, parts, offered)
    return [*slots(asking=offered), *WAITING]


async def _take(turn: Turn, parts: ActionParts, asking: Asking, at: str) -> Events:
    key = f"visit:{turn.conversation}:{turn.message_id}"[:200]
    try:
        booked = await parts.visits.take(asking, at, turn.conversation, turn.channel, key)
    except ServiceCenterRefused:
        again = {**asking, "times": [time for time in asking["times"] if time != at], "said": True}
        turn.say("utter_visit_taken")
        _say(turn, parts, again)
        return [*slots(asking=again), *WAITING]
    published = parts.catalogue.get(asking["item"])
    turn.say(
        "utter_visit_changed" if asking.get("appointment") else "utter_visit_booked",
        when=moment(booked["starts_at"], parts),
        window=booked["window_name"] or parts.catalogue.centre.name,
        place=booked["place"],
        item=published.item.name if published else asking["item"],
    )
    return [*slots(asking=None, misses=0), *DONE]


async def _start_cancelling(turn: Turn, parts: ActionParts, own: List[Any]) -> Events:
    if not own:
        turn.say("utter_no_visit")
        return slots(misses=0)
    if len(own) == 1:
        await parts.visits.cancel(own[0]["id"], turn.conversation)
        turn.say("utter_visit_cancelled", when=moment(own[0]["starts_at"], parts))
        return slots(misses=0)
    listed = [{"id": a["id"], "label": moment(a["starts_at"], parts)} for a in own[:MANY]]
    return [*slots(asking={"kind": "cancel_visit", "own": listed}), *open_form(turn)]


async def _start_revoking(turn: Turn, parts: ActionParts) -> Events:
    found = [m for m in await parts.center.mandates_of(turn.conversation) if m["state"] in ("proposed", "confirmed")]
    if not found:
        turn.say("utter_no_mandate", phone=parts.catalogue.centre.enquiry_phone)
        return slots(misses=0)
    listed = [{"id": m["id"], "label": f"{m['agent_name']} {m['item_name']}", "agent": m["agent_name"], "item": m["item_name"]} for m in found]
    if len(listed) == 1:
        await _revoke(turn, parts, listed[0])
        return slots(misses=0)
    return [*slots(asking={"kind": "revoke", "own": listed[:MANY]}), *open_form(turn)]


async def _revoke(turn: Turn, parts: ActionParts, mandate: Dict[str, str]) -> None:
    await parts.center.revoke_mandate(mandate["id"], {"conversation": turn.conversation})
    turn.say("utter_revoked", agent=mandate["agent"], item=mandate["item"])


async def which(turn: Turn, parts: ActionParts, asking: Asking) -> Events:
    """Which appointment to cancel, or which mandate to revoke."""
    options = tuple(Option(one["id"], one["label"]) for one in asking["own"])
    if not turn.fresh:
        if asking.get("said"):
            return [*slots(asking=None), *DONE]
        shown = word_buttons(*(option.label for option in options))
        turn.say("utter_revoke_which" if asking["kind"] == "revoke" else "utter_visit_cancel_which", buttons=shown)
        return [*slots(asking={**asking, "said": True}), *WAITING]
    chosen = read_choice(turn.text, options)
    if chosen is None:
        return list(BESIDE)
    one = next(one for one in asking["own"] if one["id"] == chosen.id)
    try:
        if asking["kind"] == "revoke":
            await _revoke(turn, parts, one)
        else:
            await parts.visits.cancel(one["id"], turn.conversation)
            turn.say("utter_visit_cancelled", when=one["label"])
    except ServiceCenterError:
        _unavailable(turn, parts)
    return [*slots(asking=None, misses=0), *DONE]


HANDLERS = {"visit": visit, "cancel_visit": which, "revoke": which}
