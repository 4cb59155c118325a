"""A number goes where it was asked for, never into another field, and no token or digit of it is shown."""

from __future__ import annotations

import pytest

from tests.support.filing_talk import up_to_address
from tests.support.stack import Person


@pytest.mark.parametrize("said", ["卡号是 6222 0000 0000 0000 000", "6222000000000000000，不确定对不对", "6222 0000 0000 0000 000 错了吗不知道"])
def test_a_card_number_never_replaces_the_address(said: str, person: Person) -> None:
    up_to_address(person)
    person.says("青山镇李家坝村三组8号")
    assert "卡" in person.last, str(person.last)
    reply = person.says(said)
    assert "住址改成" not in reply and "⟦" not in reply and "0000 000" not in reply, str(reply)
    assert "卡" in reply.messages[-1]["text"], str(reply)


def test_a_card_number_is_no_address(person: Person) -> None:
    asked = up_to_address(person)
    reply = person.says("卡号是 6222 0000 0000 0000 000")
    assert "⟦" not in reply and asked.split("？")[0] in reply, str(reply)
