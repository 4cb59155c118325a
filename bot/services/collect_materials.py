"""帮办收件 (bangban shoujian): take one message as the answer to the draft's open question.

Pure: draft and answer in, draft and outcome out. What is said about each outcome stands in domain.yml; the caller only looks it up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum
from typing import Any, Dict, FrozenSet, Mapping, Optional, Tuple

from bot.domain.answers import (
    TOKEN,
    Accepted,
    Answer,
    Reading,
    Rejected,
    compact,
    looks_like_question,
    read_choice,
    read_field,
    read_yes_no,
)
from bot.domain.draft import (
    FOR_WHOM_OPTIONS,
    MATERIAL_OPTIONS,
    Ask,
    Draft,
    Question,
    form_fields,
    next_question,
    wanted_materials,
)
from bot.domain.item import FieldType, FormField, Item

DIGRESSIONS = frozenset(
    {
        "ask_item", "file_case", "progress", "center_info", "human", "complaint", "cancel", "save_draft", "resume", "greet",
        "thanks", "goodbye", "chitchat", "out_of_scope", "other_region", "abuse", "injection", "emergency", "crisis",
        "anti_fraud", "privacy", "illegal", "rating", "supplement",
    }
)  # fmt: skip
"""Intents that are talk beside the question; rules answer them and the form goes on at the same question."""

SAFETY = frozenset({"emergency", "crisis"})
CLEARLY = 0.5
MISSES_BEFORE_HELP = 2


class Outcome(str, Enum):
    """What became of the message."""

    TAKEN = "taken"  # an answer was stored; ask the next question
    REFUSED = "refused"  # an answer that cannot be used; say why, ask again
    UNCLEAR = "unclear"  # neither an answer nor anything we know
    BESIDE = "beside"  # a digression: rules answer it
    CORRECTING = "correcting"  # an earlier value was dropped or replaced
    WHICH_WRONG = "which_wrong"  # something is wrong; ask what
    CONFIRMED = "confirmed"  # explicit yes to the read-back: file it
    CANCELLED = "cancelled"
    KEPT = "kept"  # not cancelled after all
    NO_CONSENT = "no_consent"


@dataclass(frozen=True)
class Step:
    """The draft after the message, what happened, and details for the sentence about it."""

    draft: Draft
    outcome: Outcome
    reason: str = ""
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Context:
    """What reading an answer needs to know besides the draft."""

    item: Item
    today: date
    surnames: FrozenSet[str]
    consent: Mapping[str, str]  # statement to store when the person agrees: text, version, at, channel, person


_CORRECTION = re.compile(r"(?:写|打|填|说|发|搞|弄|报|输)(?:错|混|反)|不对|错了|改成|改为|改一下|更正|应该是|重新填|重填|要改|我要改")


def take_answer(draft: Draft, answer: Answer, context: Context) -> Step:
    """Read the message against the open question."""
    question = next_question(draft, context.item)
    if answer.intent in SAFETY and answer.confidence >= CLEARLY and not _says_an_option(answer, question, draft, context):
        return Step(draft, Outcome.BESIDE)
    if question.kind in (Ask.FIELD, Ask.MATERIALS, Ask.MATERIAL, Ask.CONFIRM):
        corrected = _correct(draft, answer, context, question)
        if corrected is not None:
            return corrected
    step = _HANDLERS[question.kind](draft, answer, context, question)
    if step.outcome is Outcome.UNCLEAR:
        if _is_beside(answer):
            return Step(draft, Outcome.BESIDE)
        return replace(step, draft=replace(draft, misses=draft.misses + 1))
    if step.outcome is Outcome.REFUSED:
        return replace(step, draft=replace(draft, misses=draft.misses + 1))
    return step


def _says_an_option(answer: Answer, question: Question, draft: Draft, context: Context) -> bool:
    """Whether the words are one of the options shown: "火灾、车祸" may be a circumstance and not a cry for help."""
    circumstance = context.item.next_circumstance(draft.facts) if question.kind is Ask.CIRCUMSTANCE else None
    options = circumstance.options if circumstance else question.field.options if question.field else ()
    return answer.text in (o.label for o in options)


def _is_beside(answer: Answer) -> bool:
    return (answer.intent in DIGRESSIONS and answer.confidence >= CLEARLY) or looks_like_question(answer.text)


# one handler a kind of question


def _circumstance(draft: Draft, answer: Answer, context: Context, _: Question) -> Step:
    circumstance = context.item.next_circumstance(draft.facts)
    option = read_choice(answer.text, circumstance.options) if circumstance else None
    if circumstance is None or option is None or (looks_like_question(answer.text) and len(answer.text) > 6):
        return Step(draft, Outcome.UNCLEAR, "choice")
    return Step(replace(draft, facts={**draft.facts, circumstance.id: option.id}, misses=0), Outcome.TAKEN)


def _consent(draft: Draft, answer: Answer, context: Context, _: Question) -> Step:
    said = read_yes_no(answer)
    if said is None:
        return Step(draft, Outcome.UNCLEAR, "yes_no")
    if not said:
        return Step(draft, Outcome.NO_CONSENT)
    return Step(replace(draft, consent=dict(context.consent), misses=0), Outcome.TAKEN)


def _for_whom(draft: Draft, answer: Answer, _: Context, __: Question) -> Step:
    option = read_choice(answer.text, FOR_WHOM_OPTIONS)
    if option is None:
        return Step(draft, Outcome.UNCLEAR, "choice")
    return Step(replace(draft, for_whom=option.id, misses=0), Outcome.TAKEN)


def _field(draft: Draft, answer: Answer, context: Context, question: Question) -> Step:
    form_field = question.field
    assert form_field is not None
    if form_field.type in (FieldType.NAME, FieldType.TEXT, FieldType.ADDRESS) and _clearly_beside(answer):
        return Step(draft, Outcome.UNCLEAR, form_field.type.value)
    reading = read_field(form_field, answer, context.today, context.surnames)
    return _stored(draft, form_field, reading)


def _clearly_beside(answer: Answer) -> bool:
    """For free text the intent decides first: a thank-you is not a name, a question is not an address."""
    return answer.intent in DIGRESSIONS and answer.confidence >= 0.75 and (
        looks_like_question(answer.text) or answer.intent not in ("ask_item", "file_case", "chitchat", "other_region", "supplement")
    )


def _stored(draft: Draft, form_field: FormField, reading: Reading) -> Step:
    if isinstance(reading, Accepted):
        return Step(draft.with_field(form_field.id, reading.value, reading.shown), Outcome.TAKEN)
    if isinstance(reading, Rejected):
        return Step(draft, Outcome.REFUSED, reading.reason, reading.details)
    return Step(draft, Outcome.UNCLEAR, form_field.type.value)


def _materials(draft: Draft, answer: Answer, context: Context, _: Question) -> Step:
    said = read_yes_no(answer)
    if said is None and re.search(r"(?:都|全)(?:有|齐|备|准备|在)", answer.text) and not re.search(r"不|没|吗", answer.text):
        said = True
    if said is None and re.search(r"缺|没有|还没|差|少|不全|不齐|没带|没备", answer.text) and not looks_like_question(answer.text):
        said = False
    if said is None:
        return Step(draft, Outcome.UNCLEAR, "materials")
    if said:
        have = {m.id: "paper" for m in wanted_materials(draft, context.item)}
        return Step(replace(draft, materials={**have, **draft.materials}, misses=0), Outcome.TAKEN)
    return Step(replace(draft, one_by_one=True, misses=0), Outcome.TAKEN)


def _material(draft: Draft, answer: Answer, _: Context, question: Question) -> Step:
    assert question.material is not None
    said = read_yes_no(answer)
    if said is None:
        option = None if looks_like_question(answer.text) else read_choice(answer.text, MATERIAL_OPTIONS)
        if option is None:
            return Step(draft, Outcome.UNCLEAR, "material")
        said = option.id == "paper"
    status = "paper" if said else "later"
    return Step(replace(draft, materials={**draft.materials, question.material.id: status}, misses=0), Outcome.TAKEN)


def _confirm(draft: Draft, answer: Answer, _: Context, __: Question) -> Step:
    said = read_yes_no(answer)
    if said is None:
        return Step(draft, Outcome.UNCLEAR, "confirm")
    return Step(replace(draft, misses=0), Outcome.CONFIRMED if said else Outcome.WHICH_WRONG)


_STOP = re.compile(r"不办|不要|不用|取消|删|算了|停|不弄|不搞|真的|确定")
_GO_ON = re.compile(r"接着|继续|还是办|还办|要办|不取消|别删|不删|先别|不停|留着")


def _cancel(draft: Draft, answer: Answer, _: Context, __: Question) -> Step:
    """ "不办了" answers "真的不办了吗" with yes, so yes and no are read by what they mean here."""
    words = compact(answer.text)
    if _GO_ON.search(words):
        stop = False
    elif _STOP.search(words) and not looks_like_question(answer.text):
        stop = True
    else:
        stop = read_yes_no(answer) is True
    if stop:
        return Step(draft, Outcome.CANCELLED)
    return Step(replace(draft, cancelling=False), Outcome.KEPT)


_HANDLERS = {
    Ask.CIRCUMSTANCE: _circumstance,
    Ask.CONSENT: _consent,
    Ask.FOR_WHOM: _for_whom,
    Ask.FIELD: _field,
    Ask.MATERIALS: _materials,
    Ask.MATERIAL: _material,
    Ask.CONFIRM: _confirm,
    Ask.CANCEL: _cancel,
}

# corrections in plain words

_FIELD_WORDS: Dict[FieldType, str] = {
    FieldType.NAME: r"名字|姓名|姓|大名",
    FieldType.ID_NUMBER: r"身份证|证件号|身份号",
    FieldType.MOBILE: r"电话|手机|号码|联系方式",
    FieldType.ADDRESS: r"地址|住址|住的地方|门牌",
    FieldType.DATE: r"日期|时间|日子|生日|哪天",
    FieldType.BANK_CARD: r"银行卡|卡号|账号|存折",
    FieldType.CREDIT_CODE: r"信用代码|执照号",
}


def _correct(draft: Draft, answer: Answer, context: Context, question: Question) -> Optional[Step]:
    """A correction of an earlier value, with or without the new one; None if the message is none."""
    words = compact(TOKEN.sub("", answer.text))
    wants = _CORRECTION.search(words) or (len(words) >= 3 and answer.intent == "correct" and answer.confidence >= CLEARLY)
    if not wants or looks_like_question(answer.text):
        return None
    answered = [f for f in form_fields(draft, context.item) if f.id in draft.fields]
    target = _named_field(answer, answered, question)
    if target is None:
        if question.kind is Ask.CONFIRM or not answered:
            return Step(draft, Outcome.WHICH_WRONG) if answered else None
        if question.kind is Ask.FIELD and answer.intent != "correct":
            return None  # "应该是…" may simply be the answer to the open question
        target = answered[-1]
    reading = read_field(target, _new_value(answer, target), context.today, context.surnames)
    if isinstance(reading, Accepted) and not (target.required and reading.value == ""):
        changed = draft.with_field(target.id, reading.value, reading.shown)
        return Step(changed, Outcome.CORRECTING, "replaced", {"label": target.label, "shown": reading.shown})
    if isinstance(reading, Rejected) and answer.numbers:
        return Step(draft.without_field(target.id), Outcome.REFUSED, reading.reason, reading.details)
    return Step(replace(draft.without_field(target.id), misses=0), Outcome.CORRECTING, "dropped", {"label": target.label})


_KIND_TYPES = {
    "id_number": FieldType.ID_NUMBER,
    "mobile": FieldType.MOBILE,
    "landline": FieldType.MOBILE,
    "bank_card": FieldType.BANK_CARD,
    "credit_code": FieldType.CREDIT_CODE,
}


def _named_field(answer: Answer, answered: "list[FormField]", question: Question) -> Optional[FormField]:
    for form_field in answered:
        if form_field.label in answer.text:
            return form_field
    by_words = [f for f in answered if re.search(_FIELD_WORDS.get(f.type, r"(?!)"), answer.text)]
    if not by_words and answer.numbers:
        by_words = [f for f in answered if f.type is _KIND_TYPES.get(answer.numbers[-1].kind)]
        open_type = question.field.type if question.field else None
        if open_type is not None and open_type is _KIND_TYPES.get(answer.numbers[-1].kind):
            return None  # the number answers the open question
    if not by_words:
        by_words = [f for f in answered if any(len(w) > 1 and w in answer.text for w in re.split(r"[的和、/（）]", f.label))]
    agent = [f for f in by_words if f.id.startswith("agent_") and re.search(r"我的|代办|自己", answer.text)]
    return (agent or by_words or [None])[0]  # type: ignore[list-item]


_NEW_VALUE = re.compile(r"(?:应该是|改成|改为|应为|是|换成|叫)\s*(?P<value>[^，,。；;]+)[。.]?$")


def _new_value(answer: Answer, target: FormField) -> Answer:
    """The part of the message that holds the new value; empty text if none is named."""
    if target.type in _FIELD_WORDS and answer.numbers:
        return answer
    match = _NEW_VALUE.search(answer.text)
    value = match["value"] if match else ""
    if re.search(r"错|不对", value):
        value = ""
    return Answer(text=value or "？", numbers=answer.numbers)


def statement_values(draft: Draft) -> Tuple[Tuple[str, Any], ...]:
    """Fields and values of a draft in the order they were given."""
    return tuple(draft.fields.items())
