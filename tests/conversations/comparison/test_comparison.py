"""Two items side by side, from the catalogue only; then the person says which one it is to be."""

from __future__ import annotations

import pytest

from tests.support.autopilot import CENTRE, ITEMS, LOCAL
from tests.support.filing_talk import question, start
from tests.support.stack import Person

PAIRS = {
    "低保和特困有啥不一样": ("QS-049", "QS-050"),
    "身份证补领和换领有什么区别": ("QS-009", "QS-008"),
    "社保卡申领跟补换领的区别": ("QS-066", "QS-067"),
    "我该办低保还是临时救助": ("QS-049", "QS-051"),
    "老年证和高龄津贴是一回事吗": ("QS-058", "QS-057"),
    "失业登记和失业保险金有啥区别": ("QS-071", "QS-074"),
}


@pytest.mark.parametrize("asked", list(PAIRS))
def test_both_items_stand_side_by_side(asked: str, person: Person) -> None:
    told = person.says(asked).messages[0]["text"]
    for code in PAIRS[asked]:
        assert f"{ITEMS[code].name}：{ITEMS[code].summary}" in told


def test_materials_cost_time_and_place_come_from_the_catalogue(person: Person) -> None:
    told = person.says("身份证补领和换领有什么区别").messages[0]["text"]
    for code in ("QS-009", "QS-008"):
        for material in ITEMS[code].materials:
            assert material.name in told
        assert ITEMS[code].fees[0].text.rstrip("。") in told
        assert str(LOCAL[code].promised_limits[0].days) in told
    assert CENTRE.name in told


def test_the_one_chosen_afterwards_is_told_in_full(person: Person) -> None:
    person.says("低保和特困有啥不一样")
    assert ITEMS["QS-050"].name in person.says("第二个").messages[0]["text"]
    assert question(person) == ITEMS["QS-050"].circumstances[0].ask


def test_the_one_chosen_by_its_everyday_word_is_told_in_full(person: Person) -> None:
    person.says("低保和特困有啥不一样")
    assert ITEMS["QS-049"].name in person.says("那就低保吧").messages[0]["text"]


def test_short_words_belong_to_the_item_in_hand(person: Person) -> None:
    person.says("身份证丢了咋补", "1")
    told = person.says("补领和换领我该办哪个").messages[0]["text"]
    assert ITEMS["QS-009"].name in told and ITEMS["QS-008"].name in told


def test_sides_that_say_nothing_are_asked_back(person: Person) -> None:
    assert "哪两件" in person.says("补领和换领我该办哪个")


def test_neither_of_them_is_an_answer(person: Person) -> None:
    person.says("低保和特困有啥不一样")
    assert "多说两句" in person.says("都不是")


def test_in_the_middle_of_a_filing_the_form_goes_on(person: Person) -> None:
    asked = start(person)
    reply = person.says("低保和特困有啥不一样")
    assert ITEMS["QS-050"].name in reply
    assert question(person) == asked
