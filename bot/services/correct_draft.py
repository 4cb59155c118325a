"""更正 (gengzheng): earlier answers corrected in plain words, several in one message, with or without the new value.

A message is cut into parts, each naming one thing that was answered: a value, a circumstance, for whom it is, or a paper. Parts that
name nothing belong to the part before ("名字错了，应该是王桂英").
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Dict, List, Optional, Sequence

from bot.domain.answers import (
    TOKEN,
    Accepted,
    Answer,
    Rejected,
    compact,
    instead_of,
    looks_like_question,
    mentioned_option,
    read_choice,
    read_field,
    read_yes_no,
)
from bot.domain.draft import Ask, Draft, Question, form_fields, wanted_materials, with_fact
from bot.domain.filing_options import FOR_WHOM_OPTIONS, MATERIAL_OPTIONS
from bot.domain.item import SEALED_KINDS, FieldType, FormField, Item, Material, Option
from bot.services.filing_step import CLEARLY, Change, Context, Outcome, Step

_WRONG = re.compile(
    r"(?:写|打|填|说|发|搞|弄|报|输|选|点)(?:错|混|反)|不对|错了|改成|改为|改一下|更正|应该是|重新填|重填|要改|我要改|换成|也改|改改"
)
_FOR = re.compile(r"(?<!有)(?:给|替|帮)(?P<whom>[^，,。]{1,8}?)(?:(?:办|弄|申请|领|报|问|补|换).*|的|了)?$")
_ONESELF = re.compile(r"(?:我|俺|咱)?(?:自己|本人|自个儿?)?(?:的)?")
_NOT_BUT = re.compile(r"不是.{1,10}(?:是|而是)")
_CLAUSE = re.compile(r"[，,。；;！!、\n]|(?:还有|另外)")


@dataclass(frozen=True)
class _Part:
    """A part of the message and the one thing it is about; `target` is "" while it names nothing."""

    text: str
    target: str  # field:…, fact:…, for_whom, material:…
    option: str = ""


def correct(draft: Draft, answer: Answer, context: Context, question: Question) -> Optional[Step]:
    """Apply the corrections of a message; None if it is none."""
    words = compact(TOKEN.sub("", answer.text))
    if looks_like_question(answer.text) or len(words) < 2 or _plain_answer(answer, draft, context, question):
        return None
    says_wrong = calls_wrong(words) or (len(words) >= 3 and answer.intent == "correct" and answer.confidence >= CLEARLY)
    if question.kind in _FIRST_QUESTIONS and not says_wrong and not _NOT_BUT.search(answer.text):
        return None  # "帮我妈办" is the answer to the open question
    if _answers_the_number_asked_for(answer, question, words):
        return None
    if taken_back := _taken_back(draft, answer.text, context.item):
        whom = _for_whom_in(answer.text, draft, question)
        return _apply(draft, answer, context, [taken_back, whom] if whom else [taken_back])
    parts = [p for p in _parts(draft, answer, context.item, question, says_wrong) if p.target]
    if not parts:
        return _unnamed(draft, answer, context, question) if says_wrong else None
    return _apply(draft, answer, context, parts)


_FIRST_QUESTIONS = (Ask.CIRCUMSTANCE, Ask.CONSENT, Ask.FOR_WHOM, Ask.REUSE)


_OTHER_FIELD = re.compile(r"地址|住址|名字|姓名|(?:电话|手机|号码|身份证|卡号|账号).{0,3}(?:[写打填说发弄报输]?错|不对)")


def calls_wrong(text: str) -> bool:
    """Whether something said before is called wrong."""
    return bool(_WRONG.search(text))


def _answers_the_number_asked_for(answer: Answer, question: Question, words: str) -> bool:
    """Whether a number was asked for and digits were said: they go nowhere else unless another field is named."""
    if question.field is None or question.field.type not in SEALED_KINDS:
        return False
    digits = sum(c.isdigit() for c in words) >= 5
    return (bool(answer.numbers) or digits) and not _OTHER_FIELD.search(answer.text) and not _of_other_kind(answer, question.field)


def _of_other_kind(answer: Answer, asked: FormField) -> bool:
    """ "电话改成139…" while the ID card number is asked for."""
    other = bool(answer.numbers) and all(KIND_TYPES.get(n.kind, asked.type) is not asked.type for n in answer.numbers)
    return other and calls_wrong(answer.text)


def circumstance_too(draft: Draft, answer: Answer, context: Context) -> Step:
    """ "帮我妈办" says for whom it is, and may put the draft in another circumstance as well ("家里人替老人办")."""
    plain = answer.text in [option.label for option in FOR_WHOM_OPTIONS]
    part = None if plain else _circumstance_in(answer.text, draft, context.item, Question(Ask.FIELD))
    if part is None or draft.for_whom == "self" or looks_like_question(answer.text) or not _oneself(draft, context.item, part):
        return Step(draft, Outcome.TAKEN)
    return _apply(draft, answer, context, [part])


def _oneself(draft: Draft, item: Item, part: _Part) -> bool:
    """Whether the circumstance chosen before says that the person comes in person; a visit at home ("上门") stays as it is."""
    circumstance = item.circumstance(part.target.partition(":")[2])
    chosen = next((o.label for o in circumstance.options if o.id == draft.facts.get(circumstance.id)), "")
    return re.search("自己|本人", chosen) is not None


def _plain_answer(answer: Answer, draft: Draft, context: Context, question: Question) -> bool:
    """Whether the whole message is simply one of the answers to the open question."""
    circumstance = context.item.next_circumstance(draft.facts) if question.kind is Ask.CIRCUMSTANCE else None
    options = circumstance.options if circumstance else question.field.options if question.field else ()
    if question.kind is Ask.FOR_WHOM:
        options = FOR_WHOM_OPTIONS
    return answer.text in [o.label for o in options] or (
        question.kind is not Ask.FIELD and read_yes_no(Answer(answer.text)) is not None
    )


def _parts(draft: Draft, answer: Answer, item: Item, question: Question, says_wrong: bool) -> List[_Part]:
    parts: List[_Part] = []
    for clause in (c for c in _CLAUSE.split(answer.text) if c.strip()):
        named = _about(clause, draft, answer, item, question, says_wrong)
        parts.extend(named or ([] if parts else [_Part(clause, "")]))
        if not named and parts[-1].text != clause:
            parts[-1] = replace(parts[-1], text=f"{parts[-1].text}，{clause}")
    return parts


def _about(clause: str, draft: Draft, answer: Answer, item: Item, question: Question, says_wrong: bool) -> List[_Part]:
    """What one clause is about; "是给孩子办的" may change a circumstance and for whom it is."""
    if says_wrong or _NOT_BUT.search(answer.text) or _FOR.search(clause):
        found = (_circumstance_in(clause, draft, item, question), _for_whom_in(clause, draft, question))
        if any(found):
            return [part for part in found if part is not None]
    if says_wrong:
        form_field = _named_field(clause, answer, [f for f in form_fields(draft, item) if f.id in draft.fields], question)
        if form_field is not None:
            return [_Part(clause, f"field:{form_field.id}")]
    material = _material_in(clause, draft, item, question)
    return [material] if material is not None else []


def _circumstance_in(clause: str, draft: Draft, item: Item, question: Question) -> Optional[_Part]:
    if question.kind in (Ask.CIRCUMSTANCE, Ask.MATERIAL) and not _WRONG.search(clause) and not _NOT_BUT.search(clause):
        return None
    if TOKEN.search(clause) or re.search("名字|名称|姓名|电话|地址|号码", clause) or re.search(r"住.{2,}[号组村栋幢]", clause):
        return None  # an address ("现在住砖厂宿舍3号") is no ground either; "手机号改成198…" is about the number and no way of being served
    said = re.sub(r"不是.{1,10}?(?=是|而是|，|,)", "", clause)
    for circumstance in item.circumstances:
        chosen = draft.facts.get(circumstance.id)
        option = _stated(said, circumstance.options) if chosen else None
        if option is not None and option.id != chosen:
            return _Part(clause, f"fact:{circumstance.id}", option.id)
    return None


def _taken_back(draft: Draft, text: str, item: Item) -> Optional[_Part]:
    """ "凭工作办，不是凭住处": the chosen option is taken back and another one named."""
    for circumstance in item.circumstances:
        option = instead_of(text, circumstance.options, draft.facts.get(circumstance.id, ""))
        if option is not None:
            return _Part(text, f"fact:{circumstance.id}", option.id)
    return None


def _stated(said: str, options: Sequence[Option]) -> Optional[Option]:
    """The option whose words the clause holds; of several the one with the longest ("未满16岁" also holds "满16岁")."""
    option = mentioned_option(said, options)
    if option is None:
        lengths = {o.id: max((len(w) for w in (o.label, *o.words) if len(w) >= 2 and w in said), default=0) for o in options}
        longest = [o for o in options if lengths[o.id] and lengths[o.id] == max(lengths.values())]
        option = longest[0] if len(longest) == 1 else None
    match = _FOR.search(said)
    if option is not None or match is None or _ONESELF.fullmatch(match["whom"]):
        return option  # "给我自己" says for whom, not "自己的房子"
    return read_choice(match["whom"], options)


def _for_whom_in(clause: str, draft: Draft, question: Question) -> Optional[_Part]:
    match = _FOR.search(re.sub(r"不是.{1,10}?(?=是|而是|，|,)", "", clause))
    if match is None or not draft.for_whom or question.kind is Ask.FOR_WHOM:
        return None
    option = read_choice(match["whom"], FOR_WHOM_OPTIONS)
    return _Part(clause, "for_whom", option.id) if option is not None and option.id != draft.for_whom else None


_HAS = re.compile(r"有了?$|有的|找到|在手|带着|备好|备齐|开好|办好了|拿到")
_HAS_NOT = re.compile(r"没有|没找|没在|没带|没开|丢了|不见|找不到|还没|缺|不在")


def _material_in(clause: str, draft: Draft, item: Item, question: Question) -> Optional[_Part]:
    """ "户口簿其实没有": a paper answered before is at hand, or not."""
    if question.kind in (Ask.MATERIAL, Ask.MATERIALS) and not _WRONG.search(clause) and "其实" not in clause:
        return None
    status = "later" if _HAS_NOT.search(clause) else "paper" if _HAS.search(clause) else ""
    if not status:
        return None
    for material in wanted_materials(draft, item):
        if material.id in draft.materials and _names_paper(clause, material):
            return _Part(clause, f"material:{material.id}", status)
    return None


_PAPER_WORDS = {"户口簿": ("户口本", "户口簿"), "身份证": ("身份证",), "结婚证": ("结婚证",), "照片": ("照片", "相片")}


def _names_paper(clause: str, material: Material) -> bool:
    short = re.sub(r"^(?:居民|本人|申请人|有效|原)|[（(].*$", "", material.name)
    words = [short, *(word for key, spoken in _PAPER_WORDS.items() if material.name.endswith(key) for word in spoken)]
    return any(len(word) >= 2 and word in clause for word in words)


# carrying it out


def _apply(draft: Draft, answer: Answer, context: Context, parts: List[_Part]) -> Step:
    changes: List[Change] = []
    draft = replace(draft, doubted=False)
    for part in parts:
        kind, _, name = part.target.partition(":")
        if kind == "field":
            step = _correct_field(draft, _within(answer, part.text), context, name)
            if step.outcome is Outcome.REFUSED:
                return replace(step, changes=tuple(changes))
            draft = step.draft
            changes.extend(step.changes)
            continue
        if kind == "fact":
            draft = with_fact(draft, context.item, name, part.option)
            label = next(o.label for o in context.item.circumstance(name).options if o.id == part.option)
            changes.append(Change("circumstance", "", label))
        elif kind == "for_whom":
            draft = replace(draft, for_whom=part.option, misses=0)
            changes.append(Change("for_whom", "", next(o.label for o in FOR_WHOM_OPTIONS if o.id == part.option)))
        else:
            draft = replace(draft, materials={**draft.materials, name: part.option}, one_by_one=True, misses=0)
            label = next(m.name for m in context.item.materials if m.id == name)
            changes.append(Change("material", label, next(o.label for o in MATERIAL_OPTIONS if o.id == part.option)))
    return Step(draft, Outcome.CORRECTING, changes=tuple(changes))


def _within(answer: Answer, text: str) -> Answer:
    return replace(answer, text=text, numbers=tuple(n for n in answer.numbers if n.token in text))


def _correct_field(draft: Draft, answer: Answer, context: Context, name: str) -> Step:
    target = next(f for f in form_fields(draft, context.item) if f.id == name)
    reading = read_field(target, _new_value(answer, target), context.today, context.surnames)
    if isinstance(reading, Accepted) and not (target.required and reading.value == ""):
        changed = draft.with_field(target.id, reading.value, reading.shown)
        return Step(changed, Outcome.CORRECTING, changes=(Change("replaced", target.label, reading.shown),))
    if isinstance(reading, Rejected) and answer.numbers:
        return Step(draft.without_field(target.id), Outcome.REFUSED, reading.reason, reading.details)
    dropped = replace(draft.without_field(target.id), misses=0)
    return Step(dropped, Outcome.CORRECTING, changes=(Change("dropped", target.label),))


def _unnamed(draft: Draft, answer: Answer, context: Context, question: Question) -> Optional[Step]:
    """Something is wrong, but not said what: the answer given last, or, at the read-back, ask."""
    answered = [f for f in form_fields(draft, context.item) if f.id in draft.fields]
    if question.kind is Ask.CONFIRM or not answered:
        return Step(replace(draft, doubted=True), Outcome.WHICH_WRONG) if answered else None
    if question.field is not None and isinstance(read_field(question.field, answer, context.today, context.surnames), Accepted):
        return None  # it answers the open question ("在王家村，错不了")
    if question.kind in (Ask.FIELD, Ask.CIRCUMSTANCE, Ask.CONSENT, Ask.FOR_WHOM, Ask.REUSE) and answer.intent != "correct":
        return None  # "应该是…" may simply be the answer to the open question
    last = next(f for f in answered if f.id == [name for name in draft.fields if any(a.id == name for a in answered)][-1])
    return _correct_field(draft, answer, context, last.id)


_FIELD_WORDS: Dict[FieldType, str] = {
    FieldType.NAME: r"名字|姓名|姓|大名",
    FieldType.ID_NUMBER: r"身份证|证件号|身份号",
    FieldType.MOBILE: r"电话|手机|号码|联系方式",
    FieldType.ADDRESS: r"地址|住址|住的地方|门牌",
    FieldType.DATE: r"日期|时间|日子|生日|哪天",
    FieldType.BANK_CARD: r"银行卡|卡号|账号|存折",
    FieldType.CREDIT_CODE: r"信用代码|执照号",
}
KIND_TYPES = {kind: field_type for field_type, kinds in SEALED_KINDS.items() for kind in kinds}


def named_in(text: str, form_field: FormField) -> bool:
    """Whether a text names a field, by its label, by the usual words for its kind, or by a word of its label."""
    label_words = [w for w in re.split(r"[的和、/（）]", form_field.label) if len(w) > 1]
    usual = _FIELD_WORDS.get(form_field.type)
    return form_field.label in text or bool(usual and re.search(usual, text)) or any(w in text for w in label_words)


def _named_field(clause: str, answer: Answer, answered: List[FormField], question: Question) -> Optional[FormField]:
    for form_field in answered:
        if form_field.label in clause:
            return form_field
    named = [f for f in answered if re.search(_FIELD_WORDS.get(f.type, r"(?!)"), clause)]
    numbers = [n for n in answer.numbers if n.token in clause]
    if not named and numbers:
        kind = KIND_TYPES.get(numbers[-1].kind)
        if question.field is not None and question.field.type is kind:
            return None  # the number answers the open question
        named = [f for f in answered if f.type is kind]
    named = named or [f for f in answered if named_in(clause, f)] or _by_option(clause, answered)
    agent = [f for f in named if f.id.startswith("agent_") and re.search(r"我的|代办|自己", clause)]
    return next(iter(agent or named), None)


def _by_option(clause: str, answered: List[FormField]) -> List[FormField]:
    return [f for f in answered if f.type is FieldType.CHOICE and mentioned_option(clause, f.options) is not None]


_NEW_VALUE = re.compile(r"(?:应该是|改成|改为|应为|(?<!不)是|换成|叫)\s*(?P<value>[^，,。；;]+)[。.]?(?:[，,].*)?$")


def _new_value(answer: Answer, target: FormField) -> Answer:
    """The part of the message that holds the new value; a text that reads as nothing when none is named."""
    if target.type in _FIELD_WORDS and answer.numbers:
        return answer
    if target.type is FieldType.CHOICE and (option := mentioned_option(answer.text, target.options)) is not None:
        return Answer(option.label)
    match = _NEW_VALUE.search(answer.text)
    value = match["value"] if match else ""
    if re.search(r"错|不对", value):
        value = ""
    return Answer(text=value or "？", numbers=answer.numbers)

