"""The same thing filed already and not done: told with number and state; it may go on after a yes."""

from __future__ import annotations

from typing import Callable

from tests.support.autopilot import ITEMS, file_item
from tests.support.filing_talk import HIGH_AGE, LOST_ID, filed, finish, move, question, start
from tests.support.stack import Person, Stack

AGAIN = "帮我办高龄津贴"


def test_warned_before_the_filing_begins(person: Person) -> None:
    number = filed(person)
    asked = person.says(AGAIN).messages[-1]["text"]
    assert number in asked and "已申请" in asked


def test_the_state_is_told_as_it_is_now(stack: Stack, person: Person) -> None:
    move(stack, filed(person), "accept")
    assert "受理" in person.says(AGAIN)


def test_after_a_no_nothing_is_begun(person: Person) -> None:
    number = filed(person)
    assert number in person.says(AGAIN, "不交了")
    assert "没找到" in person.says("继续")


def test_after_a_yes_it_goes_on(person: Person) -> None:
    filed(person)
    person.says(AGAIN, "再交一份", "同意", "给自己办", "还用这些")
    finish(person)
    person.says("提交")
    assert "办件编号" in person.last
    assert len(person.cases()) == 2


def test_the_same_person_in_another_conversation_is_warned_at_the_confirmation(person: Person, people: Callable[..., Person]) -> None:
    number = filed(person)
    relative = people()
    relative.id_number = person.id_number
    file_item(relative, HIGH_AGE, "高龄津贴申领怎么办")
    assert "已经交过一份" in question(relative) and relative.cases() == []
    assert number not in question(relative)  # an ID number alone shows nobody's case
    relative.says("再交一份")
    assert "办件编号" in relative.last and len(relative.cases()) == 1


def test_a_no_at_the_confirmation_files_nothing(person: Person, people: Callable[..., Person]) -> None:
    filed(person)
    relative = people()
    relative.id_number = person.id_number
    file_item(relative, HIGH_AGE, "高龄津贴申领怎么办")
    relative.says("不交了")
    assert relative.cases() == []


def test_a_question_at_the_warning_files_nothing(person: Person) -> None:
    filed(person)
    asked = person.says(AGAIN).messages[-1]["text"]
    person.says("要多久")
    assert question(person) == asked


def test_a_withdrawn_case_is_no_duplicate(person: Person) -> None:
    filed(person)
    person.says("撤回申请", "撤回")
    assert "再交一份" not in person.says(AGAIN).buttons


def test_another_item_is_no_duplicate(person: Person) -> None:
    filed(person)
    file_item(person, LOST_ID, ITEMS[LOST_ID].name + "怎么办")
    assert len(person.cases()) == 2


def test_another_person_is_no_duplicate(person: Person, people: Callable[..., Person]) -> None:
    filed(person)
    assert filed(people())


def test_a_new_conversation_is_not_told_of_other_peoples_cases_at_the_start(person: Person, people: Callable[..., Person]) -> None:
    number = filed(person)
    stranger = people()
    start(stranger)
    assert number not in stranger.last.text
