"""The form's smaller questions, without a draft: a circumstance, the choice between items or cases, a proof, a withdrawal.

Each handler reads the message against the slot `asking`, or, when the message is not for it (`turn.fresh` is false), asks again.
"""

from __future__ import annotations

import re
from typing import Any, Awaitable, Callable, Dict, Optional, Tuple

from actions import case_talk, visit_talk, withdrawal
from actions.action_base import BESIDE, DONE, WAITING, Events, Turn, buttons, slots, word_buttons
from actions.consult import NONE_OF_THESE
from actions.filing import begin, drop_item
from actions.form_filing import ask_first
from actions.in_hand import answer_aspects, quote
from actions.service import say_case
from actions.tell_notice import present_item
from actions.together import read_instead, read_together
from bot.bootstrap import ActionParts
from bot.domain.answers import CERTAIN, compact, is_unsure, looks_like_question, means_something_else, read_choice
from bot.domain.clauses import told_and_asked
from bot.domain.item import Circumstance, Option
from bot.ports import PublishedItem, ServiceCenterError
from bot.services.collect_materials import (
    FOR_RULES,
    MISSES_BEFORE_DROPPED,
    MISSES_BEFORE_HELP,
    SAFETY,
    only_sounds_like_talk,
)
from bot.services.filing_step import CLEARLY
from bot.services.find_item import mentioned_facts, read_match

Asking = Dict[str, Any]
Handler = Callable[[Turn, ActionParts, Asking], Awaitable[Events]]


async def circumstance(turn: Turn, parts: ActionParts, asking: Asking) -> Events:
    """情形: an answer leads to the next circumstance, or the form ends and the notice is given."""
    published = turn.current_item(parts)
    open_now = published.item.next_circumstance(turn.facts) if published else None
    if published is None or open_now is None:
        return list(DONE)
    if not turn.fresh:
        _say_circumstance(turn, open_now)
        return list(WAITING)
    wish = parts.wishes.find(turn.text)
    orders = _ORDER_TO_US.fullmatch(compact(turn.text)) is not None
    option = None if orders or _asks_back(turn) or wish in FOR_RULES else read_choice(turn.text, open_now.options)
    if option is not None and _cries_for_help(turn) and turn.text != option.label:
        return list(BESIDE)
    if option is None and turn.intent == "goodbye" and turn.confidence >= CLEARLY:
        turn.say("utter_goodbye")  # whoever takes leave is not asked the question once more
        return [*slots(asking=None), *DONE]
    if option is None and means_something_else(turn.text) and read_match(turn.parse, parts.catalogue).item is None:
        return [*drop_item(turn, published), *DONE]
    if option is None and wish == "back" and turn.facts:
        return _circumstance_before(turn, published)
    if option is None:
        return _unclear(turn, parts, asking, lambda: _say_circumstance(turn, open_now)) or list(BESIDE)
    facts = {**turn.facts, open_now.id: option.id}
    turn.remember(facts=facts)
    _answer_besides(turn, parts, published)
    following = published.item.next_circumstance(facts)
    if following is None:
        return [*slots(facts=facts), *DONE]
    _say_circumstance(turn, following)
    return [*slots(facts=facts, asking={"kind": "circumstance"}), *WAITING]


def _answer_besides(turn: Turn, parts: ActionParts, published: PublishedItem) -> None:
    """ "过期半年了，可以开不": the circumstance is told, and what is asked besides is answered where the item says something of it."""
    _, asked = told_and_asked(turn.text)
    if not asked:
        return
    if aspects := parts.aspects.find(asked):
        answer_aspects(turn, parts, published, aspects)
    else:
        quote(turn, parts)


_ORDER_TO_US = re.compile(r"(?:好|那|就|请|麻烦)*(?:你|您|你们)?(?:帮|给|替)我(?:们)?(?:办|弄|申请|搞)(?:一下|下|了|吧|嘛|哈)*")
"""ask us to file it; of the options it names none, least of all "家里人替他办"."""


def _say_circumstance(turn: Turn, question: Circumstance) -> None:
    turn.say_text(question.ask, buttons(question.options))


def _circumstance_before(turn: Turn, published: PublishedItem) -> Events:
    last = [c for c in published.item.circumstances if c.id in turn.facts][-1]
    turn.say("utter_one_step_back")
    _say_circumstance(turn, last)
    facts = {name: option for name, option in turn.facts.items() if name != last.id}
    return [*slots(facts=facts, asking={"kind": "circumstance"}), *WAITING]


_NONE = re.compile(
    r"^(?:哎呀?|不是不是)?[，,\s]*"
    r"(?:都不(?:是|对|要|办)|不是(?:这|那)(?:几|些|三|两|二)个?|一个都不(?:是|对)|没一个对的?|(?:不是|没有)(?=[。，,\s！!]|$))"
)
LEAST_MATTER = 2


def _after_none(text: str) -> Optional[str]:
    """What is said after "都不是", empty when nothing is; None when the text does not begin so."""
    said = text.strip()
    match = _NONE.match(said)
    return said[match.end() :].strip(" ，,。.！!的吧呀啊") if match else None


async def choose_item(turn: Turn, parts: ActionParts, asking: Asking) -> Events:
    """Which item: from candidates, from a comparison, or of the drafts kept."""
    candidates = [p for p in (parts.catalogue.get(code) for code in asking.get("codes", ())) if p is not None]
    options = tuple(Option(p.item.code, p.item.name, p.item.aliases) for p in candidates)
    if not turn.fresh:
        _say_candidates(turn, asking, options)
        return list(WAITING)
    if turn.intent in ("thanks", "goodbye") and turn.confidence >= CLEARLY:
        turn.say(f"utter_{turn.intent}")
        return [*slots(asking=None), *DONE]
    rest = _after_none(turn.text)
    if rest is not None or turn.intent == "deny":
        other = await read_instead(turn, parts, rest) if rest and len(rest) >= LEAST_MATTER else None
        if other is None:
            turn.say("utter_tell_more")
            return [*slots(asking=None), *DONE]
        return await _present_chosen(turn, parts, asking, other, mentioned_facts(other.item, turn.text))
    beside = _asks_back(turn) or parts.wishes.find(turn.text) in FOR_RULES
    option = None if beside else read_choice(turn.text, options)
    chosen: Optional[PublishedItem] = None
    if option is not None:
        chosen = next(p for p in candidates if p.item.code == option.id)
    else:
        chosen = await _tells_more(turn, parts, asking, beside)
    if chosen is None:
        named = read_match(turn.parse, parts.catalogue).item is not None
        again = None if named else _unclear(turn, parts, asking, lambda: _say_candidates(turn, asking, options))
        return again or list(BESIDE)
    # Whoever picks from a list has told the circumstances before, not in the word that picks.
    told = turn.said_before[0] if option is not None and turn.said_before else turn.text
    return await _present_chosen(turn, parts, asking, chosen, mentioned_facts(chosen.item, told))


async def _present_chosen(
    turn: Turn, parts: ActionParts, asking: Asking, chosen: PublishedItem, facts: Dict[str, str]
) -> Events:
    if asking.get("then") == "file" or turn.intent == "file_case":
        return await ask_first(turn, parts, chosen, await begin(turn, parts, chosen))
    events = await present_item(turn, parts, chosen, facts)
    following = chosen.item.next_circumstance(facts)
    if following is None:
        return [*events, *DONE]
    _say_circumstance(turn, following)
    return [*events, *WAITING]


_ABOUT_A_MATTER = frozenset(
    {"ask_item", "nlu_fallback", "correct", "supplement", "file_case", "other_region", "chitchat"}
)


async def _tells_more(turn: Turn, parts: ActionParts, asking: Asking, beside: bool) -> Optional[PublishedItem]:
    """The item that question and answer together name ("房子要翻修", then "就是拆了重新盖"), when the answer is none of the candidates."""
    alone = read_match(turn.parse, parts.catalogue).item
    if (
        beside
        or alone is not None
        or asking.get("drafts")
        or turn.intent not in _ABOUT_A_MATTER
        or is_unsure(turn.text)
        or parts.aspects.only_asks_back(turn.text)
    ):
        return None
    return read_match(turn.parse, parts.catalogue).item if await read_together(turn, parts, 1) else None


def _say_candidates(turn: Turn, asking: Asking, options: Tuple[Option, ...]) -> None:
    shown = [*buttons(options), {"title": NONE_OF_THESE, "payload": NONE_OF_THESE}]
    kind = "compared" if asking.get("compared") else "draft" if asking.get("drafts") else "item"
    turn.say(f"utter_choose_{kind}", buttons=shown)


async def proof(turn: Turn, parts: ActionParts, asking: Asking) -> Events:
    """Look-up code or ID number for a case of somebody else's conversation."""
    if not turn.fresh:
        turn.say("utter_ask_proof", number=asking.get("number", ""))
        return list(WAITING)
    given = withdrawal.proof_in(turn)
    if not given:
        return _unclear(turn, parts, asking) or list(BESIDE)
    try:
        view = await parts.track_case.by_number(asking["number"], turn.conversation, given)
    except ServiceCenterError as error:
        locked = getattr(error, "status", 0) == 429
        wrong = getattr(error, "status", 0) == 404
        phone = parts.catalogue.centre.enquiry_phone
        turn.say(
            "utter_progress_locked" if locked else "utter_proof_wrong" if wrong else "utter_progress_unavailable",
            phone=phone,
        )
        return [*slots(asking=asking), *WAITING] if wrong else [*slots(asking=None), *DONE]
    if asking.get("then") == "withdraw":
        case = {"number": view.number, "item_name": view.item_name, "state_label": view.state_label}
        sure = {"kind": "withdraw", "case": case, "proof": given}
        withdrawal.say_sure(turn, sure)
        return [*slots(asking=sure), *WAITING]
    say_case(turn, parts, view)
    return [*slots(asking=None), *DONE]


async def which_case(turn: Turn, parts: ActionParts, asking: Asking) -> Events:
    """Which of one's cases is to be taken back."""
    if not turn.fresh:
        withdrawal.say_which(turn, asking)
        return list(WAITING)
    case = withdrawal.read_which(turn, asking)
    if not case:
        if turn.intent == "deny":
            turn.say("utter_withdraw_kept")
            return [*slots(asking=None), *DONE]
        return _unclear(turn, parts, asking, lambda: withdrawal.say_which(turn, asking)) or list(BESIDE)
    sure = {"kind": "withdraw", "case": case, "proof": {}}
    withdrawal.say_sure(turn, sure)
    return [*slots(asking=sure), *WAITING]


async def withdraw(turn: Turn, parts: ActionParts, asking: Asking) -> Events:
    """Really take it back? Only an explicit yes does."""
    if not turn.fresh:
        withdrawal.say_sure(turn, asking)
        return list(WAITING)
    sure = withdrawal.read_sure(turn, parts.wishes.find(turn.text) or "")
    if sure is None:
        return _unclear(turn, parts, asking) or list(BESIDE)
    if sure:
        await withdrawal.carry_out(turn, parts, asking)
    else:
        turn.say("utter_withdraw_kept")
    return [*slots(asking=None), *DONE]


HANDLERS: Dict[str, Handler] = {
    "circumstance": circumstance,
    "choose_item": choose_item,
    "proof": proof,
    "which_case": which_case,
    "withdraw": withdraw,
    **case_talk.HANDLERS,
    **visit_talk.HANDLERS,
}
BEFORE_A_DRAFT = frozenset({"proof", "which_case", "withdraw", *case_talk.HANDLERS, *visit_talk.HANDLERS})
"""Questions that come up in the middle of a filing and are settled first; the filing then goes on."""


def _cries_for_help(turn: Turn) -> bool:
    return turn.intent in SAFETY and turn.confidence >= CERTAIN


def _asks_back(turn: Turn) -> bool:
    return looks_like_question(turn.text) and len(turn.text) > 4


def _asks_of_item(turn: Turn, parts: ActionParts) -> bool:
    """ "谁来批", "县里还是镇里办": nothing but words of a follow-up."""
    return turn.slot("item") is not None and parts.aspects.only_asks_back(turn.text)


_TALK = frozenset(
    {"ask_item", "file_case", "progress", "center_info", "human", "complaint", "cancel", "save_draft", "resume", "greet", "thanks",
     "goodbye", "chitchat", "out_of_scope", "other_region", "abuse", "injection", "emergency", "crisis", "anti_fraud", "privacy",
     "illegal", "rating", "supplement", "correct"}
)  # fmt: skip


def _unclear(
    turn: Turn, parts: ActionParts, asking: Asking, say_again: Callable[[], None] = lambda: None
) -> Optional[Events]:
    """A hint, then the question again, and in the end no more of it; None when the message is talk that a rule answers."""
    wish = parts.wishes.find(turn.text)
    talk = turn.intent in _TALK and turn.confidence >= CLEARLY and not only_sounds_like_talk(turn.text, turn.intent)
    unsure = asking["kind"] in ("circumstance", "choose_item") and is_unsure(turn.text)
    if not unsure and (wish in FOR_RULES or (wish is None and talk) or _asks_back(turn) or _asks_of_item(turn, parts)):
        return None
    misses = int(asking.get("misses", 0)) + 1
    kind, phone = asking["kind"], parts.catalogue.centre.enquiry_phone
    if misses >= MISSES_BEFORE_DROPPED:  # whoever cannot answer must not hear the same question for ever
        turn.say(
            "utter_dropped_circumstance" if kind == "circumstance" else "utter_dropped",
            buttons=word_buttons("转人工"),
            phone=phone,
        )
        return [*slots(asking=None, offer="human"), *DONE]
    if unsure:
        turn.say("utter_unsure_choice", phone=phone)
    else:
        turn.say(
            {"proof": "utter_unclear_proof", "withdraw": "utter_unclear_withdraw"}.get(kind, "utter_unclear_choice")
        )
    if misses == MISSES_BEFORE_HELP and not unsure:
        turn.say("utter_form_help", phone=phone)
    say_again()
    return [*slots(asking={**asking, "misses": misses}), *WAITING]
