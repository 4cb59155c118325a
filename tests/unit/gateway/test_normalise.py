"""Rules for the one form of every text before Rasa and the vault see it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gateway.normalise import normalise, only_emoji


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("ＡＢＣ　１２３", "ABC 123"),
        ("你\u200b好\ufeff", "你好"),
        ("第一行\r\n第二行", "第一行\n第二行"),
        ("/restart", "／restart"),
        ("／restart", "／restart"),
        (' \n /inform{"a":1}', '／inform{"a":1}'),
        ("1️⃣", "1"),
        ("㎡ ℃ …", "m2 °C ..."),
        ("  两头的空白  ", "两头的空白"),
    ],
)
def test_texts_take_one_form(typed: str, expected: str) -> None:
    assert normalise(typed) == expected


@given(st.text(max_size=200))
def test_nothing_that_rasa_could_read_as_a_command_or_control_gets_through(text: str) -> None:
    clean = normalise(text)
    assert not clean.lstrip().startswith("/")
    assert not any(ord(c) < 32 and c != "\n" for c in clean)


@given(st.text(max_size=200))
def test_normalising_twice_changes_nothing_but_the_slash(text: str) -> None:
    clean = normalise(text)
    assert normalise(clean) == clean


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", True), ("👍", True), ("🙏🏻!!", True), ("……", True), ("?", False), ("好👍", False), ("7", False)],
)
def test_only_what_holds_no_word_counts_as_emoji(text: str, expected: bool) -> None:
    assert only_emoji(text) is expected
