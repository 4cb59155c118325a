"""工作日历 (gongzuo rili) from the package `chinesecalendar`, which holds the State Council's yearly notices."""

from __future__ import annotations

from datetime import date

from chinese_calendar import constants

from bot.domain.working_days import WorkingCalendar


def published_calendar() -> WorkingCalendar:
    """All years that the package knows.

    A year counts as published if its National Day is there: 元旦 of the next year can already stand in this year's notice.
    """
    holidays, makeup_days = frozenset(constants.holidays), frozenset(constants.workdays)
    last_year = max(day.year for day in holidays if (day.month, day.day) == (10, 1))
    names = {day: constants.Holiday(name).chinese for day, name in constants.holidays.items()}
    return WorkingCalendar(holidays, makeup_days, date(last_year, 12, 31), names)
