"""不归镇里: never answered as if it were ours; whom to ask, with a number that is right."""

from __future__ import annotations

import pytest

from tests.support.stack import Person


@pytest.mark.parametrize(
    ("asked", "phone"),
    [("办护照要啥", "12367"), ("我要考驾照", "12123"), ("公积金贷款咋弄", "12329"), ("个人所得税退税怎么退", "12366"),
     ("宽带坏了找谁", "10000"), ("买到假货怎么退", "12315"), ("要举报村主任贪污", "12388"), ("家里停电了", "95598")],
)  # fmt: skip
def test_what_is_not_ours_is_told_with_whom_to_ask(asked: str, phone: str, person: Person) -> None:
    reply = person.says(asked)
    assert phone in reply, str(reply)
    assert "一次性告知" not in reply and "要带" not in reply


def test_another_region_is_told_where_to_ask(person: Person) -> None:
    assert "12345" in person.says("我在深圳打工，深圳的居住证咋办")


def test_what_is_not_ours_in_the_middle_of_filing_and_the_question_comes_again(person: Person) -> None:
    person.says("老人满八十岁的高龄津贴怎么领", "1", "帮我办", "同意", "给自己办")
    asked = person.last.messages[-1]["text"]
    reply = person.says("办护照去哪里")
    assert "12367" in reply and reply.messages[-1]["text"] == asked
