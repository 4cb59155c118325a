"""Numbers, names and days as people say them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.bootstrap import surnames
from bot.domain.answers import Accepted, Answer, Rejected, read_field, read_name
from bot.domain.dates import DateProblem, SpokenDate, read_date
from bot.domain.day_words import near_days
from bot.domain.digit_view import digit_view, expand_repeats
from bot.domain.item import FieldType, FormField
from bot.domain.numerals import Quantity, read_integer, read_quantities
from bot.domain.spelled_names import spelled_name

TODAY = date(2026, 11, 25)  # a Wednesday
SURNAMES = surnames()
DIGITS = "零一二三四五六七八九"


def in_words(number: int) -> str:
    """0–99999 in Chinese words, all zeros said."""
    if number == 0:
        return "零"
    words, zero = "", False
    for unit, name in ((10000, "万"), (1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            words += ("零" if zero else "") + DIGITS[digit] + name
            zero = False
        elif words:
            zero = True
    return words


@given(st.integers(0, 99_999))
def test_every_number_in_words_is_read_back(number: int) -> None:
    assert read_integer(in_words(number)) == number
    assert read_quantities(in_words(number) + "亩") == [Quantity(number, "亩")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一百二十平", Quantity(120, "平")), ("两万三", Quantity(23000)), ("一千二", Quantity(1200)), ("三百五", Quantity(350)),
        ("一万零五十", Quantity(10050)), ("半年", Quantity(0.5, "年")), ("仨", Quantity(3)), ("俩", Quantity(2)), ("三亩半", Quantity(3.5, "亩")),
        ("一亩三分地", Quantity(1.3, "亩")), ("1万2", Quantity(12000)), ("1.2万", Quantity(12000)), ("3千", Quantity(3000)),
        ("12O平", Quantity(120, "平")), ("l2亩", Quantity(12, "亩")), ("12,500元", Quantity(12500, "元")), ("三点五亩", Quantity(3.5, "亩")),
        ("两块五", Quantity(2.5, "块")), ("一共三口人", Quantity(3, "口")), ("一家三口", Quantity(3, "口")),
        ("十来亩", Quantity(10, "亩", False)), ("五十多", Quantity(50, "", False)), ("二三十头", Quantity(30, "头", False)),
        ("百把块", Quantity(100, "块", False)), ("八十左右", Quantity(80, "", False)),
    ],
)  # fmt: skip
def test_quantities_are_read_as_people_say_them(text: str, expected: Quantity) -> None:
    assert read_quantities(text)[0] == expected


@given(st.text(max_size=40))
def test_no_text_breaks_the_readers(text: str) -> None:
    read_quantities(text)
    spelled_name(text)
    near_days(text, TODAY, past=True)
    assert len(digit_view(text)) == len(text)
    expand_repeats(text)


def number_field(ask: str, kind: FieldType = FieldType.NUMBER) -> FormField:
    return FormField("n", "数", kind, ask)


@pytest.mark.parametrize(
    ("ask", "kind", "said", "value"),
    [
        ("一共多少亩？", FieldType.NUMBER, "我家种了六亩半", 6.5),
        ("今年您自己交了几个月的社保？", FieldType.NUMBER, "半年", 6),
        ("在那边大概交了几年？", FieldType.NUMBER, "三年", 3),
        ("家里一共几口人？", FieldType.NUMBER, "五口人，两个娃", 5),
        ("全家一个月一共收入多少钱？", FieldType.AMOUNT, "一个月三千五", 3500),
        ("房子是多少钱成交的？", FieldType.AMOUNT, "两万三", 23000),
    ],
)
def test_the_number_that_answers_the_question_is_taken(ask: str, kind: FieldType, said: str, value: float) -> None:
    reading = read_field(number_field(ask, kind), Answer(said), TODAY, SURNAMES)
    assert isinstance(reading, Accepted) and reading.value == value


@pytest.mark.parametrize("said", ["十来亩", "二三十亩", "五十多"])
def test_a_rough_number_is_not_written_down_but_asked_for(said: str) -> None:
    reading = read_field(number_field("多少亩？"), Answer(said), TODAY, SURNAMES)
    assert isinstance(reading, Rejected) and reading.reason == "number_inexact"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("赵云的赵，建设的建", "赵建"), ("弓长张，张伟", "张伟"), ("我叫赵建国，赵云的赵，建设的建，国家的国", "赵建国"),
        ("赵云的赵建设的建国家的国", "赵建国"), ("口天吴 吴小燕", "吴小燕"), ("三点水的江，江河的河", "江河"), ("木子李，名叫秀英", "李秀英"),
        ("我姓张 弓长张 名字叫小红", "张小红"), ("耳东陈，大小的大，明天的明", "陈大明"), ("姓徐双人徐叫徐大海", "徐大海"),
        ("弓长张小红", "张小红"), ("我的名字叫陈大明耳东陈大小的大明天的明", "陈大明"), ("是李，木子李，秀气的秀，英雄的英", "李秀英"),
        ("李秀英", "李秀英"), ("我叫徐静，安静的静，双人徐", "徐静"),
    ],
)  # fmt: skip
def test_names_spelled_out_are_understood(text: str, name: str) -> None:
    assert read_name(Answer(text), SURNAMES) == Accepted(name, name)


@pytest.mark.parametrize("text", ["木子李", "李", "姓王"])
def test_a_surname_alone_is_not_taken_for_the_name(text: str) -> None:
    reading = read_name(Answer(text), SURNAMES)
    assert isinstance(reading, Rejected) and reading.reason == "name_only_surname"


@pytest.mark.parametrize("text", ["我爸的", "卖菜的老张", "中华人民共和国的国", "美好的美", "张三，木子李"])
def test_what_spells_no_name_is_not_guessed_at(text: str) -> None:
    assert isinstance(read_name(Answer(text), SURNAMES), Rejected)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("下周五", date(2026, 12, 4)), ("上个月二十号", date(2026, 10, 20)), ("去年国庆那天", date(2025, 10, 1)), ("大前天", date(2026, 11, 22)),
        ("三天前", date(2026, 11, 22)), ("两个星期前", date(2026, 11, 11)), ("上周三", date(2026, 11, 18)), ("周一", date(2026, 11, 23)),
        ("周五丢的", date(2026, 11, 20)), ("下个月5号", date(2026, 12, 5)), ("2O25年3月8号", date(2025, 3, 8)), ("今年五一", date(2026, 5, 1)),
        ("我记得是二零二五年三月八号吧", date(2025, 3, 8)), ("昨天下午三点", date(2026, 11, 24)), ("去年六一儿童节", date(2025, 6, 1)),
        ("礼拜二", date(2026, 11, 24)), ("国庆节", date(2026, 10, 1)), ("明年3月1号", date(2027, 3, 1)),
    ],
)  # fmt: skip
def test_days_said_from_today_are_read(text: str, day: date) -> None:
    assert read_date(text, TODAY) == SpokenDate(day.year, day.month, day.day)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("前年腊月", DateProblem.LUNAR), ("八月初八", DateProblem.LUNAR), ("去年中秋", DateProblem.LUNAR), ("过年那几天", DateProblem.LUNAR),
        ("前几天", DateProblem.VAGUE), ("上周末", DateProblem.VAGUE), ("半年前", DateProblem.VAGUE), ("三年前", DateProblem.VAGUE),
        ("月底", DateProblem.VAGUE),
    ],
)  # fmt: skip
def test_a_lunar_or_vague_day_is_asked_for_again(text: str, problem: DateProblem) -> None:
    assert read_date(text, TODAY) is problem


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.integers(1, 7), st.sampled_from([("上", -1), ("这", 0), ("下", 1)]))
def test_a_weekday_of_a_named_week_lies_in_that_week(today: date, weekday: int, week: Any) -> None:
    (day,) = near_days(f"{week[0]}周{'一二三四五六日'[weekday - 1]}", today, past=True)
    assert day.isoweekday() == weekday
    monday = today - timedelta(days=today.isoweekday() - 1)
    assert (day - monday).days // 7 == week[1]


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.sampled_from("一二三四五六日"))
def test_a_bare_weekday_is_the_last_one_as_a_value_and_the_next_one_as_a_plan(today: date, weekday: str) -> None:
    (past,), (coming,) = near_days("周" + weekday, today, past=True), near_days("周" + weekday, today, past=False)
    assert 0 <= (today - past).days < 7 and 0 <= (coming - today).days < 7


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("幺九八三个零幺二三四五", "19800012345"), ("198四个零两个一二三", "19800001123"), ("一九八零零零零四个八", "19800008888"),
        ("198OO00l234", "19800001234"), ("198三个零,12345", "198000,12345"),
    ],
)  # fmt: skip
def test_repeated_digits_and_letters_typed_for_digits_are_digits(text: str, digits: str) -> None:
    assert digit_view(expand_repeats(text)) == digits


@pytest.mark.parametrize("text", ["三个八十岁的老人", "两个一百", "家里三个五岁以下", "电话是三个八开头", "有两个二十几岁的娃"])
def test_counted_things_stay_as_they_are(text: str) -> None:
    assert expand_repeats(text) == text
