"""What was offered last is taken up by a word, a number, or a yes."""

from __future__ import annotations

import pytest

from tests.support.autopilot import ITEMS
from tests.support.filing_talk import question
from tests.support.stack import Person

NOTICE = ("身份证丢了咋补", "1")


@pytest.mark.parametrize("words", ["帮我办", "就这个帮我办", "好", "第一个", "行，给我办"])
def test_the_filing_offered_after_a_notice_is_taken_up(words: str, person: Person) -> None:
    person.says(*NOTICE)
    assert "同意" in person.says(words).buttons


@pytest.mark.parametrize("words", ["还想问问", "第二个", "我再问问"])
def test_asking_on_begins_no_filing(words: str, person: Person) -> None:
    person.says(*NOTICE)
    reply = person.says(words)
    assert "同意" not in reply.buttons and "您问" in reply
    assert ITEMS["QS-009"].name in person.says("要多久")


def test_a_no_begins_no_filing(person: Person) -> None:
    person.says(*NOTICE)
    assert "同意" not in person.says("不用了").buttons


@pytest.mark.parametrize("words", ["要", "第一个", "好的"])
def test_the_notice_offered_after_a_short_answer_is_taken_up(words: str, person: Person) -> None:
    person.says("身份证补领要多久")
    assert "要" in person.last.buttons
    person.says(words)
    assert question(person) == ITEMS["QS-009"].circumstances[0].ask


def test_a_number_with_nothing_offered_is_met_kindly(person: Person) -> None:
    assert "想办什么" in person.says("第二个") or "没听明白" in person.last


@pytest.mark.parametrize("words", ["孩子", "未满16岁", "第二个", "2", "是我儿子的，没满16"])
def test_a_circumstance_is_chosen_by_words_or_number(words: str, person: Person) -> None:
    person.says("身份证丢了咋补", words)
    assert "未满16周岁的孩子" in person.last


CHOICE = "老人有钱领，咋弄"


@pytest.mark.parametrize("words", ["先说第二个嘛", "就第二个吧", "我想问第二个", "2"])
def test_a_choice_is_taken_however_the_number_is_said(words: str, person: Person) -> None:
    offered = person.says(CHOICE).buttons
    assert "都不是" in offered, str(person.last)
    assert offered[1] in person.says(words)


def test_a_choice_that_nobody_makes_is_not_asked_for_ever(person: Person) -> None:
    offered = person.says(CHOICE).buttons
    person.says("王大山", "红苕", "石头剪刀布")
    assert "转人工" in person.last.buttons and offered[0] not in person.last.buttons
    assert ITEMS["QS-009"].name in person.says("身份证丢了咋补")


def test_an_application_where_nothing_answers_the_question_is_kept_and_a_person_offered(person: Person) -> None:
    person.says(*NOTICE, "帮我办", "同意")
    person.says(*["红苕"] * 6)
    assert "存好了" in person.last and "转人工" in person.last.buttons
    assert "替别人办" in person.says("继续").buttons
