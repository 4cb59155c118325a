"""The form while a draft is open: one message is read against the draft's question, and what became of it is said."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Awaitable, Callable, Dict, Tuple

from actions.action_base import BESIDE, DONE, WAITING, Events, Turn, slots, word_buttons
from actions.filing import begin, item_name
from actions.form_questions import ask, say_filled
from actions.matters import say_what_is_left
from bot.bootstrap import ActionParts
from bot.domain.draft import Draft, form_fields, lacking_materials
from bot.ports import PublishedItem
from bot.services.collect_materials import MISSES_BEFORE_ASIDE, MISSES_BEFORE_HELP, take_answer
from bot.services.file_case import Receipt
from bot.services.filing_step import Context, Outcome, Step
from bot.services.find_item import read_match

_INSTEAD = re.compile(
    r"改办|换办|换成|改成办|不办(?:这|了)|先办|我要办|我想办|帮我办|给我办|我要申请|帮我申请|想申请|要补|要领|继续办|接着办"
)
_NOT_ANSWERED = (Outcome.UNCLEAR, Outcome.REFUSED, Outcome.BESIDE)


async def take(turn: Turn, parts: ActionParts, draft: Draft) -> Events:
    """Read the message; ask the next question."""
    published = parts.catalogue.get(draft.item_code)
    if published is None:
        turn.say("utter_item_gone")
        return [*slots(case=None), *DONE]
    if not turn.fresh or draft.last_message_id == turn.message_id:
        ask(turn, parts, draft, published)
        return list(WAITING)
    if draft.cancelling and (other := _other_item(turn, parts, draft)):
        return await _instead(turn, parts, draft, published, other)
    context = _context(turn, parts, published)
    if context.wish == "show_filled" and say_filled(turn, draft, published):
        ask(turn, parts, draft, published)
        return [*slots(case=draft.id), *WAITING]
    step = take_answer(draft, turn.answer, context)
    if step.outcome in _NOT_ANSWERED and (other := _other_item(turn, parts, draft)):
        return await _to_put_aside(turn, parts, draft, published, other)
    if step.outcome is Outcome.BESIDE:
        return list(BESIDE)
    if step.outcome is Outcome.TAKEN_AND_ASKED:
        await parts.store.save(replace(step.draft, last_message_id=turn.message_id))
        return list(BESIDE)  # the form comes back with the next question after the rules' answer
    return await _after(turn, parts, published, step)


async def _instead(turn: Turn, parts: ActionParts, draft: Draft, published: PublishedItem, other: str) -> Events:
    """Asked whether really to stop, the person orders something else: that is a yes."""
    await parts.store.delete(draft.id)
    turn.say("utter_cancelled", item=published.item.name)
    turn.remember(case=None)
    wanted = parts.catalogue.get(other)
    assert wanted is not None
    return await ask_first(turn, parts, wanted, await begin(turn, parts, wanted))


def _context(turn: Turn, parts: ActionParts, published: PublishedItem) -> Context:
    now = parts.clock.now()
    consent = parts.statements.given(
        "consent", now.isoformat(), turn.channel, turn.conversation, item=published.item.name
    )
    words, wish = parts.filing_words.find(turn.text), parts.wishes.find(turn.text) or ""
    return Context(published.item, now.date(), parts.surnames, consent.as_dict(), words, wish)


def _other_item(turn: Turn, parts: ActionParts, draft: Draft) -> str:
    """Code of another item that the person wants to have handled now; empty if none."""
    if turn.parse.get("item_matters") or turn.parse.get("item_sides"):
        return ""
    found = read_match(turn.parse, parts.catalogue).item
    other = found is not None and found.item.code != draft.item_code
    wants = bool(_INSTEAD.search(turn.text)) or turn.intent == "file_case"
    return found.item.code if found is not None and other and wants and not draft.aside else ""


async def _to_put_aside(turn: Turn, parts: ActionParts, draft: Draft, published: PublishedItem, other: str) -> Events:
    draft = replace(draft, aside=other, last_message_id=turn.message_id)
    await parts.store.save(draft)
    ask(turn, parts, draft, published)
    return [*slots(case=draft.id), *WAITING]


async def _after(turn: Turn, parts: ActionParts, published: PublishedItem, step: Step) -> Events:
    if step.outcome is Outcome.CONFIRMED:
        # the id must not be marked as taken yet: should we die before filing, the same message confirms again
        return await _confirmed(turn, parts, published, step.draft)
    draft = replace(step.draft, last_message_id=turn.message_id)
    ending = _ENDINGS.get(step.outcome)
    if ending is not None:
        return await ending(turn, parts, published, replace(step, draft=draft))
    if step.outcome is Outcome.UNCLEAR and draft.misses >= MISSES_BEFORE_ASIDE:
        return await _stuck(turn, parts, published, draft)
    await parts.store.save(draft)
    _say(turn, parts, step)
    if step.outcome is not Outcome.WHICH_WRONG:
        ask(turn, parts, draft, published)
    return [*slots(case=draft.id, facts=dict(draft.facts)), *WAITING]


def _say(turn: Turn, parts: ActionParts, step: Step) -> None:
    """What became of the message, before the next question."""
    for change in step.changes:
        turn.say(f"utter_corrected_{change.how}", label=change.label, shown=change.shown)
    response = {
        Outcome.WHICH_WRONG: "utter_which_wrong",
        Outcome.BACK: "utter_one_step_back",
        Outcome.AT_START: "utter_nothing_before",
        Outcome.KEPT: "utter_kept",
    }.get(step.outcome)
    if step.outcome is Outcome.SKIPPED:
        response = f"utter_skipped_{step.reason}"
    elif step.outcome is Outcome.REFUSED:
        response = f"utter_refused_{step.reason}"
    elif step.outcome is Outcome.UNCLEAR:
        response = f"utter_unclear_{step.reason}"
    if response:
        turn.say(response, **step.details)
    if step.outcome in (Outcome.REFUSED, Outcome.UNCLEAR) and step.draft.misses % MISSES_BEFORE_HELP == 0:
        turn.say("utter_form_help", phone=parts.catalogue.centre.enquiry_phone)


# where the filing ends, or is put aside

Ending = Callable[[Turn, ActionParts, PublishedItem, Step], Awaitable[Events]]
_LEFT = slots(case=None, offer=None)


async def _cancelled(turn: Turn, parts: ActionParts, published: PublishedItem, step: Step) -> Events:
    await parts.store.delete(step.draft.id)
    turn.say("utter_cancelled" if step.outcome is Outcome.CANCELLED else "utter_no_consent", item=published.item.name)
    return [*_LEFT, *say_what_is_left(turn, parts, published.item.code), *DONE]


async def _saved(turn: Turn, parts: ActionParts, published: PublishedItem, step: Step) -> Events:
    await parts.store.save(step.draft)
    if step.outcome is Outcome.SAVED:
        turn.say("utter_saved", item=published.item.name)
    else:
        labels = [f.label for f in form_fields(step.draft, published.item) if f.id in step.draft.skipped]
        turn.say("utter_left_open", item=published.item.name, labels="、".join(labels))
    return [*_LEFT, *say_what_is_left(turn, parts, published.item.code), *DONE]


async def _stuck(turn: Turn, parts: ActionParts, published: PublishedItem, draft: Draft) -> Events:
    """Nothing said for a while answers the question: keep everything and offer a person."""
    await parts.store.save(replace(draft, misses=0))
    phone = parts.catalogue.centre.enquiry_phone
    turn.say("utter_stuck", buttons=word_buttons("转人工", "继续"), item=published.item.name, phone=phone)
    return [*slots(case=None, offer="human"), *DONE]


async def _not_again(turn: Turn, parts: ActionParts, published: PublishedItem, step: Step) -> Events:
    """No second case: what has been filled in is of no use then, and goes."""
    await parts.store.delete(step.draft.id)
    first = step.draft.duplicates[0]
    turn.say("utter_not_filed_elsewhere" if first.get("elsewhere") else "utter_not_filed_again", number=first["number"])
    return [*_LEFT, *say_what_is_left(turn, parts, published.item.code), *DONE]


async def _switched(turn: Turn, parts: ActionParts, published: PublishedItem, step: Step) -> Events:
    other = parts.catalogue.get(step.draft.aside)
    await parts.store.save(replace(step.draft, aside=""))
    if other is None:
        turn.say("utter_item_gone")
        return [*_LEFT, *DONE]
    turn.say("utter_switched", item=item_name(step.draft, parts))
    turn.remember(case=None)
    return await ask_first(turn, parts, other, await begin(turn, parts, other))


async def ask_first(turn: Turn, parts: ActionParts, published: PublishedItem, events: Events) -> Events:
    """Ask the first question of a draft that was begun while the form is active."""
    case = next(e["value"] for e in events if e.get("name") == "case")
    draft = await parts.store.load(case)
    assert draft is not None
    ask(turn, parts, draft, published)
    return [*events, *WAITING]


_ENDINGS: Dict[Outcome, Ending] = {
    Outcome.CANCELLED: _cancelled,
    Outcome.NO_CONSENT: _cancelled,
    Outcome.SAVED: _saved,
    Outcome.LEFT_OPEN: _saved,
    Outcome.NOT_AGAIN: _not_again,
    Outcome.SWITCHED: _switched,
}


# filing


async def _confirmed(turn: Turn, parts: ActionParts, published: PublishedItem, draft: Draft) -> Events:
    lacking = lacking_materials(draft, published.item)
    if lacking:
        # only 容缺 materials may follow; without a required one the counter could not accept the case
        await parts.store.save(replace(draft, one_by_one=True, materials=_without(draft, lacking)))
        turn.say("utter_lacking", materials="\n".join(f"• {m.name}（{m.issuer}）" for m in lacking))
        return [*_LEFT, *say_what_is_left(turn, parts, published.item.code), *DONE]
    alike = await parts.open_cases.alike(draft)
    if alike:
        draft = replace(draft, duplicates=[case.as_dict() for case in alike], last_message_id=turn.message_id)
        await parts.store.save(draft)
        ask(turn, parts, draft, published)
        return [*slots(case=draft.id), *WAITING]
    truth = parts.statements.given("truth", parts.clock.now().isoformat(), turn.channel, turn.conversation)
    receipt = await parts.file_case.file(draft, published.item, turn.message_id, truth)
    say_receipt(turn, parts, published, receipt)
    ended = slots(case=None, asking=None, offer=None)
    return [*ended, *say_what_is_left(turn, parts, published.item.code), *DONE]


def _without(draft: Draft, lacking: Tuple[Any, ...]) -> Dict[str, str]:
    gone = {m.id for m in lacking}
    return {k: v for k, v in draft.materials.items() if k not in gone}


def say_receipt(turn: Turn, parts: ActionParts, published: PublishedItem, receipt: Receipt) -> None:
    """受理回执 as text: number, kind, promised date, where to ask."""
    phone = parts.catalogue.centre.enquiry_phone
    if receipt.refusal:
        turn.say("utter_filing_refused", number=receipt.number, why=receipt.refusal, phone=phone)
        return
    if not receipt.filed:
        turn.say("utter_filing_queued", number=receipt.number, code=receipt.code, phone=phone)
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
        phone=phone,
    )
