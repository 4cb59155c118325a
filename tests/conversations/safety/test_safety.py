"""平安: one fixed protocol a kind; where life is at risk the centre knows, and an application is kept."""

from __future__ import annotations

from typing import Any, Dict, List

import pytest

from tests.support.filing_talk import start
from tests.support.stack import Person, Stack


def tasks(person: Person) -> List[Dict[str, Any]]:
    answer = person.stack.center("GET", f"tasks?conversation={person.sender}")
    assert answer.status_code == 200, answer.text
    return list(answer.json()["tasks"])


@pytest.mark.parametrize(
    ("said", "phone"),
    [("我不想活了", "12356"), ("老汉遭车撞了流好多血", "122"), ("屋头着火了", "119"), ("煤气漏了", "119"), ("我娃喝了农药", "120"),
     ("屋里进贼了", "110"), ("男人天天打我", "12338"), ("后妈老打孩子", "12355"), ("儿子不给我饭吃还打我", "110"), ("他说要跳楼", "110")],
)  # fmt: skip
def test_a_cry_for_help_gets_its_number_and_the_centre_is_told(said: str, phone: str, person: Person) -> None:
    reply = person.says(said)
    assert phone in reply, str(reply)
    assert "报给镇上" in reply
    assert [t["kind"] for t in tasks(person)] == ["life_at_risk"]


def test_nothing_is_claimed_while_the_centre_cannot_be_told(person: Person, stack: Stack) -> None:
    stack.kill("center")
    try:
        reply = person.says("我不想活了")
        assert "12356" in reply and "报给镇上" not in reply
    finally:
        stack.restart("center")


def test_where_somebody_is_is_passed_on(person: Person) -> None:
    person.says("老汉晕倒叫不醒", "李家坝村三组，门口有棵大树")
    assert "记下了" in person.last
    assert len(tasks(person)) == 2


@pytest.mark.parametrize(
    ("said", "words"),
    [("有人打电话叫我转账到安全账户", "96110"), ("钱都转过去了，被骗了咋办", "止付"), ("这个养老项目高利息，能信吗", "骗子"),
     ("给你包个红包，帮我快点", "12388"), ("能不能给我办个假的残疾证", "违法"), ("有没有熟人，走个后门", "不用找关系"),
     ("帮我查下隔壁老王低保多少", "不能查")],
)  # fmt: skip
def test_fraud_favours_and_other_peoples_data_have_their_texts(said: str, words: str, person: Person) -> None:
    assert words in person.says(said), str(person.last)
    assert tasks(person) == []


@pytest.mark.parametrize(
    ("said", "item"),
    [("房子遭火烧了，能不能申请救助", "临时救助"), ("去年出车祸残疾了，残疾证怎么办", "残疾人证"), ("请不起律师打官司，公家能不能给派一个", "法律援助")],
)
def test_a_question_about_help_afterwards_is_answered_as_one(said: str, item: str, person: Person) -> None:
    assert item in person.says(said), str(person.last)


def test_a_cry_for_help_in_the_middle_of_filing_keeps_the_application(person: Person) -> None:
    start(person)
    person.says("李秀英")
    assert "119" in person.says("屋头着火了")
    assert "存好了" in person.last
    assert "接着办" in person.says("继续")


def test_fraud_in_the_middle_of_filing_and_the_question_comes_again(person: Person) -> None:
    asked = start(person)
    reply = person.says("有人打电话叫我转账到安全账户")
    assert "96110" in reply and reply.messages[-1]["text"] == asked
