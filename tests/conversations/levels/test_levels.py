"""村里、镇里、县里: what each does for the item in hand, and who decides."""

from __future__ import annotations

import pytest

from tests.support.autopilot import ITEMS
from tests.support.stack import Person


@pytest.mark.parametrize("asked", ["为啥要县里批", "县里还是镇里办", "谁来批", "要跑县城吗"])
def test_who_does_what_is_told_for_the_item_in_hand(asked: str, person: Person) -> None:
    person.says("身份证丢了咋补")
    reply = person.says(asked)
    hands_on = ITEMS["QS-009"].hands_on
    assert hands_on.county in reply and hands_on.township in reply
    assert "服务端前移" in reply and "不用您自己送到县里" in reply


@pytest.mark.parametrize("asked", ["村里能办吗", "在村里能弄不"])
def test_what_the_village_can_do_is_told(asked: str, person: Person) -> None:
    person.says("身份证丢了咋补")
    assert ITEMS["QS-009"].hands_on.village in person.says(asked)


@pytest.mark.parametrize(("delegation", "words"), [("direct", "直接赋权"), ("mutual", "双向委托授权"), ("none", "这件事")])
def test_each_kind_of_delegation_is_told_in_everyday_words(delegation: str, words: str, person: Person) -> None:
    item = next(i for i in ITEMS.values() if i.delegation.value == delegation)
    person.says(item.name + "怎么办")
    assert words in person.says("这个归谁管"), str(person.last)
