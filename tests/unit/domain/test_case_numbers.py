from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.case_numbers import (
    MAX_SERIAL,
    NumberKind,
    OwnNumber,
    check_digit,
    find,
    find_case_number,
    format_case_number,
    mint,
    parse,
    spans,
)

NUMBER = "BJ-260318-0007-4"
own_numbers = st.builds(
    OwnNumber,
    st.sampled_from(list(NumberKind)),
    st.dates(date(2020, 1, 1), date(2099, 12, 31)),
    st.integers(1, MAX_SERIAL),
)


def test_check_digit_is_iso_7064_mod_11_10() -> None:
    # examples of the standard: ISO/IEC 7064:2003, and German tax numbers, which use it too
    assert check_digit("0794") == "5"
    assert check_digit("8609574271") == "9"


def test_number_shows_its_day_and_serial() -> None:
    assert mint(NumberKind.CASE, date(2026, 3, 18), 7) == NUMBER
    assert format_case_number(date(2026, 3, 18), 7) == NUMBER
    assert str(parse(NUMBER)) == NUMBER


@pytest.mark.parametrize(
    "typed",
    [
        "bj-260318-0007-4",
        "BJ26031800074",
        "bj 260318 0007 4",
        "ＢＪ－２６０３１８－０００７－４",
        "B J - 260318 — 0007 – 4",
        "办件260318-0007-4",
        "办件号：26031800074",
        "办件编号是 260318 0007 4",
        "办件编号：BJ-260318-0007-4",
        "  BJ-260318-0007-4 ",
    ],
)
def test_typed_in_many_ways(typed: str) -> None:
    assert str(parse(typed)) == NUMBER


def test_notice_numbers_are_told_from_case_numbers() -> None:
    notice = parse("告知单编号：260318-0007-4")
    assert notice is not None and notice.kind is NumberKind.NOTICE
    assert find_case_number(str(notice)) is None


def test_digits_alone_need_to_be_told_what_they_are() -> None:
    assert parse("260318-0007-4") is None
    assert str(parse("260318-0007-4", NumberKind.CASE)) == NUMBER


@pytest.mark.parametrize("wrong", ["", "BJ", "BJ-260318-0007", "BJ-261318-0007-4", "BJ-260318-0007-5", "XX-260318-0007-4"])
def test_what_is_no_number(wrong: str) -> None:
    assert parse(wrong) is None


def test_found_within_a_sentence_with_other_digits_beside() -> None:
    text = f"我3月18号办的，{NUMBER} 5天了，还有告知单GZ2603180007 4"
    assert [str(number) for number in find(text)] == [NUMBER, "GZ-260318-0007-4"]
    assert find_case_number(f"我的件（{NUMBER.lower()}）到哪了") == NUMBER


def test_place_in_the_text() -> None:
    ((start, end, number),) = spans(f"看看{NUMBER}吧")
    assert (start, end, str(number)) == (2, 2 + len(NUMBER), NUMBER)


@given(own_numbers)
def test_every_number_is_read_back(number: OwnNumber) -> None:
    text = str(number)
    assert parse(text) == number
    assert parse(text.lower().replace("-", "")) == number
    assert list(find(f"请查{text}，谢谢")) == [number]


@given(own_numbers, st.data())
def test_one_wrong_digit_is_noticed(number: OwnNumber, data: st.DataObject) -> None:
    text = str(number)
    place = data.draw(st.sampled_from([i for i, char in enumerate(text) if char.isdigit()]))
    digit = data.draw(st.sampled_from([d for d in "0123456789" if d != text[place]]))
    assert parse(text[:place] + digit + text[place + 1 :]) is None


@given(own_numbers)
def test_digits_are_never_those_of_a_mobile_or_id_number(number: OwnNumber) -> None:
    digits = re.sub(r"\D", "", str(number))
    assert len(digits) in (11, 12, 13) and not digits.startswith(("0", "1"))


@given(st.text(max_size=40))
def test_any_text_is_answered(text: str) -> None:
    parse(text)
    list(find(text))


def test_no_number_for_an_impossible_serial() -> None:
    with pytest.raises(ValueError):
        mint(NumberKind.CASE, date(2026, 1, 1), 0)
