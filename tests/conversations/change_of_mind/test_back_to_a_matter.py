"""Back to a matter that was only told half, when nothing has been filled in."""

from __future__ import annotations

from tests.support.autopilot import ITEMS
from tests.support.stack import Person

FOOD, SHOP = ITEMS["QS-040"].name, ITEMS["QS-036"].name


def test_another_matter_is_told_in_between_and_the_first_gone_back_to(person: Person) -> None:
    person.says("我想开个面馆，要办食品证")
    assert person.says("先问下营业执照咋办").text.startswith(f"“{SHOP}”"), str(person.last)
    reply = person.says("不问那个了，接着说食品证")
    assert reply.text.startswith(f"“{FOOD}”") and "没找到" not in reply, str(reply)


def test_going_on_with_the_item_in_hand_asks_its_open_question_again(person: Person) -> None:
    person.says("我想开个面馆，要办食品证")
    reply = person.says("接着说食品证")
    assert f"接着说“{FOOD}”" in reply and "到期续办" in reply.buttons, str(reply)
