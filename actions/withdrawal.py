"""撤回: take a filed case back by chat: one's own, or with proof; asked once; when refused, why and what to do."""

from __future__ import annotations

from typing import Any, Dict, List, Tuple

from actions.action_base import Events, Turn, open_form, slots, word_buttons
from bot.bootstrap import ActionParts
from bot.domain.answers import looks_like_question, read_choice, read_yes_no
from bot.domain.item import Option
from bot.ports import ServiceCenterError
from bot.services.open_cases import ON_ITS_WAY, OpenCase
from bot.services.track_case import LOOKS_LIKE_OURS, code_in, fingerprint_in, number_in

YES, NO = "撤回", "不撤了"


async def start_withdrawal(turn: Turn, parts: ActionParts) -> Events:
    """Find the case meant and ask whether it is to be taken back."""
    number = number_in(turn.text)
    if number is None and LOOKS_LIKE_OURS.search(turn.text):
        turn.say("utter_number_wrong")
        return []
    try:
        cases = await parts.open_cases.own(turn.conversation)
        every = await parts.center.cases_of(turn.conversation) if number else []
    except ServiceCenterError:
        turn.say("utter_withdraw_unavailable", phone=parts.catalogue.centre.enquiry_phone)
        return []
    if number is None:
        return _which(turn, parts, cases)
    own = next((case for case in cases if case.number == number), None)
    if own is not None:
        return ask_withdrawal(turn, own.as_dict(), {})
    if any(case["number"] == number for case in every):  # one's own, but over
        turn.say("utter_withdraw_over", number=number, phone=parts.catalogue.centre.enquiry_phone)
        return []
    proof = proof_in(turn)
    if proof:
        return ask_withdrawal(turn, {"number": number}, proof)
    return [*slots(asking={"kind": "proof", "number": number, "then": "withdraw"}), *open_form(turn)]


def _which(turn: Turn, parts: ActionParts, cases: List[OpenCase]) -> Events:
    current = turn.slot("item")
    named = [case for case in cases if case.item_name and case.item_name in turn.text]
    cases = named or cases
    if not cases:
        turn.say("utter_nothing_to_withdraw", phone=parts.catalogue.centre.enquiry_phone)
        return []
    if len(cases) == 1:
        return ask_withdrawal(turn, cases[0].as_dict(), {})
    cases = sorted(cases, key=lambda case: case.item_code != current)[:5]
    return [*slots(asking={"kind": "which_case", "cases": [c.as_dict() for c in cases]}), *open_form(turn)]


def ask_withdrawal(turn: Turn, case: Dict[str, str], proof: Dict[str, str]) -> Events:
    """Ask once; the form reads the answer."""
    return [*slots(asking={"kind": "withdraw", "case": case, "proof": proof}), *open_form(turn)]


def proof_in(turn: Turn) -> Dict[str, str]:
    """What proves that a case may be shown: look-up code or full ID number."""
    proof: Dict[str, str] = {}
    if code := code_in(turn.text):
        proof["lookup_code"] = code
    if fingerprint := fingerprint_in(turn.numbers):
        proof["id_fingerprint"] = fingerprint
    return proof


# the open questions; each says what it asks, or reads the answer: (taken or not, events)


def say_which(turn: Turn, asking: Dict[str, Any]) -> None:
    """Ask which case."""
    turn.say("utter_withdraw_which", buttons=[{"title": o.label, "payload": o.label} for o in case_options(asking)])


def say_sure(turn: Turn, asking: Dict[str, Any]) -> None:
    """Ask whether the case is to be taken back."""
    case = asking["case"]
    name = case.get("item_name") or ""
    response = "utter_ask_withdraw" if name else "utter_ask_withdraw_number"
    turn.say(
        response, buttons=word_buttons(YES, NO), number=case["number"], item=name, state=case.get("state_label", "")
    )


def case_options(asking: Dict[str, Any]) -> Tuple[Option, ...]:
    """The cases as choices."""
    return tuple(
        Option(
            case["number"],
            f"{case.get('item_name') or ''} {case['number']}".strip(),
            (case.get("item_name") or case["number"],),
        )
        for case in asking["cases"]
    )


def read_which(turn: Turn, asking: Dict[str, Any]) -> Dict[str, str]:
    """The case chosen, or empty."""
    number = number_in(turn.text)
    option = read_choice(turn.text, case_options(asking))
    chosen = number or (option.id if option else None)
    if chosen is None and "件" in turn.text:  # "身份证那件": the matcher's best among the cases
        ranked = [str(entry.get("code")) for entry in turn.parse.get("item_ranking") or []]
        meant = [case["number"] for code in ranked for case in asking["cases"] if case.get("item_code") == code]
        chosen = next(iter(meant), None)
    return next((dict(case) for case in asking["cases"] if case["number"] == chosen), {})


def read_sure(turn: Turn, wish: str) -> Any:
    """True, False, or None when it is no answer."""
    if any(words in turn.text for words in ("不撤", "别撤", "先不", "留着", "接着办")):
        return False
    if looks_like_question(turn.text):
        return None
    said = read_yes_no(turn.answer)
    return True if wish == "withdraw" or (said is None and "撤" in turn.text) else said


async def carry_out(turn: Turn, parts: ActionParts, asking: Dict[str, Any]) -> None:
    """Withdraw and say what became of it."""
    case = asking["case"]
    done = await parts.open_cases.withdraw(case["number"], turn.conversation, asking.get("proof") or {})
    turn.say(
        f"utter_withdraw_{done.outcome}" if done.outcome != ON_ITS_WAY else "utter_withdraw_on_its_way",
        number=case["number"],
        item=done.item_name or case.get("item_name") or "",
        phone=parts.catalogue.centre.enquiry_phone,
    )
