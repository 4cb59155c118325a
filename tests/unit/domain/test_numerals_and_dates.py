from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.dates import DateProblem, SpokenDate, read_date
from bot.domain.numerals import read_integer

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "value"),
    [("12", 12), ("十", 10), ("十二", 12), ("二十", 20), ("二百五十", 250), ("一九九零", 1990), ("两万三千", 23000),
     ("一万", 10000), ("幺三八", 138), ("三", 3)],
)  # fmt: skip
def test_numerals_in_words_are_read(text: str, value: int) -> None:
    assert read_integer(text) == value


@pytest.mark.parametrize("text", ["", "十个", "abc", "第二"])
def test_what_is_no_numeral_is_refused(text: str) -> None:
    assert read_integer(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025年3月8号", SpokenDate(2025, 3, 8)),
        ("2025年3月8日丢的", SpokenDate(2025, 3, 8)),
        ("2025-03-08", SpokenDate(2025, 3, 8)),
        ("2025.3.8", SpokenDate(2025, 3, 8)),
        ("20250308", SpokenDate(2025, 3, 8)),
        ("去年三月", SpokenDate(2025, 3)),
        ("去年三月八号", SpokenDate(2025, 3, 8)),
        ("三月八号", SpokenDate(2026, 3, 8)),
        ("12月1号", SpokenDate(2025, 12, 1)),
        ("今年8月15日", SpokenDate(2026, 8, 15)),
        ("昨天", SpokenDate(2026, 11, 21)),
        ("前天丢的", SpokenDate(2026, 11, 20)),
        ("大前天", SpokenDate(2026, 11, 19)),
        ("上个月15号", SpokenDate(2026, 10, 15)),
        ("85年6月1号", SpokenDate(1985, 6, 1)),
        ("03年十二月三十一号", SpokenDate(2003, 12, 31)),
        ("一九四三年五月六日", SpokenDate(1943, 5, 6)),
    ],
)
def test_dates_are_read_as_people_write_them(text: str, expected: SpokenDate) -> None:
    assert read_date(text, TODAY) == expected


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("2025年2月30号", DateProblem.IMPOSSIBLE),
        ("13月1号", DateProblem.IMPOSSIBLE),
        ("农历三月初八", DateProblem.LUNAR),
        ("正月初五", DateProblem.LUNAR),
        ("2025年", DateProblem.YEAR_ONLY),
        ("记不清了", DateProblem.NONE),
        ("", DateProblem.NONE),
    ],
)
def test_a_date_that_cannot_be_used_says_why(text: str, problem: DateProblem) -> None:
    assert read_date(text, TODAY) is problem


@given(st.dates(date(1930, 1, 1), TODAY))
def test_every_date_written_in_the_usual_ways_is_read_back(day: date) -> None:
    expected = SpokenDate(day.year, day.month, day.day)
    for text in (f"{day.year}年{day.month}月{day.day}号", day.isoformat(), f"{day:%Y%m%d}", f"{day.year}/{day.month}/{day.day}"):
        assert read_date(text, TODAY) == expected


@given(st.text(max_size=60))
def test_no_text_breaks_the_date_reader(text: str) -> None:
    read_date(text, TODAY)
