"""草稿 (caogao): an application being collected, and which question comes next.

The draft is the truth about a filing in progress: it is stored after every answer, and the open question is computed from it, so a
restart of every process loses nothing. `message_id` of the last answer taken makes taking it twice harmless.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from enum import Enum
from itertools import takewhile
from typing import Any, Mapping, Optional, Sequence, Tuple

from bot.domain.filing_options import AGENT_FIELDS
from bot.domain.item import Facts, FieldType, FormField, Item, Material, Need, applies


class Ask(str, Enum):
    """What an open question is about."""

    ASIDE = "aside"  # put this one aside for the other item?
    DUPLICATE = "duplicate"  # you have this already; once more?
    CIRCUMSTANCE = "circumstance"
    CONSENT = "consent"
    FOR_WHOM = "for_whom"
    REUSE = "reuse"  # values given before, once more?
    FIELD = "field"
    MATERIALS = "materials"  # have you got all of these?
    MATERIAL = "material"  # this one?
    CONFIRM = "confirm"
    CANCEL = "cancel"  # really?


@dataclass(frozen=True)
class Question:
    """An open question: its kind and what it is about. `again`: it was skipped before."""

    kind: Ask
    field: Optional[FormField] = None
    material: Optional[Material] = None
    again: bool = False


@dataclass(frozen=True)
class Statement:
    """A declaration the person made (consent, truth): exact text, version, and when, where and by whom it was given."""

    text: str
    version: str
    at: str
    channel: str
    person: str

    def as_dict(self) -> dict[str, str]:
        return dict(vars(self))


@dataclass(frozen=True)
class Draft:
    """An application being collected. All values are JSON-ready; personal numbers are vault tokens.

    `earlier`: values given before in this conversation, by for-whom ("self", "other"), then field id -> {"value", "shown"}; used only after
    a yes (`reuse`). `duplicates`: open cases of the same item, {"number", "state", "filed"}, to be told; `acknowledged`: numbers told and
    passed over by a yes. `aside`: code of the other item that the person may want instead. `proposed`: {"field", "value", "shown"} that we
    asked about ("公历9月13号，对吗"); a yes takes it. `doubted`: something is wrong and we have asked what, so a yes does not file.
    """

    id: str
    conversation: str
    item_code: str
    catalogue_version: int
    created_at: str
    facts: Mapping[str, str] = field(default_factory=dict)
    for_whom: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    shown: Mapping[str, str] = field(default_factory=dict)
    materials: Mapping[str, str] = field(default_factory=dict)
    one_by_one: bool = False
    consent: Optional[Mapping[str, str]] = None
    cancelling: bool = False
    misses: int = 0
    last_message_id: str = ""
    skipped: Sequence[str] = ()
    earlier: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)
    reuse: str = ""  # "" not asked yet, yes, no
    duplicates: Sequence[Mapping[str, str]] = ()
    acknowledged: Sequence[str] = ()
    aside: str = ""
    proposed: Mapping[str, Any] = field(default_factory=dict)
    doubted: bool = False

    def with_field(self, name: str, value: Any, shown: str) -> "Draft":
        skipped = tuple(s for s in self.skipped if s != name)
        return replace(
            self, fields={**self.fields, name: value}, shown={**self.shown, name: shown}, skipped=skipped, misses=0
        )

    def without_field(self, name: str) -> "Draft":
        return replace(
            self,
            fields={k: v for k, v in self.fields.items() if k != name},
            shown={k: v for k, v in self.shown.items() if k != name},
        )


def form_fields(draft: Draft, item: Item) -> Tuple[FormField, ...]:
    """The fields to ask for, in order: the item's own that apply, then the agent's when filed for another.

    What an item asks about the agent itself is not asked twice; nor is anything when its applicant is whoever is speaking.
    """
    own = tuple(f for f in item.fields if applies(f.when, draft.facts) is True)
    if draft.for_whom != "other" or applicant_speaks(item, draft.facts):
        return own
    asked = {f.id for f in own}
    if "agent_name" in asked:  # the item asks about the agent itself: "您是老人的什么人" is the agent's relation
        asked |= {f"agent_{name}" for name in asked}
    return own + tuple(f for f in AGENT_FIELDS if f.id not in asked)


_SPEAKER = re.compile(r"您自己|去办的人|来申请的人|家长|爸爸或妈妈|来领钱")
_NO_SUBJECT = re.compile("agent|head|host|owner|party|landlord|opponent|safety|receiver|account|helper|spouse|partner|old_name|guardian")


def applicant_speaks(item: Item, facts: Facts) -> bool:
    """Whether the item's applicant is the one who comes, for somebody with a field of their own (a child, a deceased, an injured)."""
    names = [f for f in item.fields if f.type is FieldType.NAME and applies(f.when, facts) is True]
    applicant = next((f for f in names if f.id == "applicant_name"), None)
    if applicant is None or all(f is applicant or _NO_SUBJECT.search(f.id) for f in names):
        return False
    return names[0] is not applicant or _SPEAKER.search(applicant.ask) is not None


_WHO = frozenset({"who", "agent", "how"})
_IN_PERSON = re.compile(r"(?:本人|自己)(?:来|办|报|查|登记|申请|去|交|$)")
_BY_AGENT = re.compile("替|托(?:人|别人)|代办|代为|代理|帮着办")


def for_whom_told(item: Item, facts: Facts) -> str:
    """For whom it is, as the circumstances already say ("老人自己来", "家里人替老人办"); empty when they do not."""
    for circumstance in item.circumstances:
        chosen = next((o for o in circumstance.options if facts.get(circumstance.id) == o.id), None)
        if chosen is None or circumstance.id not in _WHO:
            continue
        if _BY_AGENT.search(chosen.label):
            return "other" if item.proxy is None or item.proxy.allowed else ""
        if _IN_PERSON.search(chosen.label):
            return "self"
    return "self" if applicant_speaks(item, facts) else ""


def wanted_materials(draft: Draft, item: Item) -> Tuple[Material, ...]:
    """The materials of the draft's circumstances."""
    return tuple(m for m in item.materials if applies(m.when, draft.facts) is True)


def asked_materials(draft: Draft, item: Item) -> Tuple[Material, ...]:
    """Those that a person can have at home; what is filled in at the counter is not asked for."""
    return tuple(m for m in wanted_materials(draft, item) if not m.at_window)


def reusable(draft: Draft, item: Item) -> Tuple[FormField, ...]:
    """The open fields that a value given before could fill; empty once the person has said yes or no."""
    known = draft.earlier.get(draft.for_whom, {}) if not draft.reuse else {}
    return tuple(f for f in form_fields(draft, item) if f.id in known and f.id not in draft.fields)


def step_back(draft: Draft, item: Item) -> Optional[Draft]:
    """The draft without the answer before its open question, in the order of asking; None at the first one.

    Consent is not taken back by a step: without it nothing could be kept.
    """
    answered = [m.id for m in asked_materials(draft, item) if m.id in draft.materials]
    if answered:
        if draft.one_by_one:
            return replace(draft, materials={k: v for k, v in draft.materials.items() if k != answered[-1]})
        return replace(draft, materials={})
    open_now = next_question(draft, item).field
    before = list(takewhile(lambda f: open_now is None or f.id != open_now.id, form_fields(draft, item)))
    passed = [f.id for f in before if f.id in draft.fields or f.id in draft.skipped]
    if passed:
        skipped = tuple(s for s in draft.skipped if s != passed[-1])
        return replace(draft.without_field(passed[-1]), skipped=skipped)
    if draft.for_whom:
        return replace(draft, for_whom="", reuse="")
    chosen = [c.id for c in item.circumstances if c.id in draft.facts]
    return replace(draft, facts={k: v for k, v in draft.facts.items() if k != chosen[-1]}) if chosen else None


def with_fact(draft: Draft, item: Item, circumstance_id: str, option_id: str) -> Draft:
    """The draft in another circumstance; answers to questions that do not apply any more are dropped."""
    facts = {**draft.facts, circumstance_id: option_id}
    kept: dict[str, str] = {}
    for circumstance in item.circumstances:
        if circumstance.id in facts and applies(circumstance.when, kept) is True:
            kept[circumstance.id] = facts[circumstance.id]
    whom = for_whom_told(item, kept) if draft.for_whom else ""
    return replace(draft, facts=kept, for_whom=whom or draft.for_whom, misses=0)


def next_question(draft: Draft, item: Item) -> Question:
    """The one open question; Ask.CONFIRM when everything is there."""
    if draft.cancelling:
        return Question(Ask.CANCEL)
    if draft.aside:
        return Question(Ask.ASIDE)
    if draft.duplicates:
        return Question(Ask.DUPLICATE)
    if item.next_circumstance(draft.facts) is not None:
        return Question(Ask.CIRCUMSTANCE)
    if draft.consent is None:
        return Question(Ask.CONSENT)
    if not draft.for_whom:
        return Question(Ask.FOR_WHOM)
    if reusable(draft, item):
        return Question(Ask.REUSE)
    open_fields = [f for f in form_fields(draft, item) if f.id not in draft.fields]
    for form_field in open_fields:
        if form_field.id not in draft.skipped:
            return Question(Ask.FIELD, field=form_field)
    open_materials = [m for m in asked_materials(draft, item) if m.id not in draft.materials]
    if open_materials and not draft.one_by_one and len(open_materials) > 1:
        return Question(Ask.MATERIALS)
    if open_materials:
        return Question(Ask.MATERIAL, material=open_materials[0])
    if open_fields:
        return Question(Ask.FIELD, field=open_fields[0], again=True)
    return Question(Ask.CONFIRM)


def left_to_do(draft: Draft, item: Item) -> Tuple[str, ...]:
    """Labels of the fields and names of the materials that are still to be said."""
    fields = (f.label for f in form_fields(draft, item) if f.id not in draft.fields)
    materials = (m.name for m in asked_materials(draft, item) if m.id not in draft.materials)
    return (*fields, *materials)


def lacking_materials(draft: Draft, item: Item) -> Tuple[Material, ...]:
    """Required materials that the person does not have yet; such a case is filed, and they are brought later or to the counter."""
    return tuple(
        m for m in asked_materials(draft, item) if draft.materials.get(m.id) == "later" and m.need is Need.REQUIRED
    )
