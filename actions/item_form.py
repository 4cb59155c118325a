"""The one form: whatever question of ours is open, its answer is read here.

`validate_item_form` is a plain action with four results: the answer was taken (ask the next question), everything is there (the
form ends and `action_form_done` follows), the message was talk beside the question (return nothing: the form rejects, a rule answers, and
Rasa comes back to the form), or an earlier value was corrected. It asks the next question itself, so a form turn costs one action call.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Dict, Optional, Tuple

from actions.action_base import BangbanAction, Events, Turn, buttons, slots, word_buttons
from actions.consult import NONE_OF_THESE, present_item, say_notice
from actions.filing import CONFIRM_BUTTONS, open_draft, start_filing
from actions.service import say_case
from bot.bootstrap import ActionParts
from bot.domain.answers import looks_like_question, read_choice
from bot.domain.draft import (
    FOR_WHOM_OPTIONS,
    Ask,
    Draft,
    form_fields,
    lacking_materials,
    next_question,
    wanted_materials,
)
from bot.domain.item import Option
from bot.domain.notice import FORM_LABELS
from bot.ports import PublishedItem, ServiceCenterError
from bot.services.collect_materials import MISSES_BEFORE_HELP, SAFETY, Context, Outcome, Step, take_answer
from bot.services.file_case import Receipt
from bot.services.find_item import read_match
from bot.services.track_case import code_in, fingerprint_in

WAITING = [{"event": "slot", "name": "requested_slot", "value": "answer", "timestamp": None}]
DONE = [{"event": "slot", "name": "requested_slot", "value": None, "timestamp": None}]
BESIDE: Events = []
CLEARLY = 0.5


class ValidateItemForm(BangbanAction):
    """Reads the answer to the open question."""

    def name(self) -> str:
        """Name that Rasa derives from the form's."""
        return "validate_item_form"

    def after_failure(self) -> Events:
        """Stay in the form: the draft is stored, the question can be answered again.

        Without a slot besides requested_slot Rasa would take this for a rejection and lose the sentence.
        """
        return [*slots(answer=None), *WAITING]

    async def handle(self, turn: Turn, parts: ActionParts) -> Events:
        """Filing when a draft is open, else one of the smaller questions."""
        draft = await open_draft(turn, parts)
        if draft is not None:
            return await self._filing(turn, parts, draft)
        asking: Dict[str, Any] = turn.slot("asking") or {}
        handler = {"circumstance": _circumstance, "choose_item": _choose_item, "proof": _proof}.get(asking.get("kind", ""))
        if handler is None:
            return list(DONE)
        return await handler(turn, parts, asking)

    async def _filing(self, turn: Turn, parts: ActionParts, draft: Draft) -> Events:
        published = parts.catalogue.get(draft.item_code)
        if published is None:
            turn.say("utter_item_gone")
            return [*slots(case=None), *DONE]
        if not turn.fresh or draft.last_message_id == turn.message_id:
            ask(turn, parts, draft, published)
            return list(WAITING)
        step = take_answer(draft, turn.answer, _context(turn, parts, published))
        if step.outcome is Outcome.BESIDE:
            return BESIDE
        if step.outcome is Outcome.UNCLEAR and _means_other_item(turn, parts, draft):
            return BESIDE
        return await _after_step(turn, parts, published, step)


def _context(turn: Turn, parts: ActionParts, published: PublishedItem) -> Context:
    consent = parts.statements.given(
        "consent", parts.clock.now().isoformat(), turn.channel, turn.conversation, item=published.item.name
    )
    return Context(published.item, parts.clock.now().date(), parts.surnames, consent.as_dict())


def _means_other_item(turn: Turn, parts: ActionParts, draft: Draft) -> bool:
    found = read_match(turn.parse, parts.catalogue).item
    return found is not None and found.item.code != draft.item_code and turn.intent in ("ask_item", "file_case")


async def _after_step(turn: Turn, parts: ActionParts, published: PublishedItem, step: Step) -> Events:
    draft = replace(step.draft, last_message_id=turn.message_id)
    if step.outcome in (Outcome.CANCELLED, Outcome.NO_CONSENT):
        await parts.store.delete(draft.id)
        turn.say("utter_cancelled" if step.outcome is Outcome.CANCELLED else "utter_no_consent", item=published.item.name)
        return [*slots(case=None, offer=None), *DONE]
    if step.outcome is Outcome.CONFIRMED:
        # the id must not be marked as taken yet: should we die before filing, the same message confirms again
        return await _confirmed(turn, parts, published, step.draft)
    await parts.store.save(draft)
    if step.outcome is Outcome.WHICH_WRONG:
        turn.say("utter_which_wrong")
        return [*slots(case=draft.id), *WAITING]
    if step.outcome is Outcome.CORRECTING:
        turn.say(f"utter_corrected_{step.reason}", **step.details)
    elif step.outcome is Outcome.KEPT:
        turn.say("utter_kept")
    elif step.outcome in (Outcome.REFUSED, Outcome.UNCLEAR):
        prefix = "utter_refused_" if step.outcome is Outcome.REFUSED else "utter_unclear_"
        turn.say(prefix + step.reason, **step.details)
        if draft.misses >= MISSES_BEFORE_HELP:
            turn.say("utter_form_help", phone=parts.catalogue.centre.enquiry_phone)
    ask(turn, parts, draft, published)
    return [*slots(case=draft.id), *WAITING]


async def _confirmed(turn: Turn, parts: ActionParts, published: PublishedItem, draft: Draft) -> Events:
    lacking = lacking_materials(draft, published.item)
    if lacking:
        # only 容缺 materials may follow; without a required one the counter could not accept the case
        await parts.store.save(replace(draft, one_by_one=True, materials=_without(draft, lacking)))
        turn.say("utter_lacking", materials="\n".join(f"• {m.name}（{m.issuer}）" for m in lacking))
        return [*slots(case=None, offer=None), *DONE]
    now = parts.clock.now().isoformat()
    truth = parts.statements.given("truth", now, turn.channel, turn.conversation)
    receipt = await parts.file_case.file(draft, published.item, turn.message_id, truth)
    say_receipt(turn, parts, published, receipt)
    return [*slots(case=None, asking=None, offer=None), *DONE]


def _without(draft: Draft, lacking: Tuple[Any, ...]) -> Dict[str, str]:
    gone = {m.id for m in lacking}
    return {k: v for k, v in draft.materials.items() if k not in gone}


def say_receipt(turn: Turn, parts: ActionParts, published: PublishedItem, receipt: Receipt) -> None:
    """受理回执 as text: number, kind, promised date, where to ask."""
    if receipt.refusal:
        turn.say("utter_filing_refused", number=receipt.number, why=receipt.refusal, phone=parts.catalogue.centre.enquiry_phone)
        return
    if not receipt.filed:
        turn.say("utter_filing_queued", number=receipt.number, code=receipt.code, phone=parts.catalogue.centre.enquiry_phone)
        return
    answer = receipt.answer
    date = str(answer.get("promised_date") or "")
    if date and answer.get("promised_provisional"):
        date += "（暂定）"
    turn.say(
        "utter_receipt" if date else "utter_receipt_no_date",
        number=receipt.number,
        code=receipt.code,
        item=published.item.name,
        kind=str(answer.get("kind_label") or ""),
        date=date,
        window=published.local.window or parts.catalogue.centre.name,
        phone=parts.catalogue.centre.enquiry_phone,
    )


# asking


def ask(turn: Turn, parts: ActionParts, draft: Draft, published: PublishedItem) -> None:
    """Say the draft's open question."""
    question = next_question(draft, published.item)
    if question.kind is Ask.CIRCUMSTANCE:
        circumstance = published.item.next_circumstance(draft.facts)
        assert circumstance is not None
        turn.say_text(circumstance.ask, buttons(circumstance.options))
    elif question.kind is Ask.CONSENT:
        text = parts.statements.text("consent", item=published.item.name)
        turn.say("utter_ask_consent", buttons=word_buttons("同意", "不同意"), statement=text)
    elif question.kind is Ask.FOR_WHOM:
        turn.say("utter_ask_for_whom", buttons=buttons(FOR_WHOM_OPTIONS))
    elif question.kind is Ask.FIELD and question.field is not None:
        if question.field.id.startswith("agent_"):
            turn.say(f"utter_ask_{question.field.id}", buttons=buttons(question.field.options))
        else:
            hint = f"\n（{question.field.hint}）" if question.field.hint else ""
            turn.say_text(question.field.ask + hint, buttons(question.field.options))
    elif question.kind is Ask.MATERIALS:
        lines = [f"• {m.name}（{FORM_LABELS[m.form]}{m.copies}份）" for m in wanted_materials(draft, published.item)]
        turn.say("utter_ask_materials", buttons=word_buttons("都有", "有缺的"), materials="\n".join(lines))
    elif question.kind is Ask.MATERIAL and question.material is not None:
        material = question.material
        note = f"\n（{material.note.rstrip('。')}）" if material.note else ""
        turn.say(
            "utter_ask_material",
            buttons=word_buttons("有", "现在没有"),
            name=material.name,
            form=FORM_LABELS[material.form],
            copies=material.copies,
            note=note,
        )
    elif question.kind is Ask.CANCEL:
        turn.say("utter_ask_cancel", buttons=word_buttons("不办了", "接着办"), item=published.item.name)
    else:
        read_back(turn, parts, draft, published)


def read_back(turn: Turn, parts: ActionParts, draft: Draft, published: PublishedItem) -> None:
    """Everything once more, personal numbers masked, with the truth statement."""
    lines = [f"• {f.label}：{draft.shown[f.id]}" for f in form_fields(draft, published.item) if draft.shown.get(f.id)]
    for material in wanted_materials(draft, published.item):
        have = "有，到时带去" if draft.materials.get(material.id) == "paper" else "现在没有"
        lines.append(f"• {material.name}：{have}")
    turn.say(
        "utter_read_back",
        buttons=CONFIRM_BUTTONS,
        item=published.item.name,
        lines="\n".join(lines),
        truth=parts.statements.text("truth"),
    )


# the smaller questions, without a draft


async def _circumstance(turn: Turn, parts: ActionParts, asking: Dict[str, Any]) -> Events:
    published = turn.current_item(parts)
    circumstance = published.item.next_circumstance(turn.facts) if published else None
    if published is None or circumstance is None:
        return list(DONE)
    if not turn.fresh:
        turn.say_text(circumstance.ask, buttons(circumstance.options))
        return list(WAITING)
    option = None if _asks_back(turn) else read_choice(turn.text, circumstance.options)
    if option is not None and _cries_for_help(turn) and turn.text != option.label:
        return list(BESIDE)
    if option is None:
        return _unclear(turn, parts, asking) or list(BESIDE)
    facts = {**turn.facts, circumstance.id: option.id}
    following = published.item.next_circumstance(facts)
    if following is None:
        return [*slots(facts=facts), *DONE]
    turn.say_text(following.ask, buttons(following.options))
    return [*slots(facts=facts, asking={"kind": "circumstance"}), *WAITING]


async def _choose_item(turn: Turn, parts: ActionParts, asking: Dict[str, Any]) -> Events:
    candidates = [p for p in (parts.catalogue.get(code) for code in asking.get("codes", ())) if p is not None]
    options = tuple(Option(p.item.code, p.item.name, p.item.aliases) for p in candidates)
    shown = [*buttons(options), {"title": NONE_OF_THESE, "payload": NONE_OF_THESE}]
    if not turn.fresh:
        turn.say("utter_choose_item", buttons=shown)
        return list(WAITING)
    if turn.text.strip(" 。.！!") in (NONE_OF_THESE, "都不对", "不是", "没有", "都不要") or turn.intent == "deny":
        turn.say("utter_tell_more")
        return [*slots(asking=None), *DONE]
    option = None if _asks_back(turn) else read_choice(turn.text, options)
    if option is None:
        found = read_match(turn.parse, parts.catalogue)
        return list(BESIDE) if found.item is not None else (_unclear(turn, parts, asking) or list(BESIDE))
    chosen = next(p for p in candidates if p.item.code == option.id)
    if asking.get("then") == "file":
        return await _file_chosen(turn, parts, chosen)
    events = await present_item(turn, parts, chosen, {})
    circumstance = chosen.item.next_circumstance({})
    if circumstance is None:
        return [*events, *DONE]
    turn.say_text(circumstance.ask, buttons(circumstance.options))
    return [*events, *WAITING]


async def _file_chosen(turn: Turn, parts: ActionParts, chosen: PublishedItem) -> Events:
    events = await start_filing(turn, parts, chosen)
    case = next(e["value"] for e in events if e.get("name") == "case")
    draft = await parts.store.load(case)
    assert draft is not None
    ask(turn, parts, draft, chosen)
    return [*events, *WAITING]


async def _proof(turn: Turn, parts: ActionParts, asking: Dict[str, Any]) -> Events:
    if not turn.fresh:
        turn.say("utter_ask_proof", number=asking.get("number", ""))
        return list(WAITING)
    proof: Dict[str, str] = {}
    code, fingerprint = code_in(turn.text), fingerprint_in(turn.numbers)
    if code:
        proof["lookup_code"] = code
    if fingerprint:
        proof["id_fingerprint"] = fingerprint
    if not proof:
        return _unclear(turn, parts, asking) or list(BESIDE)
    try:
        view = await parts.track_case.by_number(asking["number"], turn.conversation, proof)
    except ServiceCenterError as error:
        locked = getattr(error, "status", 0) == 429
        wrong = getattr(error, "status", 0) == 404
        phone = parts.catalogue.centre.enquiry_phone
        turn.say("utter_progress_locked" if locked else "utter_proof_wrong" if wrong else "utter_progress_unavailable", phone=phone)
        return [*slots(asking=asking), *WAITING] if wrong else [*slots(asking=None), *DONE]
    say_case(turn, parts, view)
    return [*slots(asking=None), *DONE]


def _cries_for_help(turn: Turn) -> bool:
    return turn.intent in SAFETY and turn.confidence >= CLEARLY


def _asks_back(turn: Turn) -> bool:
    return looks_like_question(turn.text) and len(turn.text) > 4


_TALK = frozenset(
    {"ask_item", "file_case", "progress", "center_info", "human", "complaint", "cancel", "save_draft", "resume", "greet", "thanks",
     "goodbye", "chitchat", "out_of_scope", "other_region", "abuse", "injection", "emergency", "crisis", "anti_fraud", "privacy",
     "illegal", "rating", "supplement", "correct"}
)  # fmt: skip


def _unclear(turn: Turn, parts: ActionParts, asking: Dict[str, Any]) -> Optional[Events]:
    """Say the question again with a hint; None when the message is talk that a rule answers."""
    if (turn.intent in _TALK and turn.confidence >= CLEARLY) or _asks_back(turn):
        return None
    misses = int(asking.get("misses", 0)) + 1
    turn.say("utter_unclear_choice" if asking["kind"] != "proof" else "utter_unclear_proof")
    if misses >= MISSES_BEFORE_HELP:
        turn.say("utter_form_help", phone=parts.catalogue.centre.enquiry_phone)
    again = {**asking, "misses": misses}
    return [*slots(asking=again), *WAITING]


class ActionFormDone(BangbanAction):
    """After the form has ended: give the exact notice when it was about circumstances."""

    def name(self) -> str:
        """Name in domain.yml."""
        return "action_form_done"

    async def handle(self, turn: Turn, parts: ActionParts) -> Events:
        """Everything else was said when the last answer was taken."""
        asking: Dict[str, Any] = turn.slot("asking") or {}
        published = turn.current_item(parts)
        if asking.get("kind") != "circumstance" or published is None:
            return slots(asking=None)
        if published.item.next_circumstance(turn.facts) is not None:
            return slots(asking=None)
        await say_notice(turn, parts, published, turn.facts)
        return slots(asking=None, offer="file", misses=0)


