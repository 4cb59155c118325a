"""Values said before they are asked for are kept, and not asked again."""

from __future__ import annotations

from tests.support.filing_talk import question, start
from tests.support.numbers import mobile
from tests.support.stack import Person


def test_name_number_and_telephone_in_one_message_are_all_kept(person: Person) -> None:
    start(person)
    reply = person.says(f"李秀英，身份证{person.id_number}，电话{mobile(7)}")
    assert "姓名" in reply and "李秀英" in reply and "记下了" in reply, str(reply)
    assert "哪个村" in question(person), str(reply)


def test_a_number_put_off_is_kept_when_it_comes(person: Person) -> None:
    start(person)
    person.says("李秀英", "身份证号等会再说")
    reply = person.says(f"身份证号码我现在报：{person.id_number}")
    assert "记下了" in reply, str(reply)
    person.says(mobile(8))
    assert "哪个村" in question(person), str(person.last)


def test_a_telephone_given_for_the_card_number_is_kept_and_the_card_number_asked_again(person: Person) -> None:
    start(person)
    person.says("李秀英")
    reply = person.says(mobile(9))
    assert "记下了" in reply and "身份证" in question(person), str(reply)
