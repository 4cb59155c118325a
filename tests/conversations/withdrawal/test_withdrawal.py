"""A filed case is taken back by chat: one's own, or with proof; asked once; refused with the reason and the next step."""

from __future__ import annotations

from typing import Callable

import pytest

from tests.support.autopilot import CENTRE
from tests.support.filing_talk import LOST_ID, filed, look_up_code, move, question, start, state
from tests.support.stack import Person, Stack


@pytest.mark.parametrize("words", ["这个件我不办了，撤回吧", "撤回申请", "我交的那个件不要了", "上午提交的给我撤回"])
def test_asked_once_then_withdrawn(words: str, stack: Stack, person: Person) -> None:
    number = filed(person)
    assert number in person.says(words) and "真的要撤回" in person.last
    assert state(stack, number) == "filed"
    assert "撤回了" in person.says("撤回")
    assert state(stack, number) == "withdrawn"


@pytest.mark.parametrize("words", ["不撤了", "不", "算了，留着吧"])
def test_nothing_is_withdrawn_without_a_yes(words: str, stack: Stack, person: Person) -> None:
    number = filed(person)
    person.says("撤回申请", words)
    assert state(stack, number) == "filed"


def test_a_question_at_the_withdrawal_withdraws_nothing(stack: Stack, person: Person) -> None:
    number = filed(person)
    person.says("撤回申请", "撤了还能再办吗？")
    assert state(stack, number) == "filed"
    assert "真的要撤回" in question(person)


def test_of_several_cases_the_person_says_which(stack: Stack, person: Person) -> None:
    first, second = filed(person), filed(person, LOST_ID)
    person.says("撤回申请")
    assert any(first in b for b in person.last.buttons) and any(second in b for b in person.last.buttons)
    person.says("身份证那件", "撤回")
    assert (state(stack, first), state(stack, second)) == ("filed", "withdrawn")


def test_a_case_named_by_number_is_not_asked_for(stack: Stack, person: Person) -> None:
    first, second = filed(person), filed(person, LOST_ID)
    assert first in person.says(f"{first}我不办了，撤回")
    person.says("撤回")
    assert (state(stack, first), state(stack, second)) == ("withdrawn", "filed")


def test_an_approved_case_is_refused_with_the_reason_and_whom_to_call(stack: Stack, person: Person) -> None:
    number = filed(person)
    move(stack, number, "accept", "handle", "submit_review", "approve")
    person.says("撤回申请", "撤回")
    assert "批准" in person.last and CENTRE.enquiry_phone in person.last
    assert state(stack, number) == "approved"


def test_a_case_that_is_over_needs_no_withdrawal(stack: Stack, person: Person) -> None:
    number = filed(person)
    person.says("撤回申请", "撤回")
    assert "不用再撤" in person.says(f"撤回{number}")


def test_with_nothing_filed_there_is_nothing_to_withdraw(person: Person) -> None:
    assert "没有可撤的" in person.says("撤回申请") and CENTRE.enquiry_phone in person.last


def test_a_stranger_needs_proof(stack: Stack, person: Person, people: Callable[..., Person]) -> None:
    number = filed(person)
    code = look_up_code(person)
    stranger = people()
    stranger.says(f"把{number}撤回")
    assert "查询码" in stranger.last and "高龄" not in stranger.last
    stranger.says(str(int(code) - 1))
    assert "对不上" in stranger.last and state(stack, number) == "filed"
    assert "真的要撤回" in stranger.says(code)
    stranger.says("撤回")
    assert state(stack, number) == "withdrawn"


def test_the_full_id_number_is_proof(stack: Stack, person: Person, people: Callable[..., Person]) -> None:
    number = filed(person)
    stranger = people()
    stranger.says(f"把{number}撤回", person.id_number, "撤回")
    assert state(stack, number) == "withdrawn"


def test_a_withdrawal_in_the_middle_of_a_filing_goes_on_with_the_filing(stack: Stack, person: Person) -> None:
    number = filed(person, LOST_ID)
    start(person)
    person.says("重新填")
    asked = question(person)
    person.says("我交的身份证那个件撤回吧", "撤回")
    assert state(stack, number) == "withdrawn"
    assert question(person) == asked


def test_a_number_with_a_typing_error_is_pointed_out(person: Person) -> None:
    assert "打错" in person.says("BJ-261123-0001-9不办了，撤回")
