"""给自己办还是替别人办: however a relative is called."""

from __future__ import annotations

import pytest

from bot.domain.answers import read_choice
from bot.domain.filing_options import FOR_WHOM_OPTIONS


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("给我老汉办", "other"), ("我妈", "other"), ("给娃办", "other"), ("我爸的", "other"), ("他自己来不了，我替他", "other"),
        ("老伴的", "other"), ("帮我丈母娘", "other"), ("给他办", "other"),
        ("帮我办", "self"), ("给我办", "self"), ("就我", "self"), ("我本人", "self"), ("是我自己的", "self"), ("1", "self"),
    ],
)  # fmt: skip
def test_for_whom_is_read_from_plain_words(words: str, expected: str) -> None:
    option = read_choice(words, FOR_WHOM_OPTIONS)
    assert option is not None and option.id == expected
