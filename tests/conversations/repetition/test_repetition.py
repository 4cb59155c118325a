"""The same words again get no wall of text again."""

from __future__ import annotations

from tests.support.stack import Person

ASKED = "身份证丢了咋补"


def test_the_same_question_is_answered_shorter_then_a_person_is_offered(person: Person) -> None:
    person.says(ASKED)
    long = len(person.says("1").text)
    again = person.says(ASKED)
    assert "刚才说过" in again and len(again.text) < long / 2
    assert "转人工" in person.says(ASKED).buttons


def test_another_question_in_between_is_no_repetition(person: Person) -> None:
    person.says(ASKED, "1", "要多久")
    assert "刚才说过" not in person.says("要钱吗")
