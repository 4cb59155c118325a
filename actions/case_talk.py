"""办件的后半程: supply what a case wants, rate a finished one, leave a complaint: each a question of the form, none of them a must.

A question that was passed over once for something else is not asked again: it was offered, not owed.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, List

from actions.action_base import BESIDE, DONE, WAITING, Events, Turn, open_form, slots, word_buttons
from actions.promises import moment
from bot.bootstrap import ActionParts
from bot.domain.answers import looks_like_question, read_choice
from bot.domain.item import Option
from bot.ports import ServiceCenterError, ServiceCenterRefused
from bot.services.case_life import Wanted

Asking = Dict[str, Any]
SHORT = 12
"""Characters up to which a complaint says only that there is one."""
LONGEST = 2000


def _ask_again_or_drop(asking: Asking, say: Callable[[], None]) -> Events:
    """After the message that led here the question is said; after any other one it is dropped."""
    if asking.get("said"):
        return [*slots(asking=None), *DONE]
    say()
    return [*slots(asking={**asking, "said": True}), *WAITING]


def _ended() -> Events:
    return [*slots(asking=None, misses=0), *DONE]


# 补正


async def start_supplement(turn: Turn, parts: ActionParts) -> Events:
    """让补什么: everything that is wanted, all at once; then one thing after the other."""
    phone = parts.catalogue.centre.enquiry_phone
    try:
        wanted = await parts.case_life.wanted(turn.conversation)
    except ServiceCenterError:
        turn.say("utter_progress_unavailable", phone=phone)
        return slots(misses=0)
    if not wanted:
        turn.say("utter_supplement", phone=phone)
        return slots(misses=0)
    first = wanted[0]
    lines = [defect["text"].rstrip("。；") for defect in first.defects] or [first.told]
    turn.say(
        "utter_supply_list" if first.until else "utter_supply_list_no_day",
        number=first.number,
        item=first.item_name,
        wanted="\n".join(f"{n}. {line}" for n, line in enumerate(lines, 1)),
        until=_day(first.until),
    )
    left = [dict(defect) for defect in first.defects] or [{"id": "1", "text": first.told}]
    return [*slots(asking={"kind": "supply", "number": first.number, "left": left, "given": 0, "until": first.until}, misses=0), *open_form(turn)]


def _day(iso: str) -> str:
    return f"{int(iso[5:7])}月{int(iso[8:10])}日" if iso else ""


def _say_supply(turn: Turn, asking: Asking) -> None:
    shown = word_buttons("拍照传了", "送到窗口了", "还没有")
    turn.say("utter_ask_supply", defect=asking["left"][0]["text"].rstrip("。；"), buttons=shown)


async def supply(turn: Turn, parts: ActionParts, asking: Asking) -> Events:
    """One thing: sent as a photograph, brought to the window, or not yet."""
    if not turn.fresh:
        return _ask_again_or_drop(asking, lambda: _say_supply(turn, asking))
    means = None if looks_like_question(turn.text) else parts.case_words.read("supplied", turn.text)
    if means is None:
        return list(BESIDE)
    given = int(asking["given"])
    if means != "later":
        still = await _supply_one(turn, parts, asking, means)
        if still is False:
            return _ended()
        given += 1
        if still is None:
            turn.say("utter_supply_done", number=asking["number"])
            return _ended()
    left: List[Dict[str, str]] = asking["left"][1:]
    if not left:
        how = ("partial" if given else "later") + ("" if asking["until"] else "_no_day")
        turn.say(f"utter_supply_{how}", number=asking["number"], until=_day(asking["until"]))
        return _ended()
    following = {**asking, "left": left, "given": given, "said": True}
    _say_supply(turn, following)
    return [*slots(asking=following), *WAITING]


async def _supply_one(turn: Turn, parts: ActionParts, asking: Asking, status: str) -> "Wanted | None | bool":
    """What is still wanted; None when the case goes on; False when it could not be told, which has been said then."""
    key = f"supply:{turn.conversation}:{turn.message_id}"[:200]
    try:
        return await parts.case_life.supply(asking["number"], turn.conversation, asking["left"][0]["id"], status, key)
    except ServiceCenterRefused:
        turn.say("utter_supply_not_wanted", number=asking["number"])
    except ServiceCenterError:
        turn.say("utter_progress_unavailable", phone=parts.catalogue.centre.enquiry_phone)
    return False


# 评价


async def start_rating(turn: Turn, parts: ActionParts) -> Events:
    """我要评价: of a finished case; which one is asked only when there are several."""
    centre = parts.catalogue.centre
    try:
        cases = await parts.case_life.rateable(turn.conversation)
    except ServiceCenterError:
        turn.say("utter_progress_unavailable", phone=centre.enquiry_phone)
        return slots(misses=0)
    if not cases:
        turn.say("utter_rating", complaint_phone=centre.complaint_phone)
        return slots(misses=0)
    asking: Asking = {"kind": "rate", "cases": cases[:5]}
    level = parts.case_words.read("level", turn.text) if len(cases) == 1 else None
    if level is not None:
        asking["level"] = level
    return [*slots(asking=asking, misses=0), *open_form(turn)]


def _say_rate(turn: Turn, asking: Asking) -> None:
    cases = asking["cases"]
    if len(cases) > 1:
        turn.say("utter_rate_which", buttons=[{"title": o.label, "payload": o.label} for o in _options(cases)])
    elif asking.get("level"):
        turn.say("utter_rate_words", buttons=word_buttons("不用了"))
    else:
        levels = word_buttons("非常满意", "满意", "基本满意", "不满意", "非常不满意")
        turn.say("utter_ask_rating", item=cases[0]["item_name"], number=cases[0]["number"], buttons=levels)


def _options(cases: List[Dict[str, str]]) -> "tuple[Option, ...]":
    return tuple(Option(c["number"], f"{c['item_name']} {c['number']}", (c["item_name"], c["number"])) for c in cases)


async def rate(turn: Turn, parts: ActionParts, asking: Asking) -> Events:
    """Which case, which of the five levels, and, when it is a bad one, what was bad."""
    if not turn.fresh:
        return _ask_again_or_drop(asking, lambda: _say_rate(turn, asking))
    cases = asking["cases"]
    if len(cases) > 1:
        chosen = read_choice(turn.text, _options(cases))
        if chosen is None:
            return list(BESIDE)
        following = {**asking, "cases": [c for c in cases if c["number"] == chosen.id], "said": True}
        _say_rate(turn, following)
        return [*slots(asking=following), *WAITING]
    if asking.get("level"):
        nothing = parts.case_words.read("nothing_more", turn.text) is not None
        return await _give(turn, parts, asking, "" if nothing else turn.text[:300])
    level = None if looks_like_question(turn.text) else parts.case_words.read("level", turn.text)
    if level is None:
        return list(BESIDE)
    rated = {**asking, "level": level, "said": True}
    if level not in ("bad", "very_bad"):
        return await _give(turn, parts, rated, "")
    _say_rate(turn, rated)
    return [*slots(asking=rated), *WAITING]


async def _give(turn: Turn, parts: ActionParts, asking: Asking, words: str) -> Events:
    number, level = asking["cases"][0]["number"], asking["level"]
    key = f"rate:{turn.conversation}:{turn.message_id}"[:200]
    centre = parts.catalogue.centre
    try:
        await parts.case_life.rate(number, turn.conversation, level, words, turn.channel, key)
    except ServiceCenterRefused:
        turn.say("utter_rating_closed", complaint_phone=centre.complaint_phone)
    except ServiceCenterError:
        turn.say("utter_progress_unavailable", phone=centre.enquiry_phone)
    else:
        bad = level in ("bad", "very_bad")
        turn.say("utter_rated_bad" if bad else "utter_rated", complaint_phone=centre.complaint_phone)
    return _ended()


# 投诉


def start_complaint(turn: Turn, parts: ActionParts) -> Events:
    """投诉: a word of sympathy with the telephones, and the offer to write it down."""
    turn.say("utter_complaint", complaint_phone=parts.catalogue.centre.complaint_phone)
    story = turn.text if len(turn.text) > SHORT else ""
    return [*slots(asking={"kind": "complain", "story": story[:LONGEST]}, misses=0), *open_form(turn)]


def _say_complain(turn: Turn, asking: Asking) -> None:
    if asking.get("how") and not asking["story"]:
        turn.say("utter_complain_story")
    else:
        turn.say("utter_ask_complain", buttons=word_buttons("记下来", "匿名记下来", "不用了"))


async def complain(turn: Turn, parts: ActionParts, asking: Asking) -> Events:
    """With a name, without one, or not at all; then the story, if it was not told yet."""
    if not turn.fresh:
        return _ask_again_or_drop(asking, lambda: _say_complain(turn, asking))
    if asking.get("how"):
        return await _leave(turn, parts, asking["how"], turn.text)
    how = parts.case_words.read("complain", turn.text)
    if how == "declined":
        turn.say("utter_complain_not", complaint_phone=parts.catalogue.centre.complaint_phone)
        return _ended()
    if how is None:
        if turn.intent != "complaint" or len(turn.text) <= SHORT:
            return list(BESIDE)
        following = {**asking, "story": turn.text[:LONGEST], "said": True}
        _say_complain(turn, following)
        return [*slots(asking=following), *WAITING]
    if asking["story"]:
        return await _leave(turn, parts, how, asking["story"])
    following = {**asking, "how": how, "said": True}
    _say_complain(turn, following)
    return [*slots(asking=following), *WAITING]


async def _leave(turn: Turn, parts: ActionParts, how: str, story: str) -> Events:
    key = f"complaint:{turn.conversation}:{turn.message_id}"[:200]
    phone = parts.catalogue.centre.complaint_phone
    try:
        left = await parts.case_life.complain(story[:LONGEST], turn.conversation, turn.channel, how == "anonymous", key)
    except ServiceCenterError:
        turn.say("utter_complain_unavailable", complaint_phone=phone)
        return _ended()
    response = "utter_complained_anonymous" if how == "anonymous" else "utter_complained"
    turn.say(response, number=left["number"], when=moment(left["due_at"], parts), complaint_phone=phone)
    return _ended()


HANDLERS = {"supply": supply, "rate": rate, "complain": complain}
