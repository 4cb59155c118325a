"""草稿 (caogao): an application being collected, and which question comes next.

The draft is the truth about a filing in progress: it is stored after every answer, and the open question is computed from it, so a
restart of every process loses nothing. `message_id` of the last answer taken makes taking it twice harmless.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any, Mapping, Optional, Tuple

from bot.domain.item import FieldType, FormField, Item, Material, Need, Option, applies


class Ask(str, Enum):
    """What an open question is about."""

    CIRCUMSTANCE = "circumstance"
    CONSENT = "consent"
    FOR_WHOM = "for_whom"
    FIELD = "field"
    MATERIALS = "materials"  # have you got all of these?
    MATERIAL = "material"  # this one?
    CONFIRM = "confirm"
    CANCEL = "cancel"  # really?


FOR_WHOM_OPTIONS = (
    Option("self", "给自己办", ("自己", "本人", "我自己", "我本人", "自家", "自个", "自个儿")),
    Option(
        "other",
        "替别人办",
        (
            "别人",
            "替",
            "帮",
            "家人",
            "我妈",
            "我爸",
            "我娘",
            "我爹",
            "俺娘",
            "俺爹",
            "老人",
            "父母",
            "孩子",
            "娃",
            "老伴",
            "爷爷",
            "奶奶",
            "亲戚",
            "邻居",
        ),
    ),
)

MATERIAL_OPTIONS = (
    Option(
        "paper",
        "有，到时带去",
        ("有", "带", "在手", "有的", "准备好", "备好", "纸质", "原件", "有纸质件", "带去", "在家", "找到"),
    ),
    Option(
        "later", "现在没有", ("没有", "没", "缺", "还没", "没带", "不在手", "丢了", "等等", "以后", "还没开", "没办")
    ),
)

AGENT_FIELDS = (
    FormField("agent_name", "代办人姓名", FieldType.NAME, ""),
    FormField("agent_phone", "代办人电话", FieldType.MOBILE, ""),
    FormField(
        "agent_relation",
        "和申请人的关系",
        FieldType.CHOICE,
        "",
        options=(
            Option(
                "family",
                "家里人",
                tuple(
                    [
                        "家人",
                        "儿子",
                        "女儿",
                        "闺女",
                        "媳妇",
                        "儿媳",
                        "女婿",
                        "老伴",
                        "丈夫",
                        "妻子",
                        "爱人",
                        "父母",
                        "妈",
                        "爸",
                        "孙子",
                        "孙女",
                        "兄弟",
                        "姐妹",
                        "哥",
                        "姐",
                        "弟",
                        "妹",
                        "亲戚",
                    ]
                ),
            ),
            Option("village", "村里的代办员", ("村干部", "代办员", "村委", "网格员", "驻村", "社区")),
            Option("other", "邻居、朋友或其他人", ("邻居", "朋友", "同事", "其他", "别的")),
        ),
    ),
)
"""Asked when somebody files for another person; the questions' wording stands in domain.yml (utter_ask_agent_…)."""


@dataclass(frozen=True)
class Question:
    """An open question: its kind and what it is about."""

    kind: Ask
    field: Optional[FormField] = None
    material: Optional[Material] = None


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
    """An application being collected. All values are JSON-ready; personal numbers are vault tokens."""

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

    def with_field(self, name: str, value: Any, shown: str) -> "Draft":
        return replace(self, fields={**self.fields, name: value}, shown={**self.shown, name: shown}, misses=0)

    def without_field(self, name: str) -> "Draft":
        return replace(
            self,
            fields={k: v for k, v in self.fields.items() if k != name},
            shown={k: v for k, v in self.shown.items() if k != name},
        )


def form_fields(draft: Draft, item: Item) -> Tuple[FormField, ...]:
    """The fields to ask for, in order: the item's own that apply, then the agent's when filed for another."""
    own = tuple(f for f in item.fields if applies(f.when, draft.facts) is True)
    return own + (AGENT_FIELDS if draft.for_whom == "other" else ())


def wanted_materials(draft: Draft, item: Item) -> Tuple[Material, ...]:
    """The materials of the draft's circumstances."""
    return tuple(m for m in item.materials if applies(m.when, draft.facts) is True)


def next_question(draft: Draft, item: Item) -> Question:
    """The one open question; Ask.CONFIRM when everything is there."""
    if draft.cancelling:
        return Question(Ask.CANCEL)
    if item.next_circumstance(draft.facts) is not None:
        return Question(Ask.CIRCUMSTANCE)
    if draft.consent is None:
        return Question(Ask.CONSENT)
    if not draft.for_whom:
        return Question(Ask.FOR_WHOM)
    for form_field in form_fields(draft, item):
        if form_field.id not in draft.fields:
            return Question(Ask.FIELD, field=form_field)
    open_materials = [m for m in wanted_materials(draft, item) if m.id not in draft.materials]
    if open_materials and not draft.one_by_one and len(open_materials) > 1:
        return Question(Ask.MATERIALS)
    if open_materials:
        return Question(Ask.MATERIAL, material=open_materials[0])
    return Question(Ask.CONFIRM)


def lacking_materials(draft: Draft, item: Item) -> Tuple[Material, ...]:
    """Required materials that the person does not have yet; such a case is filed, and they are brought later or to the counter."""
    return tuple(
        m for m in wanted_materials(draft, item) if draft.materials.get(m.id) == "later" and m.need is Need.REQUIRED
    )
