"""Values as people say them: numerals in words, names spelled out, relative days."""

from __future__ import annotations

import pytest

from tests.support.filing_talk import question, start
from tests.support.stack import Person

DIGITS = str.maketrans("0123456789", "零幺二三四五六七八九")


@pytest.mark.parametrize(
    ("said", "name"),
    [("弓长张，叫张建国", "张建国"), ("我叫李红，木子李", "李红"), ("姓名王大山", "王大山"), ("叫赵云，赵云的赵", "赵云")],
)
def test_a_name_is_read_however_it_is_spelled(said: str, name: str, person: Person) -> None:
    asked = start(person)
    person.says(said)
    assert question(person) != asked, str(person.last)
    person.says("上一步")
    assert question(person) == asked


def test_an_id_number_and_a_telephone_spoken_digit_by_digit_are_taken(person: Person) -> None:
    start(person)
    person.says("李秀英")
    asked = question(person)
    person.says(person.id_number.translate(DIGITS))
    assert question(person) != asked, str(person.last)
    asked = question(person)
    person.says("幺九八零零零零零零零五")
    assert question(person) != asked, str(person.last)


@pytest.mark.parametrize("said", ["大前天", "上周五", "上个月二十号", "11月20号", "二〇二六年十一月二号"])
def test_a_day_is_read_as_people_name_it(said: str, person: Person) -> None:
    person.says("身份证丢了咋补", "1", "帮我办", "同意", "给自己办", "李秀英", person.id_number, "19800000005", "李家村三组12号")
    asked = question(person)
    assert "哪一天" in asked
    assert question(Saying(person, said)) != asked


def Saying(person: Person, words: str) -> Person:  # noqa: N802
    person.says(words)
    return person


def test_a_lunar_day_is_asked_for_kindly_in_the_solar_calendar(person: Person) -> None:
    person.says("身份证丢了咋补", "1", "帮我办", "同意", "给自己办", "李秀英", person.id_number, "19800000005", "李家村三组12号")
    assert "公历" in person.says("腊月初八")


TO_HER_NAME = ("我妈想认证那个养老金，手机老说人脸不对", "帮我办", "同意", "给我妈办")


@pytest.mark.parametrize("said", ["我妈叫刘翠兰", "俺娘叫刘翠兰", "老人叫刘翠兰", "她的名字是刘翠兰", "刘翠兰"])
def test_the_name_of_another_is_read_out_of_a_sentence(said: str, person: Person) -> None:
    person.says(*TO_HER_NAME)
    asked = question(person)
    person.says(said)
    assert question(person) != asked, str(person.last)


def test_the_own_name_is_not_filed_as_that_of_another(person: Person) -> None:
    person.says(*TO_HER_NAME)
    asked = question(person)
    assert "替他办" in person.says("我叫赵小军") and question(person) == asked
