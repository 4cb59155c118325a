from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.center.plain_numbers import places, without_numbers
from tests.support.builders import a_filing
from tests.support.numbers import id_number, mobile


@pytest.mark.parametrize(
    "text",
    [
        f"身份证{id_number()}",
        id_number().lower(),
        f"电话：{mobile()}，谢谢",
        "138-1234-5678",
        "110000 19900101 123X",
        "１３８１２３４５６７８",
        "6222021234567890128",
        "6222 0212 3456 7890",
        "tel:13812345678",
        "110000900101123",
    ],
)
def test_numbers_are_found_and_masked(text: str) -> None:
    assert places({"a": [{"b": text}]}) == ["a第1项.b"]
    masked = without_numbers({"a": [{"b": text}]})
    assert places(masked) == [] and len(masked["a"]) == 1


@pytest.mark.parametrize(
    "text",
    [
        "BJ-260318-0007-4",
        "2026-11-23T09:00:00+08:00",
        "2026-01-13 13:45:00",
        "1381234****",
        "1100001990********",
        "⟦身份证:k3f9a2c7xy⟧",
        "0000-8000001",
        "12345",
        "a" * 20 + "13812345678" + "b" * 33,
        "文昌街138号1234室",
    ],
)
def test_what_is_no_personal_number_passes(text: str) -> None:
    assert places({"a": text}) == []


def test_a_sound_filing_passes() -> None:
    assert places(a_filing()) == []


def test_ids_made_by_programs_may_hold_long_runs_of_digits() -> None:
    assert places({"idempotency_key": "notice:wx:6290123456789012345:QS-901", "conversation": "wx:13812345678"}) == []
    assert places({"conversation": mobile(), "person": id_number()}) == ["conversation", "person"]


def test_numbers_in_keys_and_as_numbers_are_found() -> None:
    assert places({mobile(): 1}) == [""]
    assert places({"a": int(mobile())}) == ["a"]
    assert without_numbers({"a": int(mobile())}) == {"a": "***"}


@settings(max_examples=40, deadline=None)
@given(
    st.recursive(
        st.none() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=8,
    )
)
def test_masking_leaves_nothing_behind(value: Any) -> None:
    assert places({"x": without_numbers(value)}) == []
