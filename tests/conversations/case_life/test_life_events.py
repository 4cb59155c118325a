"""一件事: a life event lists its items in order and works them off, through Rasa."""

from __future__ import annotations

from tests.support.stack import Person


def test_birth_lists_its_items_in_order_and_begins_with_the_first(person: Person) -> None:
    person.says("生了娃要办哪些手续")
    text = person.last.text
    assert text.index("出生登记") < text.index("基本医疗保险参保") < text.index("社会保障卡")
    assert "出生医学证明" in text  # the first one's question follows


def test_next_one_follows_on_a_word(person: Person) -> None:
    person.says("老人走了要办哪些手续", "下一件")
    assert "死亡户口注销" in person.last


def test_items_of_an_event_can_be_filed_one_by_one(person: Person) -> None:
    person.says("开个小店要办哪些手续", "先说第一件")
    assert "个体工商户" in person.last
    assert "同意" in person.says("帮我办").text or person.last.buttons
