"""Files an item as a patient resident would: every question answered in order, from the item's own fields."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, List, Mapping, Optional

from bot.adapters import yaml_catalogue
from bot.domain.item import Facts, FieldType, FormField, Item, LocalFacts, applies
from bot.domain.personal_numbers import credit_check_char
from tests.support.numbers import id_number, luhn_digit, mobile
from tests.support.stack import Person, Reply

ROOT = Path(__file__).resolve().parents[2]
ITEMS: Dict[str, Item] = yaml_catalogue.load_items(ROOT / "data" / "catalogue")
LOCAL: Dict[str, LocalFacts] = yaml_catalogue.load_local_facts(ROOT / "data" / "centre" / "facts")
CENTRE = yaml_catalogue.load_centre(ROOT / "data" / "centre" / "profile.yml")

THE_TWELVE = ("QS-057", "QS-009", "QS-001", "QS-049", "QS-053", "QS-080", "QS-067", "QS-019", "QS-027", "QS-036", "QS-072", "QS-051")

BANK_CARD = "622202000000000000" + luhn_digit("622202000000000000")
_CREDIT = "92110000MA01ABCDX"
VALUES = {
    FieldType.NAME: "李秀英",
    FieldType.DATE: "2025年3月8号",
    FieldType.ADDRESS: "李家村三组12号",
    FieldType.TEXT: "情况属实，家里就这一处",
    FieldType.NUMBER: "3",
    FieldType.AMOUNT: "500元",
    FieldType.BANK_CARD: BANK_CARD,
    FieldType.CREDIT_CODE: _CREDIT + credit_check_char(_CREDIT),
}


def value_for(form_field: FormField, serial: int, own_id: str = "") -> str:
    """What the resident answers to a field's question; `own_id` is the applicant's."""
    if form_field.type is FieldType.CHOICE:
        return form_field.options[0].label
    if form_field.type is FieldType.ID_NUMBER:
        return own_id if own_id and form_field.id == "applicant_id" else id_number(serial=f"{serial % 999:03d}")
    if form_field.type is FieldType.MOBILE:
        return mobile(serial)
    return VALUES[form_field.type]


MOST_QUESTIONS = 40


@dataclass
class Filing:
    """A filing under way: each question is answered as it comes."""

    person: Person
    item: Item
    wanted: Mapping[str, str]  # circumstance -> option, for those that are asked
    for_whom: str = "给自己办"
    replies: List[Reply] = field(default_factory=list)
    overrides: Dict[str, str] = field(default_factory=dict)  # words of a question -> other answer

    def say(self, text: str) -> Reply:
        reply = self.person.says(text)
        self.replies.append(reply)
        return reply

    def answer_to(self, question: str) -> Optional[str]:
        """What the resident says to an open question; None if the text asks nothing of the filing."""
        for words, answer in self.overrides.items():
            if words in question:
                return answer
        for circumstance in self.item.circumstances:
            if question == circumstance.ask:
                wanted = self.wanted.get(circumstance.id, circumstance.options[0].id)
                return next(o.label for o in circumstance.options if o.id == wanted)
        for serial, form_field in enumerate(self.item.fields, 1):
            if question.startswith(form_field.ask):
                return value_for(form_field, serial, self.person.id_number)
        for words, answer in ASIDE_FROM_FIELDS.items():
            if words in question:
                return self.for_whom if answer == "给自己办" else answer
        return None

    def run(self) -> Reply:
        """Answer until something else than a question comes."""
        for _ in range(MOST_QUESTIONS):
            answer = self.answer_to(self.replies[-1].messages[-1]["text"])
            if answer is None:
                break
            self.say(answer)
        return self.replies[-1]

    @property
    def notice(self) -> str:
        """The complete notice that was given."""
        return "\n".join(r.text for r in self.replies if "【一次性告知】" in r.text)

    @property
    def facts(self) -> Facts:
        """The circumstances that the notice says it is for."""
        labels = self.notice.partition("您的情况：")[2].partition("\n")[0].split("；")
        return {c.id: o.id for c in self.item.circumstances for o in c.options if o.label in labels}

    def fields(self) -> List[FormField]:
        return [f for f in self.item.fields if applies(f.when, self.facts) is True]


ASIDE_FROM_FIELDS = {
    "您同意吗": "同意",
    "还是替别人办": "给自己办",
    "您自己叫什么名字": "张小红",
    "您的手机号是多少": mobile(77),
    "是什么关系": "女儿",
    "这次还用吗": "还用这些",
    "都备好了吗": "都有",
    "有吗？要": "有",
}


def consult(person: Person, code: str, opening: str, wanted: Optional[Mapping[str, str]] = None) -> Filing:
    """Ask and hear the complete notice."""
    filing = Filing(person, ITEMS[code], wanted or {})
    filing.say(opening)
    if "您说的是下面哪一件" in filing.replies[-1]:
        filing.say(filing.item.name)
    if "材料、步骤一次说全" in filing.replies[-1]:
        filing.say("要")
    filing.run()
    return filing


def file_item(
    person: Person, code: str, opening: str, wanted: Optional[Mapping[str, str]] = None, for_whom: str = "给自己办"
) -> Filing:
    """Ask, hear the notice, file, confirm."""
    filing = consult(person, code, opening, wanted)
    filing.for_whom = for_whom
    filing.say("帮我办")
    filing.run()
    filing.say("提交")
    return filing
