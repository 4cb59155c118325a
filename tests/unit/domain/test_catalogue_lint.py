from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.yaml_catalogue import load_centre, load_items, load_local_facts
from bot.domain import item as i
from bot.domain.catalogue_lint import ERROR, WARNING, Finding, lint
from bot.domain.item import Item, LocalFacts
from tests.support.builders import LAW, a_centre, an_item, local_facts
from tests.support.numbers import id_number, mobile


def check(*items: Item, facts: dict[str, LocalFacts] | None = None, **names: str) -> list[Finding]:
    given = {item.code: local_facts(item.code) for item in items} if facts is None else facts
    return lint(items, given, a_centre(), names or None)


def paths(findings: list[Finding], level: str = ERROR) -> set[str]:
    return {finding.path for finding in findings if finding.level == level}


def test_good_item_has_no_findings() -> None:
    assert check(an_item(), 果树补贴申领="群众生产") == []


def test_name_and_class_must_stand_in_the_list_of_names() -> None:
    assert paths(check(an_item(), 别的事项="群众生产")) == {"name"}
    assert paths(check(an_item(), 果树补贴申领="公共服务")) == {"category"}


@pytest.mark.parametrize(
    "change,path",
    [
        ({"materials": ()}, "materials"),
        ({"legal_basis": ()}, "legal_basis"),
        ({"conditions": ()}, "conditions"),
        ({"department": " "}, "department"),
        ({"applicant": "village"}, "applicant"),
        ({"flow": ()}, "flow"),
        ({"questions": ("一", "二")}, "questions"),
        ({"fields": ()}, "fields"),
        ({"hands_on": i.HandsOn()}, "hands_on"),
        ({"expires_on": date(2025, 1, 1)}, "expires_on"),
        ({"statutory_limits": (i.TimeLimit(20, "working", ""),)}, "statutory_limits第1项.source"),
        ({"statutory_limits": (i.TimeLimit(20, "weeks", "", LAW),)}, "statutory_limits第1项.unit"),
        ({"legal_basis": (i.Clause("依据"),)}, "legal_basis第1项.source"),
        ({"fees": (i.Fee("收费", 5, i.Source("")),)}, "fees第1项.source"),
    ],
)
def test_required_elements_and_sources(change: dict[str, Any], path: str) -> None:
    assert path in paths(check(an_item(**change)))


def test_questions_are_unique_over_all_items_whatever_the_punctuation() -> None:
    other = an_item("QS-902", "别的", questions=("果树补贴申领的第一种问法？", *(f"别的{n}" for n in range(8))))
    found = check(an_item(), other)
    assert [(f.code, f.path) for f in found if "重复" in f.text] == [("QS-902", "questions第1项")]


def test_conditions_name_only_what_exists() -> None:
    materials = an_item().materials
    wrong = (replace(materials[0], when={"nobody": ("x",)}), replace(materials[1], when={"land": ("x",)}))
    found = paths(check(an_item(materials=wrong)))
    assert found == {"materials第1项.when.nobody", "materials第2项.when.land"}


def test_conditions_of_local_facts_are_checked_too() -> None:
    local = local_facts(amounts=(i.Clause("每棵10元。", when={"land": ("lent",)}),))
    assert paths(check(an_item(), facts={"QS-901": local})) == {"local.amounts第1项.when.land"}


def test_circumstance_may_depend_only_on_earlier_ones() -> None:
    who, land = an_item().circumstances
    assert "circumstances第1项.when.who" in paths(check(an_item(circumstances=(land, who))))


def test_question_that_changes_nothing_is_not_asked() -> None:
    useless = i.Circumstance("mood", "高兴吗？", (i.Option("yes", "高兴"), i.Option("no", "不")))
    found = check(an_item(circumstances=(*an_item().circumstances, useless)))
    assert paths(found) == {"circumstances第3项"}


def test_question_that_only_leads_to_another_one_that_matters_is_fine() -> None:
    who, land = an_item().circumstances
    materials = tuple(m for m in an_item().materials if "who" not in m.when)
    assert check(an_item(circumstances=(who, land), materials=materials)) == []


def test_at_most_three_questions_on_any_path() -> None:
    more = tuple(
        i.Circumstance(f"c{n}", "？", (i.Option("a", "甲"), i.Option("b", "乙")), {"who": ("self",)}) for n in range(2)
    )
    clauses = tuple(i.Clause("。", when={f"c{n}": ("a",)}) for n in range(2))
    found = check(an_item(circumstances=(*an_item().circumstances, *more), cautions=clauses))
    assert [f.text for f in found] == ["有人要被问4个问题，最多只能问3个"]


def test_entry_that_nobody_can_meet_is_pointed_out() -> None:
    impossible = i.Clause("。", when={"who": ("parent",), "land": ("own",)})
    assert paths(check(an_item(cautions=(impossible,))), WARNING) == {"cautions第1项.when"}


def test_number_in_a_text_needs_a_source() -> None:
    assert paths(check(an_item(cautions=(i.Clause("满60岁才行。"),))), WARNING) == {"cautions第1项.text"}
    assert check(an_item(cautions=(i.Clause("满60岁才行。", LAW),))) == []


def test_number_that_a_sourced_text_or_value_states_may_be_repeated() -> None:
    sourced = (i.Clause("满60岁。", LAW), i.Clause("不到60岁的，20个工作日后再来。"))
    assert check(an_item(cautions=sourced)) == []


def test_local_numbers_need_no_source() -> None:
    local = local_facts(amounts=(i.Clause("每棵补12元。"),))
    assert check(an_item(), facts={"QS-901": local}) == []


def test_unrelated_items_with_the_same_materials_are_pointed_out() -> None:
    other = an_item("QS-902", "摩托车上牌", questions=tuple(f"上牌{n}" for n in range(8)), legal_basis=(i.Clause("。", i.Source("《别的法》", "第二条")),))
    assert paths(check(an_item(), other), WARNING) == {"materials"}
    related = replace(other, name="果树补贴申领变更")
    assert check(an_item(), related) == []


def test_same_paper_twice_is_wrong_only_for_one_person() -> None:
    card, lease, *_ = an_item().materials
    own = replace(card, form=i.Form.ORIGINAL, when={"who": ("parent",)})
    other = replace(card, when={"who": ("self",)})
    assert check(an_item(materials=(own, other, lease))) == []
    assert paths(check(an_item(materials=(own, card, lease)))) == {"materials.id_card"}


def test_one_material_id_names_one_paper() -> None:
    card, *rest = an_item().materials
    other = an_item("QS-902", "果树补贴发放", materials=(replace(card, name="结婚登记证"), *rest), questions=tuple(f"发放{n}" for n in range(8)))
    assert paths(check(an_item(), other), WARNING) == {"materials第1项.id"}


def test_fields_are_checked() -> None:
    name, number, phone, *rest = an_item().fields
    choice = replace(rest[1], options=())
    found = check(an_item(fields=(name, replace(number, type=i.FieldType.TEXT), phone, phone, choice)))
    assert paths(found) == {"fields.applicant_id", "fields.applicant_phone", "fields第5项"}


def test_window_must_exist() -> None:
    assert paths(check(an_item(), facts={"QS-901": local_facts(window="九号窗口")})) == {"local.window"}
    assert paths(check(an_item(), facts={}), WARNING) == {"local"}


def test_local_facts_need_an_item() -> None:
    found = check(an_item(), facts={"QS-901": local_facts(), "QS-999": local_facts("QS-999")})
    assert [(f.code, f.path) for f in found] == [("QS-999", "local.code")]


def sample(value: str) -> Item:
    return an_item(sample_form=i.SampleForm("样例", (i.SampleRow("号码", value),)))


def test_sample_numbers_belong_to_nobody() -> None:
    assert check(sample(id_number())) == [] and check(sample(mobile())) == []
    assert paths(check(sample(id_number(region="110101")))) == {"sample_form.rows第1项.value"}
    wrong = id_number()[:-1] + ("1" if id_number()[-1] != "1" else "2")
    assert paths(check(sample(wrong))) == {"sample_form.rows第1项.value"}
    assert paths(check(sample("1381234" + "5678")), WARNING) == {"sample_form.rows第1项.value"}


def test_no_personal_numbers_outside_the_sample_form() -> None:
    assert paths(check(an_item(summary=f"打{mobile()}。"))) == {"summary"}


def test_findings_are_in_words_for_office_staff() -> None:
    for finding in check(an_item(materials=(), questions=(), fields=(), flow=())):
        assert any("\u4e00" <= char <= "\u9fff" for char in finding.text), finding


def test_shipped_catalogue_loads_and_is_checked(root: Path) -> None:
    folder = root / "data" / "catalogue"
    if not list(folder.glob("*.yml")):
        pytest.skip("no catalogue is shipped here")
    items, facts = load_items(folder), load_local_facts(root / "data" / "centre" / "facts")
    findings = lint(list(items.values()), facts, load_centre(root / "data" / "centre" / "profile.yml"))
    assert len(items) >= 12 and isinstance(findings, list)
