"""The words of a draft's open question."""

from __future__ import annotations

from datetime import date
from typing import Callable, Dict, List

from actions.action_base import Turn, buttons, word_buttons
from bot.bootstrap import ActionParts
from bot.domain.draft import (
    Ask,
    Draft,
    Question,
    asked_materials,
    form_fields,
    next_question,
    reusable,
    wanted_materials,
)
from bot.domain.filing_options import FOR_WHOM_OPTIONS
from bot.domain.notice import FORM_LABELS
from bot.ports import PublishedItem

CONFIRM_BUTTONS = word_buttons("提交", "有错要改", "先存着")


def ask(turn: Turn, parts: ActionParts, draft: Draft, published: PublishedItem) -> None:
    """Say the draft's open question."""
    question = next_question(draft, published.item)
    _SAY[question.kind](turn, parts, draft, published, question)


def _aside(turn: Turn, parts: ActionParts, draft: Draft, published: PublishedItem, _: Question) -> None:
    other = parts.catalogue.get(draft.aside)
    name = other.item.name if other else draft.aside
    turn.say("utter_ask_aside", buttons=word_buttons("先存着，改办", "接着办"), item=published.item.name, other=name)


def _duplicate(turn: Turn, parts: ActionParts, draft: Draft, published: PublishedItem, _: Question) -> None:
    lines = []
    for case in draft.duplicates:
        if case.get("elsewhere"):
            turn.say("utter_ask_duplicate_elsewhere", buttons=word_buttons("再交一份", "不交了"), item=published.item.name)
            return
        state = f"，现在到了：{case['state_label']}" if case.get("state_label") else "，正在送往窗口"
        filed = f"，{_day(case['filed_on'])}交的" if case.get("filed_on") else ""
        lines.append(f"• {case['number']}{filed}{state}")
    turn.say(
        "utter_ask_duplicate",
        buttons=word_buttons("再交一份", "不交了"),
        item=published.item.name,
        lines="\n".join(lines),
    )


def _day(iso: str) -> str:
    day = date.fromisoformat(iso)
    return f"{day.month}月{day.day}日"


def _circumstance(turn: Turn, parts: ActionParts, draft: Draft, published: PublishedItem, _: Question) -> None:
    circumstance = published.item.next_circumstance(draft.facts)
    assert circumstance is not None
    turn.say_text(circumstance.ask, buttons(circumstance.options))


def _consent(turn: Turn, parts: ActionParts, draft: Draft, published: PublishedItem, _: Question) -> None:
    text = parts.statements.text("consent", item=published.item.name)
    turn.say("utter_ask_consent", buttons=word_buttons("同意", "不同意"), statement=text)


def _for_whom(turn: Turn, parts: ActionParts, draft: Draft, published: PublishedItem, _: Question) -> None:
    turn.say("utter_ask_for_whom", buttons=buttons(FOR_WHOM_OPTIONS))


def _reuse(turn: Turn, parts: ActionParts, draft: Draft, published: PublishedItem, _: Question) -> None:
    known = draft.earlier[draft.for_whom]
    lines = [f"• {f.label}：{known[f.id]['shown']}" for f in reusable(draft, published.item)]
    turn.say("utter_ask_reuse", buttons=word_buttons("还用这些", "重新填"), lines="\n".join(lines))


def _field(turn: Turn, parts: ActionParts, draft: Draft, published: PublishedItem, question: Question) -> None:
    field = question.field
    assert field is not None
    if question.again:
        turn.say("utter_skipped_before", label=field.label)
    if field.id.startswith("agent_"):
        turn.say(f"utter_ask_{field.id}", buttons=buttons(field.options))
        return
    hint = f"\n（{field.hint}）" if field.hint else ""
    turn.say_text(field.ask + hint, buttons(field.options))


def _materials(turn: Turn, parts: ActionParts, draft: Draft, published: PublishedItem, _: Question) -> None:
    wanted = [m for m in asked_materials(draft, published.item) if m.id not in draft.materials]
    lines = [f"• {m.name}（{FORM_LABELS[m.form]}{m.copies}份）" for m in wanted]
    turn.say("utter_ask_materials", buttons=word_buttons("都有", "有缺的"), materials="\n".join(lines))


def _material(turn: Turn, parts: ActionParts, draft: Draft, published: PublishedItem, question: Question) -> None:
    material = question.material
    assert material is not None
    note = f"\n（{material.note.rstrip('。')}）" if material.note else ""
    turn.say(
        "utter_ask_material",
        buttons=word_buttons("有", "现在没有"),
        name=material.name,
        form=FORM_LABELS[material.form],
        copies=material.copies,
        note=note,
    )


def _cancel(turn: Turn, parts: ActionParts, draft: Draft, published: PublishedItem, _: Question) -> None:
    turn.say("utter_ask_cancel", buttons=word_buttons("不办了", "接着办"), item=published.item.name)


def say_filled(turn: Turn, draft: Draft, published: PublishedItem) -> bool:
    """What is filled in so far; False when the read-back shows it anyway."""
    if next_question(draft, published.item).kind is Ask.CONFIRM:
        return False
    lines = _filled(draft, published)
    response = "utter_filled_so_far" if lines else "utter_nothing_filled"
    turn.say(response, item=published.item.name, lines="\n".join(lines))
    return True


def _filled(draft: Draft, published: PublishedItem) -> List[str]:
    return [f"• {f.label}：{draft.shown[f.id]}" for f in form_fields(draft, published.item) if draft.shown.get(f.id)]


def _read_back(turn: Turn, parts: ActionParts, draft: Draft, published: PublishedItem, _: Question) -> None:
    """Everything once more, personal numbers masked, with the truth statement."""
    lines = _filled(draft, published)
    for material in wanted_materials(draft, published.item):
        have = (
            "到窗口现填"
            if material.at_window
            else "有，到时带去"
            if draft.materials.get(material.id) == "paper"
            else "现在没有"
        )
        lines.append(f"• {material.name}：{have}")
    turn.say(
        "utter_read_back",
        buttons=CONFIRM_BUTTONS,
        item=published.item.name,
        lines="\n".join(lines),
        truth=parts.statements.text("truth"),
    )


_SAY: Dict[Ask, Callable[[Turn, ActionParts, Draft, PublishedItem, Question], None]] = {
    Ask.ASIDE: _aside,
    Ask.DUPLICATE: _duplicate,
    Ask.CIRCUMSTANCE: _circumstance,
    Ask.CONSENT: _consent,
    Ask.FOR_WHOM: _for_whom,
    Ask.REUSE: _reuse,
    Ask.FIELD: _field,
    Ask.MATERIALS: _materials,
    Ask.MATERIAL: _material,
    Ask.CONFIRM: _read_back,
    Ask.CANCEL: _cancel,
}
