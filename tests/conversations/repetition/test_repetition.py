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


def test_whoever_cannot_read_a_long_text_gets_the_papers_in_short(person: Person) -> None:
    person.says("身份证丢了怎么补", "1")
    for said in ("又是一大篇，我不识几个字，你就说带啥", "身份证补办，就说带啥，别的不要"):
        reply = person.says(said)
        assert "户口簿" in reply and "往上翻" not in reply and len(reply.text) < 400, str(reply)
