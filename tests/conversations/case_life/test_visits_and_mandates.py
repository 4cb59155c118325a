"""预约、改约、取消预约、撤销委托 by conversation, through Rasa. The clock stands on Monday 2026-11-23 at ten."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from tests.support.builders import sealed
from tests.support.filing_talk import filed
from tests.support.stack import Person, Stack


def booked(stack: Stack, person: Person) -> list[str]:
    answer = stack.center("GET", f"appointments?conversation={person.sender}")
    return [a["starts_at"] for a in answer.json()["appointments"]]


def book(person: Person, words: str = "预约") -> None:
    """Book the first time offered."""
    person.says(words)
    if not any(":" in button for button in person.last.buttons):
        person.says("明天上午")
    assert "约好了" in person.says(person.last.buttons[0])


def mandate(stack: Stack, principal: str, agent: str, item: str = "QS-057") -> str:
    body: dict[str, Any] = {
        "principal": {"name": "李奶奶", "id": sealed(who=uuid4().hex), "phone": sealed("mobile", "li")},
        "agent": {"name": "张小山", "role": "relative"}, "item_code": item, "conversation": agent,
        "principal_conversation": principal, "form": "oral", "witness": "村代办员",
    }  # fmt: skip
    answer = stack.center("POST", "mandates", body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def state_of(stack: Stack, person: Person) -> list[tuple[str, str]]:
    answer = stack.center("GET", f"mandates?conversation={person.sender}")
    return [(m["state"], m["revoked_by"]) for m in answer.json()["mandates"]]


def test_time_is_booked_for_the_case_in_three_sentences(stack: Stack, person: Person) -> None:
    filed(person)
    assert "哪天" in person.says("预约")
    assert len(person.says("后天下午").buttons) == 3
    assert "约好了" in person.says("第一个") and "高龄津贴" in person.last
    (at,) = booked(stack, person)
    assert at.startswith("2026-11-25T1")


@pytest.mark.parametrize("words", ["改约到周四上午", "预约改成周四上午"])
def test_time_is_changed_with_the_day_in_words(words: str, stack: Stack, person: Person) -> None:
    filed(person)
    book(person)
    assert all("11:" in b or "10:" in b or "09:" in b or "08:" in b for b in person.says(words).buttons)
    assert "改好了" in person.says("2")
    (at,) = booked(stack, person)
    assert at.startswith("2026-11-26T")


def test_day_when_nobody_is_there_leads_to_the_next_one(stack: Stack, person: Person) -> None:
    filed(person)
    person.says("预约", "这周日上午")
    assert "窗口不开" in person.last and person.last.buttons
    person.says("第一个")
    (at,) = booked(stack, person)
    assert at.startswith("2026-11-30T")


@pytest.mark.parametrize("words", ["取消预约", "我明天来不了，取消预约"])
def test_time_is_given_back_with_one_sentence(words: str, stack: Stack, person: Person) -> None:
    filed(person)
    book(person)
    assert "取消了" in person.says(words)
    assert booked(stack, person) == []
    assert "还没有预约" in person.says("取消预约")


def test_of_two_bookings_the_person_says_which(stack: Stack, person: Person) -> None:
    filed(person)
    book(person)
    book(person)
    assert len(booked(stack, person)) == 2
    person.says("取消预约", "2")
    assert len(booked(stack, person)) == 1


def test_nobody_must_book(stack: Stack, person: Person) -> None:
    filed(person)
    assert "先不约" in person.says("预约", "不用了")
    assert booked(stack, person) == []


def test_without_a_matter_it_is_asked_for(person: Person) -> None:
    assert "哪件事" in person.says("预约")


@pytest.mark.parametrize("words", ["撤销委托", "我不要他替我办了", "委托取消"])
def test_one_word_of_the_principal_ends_a_mandate(words: str, stack: Stack, person: Person) -> None:
    mandate(stack, person.sender, "web:somebody")
    assert "张小山不能再替您办" in person.says(words)
    assert state_of(stack, person) == [("revoked", "principal")]


def test_of_several_mandates_the_person_says_which(stack: Stack, person: Person) -> None:
    mandate(stack, person.sender, "web:a", "QS-057")
    mandate(stack, person.sender, "web:b", "QS-053")
    person.says("撤销委托")
    assert len(person.last.buttons) == 2
    person.says(next(b for b in person.last.buttons if "高龄津贴" in b))
    assert sorted(state for state, _ in state_of(stack, person)) == ["confirmed", "revoked"]


def test_without_a_mandate_it_is_said(person: Person) -> None:
    assert "没有委托" in person.says("撤销委托")


def test_revoking_is_no_withdrawal(stack: Stack, person: Person) -> None:
    number = filed(person)
    person.says("撤销委托")
    assert stack.center("GET", f"cases/{number}").json()["case"]["state"] == "filed"
