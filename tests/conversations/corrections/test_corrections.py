"""Any earlier answer is corrected in plain words, at any time, several at once."""

from __future__ import annotations

import pytest

from tests.support.autopilot import ITEMS
from tests.support.filing_talk import finish, question, start, up_to_address
from tests.support.numbers import mobile
from tests.support.stack import Person

ID_UP_TO_THE_NAME = ("身份证丢了咋补", "满16周岁的人", "帮我办", "同意", "给自己办")


def test_several_corrections_in_one_message(person: Person) -> None:
    asked = up_to_address(person)
    reply = person.says(f"名字错了，应该是王桂英，电话也改成{mobile(8)}")
    assert "王桂英" in reply and "电话" in reply
    assert question(person) == asked
    read_back = finish(person).replies[-1]
    assert "王桂英" in read_back and "李秀英" not in read_back


def test_a_corrected_number_is_stored_and_shown_masked(person: Person) -> None:
    up_to_address(person)
    reply = person.says(f"电话打错了，应该是{mobile(8)}")
    assert mobile(8) not in reply.text and "198" in reply.text
    finish(person)
    person.says("提交")
    number = person.cases()[0]["number"]
    assert "**" in person.stack.center("GET", f"cases/{number}").json()["applicant"]["phone"]["masked"]


def test_a_value_corrected_without_the_new_one_is_asked_again(person: Person) -> None:
    up_to_address(person)
    assert "重新填" in person.says("名字写错了")
    assert "名字" in question(person)


@pytest.mark.parametrize("words", ["说错了，是给孩子办的", "不对，是给娃补的身份证，不是大人", "选错了，应该是未满16岁的孩子"])
def test_a_circumstance_is_corrected_and_its_questions_follow(words: str, person: Person) -> None:
    person.says(*ID_UP_TO_THE_NAME, "李小宝")
    assert "未满16周岁" in person.says(words)
    filing = finish(person, "QS-009", 还是替别人办="替别人办")
    assert "监护人" in filing.replies[-1].text


@pytest.mark.parametrize("words", ["说错了，是给我妈办的", "不是给自己办，是替我娘办", "弄错了，我是帮邻居办的"])
def test_for_whom_it_is_can_be_corrected(words: str, person: Person) -> None:
    asked = up_to_address(person)
    assert "替别人办" in person.says(words)
    assert question(person) == asked
    read_back = finish(person).replies[-1]
    assert "代办人姓名" in read_back and "张小红" in read_back


def test_a_paper_is_corrected_at_the_read_back(person: Person) -> None:
    start(person)
    finish(person)
    assert "居民户口簿：现在没有" in person.says("户口本其实没有").messages[-1]["text"]
    assert "居民户口簿：有" in person.says("户口本找到了，有的").messages[-1]["text"]


def test_a_chosen_value_is_corrected_by_the_other_choice(person: Person) -> None:
    person.says(*ID_UP_TO_THE_NAME)
    finish(person, "QS-009")
    assert "领证方式：邮寄" in person.says("领证方式改成邮寄").messages[-1]["text"]


def test_nothing_is_filed_by_a_correction(person: Person) -> None:
    start(person)
    finish(person)
    person.says("地址错了，应该是王家村二组3号")
    assert "王家村二组3号" in person.last
    assert person.cases() == []


@pytest.mark.parametrize("words", ["李家村三组12号", "在王家村三组，错不了"])
def test_an_address_is_no_correction(words: str, person: Person) -> None:
    asked = up_to_address(person)
    person.says(words)
    assert "改成" not in person.last.text and "重新填" not in person.last.text
    assert question(person) != asked or "地址" in person.last.text


def test_the_item_keeps_its_first_circumstance_unless_corrected(person: Person) -> None:
    person.says(*ID_UP_TO_THE_NAME, "李秀英")
    filing = finish(person, "QS-009")
    assert ITEMS["QS-009"].materials[2].name not in filing.replies[-1].text
