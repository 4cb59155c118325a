"""Another item in the middle: asked once whether to put this one aside; values given before are offered again, never taken silently."""

from __future__ import annotations

from typing import Callable

import pytest

from tests.support.autopilot import ITEMS
from tests.support.filing_talk import DISABLED, filed, finish, question, start, up_to_address
from tests.support.numbers import mobile
from tests.support.stack import Person

TO_THE_OTHER = ("我想改办残疾人证", "先存着，改办", "头一回办", "眼耳口手脚的残疾，满18岁", "同意", "给自己办")


@pytest.mark.parametrize("words", ["我想改办残疾人证", "不办这个了，我要办残疾证", "帮我办残疾证"])
def test_another_item_is_asked_about_once(words: str, person: Person) -> None:
    start(person)
    asked = person.says(words).messages[-1]
    assert ITEMS["QS-057"].name in asked["text"] and ITEMS[DISABLED].name in asked["text"]
    assert "接着办" in person.last.buttons


def test_kept_on_the_same_question_comes_again(person: Person) -> None:
    asked = start(person)
    person.says("我想改办残疾人证", "接着办")
    assert question(person) == asked


def test_put_aside_the_other_begins_and_the_first_is_kept(person: Person) -> None:
    up_to_address(person)
    asked = question(person)
    person.says("我想改办残疾人证", "先存着，改办")
    assert question(person) == ITEMS[DISABLED].circumstances[0].ask
    person.says("先存着", "继续办高龄津贴")
    assert question(person) == asked


def test_values_given_before_are_offered_masked(person: Person) -> None:
    up_to_address(person)
    person.says(*TO_THE_OTHER)
    offered = question(person)
    assert "李秀英" in offered and person.id_number[:6] in offered and person.id_number[-2:] in offered
    assert person.id_number not in offered and mobile(5) not in offered


def test_after_a_yes_they_are_not_asked_again(person: Person) -> None:
    up_to_address(person)
    person.says(*TO_THE_OTHER, "还用这些")
    assert "名字" not in question(person) and "身份证" not in question(person)
    read_back = finish(person, DISABLED).replies[-1]
    assert "李秀英" in read_back


def test_after_a_no_everything_is_asked(person: Person) -> None:
    up_to_address(person)
    person.says(*TO_THE_OTHER, "重新填")
    assert "名字" in question(person)


def test_what_has_changed_is_asked_alone(person: Person) -> None:
    up_to_address(person)
    person.says(*TO_THE_OTHER, "用，不过电话换了")
    assert "手机" in question(person) or "电话" in question(person)


def test_a_question_at_the_offer_uses_nothing(person: Person) -> None:
    up_to_address(person)
    person.says(*TO_THE_OTHER)
    offered = question(person)
    person.says("要钱吗")
    assert question(person) == offered


def test_values_of_a_filed_case_are_offered_too(person: Person) -> None:
    filed(person)
    person.says("残疾证怎么办", "头一回办", "眼耳口手脚的残疾，满18岁", "帮我办", "同意", "给自己办")
    assert "李秀英" in question(person) and "还用" in question(person)
    person.says("还用这些")
    finish(person, DISABLED)
    person.says("提交")
    case = next(c for c in person.cases() if c["item_code"] == DISABLED)
    full = person.stack.center("GET", f"cases/{case['number']}").json()
    assert full["applicant"]["name"] == "李秀英" and full["applicant"]["id"]["token"].startswith("⟦")


def test_the_values_of_another_person_are_not_offered_for_oneself(person: Person) -> None:
    person.says("老人满八十岁的高龄津贴怎么领", "1", "帮我办", "同意", "替别人办")
    person.says("李秀英", person.id_number, mobile(5))
    person.says(*TO_THE_OTHER)
    assert "李秀英" not in question(person)


def test_nothing_is_offered_from_another_conversation(person: Person, people: Callable[..., Person]) -> None:
    up_to_address(person)
    stranger = people()
    start(stranger)
    assert "李秀英" not in stranger.last.text and "还用" not in stranger.last.text


def test_a_question_about_another_item_is_answered_and_the_form_goes_on(person: Person) -> None:
    asked = start(person)
    reply = person.says("残疾证要带啥材料？")
    assert ITEMS[DISABLED].name in reply
    assert question(person) == asked
