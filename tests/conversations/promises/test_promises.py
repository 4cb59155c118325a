"""答应的事: what cannot be answered is promised with a time, kept as a task, and can be asked after."""

from __future__ import annotations

import pytest

from tests.conversations.safety.test_safety import tasks
from tests.support.stack import Person

QUESTION = "镇上的桃花节今年几号开始摆摊报名"
ON_AND_ON = (QUESTION, "桃花节归哪个村搞", "桃花节摆摊报名今年到底几号嘛")


def test_whoever_asks_on_after_two_misses_is_promised_an_answer(person: Person) -> None:
    person.says(*ON_AND_ON[:2])
    assert "转人工" in person.last.buttons
    reply = person.says(ON_AND_ON[2])
    assert "最晚今天（周一）14:15" in reply  # two working hours from just after ten, over lunch
    assert [t["kind"] for t in tasks(person)] == ["answer_later"]


def test_a_question_to_be_asked_of_the_staff_becomes_a_task(person: Person) -> None:
    person.says(QUESTION)
    assert "最晚" in person.says("你帮我问清楚了答复我")
    assert tasks(person)[0]["question"] == QUESTION


def test_the_same_question_is_promised_once(person: Person) -> None:
    person.says(QUESTION, "帮我问一下", "帮我问一下")
    assert len(tasks(person)) == 1


@pytest.mark.parametrize("asked", ["你们说答复我的呢", "怎么还没人答复我"])
def test_what_became_of_a_promise_is_told(asked: str, person: Person) -> None:
    person.says(QUESTION, "帮我问一下")
    assert "答应您的时间" in person.says(asked)


def test_the_answer_is_told_once_there_is_one(person: Person) -> None:
    person.says(QUESTION, "帮我问一下")
    task = tasks(person)[0]
    done = person.stack.center("PATCH", f"tasks/{task['id']}", {"state": "done", "answer": "三月十五号开始报名"})
    assert done.status_code == 200, done.text
    assert "三月十五号开始报名" in person.says("你们说答复我的呢")


def test_with_nothing_promised_that_is_said(person: Person) -> None:
    assert "没查到" in person.says("你们说答复我的呢")


def test_other_people_do_not_see_a_promise(person: Person, people) -> None:  # type: ignore[no-untyped-def]
    person.says(QUESTION, "帮我问一下")
    assert "没查到" in people().says("你们说答复我的呢")
