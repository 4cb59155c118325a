"""Found by speaking with the whole house after a merge: sentences nobody had tried."""

from __future__ import annotations

from tests.support.filing_talk import question
from tests.support.stack import Person


def test_an_order_to_us_is_no_answer_to_who_comes(person: Person) -> None:
    asked = question_after(person, "老人满八十岁的高龄津贴怎么领")
    reply = person.says("帮我办")
    assert "您的情况：家里人替老人办" not in reply.text
    assert question(person) == asked


def test_a_question_while_items_are_offered_is_not_called_unclear(person: Person) -> None:
    person.says("我想在街上摆个早点摊子，卖包子豆浆，要办啥证")
    reply = person.says("要交钱不")
    assert "没听明白" not in reply.text and "都不是" in reply.buttons


def test_whoever_has_no_income_is_led_to_help(person: Person) -> None:
    reply = person.says("屋里男人瘫了，娃儿读书，没收入，能申请啥")
    assert "最低生活保障" in str(reply)


def question_after(person: Person, text: str) -> str:
    person.says(text)
    return question(person)
