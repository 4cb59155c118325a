"""几点开门, 周末, 中午, 放假: just what is asked is answered. It is Monday 2026-11-23, ten o'clock."""

from __future__ import annotations

import pytest

from tests.support.stack import Person


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("现在开门吗", "现在开着"),
        ("这会儿有人吗", "现在开着"),
        ("几点下班", "17:30"),
        ("早上几点开门", "08:30"),
        ("中午有人吗", "12:00到14:00"),
        ("周六能办吗", "11:30"),
        ("星期天上班不", "不开门"),
        ("明天上班不", "08:30"),
        ("元旦放假到几号", "元旦"),
        ("春节还办公不", "春节"),
        ("晚上能来办吗", "19:00"),
    ],
)
def test_what_is_asked_about_hours_is_answered(asked: str, told: str, person: Person) -> None:
    reply = person.says(asked)
    assert told in reply, str(reply)
    assert len(reply.messages) == 1


@pytest.mark.parametrize("asked", ["元旦放假到几号", "春节还办公不"])
def test_a_holiday_that_is_not_published_yet_is_not_made_up(asked: str, person: Person) -> None:
    assert "没公布" in person.says(asked) or "还没" in person.last


def test_hours_are_those_of_the_window_that_the_matter_needs(person: Person) -> None:
    reply = person.says("结婚登记周末能办吗")
    assert "婚姻登记" in reply


def test_hours_in_the_middle_of_filing_and_the_question_comes_again(person: Person) -> None:
    person.says("老人满八十岁的高龄津贴怎么领", "1", "帮我办", "同意", "给自己办")
    asked = person.last.messages[-1]["text"]
    reply = person.says("你们几点下班")
    assert "17:30" in reply and reply.messages[-1]["text"] == asked


def test_business_licence_is_no_question_about_business_hours(person: Person) -> None:
    assert "个体工商户" in person.says("办营业执照")
