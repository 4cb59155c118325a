"""Ask in everyday words, hear the complete notice, file by chat, follow the case: through the real stack."""

from __future__ import annotations

from typing import Callable

import pytest
import yaml

from tests.support.autopilot import ITEMS, ROOT, THE_TWELVE, file_item
from tests.support.stack import Person, Stack

UNSEEN = yaml.safe_load((ROOT / "tests" / "data" / "unseen_questions.yml").read_text(encoding="utf8"))


@pytest.mark.parametrize("code", THE_TWELVE)
def test_a_resident_asks_and_files(code: str, person: Person) -> None:
    filing = file_item(person, code, UNSEEN[code])
    assert "办件编号：BJ-" in filing.replies[-1], str(filing.replies[-1])
    cases = person.cases()
    assert [c["item_code"] for c in cases] == [code]
    assert cases[0]["number"] in filing.replies[-1].text


@pytest.mark.parametrize("code", THE_TWELVE)
def test_the_read_back_shows_every_field_and_masks_every_number(code: str, person: Person) -> None:
    filing = file_item(person, code, ITEMS[code].name + "怎么办")
    read_back = filing.replies[-2].text
    for form_field in filing.fields():
        assert form_field.label in read_back
    assert "1980000" not in read_back
    assert "****" in read_back


def test_the_resident_follows_the_case(person: Person) -> None:
    filing = file_item(person, "QS-057", UNSEEN["QS-057"])
    number = person.cases()[0]["number"]
    assert number in person.says("我的件到哪了")
    assert "申请" in person.last
    assert filing.item.name in person.last


def test_progress_for_a_stranger_needs_the_look_up_code(person: Person, people: Callable[..., Person]) -> None:
    receipt = file_item(person, "QS-057", UNSEEN["QS-057"]).replies[-1].text
    number = receipt.split("办件编号：")[1].split("\n")[0]
    code = receipt.split("查询码：")[1][:8]
    stranger = people()
    assert "查询码" in stranger.says(f"帮我查一下{number}办到哪了")
    assert "高龄津贴" not in stranger.last
    wrong = str(int(code) + 1)
    assert "对不上" in stranger.says(wrong)
    assert number in stranger.says(code)
    assert "高龄津贴申领" in stranger.last


def test_an_unknown_number_and_a_wrong_proof_read_the_same(person: Person, people: Callable[..., Person]) -> None:
    receipt = file_item(person, "QS-057", UNSEEN["QS-057"]).replies[-1].text
    number = receipt.split("办件编号：")[1].split("\n")[0]
    from bot.domain.case_numbers import NumberKind, mint

    unknown = mint(NumberKind.CASE, __import__("datetime").date(2026, 11, 23), 9999)
    answers = []
    for asked in (number, unknown):
        stranger = people()
        first = stranger.says(f"查进度 {asked}").text.replace(asked, "N")
        answers.append((first, stranger.says("92345678").text.replace(asked, "N")))
    assert answers[0] == answers[1]


def test_the_case_runs_and_the_resident_sees_it(person: Person, stack: Stack) -> None:
    file_item(person, "QS-057", UNSEEN["QS-057"])
    number = person.cases()[0]["number"]
    moved = stack.center("POST", f"cases/{number}/moves", {"move": "accept", "actor": {"role": "clerk", "name": "王窗口"}, "opinion": "材料齐全"})
    assert moved.status_code == 200, moved.text
    assert "受理" in person.says("我交的那个办到哪一步了")


def test_a_relative_is_asked_once_who_files_and_the_case_arrives(person: Person) -> None:
    filing = file_item(person, "QS-057", "高龄津贴申领怎么办", {"who": "agent"}, for_whom="替别人办")
    questions = [r.messages[-1]["text"] for r in filing.replies]
    assert len({q for q in questions if "您自己叫什么" in q}) == 1
    full = person.stack.center("GET", f"cases/{person.cases()[0]['number']}").json()
    assert full["agent"]["name"] == "张小红"
