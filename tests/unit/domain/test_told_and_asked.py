"""One message, a value and a question; and addresses among other words."""

from __future__ import annotations

import pytest

from bot.domain.addresses import address_in
from bot.domain.clauses import clauses, told_and_asked, without_slips


@pytest.mark.parametrize(
    ("text", "told", "asked"),
    [
        ("龙凤村三组。要好久发钱？", "龙凤村三组", "要好久发钱？"),
        ("李秀英，多久能办下来", "李秀英", "多久能办下来？"),
        ("要交钱不？青山镇李家村五组", "青山镇李家村五组", "要交钱不？"),
    ],
)
def test_value_and_question_are_told_apart(text: str, told: str, asked: str) -> None:
    assert told_and_asked(text) == (told, asked)


@pytest.mark.parametrize("text", ["李家村三组12号", "要多久", "你好，要多久？", "", "我想问一下，能不能代办"])
def test_a_message_that_does_only_one_is_left_alone(text: str) -> None:
    assert told_and_asked(text) == ("", "")


def test_what_is_taken_back_in_the_same_breath_is_gone() -> None:
    assert [c.text for c in without_slips(clauses("前天晚上，不对，昨晚上"))] == ["昨晚上"]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("我家住在青山镇李家村三组", "青山镇李家村三组"),
        ("我刚刚说了柳河村五组", "柳河村五组"),
        ("租的房子，在镇上文昌街九号", "镇上文昌街九号"),
        ("青山镇桃园村2组15号吧", "青山镇桃园村2组15号"),
        ("谢谢", ""),
        ("我电话换了", ""),
    ],
)
def test_an_address_is_found_among_other_words(text: str, address: str) -> None:
    assert address_in(text) == address
