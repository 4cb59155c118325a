"""Each kind of wrong ID number is refused with its reason and what is expected; the question stays."""

from __future__ import annotations

import pytest

from tests.support.numbers import id_number, wrong_check_digit
from tests.support.stack import Person

WRONG = {
    "one digit short": (id_number()[:-1], "位数不对"),
    "wrong check digit": (wrong_check_digit(id_number()), "打错了一位"),
    "no such day": (id_number(birth="19400231"), "出生日期不对"),
    "born tomorrow": (id_number(birth="20991231"), "还没到"),
    "born too long ago": (id_number(birth="18700101"), "太早"),
    "first generation": ("110000400315123", "停用"),
    "a house number": ("门牌51023", "不像身份证号"),
}


@pytest.mark.parametrize("kind", list(WRONG))
def test_a_wrong_id_number_is_refused_with_its_reason(kind: str, person: Person) -> None:
    number, reason = WRONG[kind]
    person.says("老人满八十岁的高龄津贴怎么领", "1", "帮我办", "同意", "给自己办", "李秀英")
    question = person.last.messages[-1]["text"]
    reply = person.says(number)
    assert reason in reply.text, str(reply)
    assert reply.messages[-1]["text"] == question
    assert person.says(id_number()).messages[-1]["text"] != question
