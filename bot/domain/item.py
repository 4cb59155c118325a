"""事项 (shixiang): a service item as the catalogue holds it.

The shape follows the elements of GB/T 39554 and of 一次性告知: what a person must know before
setting out, each statement with the place in the law it comes from. Nothing here knows where items
are stored. An element that is unknown is empty, and the notice then says so (未提供); it is never
guessed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from itertools import product
from typing import Iterator, Mapping, Optional, Tuple

Facts = Mapping[str, str]
"""Chosen options: circumstance id -> option id."""

When = Mapping[str, Tuple[str, ...]]
"""Condition: every named circumstance must have one of the listed options. Empty: always."""


def applies(when: When, facts: Facts) -> Optional[bool]:
    """Whether a condition holds: True, False, or None while a needed circumstance is unknown."""
    open_question = False
    for circumstance, options in when.items():
        chosen = facts.get(circumstance)
        if chosen is None:
            open_question = True
        elif chosen not in options:
            return False
    return None if open_question else True


class Level(str, Enum):
    """Who decides: 村 / 镇 / 县."""

    VILLAGE = "village"
    TOWNSHIP = "township"
    COUNTY = "county"


class Delegation(str, Enum):
    """赋权方式 of 鼎城区 (DC): who signs when the township counter handles a county matter."""

    DIRECT = "direct"  # 直接赋权: the township decides and signs
    FRONTDESK = "frontdesk"  # 服务端前移: handled in front, decided above
    MUTUAL = "mutual"  # 双向委托授权: first checks below, last decision handed back
    NONE = "none"  # not delegated: the item belongs to the level itself


class Need(str, Enum):
    """必要性 of a material."""

    REQUIRED = "required"  # 必要
    DEFERRABLE = "deferrable"  # 容缺: may follow later on a written promise
    OPTIONAL = "optional"  # 有则提供


class Form(str, Enum):
    """In which form a material is wanted."""

    ORIGINAL = "original"  # 原件
    COPY = "copy"  # 复印件
    ORIGINAL_AND_COPY = "original_and_copy"  # 原件和复印件
    ORIGINAL_SHOWN = "original_shown"  # 原件, shown and given back
    ELECTRONIC = "electronic"  # 电子文件


class FieldType(str, Enum):
    """What kind of value a form field takes; decides how an answer is read and checked."""

    NAME = "name"
    ID_NUMBER = "id_number"
    MOBILE = "mobile"
    DATE = "date"
    ADDRESS = "address"
    CHOICE = "choice"
    TEXT = "text"
    NUMBER = "number"
    AMOUNT = "amount"
    CREDIT_CODE = "credit_code"
    BANK_CARD = "bank_card"


SEALED_KINDS: Mapping[FieldType, Tuple[str, ...]] = {
    FieldType.ID_NUMBER: ("id_number",),
    FieldType.MOBILE: ("mobile", "landline"),
    FieldType.BANK_CARD: ("bank_card",),
    FieldType.CREDIT_CODE: ("credit_code",),
}
"""Which kinds of personal number a field takes; its value is sealed."""


@dataclass(frozen=True)
class Source:
    """Where a statement comes from: a law or document and the article in it."""

    text: str
    article: str = ""


@dataclass(frozen=True)
class Clause:
    """One statement for the reader, with its source and the circumstances it holds in."""

    text: str
    source: Optional[Source] = None
    when: When = field(default_factory=dict)


@dataclass(frozen=True)
class Option:
    """One answer to a circumstance question; `words` are other ways people say it."""

    id: str
    label: str
    words: Tuple[str, ...] = ()


@dataclass(frozen=True)
class Circumstance:
    """情形: a question whose answer changes the notice."""

    id: str
    ask: str
    options: Tuple[Option, ...]
    when: When = field(default_factory=dict)


@dataclass(frozen=True)
class Material:
    """材料: one paper to bring. `copies` counts pieces in the given form."""

    id: str
    name: str
    form: Form
    copies: int
    issuer: str
    need: Need = Need.REQUIRED
    note: str = ""
    sample: str = ""
    source: Optional[Source] = None
    when: When = field(default_factory=dict)

    @property
    def at_window(self) -> bool:
        """Whether the counter hands it out to be filled in there; nobody can have it before."""
        return "现场" in self.issuer or self.issuer.startswith("窗口领取")


@dataclass(frozen=True)
class Fee:
    """收费: one charge in yuan, zero meaning free of charge; always with its basis."""

    text: str
    amount: float
    source: Source
    unit: str = ""
    when: When = field(default_factory=dict)


@dataclass(frozen=True)
class TimeLimit:
    """办理时限: days as the law or the promise counts them; 0 days means on the spot (当场办结).

    `unit`: "working", "natural", or "half": half working days (半个工作日), of which `days` says how many.
    """

    days: int
    unit: str
    text: str
    source: Optional[Source] = None
    when: When = field(default_factory=dict)


@dataclass(frozen=True)
class FormField:
    """A value asked for when filing."""

    id: str
    label: str
    type: FieldType
    ask: str
    required: bool = True
    hint: str = ""
    options: Tuple[Option, ...] = ()
    precision: str = "month"  # dates: "day" when year and month are not enough
    when: When = field(default_factory=dict)
    planned: bool = False  # dates: a day to come, so "12月8号" is the next one


@dataclass(frozen=True)
class FlowStep:
    """One box of the flow chart (流程图): what happens and who does it."""

    name: str
    who: str
    text: str = ""


@dataclass(frozen=True)
class SampleRow:
    """One line of the filled sample form (范本); all persons in it are fictional."""

    label: str
    value: str


@dataclass(frozen=True)
class SampleForm:
    """范本: a form filled in for a fictional person."""

    title: str
    rows: Tuple[SampleRow, ...]


@dataclass(frozen=True)
class HandsOn:
    """What each level does for the item; empty text: that level has no part in it."""

    village: str = ""
    township: str = ""
    county: str = ""


@dataclass(frozen=True)
class Permission:
    """Whether something (proxy, copy, online) is possible, and how."""

    allowed: bool
    text: str
    source: Optional[Source] = None


@dataclass(frozen=True)
class Visit:
    """到现场次数: how often somebody must come, and why."""

    times: int
    text: str
    source: Optional[Source] = None


@dataclass(frozen=True)
class ItemResult:
    """What the person holds in the end."""

    name: str
    text: str = ""
    source: Optional[Source] = None
    when: When = field(default_factory=dict)


@dataclass(frozen=True)
class Item:
    """事项 as published: national facts only; what is local stands in the centre profile."""

    code: str
    name: str
    category: str
    summary: str
    department: str
    level: Level
    delegation: Delegation
    hands_on: HandsOn
    applicant: str  # "person" | "household" | "firm"
    aliases: Tuple[str, ...]
    questions: Tuple[str, ...]
    conditions: Tuple[Clause, ...]
    circumstances: Tuple[Circumstance, ...]
    materials: Tuple[Material, ...]
    steps: Tuple[Clause, ...]
    statutory_limits: Tuple[TimeLimit, ...]
    fees: Tuple[Fee, ...]
    legal_basis: Tuple[Clause, ...]
    results: Tuple[ItemResult, ...]
    proxy: Optional[Permission]
    visit: Optional[Visit]
    online: Optional[Permission]
    fields: Tuple[FormField, ...]
    flow: Tuple[FlowStep, ...]
    sample_form: Optional[SampleForm]
    effective_from: date
    expires_on: Optional[date] = None
    cautions: Tuple[Clause, ...] = ()
    joint_with: Tuple[str, ...] = ()  # 联办: the other departments that must agree; `department` leads

    def circumstance(self, circumstance_id: str) -> Circumstance:
        """The circumstance with this id.

        Raises:
            KeyError: the item has none of that id.
        """
        for circumstance in self.circumstances:
            if circumstance.id == circumstance_id:
                return circumstance
        raise KeyError(circumstance_id)

    def next_circumstance(self, facts: Facts) -> Optional[Circumstance]:
        """The first question that applies and is still unanswered; None when the list is exact."""
        for circumstance in self.circumstances:
            if circumstance.id not in facts and applies(circumstance.when, facts) is True:
                return circumstance
        return None

    def combinations(self) -> Iterator[Facts]:
        """Every complete set of circumstances that a person can be in."""
        seen = set()
        choices = [[(c.id, o.id) for o in c.options] for c in self.circumstances]
        for picked in product(*choices):
            facts: dict[str, str] = {}
            answers = dict(picked)
            while (question := self.next_circumstance(facts)) is not None:
                facts[question.id] = answers[question.id]
            key = tuple(sorted(facts.items()))
            if key not in seen:
                seen.add(key)
                yield facts


@dataclass(frozen=True)
class LocalFacts:
    """Local facts of one item (promised days, window, amounts); all belong to the fictional township."""

    code: str
    promised_limits: Tuple[TimeLimit, ...] = ()
    window: str = ""
    amounts: Tuple[Clause, ...] = ()
    online_address: str = ""
    notes: Tuple[Clause, ...] = ()
