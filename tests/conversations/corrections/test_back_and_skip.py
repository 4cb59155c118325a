"""One step back; a question left open for now and asked again at the end."""

from __future__ import annotations

import pytest

from tests.support.filing_talk import finish, question, start, up_to_address
from tests.support.numbers import mobile
from tests.support.stack import Person


@pytest.mark.parametrize("words", ["上一步", "退回去", "回到上一步", "我要返回上一题"])
def test_a_step_back_asks_the_question_before(words: str, person: Person) -> None:
    start(person)
    person.says("李秀英")
    before = question(person)
    person.says(person.id_number)
    person.says(words)
    assert question(person) == before


def test_two_steps_back(person: Person) -> None:
    first = start(person)
    person.says("李秀英", person.id_number, "上一步", "上一步")
    assert question(person) == first


def test_a_step_back_leads_to_the_circumstances_too(person: Person) -> None:
    first = person.says("残疾证怎么办").messages[-1]["text"]
    person.says("1")
    assert question(person) != first
    person.says("上一步")
    assert question(person) == first


def test_a_step_back_after_a_skipped_question_asks_that(person: Person) -> None:
    asked = up_to_address(person)
    person.says("跳过", "上一步")
    assert question(person) == asked


def test_with_nothing_open_there_is_nothing_to_step_back_from(person: Person) -> None:
    assert "第一步" in person.says("上一步")


@pytest.mark.parametrize("words", ["这个先跳过", "等会再填", "我记不清了，先填后面的", "跳过", "想不起来了", "一会儿再说"])
def test_a_skipped_question_comes_again_at_the_end(words: str, person: Person) -> None:
    asked = up_to_address(person)
    person.says(words)
    assert "先空着" in person.last and question(person) != asked
    asked_since = [reply.messages[-1]["text"] for reply in finish(person, 住在哪个村="李家村三组").replies]
    assert any(text.startswith(asked.splitlines()[0]) for text in asked_since)
    assert "李家村三组" in person.last


def test_the_skipped_value_is_read_back_once_given(person: Person) -> None:
    up_to_address(person)
    person.says("先跳过")
    assert "李家村三组12号" in finish(person).replies[-1]


def test_skipped_twice_it_is_put_aside_and_nothing_is_filed(person: Person) -> None:
    asked = up_to_address(person)
    person.says("先跳过")
    finish(person, 住在哪个村="等会再填")
    assert "存着" in person.last and "住址" in person.last
    assert person.cases() == []
    assert question(person) != asked
    person.says("继续")
    assert question(person) == asked


def test_an_optional_value_is_simply_left_out(person: Person) -> None:
    person.says("身份证丢了咋补", "满16周岁的人", "帮我办", "同意", "给自己办", "李秀英", person.id_number, mobile(5), "李家村三组12号")
    assert "哪一天" in question(person)
    assert "可以不填" in person.says("这个先跳过")
    read_back = finish(person, "QS-009").replies[-1]
    assert "丢失日期：（不填）" in read_back


def test_consent_cannot_be_skipped(person: Person) -> None:
    person.says("老人满八十岁的高龄津贴怎么领", "1", "帮我办")
    asked = question(person)
    assert "得先定下来" in person.says("这个先跳过")
    assert question(person) == asked
