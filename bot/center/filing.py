"""申请检查 (shenqing jiancha): does a filing fit the item version it quotes? Everything wrong is told at once."""

from __future__ import annotations

import re
from typing import Any, Iterator

from bot.adapters.strict_json import Problem
from bot.center.case_bodies import CaseBody
from bot.center.shapes import Choice, Sealed
from bot.domain.item import SEALED_KINDS, Facts, FieldType, FormField, Item, Material, Need, applies

_DATE = re.compile(r"(?:18|19|20)[0-9]{2}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)?")


def fact_problems(item: Item, facts: Facts) -> list[Problem]:
    """Circumstances or options that the item does not have."""
    options = {c.id: {o.id for o in c.options} for c in item.circumstances}
    problems = []
    for circumstance, option in facts.items():
        if circumstance not in options:
            problems.append((f"facts.{circumstance}", "这个事项没有这个情形"))
        elif option not in options[circumstance]:
            problems.append((f"facts.{circumstance}", "这个情形没有这个选项"))
    return problems


def _sealed_problem(value: Any, kinds: tuple[str, ...]) -> str:
    if not isinstance(value, Sealed):
        return "要先加密再提交"
    if value.kind not in kinds:
        return "号码的种类不对"
    return "" if value.verdict == "ok" else "号码没有通过校验"


def _number_problem(value: Any) -> str:
    if isinstance(value, (int, float)):
        return ""
    return "" if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,12}(\.[0-9]{1,4})?", value) else "应当是数字"


def _choice_problem(form_field: FormField, value: Any) -> str:
    chosen = value.id if isinstance(value, Choice) else value
    return "" if any(chosen in (o.id, o.label) for o in form_field.options) else "不在可选的答案里"


def value_problem(form_field: FormField, value: Any) -> str:
    """What is wrong with the value of a field; empty if nothing is."""
    if form_field.type is FieldType.CREDIT_CODE and isinstance(value, str):
        return "" if re.fullmatch(r"[0-9A-Z]{18}", value) else "应当是18位统一社会信用代码"
    if form_field.type in SEALED_KINDS:
        return _sealed_problem(value, SEALED_KINDS[form_field.type])
    if form_field.type is FieldType.CHOICE:
        return _choice_problem(form_field, value)
    if form_field.type in (FieldType.NUMBER, FieldType.AMOUNT):
        return _number_problem(value)
    if form_field.type is FieldType.DATE:
        return "" if isinstance(value, str) and _DATE.fullmatch(value) else "应当是日期，写成 2026-01-31 的样子"
    return "" if isinstance(value, str) and value.strip() else "应当是文字"


def _field_problems(item: Item, body: CaseBody) -> Iterator[Problem]:
    values: dict[str, Any] = {
        "applicant_name": body.applicant.name,
        "applicant_id": body.applicant.id or "",
        "applicant_phone": body.applicant.phone or "",
        **body.fields,
    }
    known = {form_field.id for form_field in item.fields}
    for name in body.fields:
        if name not in known and not name.startswith("applicant_"):
            yield f"fields.{name}", "这个事项没有这一项"
    for form_field in item.fields:
        value = values.get(form_field.id, "")
        if value == "":
            if form_field.required and applies(form_field.when, body.facts) is True:
                yield f"fields.{form_field.id}", f"缺少“{form_field.label}”"
            continue
        problem = value_problem(form_field, value)
        if problem:
            yield f"fields.{form_field.id}", f"“{form_field.label}”{problem}"


def _material_problem(material: Material, status: str) -> str:
    if status == "":
        return "没有说明有没有"
    if status == "none" and material.need is not Need.OPTIONAL:
        return "必须提供"
    return ""


def _material_problems(item: Item, body: CaseBody) -> Iterator[Problem]:
    known = {material.id for material in item.materials}
    given: dict[str, str] = {}
    for material in body.materials:
        if material.id not in known:
            yield f"materials.{material.id}", "这个事项不要这份材料"
        elif material.id in given:
            yield f"materials.{material.id}", "写了两次"
        given[material.id] = material.status
    for wanted in item.materials:
        if applies(wanted.when, body.facts) is not True:
            continue
        if wanted.need is Need.OPTIONAL and wanted.id not in given:
            continue
        problem = _material_problem(wanted, given.get(wanted.id, ""))
        if problem:
            yield f"materials.{wanted.id}", f"“{wanted.name}”{problem}"


def _person_problems(body: CaseBody) -> Iterator[Problem]:
    mobile = ("mobile", "landline")
    for path, value, kinds in (("id", body.applicant.id, ("id_number",)), ("phone", body.applicant.phone, mobile)):
        problem = _sealed_problem(value, kinds) if value is not None else ""
        if problem:
            yield f"applicant.{path}", problem
    if body.agent is not None:
        problem = _sealed_problem(body.agent.phone, mobile)
        if problem:
            yield "agent.phone", problem


def filing_problems(item: Item, body: CaseBody) -> list[Problem]:
    """Everything that keeps a filing from being taken; the facts must be known to fit the item.

    A required paper that is to follow (`later`) does not: the clerk decides on it with 补正, and the person keeps the number.
    """
    problems = []
    open_question = item.next_circumstance(body.facts)
    if open_question is not None:
        problems.append((f"facts.{open_question.id}", f"还没有回答“{open_question.ask}”"))
    problems += _person_problems(body)
    if body.agent is not None and item.proxy is not None and not item.proxy.allowed:
        problems.append(("agent", "这个事项不能代办"))
    problems += _field_problems(item, body)
    problems += _material_problems(item, body)
    return problems
