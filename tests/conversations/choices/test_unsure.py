"""Whoever cannot tell which it is is helped, and whoever says it is not that is believed."""

from __future__ import annotations

import pytest

from tests.support.filing_talk import start
from tests.support.stack import Person


@pytest.mark.parametrize("said", ["我不晓得选哪个", "不知道", "拿不准", "这个咋个选嘛"])
def test_whoever_cannot_choose_hears_how_and_the_question_again(said: str, person: Person) -> None:
    asked = person.says("身份证丢了咋补").messages[-1]["text"]
    reply = person.says(said)
    assert "拿不准不要紧" in reply and reply.messages[-1]["text"] == asked


@pytest.mark.parametrize("said", ["不是那个，是村里发的", "我说的不是这个", "你搞错了，不是这个"])
def test_the_wrong_item_is_dropped_and_more_is_asked(said: str, person: Person) -> None:
    person.says("低保咋申请")
    reply = person.says(said)
    assert "多说两句" in reply
    assert "低保" not in str(person.says("要带啥"))


def test_nothing_is_claimed_to_be_saved_before_an_application_began(person: Person) -> None:
    person.says("身份证丢了咋补")
    assert "还没开始填" in person.says("先存着")


@pytest.mark.parametrize("said", ["还差啥", "还差什么"])
def test_what_is_still_left_of_an_application_is_told(said: str, person: Person) -> None:
    asked = start(person)
    reply = person.says(said)
    assert "还差" in reply and "姓名" in reply
    assert reply.messages[-1]["text"] == asked


def test_whether_somebody_must_come_along_is_answered_for_the_item(person: Person) -> None:
    person.says("给孩子上户口要带啥")
    assert "没听明白" not in person.says("要我老公也到场不")
