"""Lunar days as people say them, against the published calendar."""

from __future__ import annotations

from datetime import date

import pytest

from bot.domain.lunar import lunar_day

TODAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("text", "said", "day"),
    [
        ("八月初三生的", "八月初三", date(2026, 9, 13)),
        ("阴历十月十三", "十月十三", date(2026, 11, 21)),
        ("去年腊月廿三", "腊月廿三", date(2026, 2, 10)),  # the lunar year 2025 ends on 16 February 2026
        ("今年中秋那天", "中秋", date(2026, 9, 25)),
        ("去年除夕", "除夕", date(2026, 2, 16)),
        ("去年闰六月初一", "闰六月初一", date(2025, 7, 25)),
        ("1958年正月初八", "正月初八", date(1958, 2, 25)),
        ("冬月初五", "冬月初五", date(2025, 12, 24)),  # the last one that has passed
    ],
)
def test_a_lunar_day_is_counted_as_the_calendar_does(text: str, said: str, day: date) -> None:
    assert lunar_day(text, TODAY) == (said, day)


def test_a_planned_day_is_the_next_one() -> None:
    assert lunar_day("冬月初五", TODAY, coming=True) == ("冬月初五", date(2026, 12, 13))


@pytest.mark.parametrize("text", ["昨天", "今年闰四月初一", "正月三十五", ""])
def test_no_day_is_made_up(text: str) -> None:
    assert lunar_day(text, TODAY) is None
