"""帮办收件 (bangban shoujian): take one message as the answer to the draft's open question.

Pure: draft and answer in, draft and outcome out. What is said about each outcome stands in domain.yml; the caller only looks it up.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Optional

from bot.domain.answers import (
    CERTAIN,
    PLAIN_TALK,
    Accepted,
    Answer,
    Reading,
    Rejected,
    compact,
    has_words,
    is_plain_talk,
    looks_like_question,
    name_among,
    read_choice,
    read_field,
    read_yes_no,
)
from bot.domain.draft import (
    Ask,
    Draft,
    Question,
    applicant_speaks,
    asked_materials,
    next_question,
    reusable,
    step_back,
    with_fact,
)
from bot.domain.filing_options import FOR_WHOM_OPTIONS, MATERIAL_OPTIONS
from bot.domain.item import FieldType, FormField
from bot.services.correct_draft import circumstance_too, correct, named_in
from bot.services.filing_step import CLEARLY, Context, Outcome, Step
from bot.services.filing_talk import answered_and_asked, beside_the_value, given_ahead, proposal_taken

DIGRESSIONS = frozenset(
    {
        "ask_item", "file_case", "progress", "center_info", "human", "complaint", "cancel", "save_draft", "resume", "greet",
        "thanks", "goodbye", "chitchat", "out_of_scope", "other_region", "abuse", "injection", "emergency", "crisis",
        "anti_fraud", "privacy", "illegal", "rating", "supplement",
    }
)  # fmt: skip
"""Intents that are talk beside the question; rules answer them and the form goes on at the same question."""

_BESIDE_A_CHOICE = frozenset({"progress", "center_info", "complaint", "supplement", "rating", "privacy", "anti_fraud"})
"""What is none of the options and sounds like this is talk, and no try at an option."""
SAFETY = frozenset({"emergency", "crisis"})
MISSES_BEFORE_HELP = 2
MISSES_BEFORE_DROPPED = 3
"""A question of ours that was not answered so often is not asked again."""
MISSES_BEFORE_ASIDE = 6
"""Then the application is put aside, with everything in it, and a person is offered."""
FOR_RULES = frozenset(
    {"delete", "withdraw", "compare", "later_matters", "stop_matters", "next_matter", "ask_on", "revoke", "supply", "life_event", "cancel_visit",
     "change_visit", "book_visit"}
)  # fmt: skip
"""Wishes that lead beside the question; rules see to them."""


def take_answer(draft: Draft, answer: Answer, context: Context) -> Step:
    """Read the message against the open question."""
    question = next_question(draft, context.item)
    sure = CERTAIN if question.kind is Ask.CIRCUMSTANCE else CLEARLY  # "老婆死了" answers a circumstance
    if answer.intent in SAFETY and answer.confidence >= sure and not _says_an_option(answer, question, draft, context):
        return Step(draft, Outcome.BESIDE)
    if answer.intent == "goodbye" and answer.confidence >= CLEARLY and not _says_an_option(answer, question, draft, context):
        return Step(draft, Outcome.SAVED)
    taken = proposal_taken(draft, answer, question)
    if taken is not None:
        return taken
    draft = replace(draft, proposed={})
    wished = None if _says_an_option(answer, question, draft, context) else _wished(draft, context, question)
    if wished is not None:
        return wished
    if question.kind not in (Ask.CANCEL, Ask.ASIDE, Ask.DUPLICATE):
        step = beside_the_value(draft, answer, context, question)
        if step is not None:
            return step if step.outcome is Outcome.TAKEN else replace(step, draft=replace(draft, misses=draft.misses + 1))
        corrected = correct(draft, answer, context, question)
        if corrected is not None:
            return corrected
    step = given_ahead(draft, answer, context, question) or answered_and_asked(draft, answer, context, question)
    step = step or _HANDLERS[question.kind](draft, answer, context, question)
    if step.outcome is Outcome.UNCLEAR:
        if _is_beside(answer):
            return Step(draft, Outcome.BESIDE)
        return replace(step, draft=replace(draft, misses=draft.misses + 1))
    if step.outcome is Outcome.REFUSED and is_plain_talk(answer) and answer.confidence >= CLEARLY:
        return Step(draft, Outcome.BESIDE)  # "取消", "转人工" must work at every question
    if step.outcome is Outcome.REFUSED and step.reason == "choice" and answer.intent in _BESIDE_A_CHOICE and answer.confidence >= 0.9:
        return Step(draft, Outcome.BESIDE)
    if step.outcome is Outcome.REFUSED:
        return replace(step, draft=replace(step.draft, misses=draft.misses + 1))
    return step


def _says_an_option(answer: Answer, question: Question, draft: Draft, context: Context) -> bool:
    """Whether the words are one of the options shown: "火灾、车祸" may be a circumstance and not a cry for help."""
    circumstance = context.item.next_circumstance(draft.facts) if question.kind is Ask.CIRCUMSTANCE else None
    options = circumstance.options if circumstance else question.field.options if question.field else ()
    return answer.text in (o.label for o in options)


def _wished(draft: Draft, context: Context, question: Question) -> Optional[Step]:
    """Going back, skipping, and what is beside the question; None when the words should be read as an answer."""
    if context.wish in FOR_RULES and question.kind not in (Ask.CANCEL, Ask.DUPLICATE):
        return Step(draft, Outcome.BESIDE)
    if context.wish == "back":
        before = step_back(draft, context.item)
        return Step(replace(before, misses=0), Outcome.BACK) if before is not None else Step(draft, Outcome.AT_START)
    if context.wish == "skip":
        return _skipped(draft, question)
    return None


def _skipped(draft: Draft, question: Question) -> Optional[Step]:
    if question.kind is Ask.CONFIRM:
        return Step(draft, Outcome.SAVED)
    if question.kind is not Ask.FIELD or question.field is None:
        # whether a paper is at hand may be answered by "等会再说": later; the other questions decide what is asked at all
        return Step(draft, Outcome.REFUSED, "skip") if question.kind in (Ask.CIRCUMSTANCE, Ask.CONSENT, Ask.FOR_WHOM) else None
    if not question.field.required:
        return Step(draft.with_field(question.field.id, "", "（不填）"), Outcome.SKIPPED, "optional", {"label": question.field.label})
    if question.again:
        return Step(draft, Outcome.LEFT_OPEN, "", {"label": question.field.label})
    skipped = replace(draft, skipped=(*draft.skipped, question.field.id), misses=0)
    return Step(skipped, Outcome.SKIPPED, "required", {"label": question.field.label})


TOO_SHORT_TO_TELL = 3
"""Characters; so short a text is a try at an answer rather than abuse or small talk ("娃的", "女儿")."""
_SOUNDS_LIKE = frozenset({"abuse", "chitchat", "out_of_scope", "injection"})


def only_sounds_like_talk(text: str, intent: str) -> bool:
    """Whether the intent of a very short text is not to be trusted while a question is open."""
    return len(compact(text)) <= TOO_SHORT_TO_TELL and intent in _SOUNDS_LIKE and not looks_like_question(text)


def _is_beside(answer: Answer) -> bool:
    if only_sounds_like_talk(answer.text, answer.intent):
        return False
    return (answer.intent in DIGRESSIONS and answer.confidence >= CLEARLY) or looks_like_question(answer.text)


# one handler a kind of question


def _circumstance(draft: Draft, answer: Answer, context: Context, _: Question) -> Step:
    circumstance = context.item.next_circumstance(draft.facts)
    option = read_choice(answer.text, circumstance.options) if circumstance else None
    if circumstance is None or option is None or (looks_like_question(answer.text) and len(answer.text) > 6):
        return Step(draft, Outcome.UNCLEAR, "choice")
    return Step(with_fact(draft, context.item, circumstance.id, option.id), Outcome.TAKEN)


def _consent(draft: Draft, answer: Answer, context: Context, _: Question) -> Step:
    said = False if _REFUSES_CONSENT.match(compact(answer.text)) else read_yes_no(answer)
    if said is None:
        return Step(draft, Outcome.UNCLEAR, "yes_no")
    if not said:
        return Step(draft, Outcome.NO_CONSENT)
    return Step(replace(draft, consent=dict(context.consent), misses=0), Outcome.TAKEN)


_REFUSES_CONSENT = re.compile(r"(?:我|俺|那|可|才)*(?:不同意|不答应|不愿意|不想给|不给你)(?!.{0,2}(?:会|行不|可以|能))")
"""Heard whatever is said with it ("不同意，你们拿去卖咋办"); "不同意会怎样" asks."""


def _for_whom(draft: Draft, answer: Answer, context: Context, _: Question) -> Step:
    option = read_choice(answer.text, FOR_WHOM_OPTIONS)
    if option is None:
        return Step(draft, Outcome.UNCLEAR, "choice")
    proxy = context.item.proxy
    if option.id == "other" and proxy is not None and not proxy.allowed:
        return Step(draft, Outcome.REFUSED, "no_proxy", {"rule": proxy.text.rstrip("。")})
    return circumstance_too(replace(draft, for_whom=option.id, misses=0), answer, context)


def _field(draft: Draft, answer: Answer, context: Context, question: Question) -> Step:
    form_field = question.field
    assert form_field is not None
    if form_field.type is FieldType.TEXT and _beside_free_text(answer):
        return Step(draft, Outcome.UNCLEAR, form_field.type.value)
    for_another = draft.for_whom == "other" and not applicant_speaks(context.item, draft.facts)
    if form_field.id == "applicant_name" and for_another and _OWN_NAME.match(answer.text):
        return Step(draft, Outcome.REFUSED, "name_own")
    plain_talk = is_plain_talk(answer) and answer.confidence >= 0.75
    if form_field.type is FieldType.NAME and not answer.numbers:
        reading = read_field(form_field, answer, context.today, context.surnames)
        named = name_among(answer.text, context.surnames)
        if named and compact(answer.text) == named:
            return _stored(draft, form_field, Accepted(named, named))  # "谢婷" is a name, whatever it sounds like
        if named and not isinstance(reading, Accepted) and not plain_talk:
            return _stored(draft, form_field, Accepted(named, named))
    if form_field.type in (FieldType.NAME, FieldType.ADDRESS) and _clearly_beside(answer):
        return Step(draft, Outcome.UNCLEAR, form_field.type.value)
    reading = read_field(form_field, answer, context.today, context.surnames)
    return _stored(draft, form_field, reading)


_OWN_NAME = re.compile(r"^(?:我|俺)(?:的)?(?:名字|姓名)?(?:就)?叫")
"""Told where the name of another is asked for, it would be filed as that person's."""


def _clearly_beside(answer: Answer) -> bool:
    """For free text the intent decides first: a thank-you is not a name, a question is not an address."""
    return answer.intent in DIGRESSIONS and answer.confidence >= 0.75 and (
        looks_like_question(answer.text) or answer.intent not in ("ask_item", "file_case", "chitchat", "other_region", "supplement")
    )


def _beside_free_text(answer: Answer) -> bool:
    """Free text may be anything, so only questions and what words make certain are beside it; a guess ("老马百货": abuse) is not."""
    if not has_words(answer.text):
        return False
    if looks_like_question(answer.text):
        return answer.intent in DIGRESSIONS
    certain = answer.intent in DIGRESSIONS - PLAIN_TALK and answer.confidence >= CERTAIN
    return certain or (is_plain_talk(answer) and answer.confidence >= 0.75)


def _stored(draft: Draft, form_field: FormField, reading: Reading) -> Step:
    if isinstance(reading, Accepted):
        return Step(draft.with_field(form_field.id, reading.value, reading.shown), Outcome.TAKEN)
    if isinstance(reading, Rejected):
        meant = reading.proposal
        proposed = {"field": form_field.id, "value": meant.value, "shown": meant.shown} if meant else {}
        return Step(replace(draft, proposed=proposed), Outcome.REFUSED, reading.reason, reading.details)
    return Step(draft, Outcome.UNCLEAR, form_field.type.value)


_ORDER = re.compile(r"(?:提交|交|办|下一步|继续|不办|取消|算)(?:了|吧|啊|嘛)*")
"""Says nothing of a paper; taken for a yes it would put a false statement into the application."""


def _materials(draft: Draft, answer: Answer, context: Context, _: Question) -> Step:
    said = None if _ORDER.fullmatch(compact(answer.text)) else read_yes_no(answer)
    if said is None and re.search(r"(?:都|全)(?:有|齐|备|准备|在)", answer.text) and not re.search(r"不|没|吗", answer.text):
        said = True
    if said is None and re.search(r"缺|没有|还没|差|少|不全|不齐|没带|没备", answer.text) and not looks_like_question(answer.text):
        said = False
    if said is None:
        return Step(draft, Outcome.UNCLEAR, "materials")
    if said:
        have = {m.id: "paper" for m in asked_materials(draft, context.item)}
        return Step(replace(draft, materials={**have, **draft.materials}, misses=0), Outcome.TAKEN)
    return Step(replace(draft, one_by_one=True, misses=0), Outcome.TAKEN)


def _material(draft: Draft, answer: Answer, _: Context, question: Question) -> Step:
    assert question.material is not None
    said = None if _ORDER.fullmatch(compact(answer.text)) else read_yes_no(answer)
    if said is None:
        option = None if looks_like_question(answer.text) else read_choice(answer.text, MATERIAL_OPTIONS)
        if option is None:
            return Step(draft, Outcome.UNCLEAR, "material")
        said = option.id == "paper"
    status = "paper" if said else "later"
    return Step(replace(draft, materials={**draft.materials, question.material.id: status}, misses=0), Outcome.TAKEN)


def _confirm(draft: Draft, answer: Answer, _: Context, __: Question) -> Step:
    said = None if _ABOUT_PAPERS.fullmatch(compact(answer.text)) else read_yes_no(answer)
    if said is None:
        return Step(draft, Outcome.UNCLEAR, "confirm")
    if said and draft.doubted and not _ORDER.fullmatch(compact(answer.text)):
        return Step(replace(draft, doubted=False, misses=0), Outcome.TAKEN)  # "嗯" to "哪一样不对": read it back once more
    return Step(replace(draft, doubted=not said, misses=0), Outcome.CONFIRMED if said else Outcome.WHICH_WRONG)


_ABOUT_PAPERS = re.compile(r"(?:都|全都?)?(?:有|备好了?|准备好了?|齐了?|带了?)(?:的|了|吧|啊|呀|嘛)*")
"""Answers to the question before; nobody declares the truth of a form by "都有"."""
_STOP = re.compile(r"不办|不要|不用|取消|删|算了|停|不弄|不搞|真的|确定")
_PLAIN_YES = re.compile(r"(?:对+|是+|的|嗯+|好+|行+|可以|要得|得行|没错|确认|中|嘞|吧|啊|呀)+")
_GO_ON = re.compile(r"接着|继续|还是办|还办|要办|不取消|别删|不删|先别|不停|留着")


def _cancel(draft: Draft, answer: Answer, _: Context, __: Question) -> Step:
    """ "不办了" answers "真的不办了吗" with yes, so yes and no are read by what they mean here."""
    words = compact(answer.text)
    if "存" in words and not looks_like_question(answer.text):
        return Step(replace(draft, cancelling=False), Outcome.SAVED)
    if _GO_ON.search(words):
        stop = False
    elif _STOP.search(words) and not looks_like_question(answer.text):
        stop = True
    else:
        stop = _PLAIN_YES.fullmatch(words) is not None  # "有" answers another question, and what is deleted is gone
    if stop:
        return Step(draft, Outcome.CANCELLED)
    return Step(replace(draft, cancelling=False), Outcome.KEPT)


def _reuse(draft: Draft, answer: Answer, context: Context, _: Question) -> Step:
    """Values given before are taken over only after a yes; those that the person names as changed are left out."""
    fields = reusable(draft, context.item)
    said = read_yes_no(answer)
    if said is None and not looks_like_question(answer.text):
        said = True if _AGAIN.search(answer.text) else False if _ANEW.search(answer.text) else None
    if said is None:
        return Step(draft, Outcome.UNCLEAR, "reuse")
    known = draft.earlier[draft.for_whom]
    changed = [f for f in fields if _CHANGED.search(answer.text) and named_in(answer.text, f)]
    for form_field in fields if said or changed else ():
        if form_field not in changed:
            given = known[form_field.id]
            draft = draft.with_field(form_field.id, given["value"], str(given["shown"]))
    return Step(replace(draft, reuse="yes" if said else "no", earlier={}, misses=0), Outcome.TAKEN)


_AGAIN = re.compile(r"^用|还用|接着用|继续用|照用|用上次|就用|用吧|一样|没变|不变|照旧|还是那")
_ANEW = re.compile(r"重新填|重填|不用了|不用上次|别用|换人|不是(?:我|他|她|同)|另外填|都变|都换|新填")
_CHANGED = re.compile(r"换|变|改|不是|不一样|除了|不用")


def _duplicate(draft: Draft, answer: Answer, context: Context, _: Question) -> Step:
    said = read_yes_no(answer)
    if said is None and not looks_like_question(answer.text):
        said = False if _NOT_AGAIN.search(answer.text) else True if _ONCE_MORE.search(answer.text) else None
    if said is None:
        return Step(draft, Outcome.UNCLEAR, "duplicate")
    if not said:
        return Step(draft, Outcome.NOT_AGAIN)
    numbers = (*draft.acknowledged, *(d["number"] for d in draft.duplicates))
    draft = replace(draft, duplicates=(), acknowledged=numbers, misses=0)
    complete = next_question(draft, context.item).kind is Ask.CONFIRM  # it came up at the confirmation, which this yes goes on with
    return Step(draft, Outcome.CONFIRMED if complete else Outcome.TAKEN)


_ONCE_MORE = re.compile(r"再(?:交|办|报|申请|来)|还要|还是(?:要|交|办)|接着(?:办|交)|照样|另外(?:交|办)|是另|不是(?:一|同)")
_NOT_AGAIN = re.compile(r"不(?:再)?(?:交|办|报|要|用|申请)|算了|够了|那就不|重复")


def _aside(draft: Draft, answer: Answer, _: Context, __: Question) -> Step:
    said: Optional[bool] = None
    if not looks_like_question(answer.text):  # "接着办" means this one, although it sounds like a yes
        said = False if _GO_ON.search(answer.text) else True if _SWITCH.search(answer.text) else read_yes_no(answer)
    if said is None:
        return Step(draft, Outcome.UNCLEAR, "aside")
    return Step(replace(draft, aside="", misses=0) if not said else draft, Outcome.SWITCHED if said else Outcome.KEPT)


_SWITCH = re.compile(r"存着|先存|先放|改办|换(?:成|到)?|先办(?:那|新|后|另)|放一放")

_HANDLERS = {
    Ask.ASIDE: _aside,
    Ask.DUPLICATE: _duplicate,
    Ask.REUSE: _reuse,
    Ask.CIRCUMSTANCE: _circumstance,
    Ask.CONSENT: _consent,
    Ask.FOR_WHOM: _for_whom,
    Ask.FIELD: _field,
    Ask.MATERIALS: _materials,
    Ask.MATERIAL: _material,
    Ask.CONFIRM: _confirm,
    Ask.CANCEL: _cancel,
}
