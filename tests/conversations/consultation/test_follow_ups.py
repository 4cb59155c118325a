"""追问 (A5): the item need not be said again."""

from __future__ import annotations

import pytest

from tests.support.autopilot import CENTRE, ITEMS, LOCAL, THE_TWELVE
from tests.support.stack import Person


def ask_about(person: Person, code: str) -> None:
    item = ITEMS[code]
    person.says(f"{item.name}要带什么材料")
    if "您说的是下面哪一件" in person.last:
        person.says(item.name)


@pytest.mark.parametrize("code", THE_TWELVE)
def test_every_follow_up_is_answered_for_the_item_in_hand(code: str, person: Person) -> None:
    item, local = ITEMS[code], LOCAL[code]
    ask_about(person, code)

    reply = person.says("要多久")
    assert item.name in reply
    for limit in local.promised_limits:
        assert str(limit.days) in reply or limit.text.strip("。")[-4:] in reply
    if not local.promised_limits and not item.statutory_limits:
        assert "没有写" in reply

    reply = person.says("收费吗")
    assert item.name in reply
    for fee in item.fees:
        assert fee.text.strip("。") in reply
    if not item.fees:
        assert "没有写" in reply or "告知单上写着" in reply

    assert CENTRE.address in person.says("在哪办")
    assert "周六" in person.says("周末开门吗")

    reply = person.says("可以代办吗")
    if item.proxy is None:
        assert "没有写" in reply
    else:
        assert item.proxy.text.strip("。") in reply

    reply = person.says("复印件行不行")
    assert item.materials[0].name in reply


def test_a_follow_up_between_two_circumstance_questions_is_answered_and_the_question_comes_again(person: Person) -> None:
    first = person.says("身份证丢了要重新补一个")
    question = first.messages[-1]["text"]
    reply = person.says("要多少钱")
    assert "40" in reply
    assert reply.messages[-1]["text"] == question


def test_a_follow_up_names_a_new_item_when_the_question_does(person: Person) -> None:
    person.says("身份证丢了要重新补一个", "1")
    reply = person.says("那残疾人证怎么办，要多久")
    assert "残疾人证办理" in reply
