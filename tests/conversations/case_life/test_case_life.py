"""The second half of a case by conversation, through Rasa: told of each step, supply what is wanted, rate, complain."""

from __future__ import annotations

import re
import sqlite3
import time
from typing import Any

import pytest

from tests.support.filing_talk import filed, move, start, state
from tests.support.stack import Person, Stack

STEPS = ("accept", "handle", "submit_review", "approve", "finish")


def ask_for(stack: Stack, number: str, *defects: str, until: str = "2026-12-10") -> None:
    body: dict[str, Any] = {
        "move": "ask_supplement", "actor": {"role": "clerk", "name": "王芳"}, "opinion": "请补材料", "until": until,
        "defects": [{"text": text} for text in defects],
    }  # fmt: skip
    answer = stack.center("POST", f"cases/{number}/moves", body)
    assert answer.status_code == 200, answer.text


def heard(stack: Stack, person: Person, words: str) -> str:
    """The notice with these words, as soon as it stands in the gateway's outbox for this person."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        with sqlite3.connect(stack.var / "gateway.db") as store:
            rows = store.execute(
                "select text from gateway_outbox where conversation = ? and origin = 'notice' order by seq", (person.sender,)
            ).fetchall()
        found = [row[0] for row in rows if words in row[0]]
        if found:
            return str(found[-1])
        time.sleep(0.2)
    raise AssertionError(f"not heard: {words}; heard {rows}")


def test_each_step_is_told_through_the_outbox(stack: Stack, person: Person) -> None:
    number = filed(person)
    move(stack, number, "accept")
    told = heard(stack, person, "受理了")
    assert number in told and "不用做什么" in told and "王芳" not in told
    ask_for(stack, number, "照片太暗", "身份证缺背面")
    told = heard(stack, person, "还差一点")
    assert "1. 照片太暗" in told and "2. 身份证缺背面" in told and "12月10日前" in told


@pytest.mark.parametrize("words", ["让补什么", "还要补什么材料", "我来补材料"])
def test_everything_wanted_is_told_at_once_and_taken_one_by_one(words: str, stack: Stack, person: Person) -> None:
    number = filed(person)
    move(stack, number, "accept")
    ask_for(stack, number, "照片太暗", "身份证缺背面")
    person.says(words)
    assert number in person.last and "1. 照片太暗" in person.last and "2. 身份证缺背面" in person.last
    assert "“照片太暗”" in person.last
    assert "“身份证缺背面”" in person.says("拍照传了")
    assert state(stack, number) == "awaiting_supplement"
    assert "都补齐了" in person.says("昨天送到窗口了")
    assert state(stack, number) == "accepted"


def test_not_yet_is_fine_and_says_until_when(stack: Stack, person: Person) -> None:
    number = filed(person)
    ask_for(stack, number, "照片太暗")
    person.says("让补什么", "还没有")
    assert "12月10日" in person.last and state(stack, number) == "awaiting_supplement"
    person.says("我来补材料", "传了")
    assert state(stack, number) == "filed"


def test_a_question_beside_is_answered_and_supplies_nothing(stack: Stack, person: Person) -> None:
    number = filed(person)
    ask_for(stack, number, "照片太暗")
    person.says("让补什么", "你们几点下班？")
    assert "17:30" in person.last and state(stack, number) == "awaiting_supplement"


def test_nothing_to_supply_is_said(person: Person) -> None:
    assert "没有等着补材料" in person.says("让补什么")


def test_a_filing_goes_on_after_a_supplement(stack: Stack, person: Person) -> None:
    number = filed(person)
    ask_for(stack, number, "照片太暗")
    start(person)
    person.says("补正通知是什么意思，要我补啥")
    assert "还差" in person.last  # the application being filled in comes first


# rating


def rating(stack: Stack, number: str, person: Person) -> Any:
    proof = {"asker": person.sender, "proof": {"conversation": person.sender}}
    return stack.center("POST", f"cases/{number}/progress", proof).json()["rating"]


@pytest.mark.parametrize("words,level", [("非常满意", "very_good"), ("满意", "good"), ("一般吧", "fair"), ("还行", "fair")])
def test_finished_case_is_rated_in_two_sentences(words: str, level: str, stack: Stack, person: Person) -> None:
    number = filed(person)
    move(stack, number, *STEPS)
    assert number in person.says("我要评价")
    assert "收到了" in person.says(words)
    assert rating(stack, number, person)["level"] == level


def test_bad_rating_asks_why_once_and_becomes_a_supervisors_task(stack: Stack, person: Person) -> None:
    number = filed(person)
    move(stack, number, *STEPS)
    person.says("我要评价", "不满意")
    assert "哪里不好" in person.last and rating(stack, number, person) is None
    assert "负责人" in person.says("跑了三趟才办好")
    given = rating(stack, number, person)
    assert (given["level"], given["words"]) == ("bad", "跑了三趟才办好")
    tasks = stack.center("GET", f"tasks?kind=bad_rating&conversation={person.sender}").json()["tasks"]
    assert [task["level"] for task in tasks] == ["supervisor"]
    answer = {"state": "done", "answer": "窗口加了人手，给您赔不是。"}
    assert stack.center("PATCH", f"tasks/{tasks[0]['id']}", answer).status_code == 200
    assert number in heard(stack, person, "窗口加了人手")


def test_bad_rating_without_words_is_taken_too(stack: Stack, person: Person) -> None:
    number = filed(person)
    move(stack, number, *STEPS)
    person.says("我要评价", "很不满意", "不用了")
    given = rating(stack, number, person)
    assert (given["level"], given["words"]) == ("very_bad", "")


def test_unfinished_case_is_not_rated(stack: Stack, person: Person) -> None:
    filed(person)
    assert "还没有办好的件" in person.says("我要评价")


def test_nobody_must_rate(stack: Stack, person: Person) -> None:
    number = filed(person)
    move(stack, number, *STEPS)
    person.says("我要评价", "低保怎么办")
    assert "低保" in person.last or "最低生活保障" in person.last
    assert rating(stack, number, person) is None


# complaints


def complaint(stack: Stack, number: str) -> Any:
    return stack.center("GET", f"complaints/{number}").json()


def number_in(text: str) -> str:
    found = re.search(r"TS-\d{6}-[A-Z2-9]{8}", text)
    assert found, text
    return found.group()


def test_complaint_is_written_down_and_its_answer_comes_back(stack: Stack, person: Person) -> None:
    person.says("我要投诉，昨天上午三号窗口的人让我白跑了两趟")
    assert "12345" in person.last and "记下来" in person.last
    number = number_in(str(person.says("记下来")))
    assert "白跑" in complaint(stack, number)["text"]
    assert stack.center("POST", f"complaints/{number}/answer", {"answer": "已经批评教育。"}).status_code == 200
    assert number in heard(stack, person, "已经批评教育")


def test_complaint_told_only_by_its_name_is_asked_for_its_story(stack: Stack, person: Person) -> None:
    person.says("我要投诉", "匿名记下来")
    assert "哪天" in person.last
    number = number_in(str(person.says("上周五二号窗口中午没人")))
    kept = complaint(stack, number)
    assert kept["anonymous"] is True and "没人" in kept["text"]
    listed = stack.center("GET", f"complaints?conversation={person.sender}").json()["complaints"]
    assert listed == []


def test_nobody_must_complain(person: Person) -> None:
    person.says("我要投诉")
    assert "好，不记" in person.says("不用了")
