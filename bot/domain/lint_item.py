"""单个事项检查 (dange shixiang jiancha): required elements, sources, form fields, materials, dates of one item."""

from __future__ import annotations

import re
from collections import Counter
from typing import Iterable, Iterator, Optional

from bot.domain.centre import Centre
from bot.domain.item import FieldType, FormField, Item, LocalFacts, Source, TimeLimit
from bot.domain.lint_findings import ERROR, WARNING, Finding

MIN_QUESTIONS = 8
_FLOW = range(3, 8)
_APPLICANTS = ("person", "household", "firm")
_UNITS = ("working", "natural", "half")
_MAX_DAYS = 1000
_NEEDED_FIELDS = {
    "applicant_name": FieldType.NAME,
    "applicant_id": FieldType.ID_NUMBER,
    "applicant_phone": FieldType.MOBILE,
}
_ARTICLE = re.compile(r"第.+[条款项章节部]|附件.*|附表.*|全文|.*部分")


def _element_findings(item: Item) -> Iterator[Finding]:
    needed = (
        ("summary", item.summary.strip(), "没有一句话说明"),
        ("department", item.department.strip(), "没有写责任部门"),
        ("aliases", item.aliases, "没有别名"),
        ("conditions", item.conditions, "没有办理条件"),
        ("materials", item.materials, "没有材料；一份也不要的，也要写明"),
        ("steps", item.steps, "没有办理步骤"),
        ("legal_basis", item.legal_basis, "没有法律依据"),
        ("results", item.results, "没有办理结果"),
        ("hands_on", any(vars(item.hands_on).values()), "没有写各级做什么"),
    )
    for path, value, text in needed:
        if not value:
            yield Finding(ERROR, item.code, path, text)
    if item.applicant not in _APPLICANTS:
        yield Finding(ERROR, item.code, "applicant", f"只能填 {'、'.join(_APPLICANTS)} 中的一个")
    if len(item.flow) not in _FLOW:
        yield Finding(ERROR, item.code, "flow", f"流程图要有{_FLOW[0]}到{_FLOW[-1]}步，现在是{len(item.flow)}步")
    if item.sample_form is None:
        yield Finding(WARNING, item.code, "sample_form", "没有填写范本")
    if len(item.questions) < MIN_QUESTIONS:
        text = f"群众的问法至少要{MIN_QUESTIONS}条，现在是{len(item.questions)}条"
        yield Finding(ERROR, item.code, "questions", text)


def _repeated(values: Iterable[str]) -> list[str]:
    return [value for value, count in Counter(values).items() if count > 1]


def _source_findings(code: str, path: str, source: Optional[Source], wanted: str) -> Iterator[Finding]:
    if source is None or not source.text.strip():
        if wanted:
            yield Finding(ERROR, code, f"{path}.source", wanted)
        return
    if "《" not in source.text:
        yield Finding(WARNING, code, f"{path}.source.text", "出处要写文件全名，带书名号《》")
    if source.article and not _ARTICLE.fullmatch(source.article):
        yield Finding(WARNING, code, f"{path}.source.article", "条款要写成“第…条”的样子")


def _all_source_findings(item: Item) -> Iterator[Finding]:
    must = {"fees": "收费没有写依据", "statutory_limits": "法定时限没有写出处", "legal_basis": "法律依据没有写出处"}
    for name in ("conditions", "materials", "steps", "statutory_limits", "fees", "legal_basis", "results", "cautions"):
        for index, entry in enumerate(getattr(item, name)):
            yield from _source_findings(item.code, f"{name}第{index + 1}项", entry.source, must.get(name, ""))
    for name in ("proxy", "visit", "online"):
        entry = getattr(item, name)
        if entry is not None:
            yield from _source_findings(item.code, name, entry.source, "")


def _limit_findings(code: str, path: str, limits: Iterable[TimeLimit]) -> Iterator[Finding]:
    for index, limit in enumerate(limits):
        place = f"{path}第{index + 1}项"
        if limit.unit not in _UNITS:
            yield Finding(ERROR, code, f"{place}.unit", "单位只能填 working（工作日）、natural（自然日）或 half（半个工作日）")
        if not 0 <= limit.days <= _MAX_DAYS:
            yield Finding(ERROR, code, f"{place}.days", f"天数应当在0到{_MAX_DAYS}之间")


def _one_field(item: Item, index: int, form_field: FormField) -> Iterator[Finding]:
    path = f"fields第{index + 1}项"
    options = [option.id for option in form_field.options]
    if not form_field.label.strip() or not form_field.ask.strip():
        yield Finding(ERROR, item.code, path, "没有写名称或怎么问")
    if form_field.type is FieldType.CHOICE and len(options) < 2:
        yield Finding(ERROR, item.code, path, "选择题至少要有两个选项")
    if form_field.type is not FieldType.CHOICE and options:
        yield Finding(ERROR, item.code, path, "只有选择题（choice）才能有选项")
    if _repeated(options):
        yield Finding(ERROR, item.code, path, "选项的编号有重复")


def _field_findings(item: Item) -> Iterator[Finding]:
    by_id = {form_field.id: form_field for form_field in item.fields}
    for name, kind in _NEEDED_FIELDS.items():
        if name not in by_id:
            yield Finding(ERROR, item.code, "fields", f"缺少 {name} 这一项")
        elif by_id[name].type is not kind or by_id[name].when:
            yield Finding(ERROR, item.code, f"fields.{name}", f"类型应当是 {kind.value}，不带 when")
    for name in _repeated(form_field.id for form_field in item.fields):
        yield Finding(ERROR, item.code, f"fields.{name}", "编号有重复")
    for index, form_field in enumerate(item.fields):
        yield from _one_field(item, index, form_field)


def _material_findings(item: Item) -> Iterator[Finding]:
    for index, material in enumerate(item.materials):
        path = f"materials第{index + 1}项"
        if not material.name.strip() or not material.issuer.strip():
            yield Finding(ERROR, item.code, path, "没有写材料名称或出具单位")
        if not 1 <= material.copies <= 20:
            yield Finding(ERROR, item.code, f"{path}.copies", "份数应当在1到20之间")


def _value_findings(item: Item) -> Iterator[Finding]:
    for index, fee in enumerate(item.fees):
        if fee.amount < 0:
            yield Finding(ERROR, item.code, f"fees第{index + 1}项.amount", "收费不能是负数")
    if item.visit is not None and not 0 <= item.visit.times <= 10:
        yield Finding(ERROR, item.code, "visit.times", "到现场次数应当在0到10之间")
    if item.expires_on is not None and item.expires_on < item.effective_from:
        yield Finding(ERROR, item.code, "expires_on", "失效日期早于生效日期")
    if not 2000 <= item.effective_from.year <= 2100:
        yield Finding(ERROR, item.code, "effective_from", "生效日期不像真的")


def _window_findings(item: Item, local: Optional[LocalFacts], centre: Centre) -> Iterator[Finding]:
    if local is None:
        yield Finding(WARNING, item.code, "local", "没有本镇规定（窗口、承诺时限）的文件")
        return
    yield from _limit_findings(item.code, "local.promised_limits", local.promised_limits)
    if not local.window:
        yield Finding(WARNING, item.code, "local.window", "没有写在哪个窗口办")
    elif local.window not in {window.name for window in centre.windows}:
        yield Finding(ERROR, item.code, "local.window", f"中心没有“{local.window}”这个窗口")


def item_findings(item: Item, local: Optional[LocalFacts], centre: Centre) -> Iterator[Finding]:
    """Everything that can be said of one item alone."""
    yield from _element_findings(item)
    yield from _all_source_findings(item)
    yield from _limit_findings(item.code, "statutory_limits", item.statutory_limits)
    yield from _field_findings(item)
    yield from _material_findings(item)
    yield from _value_findings(item)
    yield from _window_findings(item, local, centre)
