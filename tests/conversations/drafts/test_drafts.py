"""Drafts: deleted at once on request, all of them; of several the person says which."""

from __future__ import annotations

import pytest

from tests.support.autopilot import ITEMS
from tests.support.filing_talk import DISABLED, filed, question, start, up_to_address
from tests.support.stack import Person

TWO_DRAFTS = ("我想改办残疾人证", "先存着，改办", "头一回办", "眼耳口手脚的残疾，满18岁", "同意", "先存着")


@pytest.mark.parametrize("words", ["把我填的都删了", "草稿删了吧", "我写的那些都给我清掉", "全都删掉"])
def test_deleted_at_once_and_told_what(words: str, person: Person) -> None:
    up_to_address(person)
    assert "删掉了" in person.says(words) and ITEMS["QS-057"].name in person.last
    assert "没找到" in person.says("继续")


def test_all_drafts_go(person: Person) -> None:
    up_to_address(person)
    person.says(*TWO_DRAFTS)
    told = person.says("把我填的都删了").text
    assert ITEMS["QS-057"].name in told and ITEMS[DISABLED].name in told
    assert "没找到" in person.says("继续")


def test_deleted_values_are_not_offered_again(person: Person) -> None:
    up_to_address(person)
    person.says("把我填的都删了")
    start(person)
    assert "李秀英" not in person.last.text


def test_with_nothing_filled_in_there_is_nothing_to_delete(person: Person) -> None:
    assert "不用删" in person.says("把我填的都删了")


def test_a_filed_case_is_not_deleted(person: Person) -> None:
    filed(person)
    assert "撤回" in person.says("把我填的都删了")
    assert len(person.cases()) == 1


def test_asking_whether_it_will_be_deleted_deletes_nothing(person: Person) -> None:
    asked = up_to_address(person)
    person.says("我填的会不会被删掉啊？")
    person.says("继续")
    assert question(person) == asked


def test_of_several_drafts_the_person_says_which(person: Person) -> None:
    asked = up_to_address(person)
    person.says(*TWO_DRAFTS)
    person.says("继续")
    assert ITEMS["QS-057"].name in person.last.buttons and ITEMS[DISABLED].name in person.last.buttons
    person.says(ITEMS["QS-057"].name)
    assert question(person) == asked


def test_a_draft_named_is_taken_up_without_asking(person: Person) -> None:
    asked = up_to_address(person)
    person.says(*TWO_DRAFTS)
    person.says("继续办高龄津贴")
    assert question(person) == asked
