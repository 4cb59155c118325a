"""告知用语 (gaozhi yongyu): words and derived values that every rendering of a notice shares, chat, page or paper (A11)."""

from __future__ import annotations

from typing import Any, List, Mapping, Tuple

from bot.domain.centre import opening_lines
from bot.domain.item import Item
from bot.domain.notice import FORM_LABELS, NEED_LABELS, Notice, source_label

_PROMISED = "本镇承诺"
_ELEMENT_LABELS = {
    "conditions": "办理条件",
    "materials": "材料",
    "steps": "步骤",
    "statutory_limits": "法定时限",
    "promised_limits": "承诺时限",
    "fees": "收费",
    "legal_basis": "法律依据",
    "results": "办理结果",
    "online": "网上办理",
}


def issuer(text: str) -> str:
    """Who gives out a material, as part of a sentence."""
    if text in ("申请人自备", "本人自备", "申请人", "本人"):
        return "自己准备"
    return text if text.endswith(("提供", "领取", "出具", "开具", "填写")) else f"由{text}出具"


def promise(text: str) -> str:
    """A promised limit without the lead that its line already has."""
    return text[len(_PROMISED) :].lstrip("，：") if text.startswith(_PROMISED) else text


def hands_on(item: Item) -> List[Tuple[str, str]]:
    """What village, township and county do, where they do something."""
    parts = (("村里", item.hands_on.village), ("镇里", item.hands_on.township), ("县里", item.hands_on.county))
    return [(label, text) for label, text in parts if text]


def _material_sources(notice: Notice) -> str:
    labels = [source_label(material.source) for material in notice.materials if material.source]
    return "、".join(dict.fromkeys(labels))


def derived(notice: Notice) -> Mapping[str, Any]:
    """What a template needs beside the notice itself."""
    return {
        "n": notice,
        "hours": opening_lines(notice.centre, notice.local.window),
        "hands_on": hands_on(notice.item),
        "visit_text": notice.item.visit.text if notice.item.visit else "",
        "materials_sources": _material_sources(notice),
        "missing": "、".join(_ELEMENT_LABELS[name] for name in notice.missing),
    }


WORDS: Mapping[str, Any] = {
    "form_labels": FORM_LABELS,
    "need_labels": NEED_LABELS,
    "source_label": source_label,
    "issuer": issuer,
    "promise": promise,
}
"""Names that templates of notices use."""
