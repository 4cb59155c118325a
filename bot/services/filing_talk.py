"""答非所填 (da fei suo tian): what is said to a field's question instead of its value: not yet, as before, I have none, a yes to our guess. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import FrozenSet, List, Optional

from bot.domain.addresses import address_in
from bot.domain.answers import (
    NUMBER_SAID,
    Accepted,
    Answer,
    Sealed,
    looks_like_question,
    name_among,
    read_field,
    read_yes_no,
)
from bot.domain.clauses import told_and_asked
from bot.domain.draft import Ask, Draft, Question, form_fields
from bot.domain.item import FieldType, FormField
from bot.services.correct_draft import KIND_TYPES, calls_wrong
from bot.services.filing_step import Change, Context, Outcome, Step

_LACKS = {
    FieldType.MOBILE: "lacks_mobile",
    FieldType.BANK_CARD: "lacks_bank_card",
    FieldType.ID_NUMBER: "lacks_id_number",
}
_REPEATED = (FieldType.MOBILE, FieldType.ADDRESS)
"""Kinds of fields whose value may be the same for two people of one application."""


def proposal_taken(draft: Draft, answer: Answer, question: Question) -> Optional[Step]:
    """A yes to "公历10月3号，对吗"; None when nothing was proposed or the answer is no plain yes."""
    if not draft.proposed or question.field is None or draft.proposed["field"] != question.field.id:
        return None
    if read_yes_no(answer) is not True:
        return None
    taken = draft.with_field(question.field.id, draft.proposed["value"], draft.proposed["shown"])
    return Step(replace(taken, proposed={}), Outcome.TAKEN)


def beside_the_value(draft: Draft, answer: Answer, context: Context, question: Question) -> Optional[Step]:
    """A step when the message holds one of these ways of speaking; None when it should be read as the value."""
    form_field = question.field
    if question.kind is not Ask.FIELD or form_field is None or answer.numbers:
        return None
    if "same" in context.words:
        return _as_before(draft, context, form_field)
    if "not_yet" in context.words and form_field.type is FieldType.DATE and not form_field.planned:
        return Step(draft, Outcome.REFUSED, "not_yet", {"label": form_field.label})
    lacks = _LACKS.get(form_field.type, "")
    if lacks in context.words and form_field.required:
        return Step(draft, Outcome.REFUSED, lacks, {"label": form_field.label})
    return None


def _as_before(draft: Draft, context: Context, form_field: FormField) -> Optional[Step]:
    """ "还是那个电话": the value given last for a field of the same kind."""
    if form_field.type not in _REPEATED:
        return None
    alike = {f.id for f in form_fields(draft, context.item) if f.type is form_field.type and f.id != form_field.id}
    given = [name for name in draft.fields if name in alike and draft.fields[name]]
    if not given:
        return None
    return Step(draft.with_field(form_field.id, draft.fields[given[-1]], draft.shown[given[-1]]), Outcome.TAKEN)


def answered_and_asked(draft: Draft, answer: Answer, context: Context, question: Question) -> Optional[Step]:
    """ "龙凤村三组。要好久发钱？": the value is taken, and rules answer the question; None when the message is not both."""
    if question.kind is not Ask.FIELD or question.field is None:
        return None
    told, asked = told_and_asked(answer.text)
    if not asked:
        return None
    part = replace(answer, text=told, numbers=tuple(n for n in answer.numbers if n.token in told), intent="", confidence=0.0)
    reading = read_field(question.field, part, context.today, context.surnames)
    if not isinstance(reading, Accepted) or reading.value == "":
        return None
    return Step(draft.with_field(question.field.id, reading.value, reading.shown), Outcome.TAKEN_AND_ASKED)


def given_ahead(draft: Draft, answer: Answer, context: Context, question: Question) -> Optional[Step]:
    """Numbers said before they are asked for ("李秀英，身份证…，电话…"): each goes to the one field of its kind that is still open.

    A name or an address beside them answers the open question. None when a number has no such field, or is the answer itself.
    """
    asked = question.field
    if question.kind is not Ask.FIELD or asked is None or not answer.numbers or looks_like_question(answer.text) or calls_wrong(answer.text):
        return None
    taken: List[Change] = []
    for number in answer.numbers:
        target = _open_field(draft, context, number)
        if target is None or (target.id == asked.id and len(answer.numbers) == 1):
            return None
        reading = read_field(target, replace(answer, text=number.token, numbers=(number,)), context.today, context.surnames)
        if not isinstance(reading, Accepted):
            return None
        draft = draft.with_field(target.id, reading.value, reading.shown)
        taken.append(Change("given", target.label, reading.shown))
    if beside := _beside_numbers(asked, answer.text, context.surnames):
        draft = draft.with_field(asked.id, beside, beside)
        taken.insert(0, Change("given", asked.label, beside))
    return Step(replace(draft, misses=0), Outcome.CORRECTING, changes=tuple(taken))


def _open_field(draft: Draft, context: Context, number: Sealed) -> Optional[FormField]:
    kind = KIND_TYPES.get(number.kind) if number.verdict == "ok" else None
    still_open = [f for f in form_fields(draft, context.item) if f.type is kind and f.id not in draft.fields]
    return still_open[0] if len(still_open) == 1 else None


def _beside_numbers(asked: FormField, text: str, surnames: FrozenSet[str]) -> str:
    rest = NUMBER_SAID.sub("，", text)
    if asked.type is FieldType.NAME:
        return name_among(rest, surnames)
    return address_in(rest) if asked.type is FieldType.ADDRESS else ""
