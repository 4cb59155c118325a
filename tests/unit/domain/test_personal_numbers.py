"""Rules for personal numbers: what is right about them, how they are masked, and where they stand in a text."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.case_numbers import NumberKind as OwnKind
from bot.domain.case_numbers import mint
from bot.domain.digit_view import digit_view
from bot.domain.number_halves import join_half, tail_of
from bot.domain.number_search import find_numbers
from bot.domain.personal_numbers import (
    NumberKind,
    Verdict,
    age_on,
    birth_date,
    credit_check_char,
    judge,
    judge_id,
    luhn_ok,
    masked,
    sex,
)
from tests.support.numbers import id_number, mobile, wrong_check_digit
from tests.support.written_forms import plain_forms, written

TODAY = date(2026, 11, 23)

births = st.dates(date(1920, 1, 1), date(2026, 1, 1)).map(lambda d: d.strftime("%Y%m%d"))
serials = st.integers(0, 999).map(lambda n: f"{n:03d}")
regions = st.sampled_from(("110000", "320000", "440000", "530000", "130000", "650000"))
ids = st.builds(id_number, births, serials, regions)
mobiles = st.integers(0, 9999).map(mobile) | st.builds(
    lambda a, b: f"1{a}{b:09d}", st.sampled_from("3456789"), st.integers(0, 999_999_999)
)
sentences = st.sampled_from(
    (
        "{}",
        "我的号码是{}",
        "{}。谢谢",
        "您好，{}，麻烦您看一下",
        "1. {}\n2. 户口簿",
        "老人80岁了 {}",
        "2025年3月8日办的，{}，3张照片",
        "{}吗？",
    )
)


def bank_card(head: str, length: int) -> str:
    body = (head + "0123456789" * 2)[: length - 1]
    return next(body + d for d in "0123456789" if luhn_ok(body + d))


def credit_code(head: str = "91110000MA0012345") -> str:
    return head + credit_check_char(head)


def find_one(text: str) -> "tuple[str, str, str]":
    found = find_numbers(text, TODAY)
    assert len(found) == 1, (text, found)
    return found[0].kind.value, found[0].number, found[0].verdict.value


def sealed(text: str) -> str:
    for found in reversed(find_numbers(text, TODAY)):
        text = text[: found.start] + "⟦⟧" + text[found.end :]
    return text


def longest_left(number: str, text: str) -> int:
    """The longest piece of the number that can still be read in a text."""
    left = re.sub(r"[^0-9X]", "", digit_view(text))
    return max(
        (n for n in range(1, len(number) + 1) for i in range(len(number) - n + 1) if number[i : i + n] in left),
        default=0,
    )


# ---- what is right about a number ----


@pytest.mark.parametrize("county", ["320623", "530324", "130983", "430703", "441900"])
@given(birth=st.dates(date(1940, 1, 1), date(2020, 12, 31)), serial=serials)
@settings(max_examples=25)
def test_people_of_every_seed_county_are_accepted_whatever_became_of_their_region_code(
    county: str, birth: date, serial: str
) -> None:
    assert judge_id(id_number(birth.strftime("%Y%m%d"), serial, county), TODAY) is Verdict.OK


@pytest.mark.parametrize(
    ("number", "verdict"),
    [
        (id_number(), "ok"),
        (wrong_check_digit(id_number()), "check_digit"),
        (id_number("19400230"), "birth_date"),
        (id_number("19401301"), "birth_date"),
        (id_number("20270101"), "future"),
        (id_number("18900101"), "too_old"),
        (id_number()[:17], "length"),
        (id_number() + "1", "length"),
        ("110000400315123", "ok"),
        ("110000401315123", "birth_date"),
    ],
)
def test_an_id_number_is_told_what_is_wrong_with_it(number: str, verdict: str) -> None:
    assert judge(NumberKind.ID, number, TODAY).value == verdict


def test_somebody_born_today_is_accepted_and_tomorrow_is_not() -> None:
    assert judge_id(id_number(TODAY.strftime("%Y%m%d")), TODAY) is Verdict.OK
    assert judge_id(id_number((TODAY + timedelta(1)).strftime("%Y%m%d")), TODAY) is Verdict.FUTURE


def test_birth_date_sex_and_age_come_from_the_number() -> None:
    assert birth_date(id_number("19400315")) == date(1940, 3, 15)
    assert birth_date("110000400315123") == date(1940, 3, 15)
    assert (sex(id_number(serial="123")), sex(id_number(serial="124")), sex("110000400315124")) == ("男", "女", "女")
    assert age_on(date(1946, 11, 24), TODAY) == 79
    assert age_on(date(1946, 11, 23), TODAY) == 80


@pytest.mark.parametrize(
    ("kind", "number", "verdict"),
    [
        (NumberKind.MOBILE, "19900001234", "ok"),
        (NumberKind.MOBILE, "12900001234", "prefix"),
        (NumberKind.MOBILE, "1990000123", "length"),
        (NumberKind.LANDLINE, "051380000001", "ok"),
        (NumberKind.LANDLINE, "01080000001", "ok"),
        (NumberKind.LANDLINE, "0513800001", "length"),
        (NumberKind.BANK_CARD, bank_card("622202", 19), "ok"),
        (NumberKind.BANK_CARD, wrong_check_digit(bank_card("622202", 19)), "check_digit"),
        (NumberKind.BANK_CARD, "62220212345678", "length"),
        (NumberKind.CREDIT_CODE, credit_code(), "ok"),
        (NumberKind.CREDIT_CODE, credit_code("N2320000MF0012345"), "ok"),
        (NumberKind.CREDIT_CODE, credit_code()[:17] + ("1" if credit_code()[17] != "1" else "2"), "check_digit"),
        (NumberKind.CREDIT_CODE, "91110000IO0012345X", "prefix"),
    ],
)
def test_other_numbers_are_judged_by_their_own_rule(kind: NumberKind, number: str, verdict: str) -> None:
    assert judge(kind, number, TODAY).value == verdict


@given(kind=st.sampled_from(NumberKind), number=st.text("0123456789", min_size=1, max_size=40))
def test_a_mask_hides_at_least_four_characters_and_shows_at_most_twelve(kind: NumberKind, number: str) -> None:
    shown = masked(kind, number)
    head, end = shown[: shown.index("*")], shown[shown.rindex("*") + 1 :]
    assert len(shown) == len(number) and shown == head + "*" * shown.count("*") + end
    assert number.startswith(head) and number.endswith(end)
    assert shown.count("*") >= min(4, len(number)) and len(head) + len(end) <= 12


@given(number=st.text("0123456789", min_size=18, max_size=18))
def test_of_an_id_number_birth_date_and_half_of_the_last_four_stay_hidden(number: str) -> None:
    assert masked(NumberKind.ID, number)[6:16] == "*" * 10


def test_masks_are_recognised_by_their_owner() -> None:
    assert masked(NumberKind.ID, "11000019400315123X") == "110000**********3X"
    assert masked(NumberKind.MOBILE, "19900001234") == "199****1234"
    assert masked(NumberKind.BANK_CARD, "6222021234567890") == "622202******7890"
    assert masked(NumberKind.LANDLINE, "82341234") == "****1234"


# ---- where numbers stand ----


@given(number=ids, sentence=sentences, data=st.data())
@settings(max_examples=300)
def test_an_id_number_is_found_in_every_written_form(number: str, sentence: str, data: st.DataObject) -> None:
    text = sentence.format(data.draw(written(number)))
    assert (NumberKind.ID, number, Verdict.OK) in [(f.kind, f.number, f.verdict) for f in find_numbers(text, TODAY)], (
        text
    )
    assert longest_left(number, sealed(text)) < 11


@given(number=mobiles, sentence=sentences, data=st.data())
@settings(max_examples=300)
@example(number="13010119900", sentence="{}", data=None)
def test_a_mobile_number_is_found_in_every_written_form(
    number: str, sentence: str, data: "st.DataObject | None"
) -> None:
    text = sentence.format(data.draw(written(number)) if data else number)
    assert (NumberKind.MOBILE, number) in [(f.kind, f.number) for f in find_numbers(text, TODAY)], text
    assert longest_left(number, sealed(text)) < 11


@given(number=ids, sentence=sentences, data=st.data())
@settings(max_examples=200)
def test_an_id_number_with_a_wrong_digit_is_hidden_all_the_same(
    number: str, sentence: str, data: st.DataObject
) -> None:
    wrong = wrong_check_digit(number)
    text = sentence.format(data.draw(written(wrong)))
    assert longest_left(wrong, sealed(text)) < 11, (text, sealed(text))


@given(first=ids, second=mobiles, glue=st.sampled_from(("", " ", "，电话", "\n", "/")))
def test_two_numbers_side_by_side_are_both_found(first: str, second: str, glue: str) -> None:
    found = find_numbers(first + glue + second, TODAY)
    assert [f.number for f in found] == [first, second]


@pytest.mark.parametrize(
    ("text", "kind", "number", "verdict"),
    [
        ("我的手机是+86 199-0000-1234", "mobile", "19900001234", "ok"),
        ("008619900001234", "mobile", "19900001234", "ok"),
        ("(0513)80000001", "landline", "051380000001", "ok"),
        ("家里电话 010-8000 0001", "landline", "01080000001", "ok"),
        ("座机6666777", "landline", "6666777", "ok"),
        ("卡号6222 0212 3456 7890 128", "bank_card", "6222021234567890128", "ok"),
        ("存折上写的是6222021234567890127", "bank_card", "6222021234567890127", "check_digit"),
        (f"执照{credit_code()}", "credit_code", credit_code(), "ok"),
        (
            f"信用代码 {' '.join([credit_code()[:8], credit_code()[8:12], credit_code()[12:]])}",
            "credit_code",
            credit_code(),
            "ok",
        ),
        (f"信用代码{credit_code().lower()}", "credit_code", credit_code(), "ok"),
        (id_number()[:17], "id_number", id_number()[:17], "length"),
        ("老的身份证 110000400315123", "id_number", "110000400315123", "ok"),
        (id_number("19400230"), "id_number", id_number("19400230"), "birth_date"),
        ("1990000123", "mobile", "1990000123", "length"),
        ("12900001234", "mobile", "12900001234", "prefix"),
        ("110000-19400315-123X", "id_number", "11000019400315123X", "check_digit"),
    ],
)
def test_numbers_of_every_kind_are_found_with_their_verdict(text: str, kind: str, number: str, verdict: str) -> None:
    assert find_one(text) == (kind, number, verdict)


def test_a_small_or_spoken_closing_x_belongs_to_the_number() -> None:
    number = next(n for n in (id_number(serial=f"{s:03d}") for s in range(100)) if n.endswith("X"))
    for written_form in plain_forms(number):
        assert find_one(f"身份证{written_form}，对吧") == ("id_number", number, "ok")


@pytest.mark.parametrize(
    "text",
    [
        "我妈80岁了，每月能领多少？",
        "2025年3月8日下午13:30到17:00",
        "2025-03-08 13:20:05",
        "从2025.3.8到2025.4.8，20250308-20250408",
        "补贴12000元，一共3500.00元，每人每月1,250.50元",
        "房子120.5平方，宅基地编号3-12-5",
        "BJ-261123-0001-7 到哪一步了",
        "bj2611230001X",
        "办件编号 BJ 261123 0001 7，告知书GZ-261123-0042-3",
        f"号是{mint(OwnKind.CASE, TODAY, 1)[3:]}",
        mint(OwnKind.CASE, TODAY, 1)[3:].replace("-", ""),
        mint(OwnKind.NOTICE, TODAY, 123_456)[3:].replace("-", ""),
        "办件编号是26112300017，告知单 261123 0001 7",
        "QS-009 和 QS036",
        "1、身份证 2、户口本 3、照片2张 4、复印件1份 5、结婚证",
        "一、二、三、四、五、六、七、八、九、十",
        "1、3、5、7、9、11、13、15、17",
        "2019 2020 2021 2022 年都交了",
        "打12345还是400-800-1234",
        "五保户一个月一千二百三十四块五毛",
        "家里三口人，老大1998年生，老二2003年生",
        "3栋2单元501室",
        "192.168.100.123",
        "一次性告知书要一式两份",
        "我的身份证有效期到20300101",
        "身份证是201903办的",
        "办身份证花了400000",
    ],
)
def test_ordinary_texts_are_left_alone(text: str) -> None:
    assert find_numbers(text, TODAY) == []


@given(
    day=st.dates(date(1930, 1, 1), date(2027, 12, 31)),
    form=st.sampled_from(("%Y年%m月%d日", "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月")),
    amount=st.integers(0, 9_999_999),
    serial=st.integers(1, 999_999),
    wrong=st.booleans(),
    kind=st.sampled_from(OwnKind),
    dashes=st.booleans(),
)
@settings(max_examples=300)
def test_dates_amounts_and_our_own_numbers_are_left_alone(
    day: date, form: str, amount: int, serial: int, wrong: bool, kind: OwnKind, dashes: bool
) -> None:
    own = mint(kind, day.replace(year=2026 if (day.month, day.day) != (2, 29) else 2028), serial)
    own = own[:-1] + "7" if wrong else own
    text = f"{day.strftime(form)}，交了{amount}元（{amount:,}元），编号{own if dashes else own.replace('-', '')}，{day.year}年"
    assert find_numbers(text, TODAY) == []


@given(st.text(max_size=300))
@settings(max_examples=300)
def test_any_text_can_be_searched(text: str) -> None:
    ends = [0]
    for found in find_numbers(text, TODAY):
        assert ends[-1] <= found.start < found.end <= len(text)
        ends.append(found.end)


@given(st.text("0123456789Xx -一零、.\n", min_size=50, max_size=2000))
@settings(max_examples=30, deadline=2000)
def test_a_text_of_nothing_but_digits_is_searched_in_reasonable_time(text: str) -> None:
    find_numbers(text, TODAY)


# ---- numbers in two messages ----


@given(number=ids, cut=st.integers(6, 16), lead=st.sampled_from(("", "后面是", "还有 ", "…")))
def test_an_id_number_in_two_messages_is_joined_and_its_first_half_hidden(number: str, cut: int, lead: str) -> None:
    first, second = f"我的身份证是{number[:cut]}", lead + number[cut:]
    found = find_numbers(first, TODAY)
    tail = tail_of(first, found)
    assert tail is not None
    joined = join_half(tail, second, TODAY)
    assert joined is not None
    assert (joined.kind, joined.number, joined.verdict) == (NumberKind.ID, number, Verdict.OK)
    assert found and found[-1].end == len(first)


def test_a_first_half_is_hidden_when_the_bot_has_asked_for_such_a_number() -> None:
    assert find_numbers("1990000", TODAY) == []
    found = find_numbers("1990000", TODAY, frozenset({NumberKind.MOBILE}))
    assert [(f.kind, f.number) for f in found] == [(NumberKind.PARTIAL, "1990000")]


@pytest.mark.parametrize("second", ["8000元够不够", "1", "谢谢", "19900001234", "2025年3月8日", "那要带什么材料"])
def test_what_is_no_second_half_is_not_joined(second: str) -> None:
    first = "手机号是1990000"
    tail = tail_of(first, find_numbers(first, TODAY))
    assert tail is not None
    assert join_half(tail, second, TODAY) is None


def test_a_number_may_come_in_three_messages() -> None:
    number = id_number()
    tail = tail_of("身份证" + number[:6], find_numbers("身份证" + number[:6], TODAY))
    assert tail is not None
    middle = join_half(tail, number[6:14], TODAY)
    assert middle is not None
    assert (middle.kind, middle.number) == (NumberKind.PARTIAL, number[:14])
    rest = tail_of(number[6:14], [middle])
    assert rest is not None
    last = join_half(rest, number[14:], TODAY)
    assert last is not None
    assert last.number == number


def test_nothing_is_awaited_after_a_whole_number() -> None:
    text = f"我的身份证是{id_number()}"
    assert tail_of(text, find_numbers(text, TODAY)) is None


def test_a_card_in_fours_outweighs_a_landline_inside_it() -> None:
    text = "卡号是 6222 0000 0000 0000 000"
    (found,) = find_numbers(text, date(2026, 11, 22))
    assert (found.kind, text[found.start : found.end]) == (NumberKind.BANK_CARD, "6222 0000 0000 0000 000")
