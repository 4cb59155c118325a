"""Questions about opening hours: which one is asked, and the facts that answer it."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Optional
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.templates import Templates
from bot.adapters.working_days import published_calendar
from bot.adapters.yaml_catalogue import load_centre
from bot.domain.hours_answer import HoursAnswer, answer_hours
from bot.domain.hours_question import HoursKind, HoursQuestion, HoursWords

ROOT = Path(__file__).resolve().parents[3]
WORDS = HoursWords(yaml.safe_load((ROOT / "data/dialogue/hours.yml").read_text(encoding="utf8")))
CENTRE = load_centre(ROOT / "data/centre/profile.yml")
CHINA = published_calendar()
TEMPLATES = Templates(ROOT / "data/dialogue")
WEDNESDAY = date(2026, 11, 25)
SAT, SUN = date(2026, 11, 28), date(2026, 11, 29)
MARRIAGE, CIVIL = "婚姻登记室（二楼9号窗口）", "民政残联窗口（2号窗口）"


def read(text: str) -> Optional[HoursQuestion]:
    return WORDS.read(text, WEDNESDAY)


def answer(text: str, when: str, window_name: str = "") -> HoursAnswer:
    now = datetime.fromisoformat(when).replace(tzinfo=ZoneInfo("Asia/Shanghai"))
    question = WORDS.read(text, now.date())
    assert question is not None
    window = CENTRE.window(window_name)
    window_id = window.id if window else ""
    return answer_hours(question, CENTRE.office_of(window_id), now, CHINA, window_id)


def said(text: str, when: str, window_name: str = "") -> str:
    return TEMPLATES.hours(answer(text, when, window_name), CENTRE, window_name)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("现在开门吗", HoursQuestion(HoursKind.NOW)), ("现在还有人没", HoursQuestion(HoursKind.NOW)), ("你们下班了没", HoursQuestion(HoursKind.NOW)),
        ("几点下班", HoursQuestion(HoursKind.CLOSES)), ("快下班了还能办吗", HoursQuestion(HoursKind.CLOSES)), ("几点开门", HoursQuestion(HoursKind.OPENS)),
        ("明天几点上班", HoursQuestion(HoursKind.OPENS, (date(2026, 11, 26),))), ("中午有人吗", HoursQuestion(HoursKind.NOON)),
        ("你们那儿中午休息不", HoursQuestion(HoursKind.NOON)), ("晚上能办吗", HoursQuestion(HoursKind.EVENING)),
        ("六点以后还能办不", HoursQuestion(HoursKind.EVENING)), ("下班以后去行不", HoursQuestion(HoursKind.EVENING)),
        ("周六能办吗", HoursQuestion(HoursKind.DAYS, (SAT,))), ("明天上班不", HoursQuestion(HoursKind.DAYS, (date(2026, 11, 26),))),
        ("这周六调休上班吗", HoursQuestion(HoursKind.DAYS, (SAT,))), ("婚姻登记周末能办吗", HoursQuestion(HoursKind.DAYS, (SAT, SUN))),
        ("礼拜六开不开门", HoursQuestion(HoursKind.DAYS, (SAT,))), ("12月5号上班吗", HoursQuestion(HoursKind.DAYS, (date(2026, 12, 5),))),
        ("5号上班吗", HoursQuestion(HoursKind.DAYS, (date(2026, 12, 5),))), ("下周一开门吗", HoursQuestion(HoursKind.DAYS, (date(2026, 11, 30),))),
        ("国庆放假到几号", HoursQuestion(HoursKind.HOLIDAY, holiday="国庆节")), ("春节还办公不", HoursQuestion(HoursKind.HOLIDAY, holiday="春节")),
        ("五一放假不", HoursQuestion(HoursKind.HOLIDAY, holiday="劳动节")), ("节假日能办不", HoursQuestion(HoursKind.HOLIDAYS)),
        ("你们上班时间", HoursQuestion(HoursKind.GENERAL)),
    ],
)  # fmt: skip
def test_exactly_what_is_asked_is_read(text: str, expected: HoursQuestion) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    "text",
    ["我在上班没空去怎么办", "上班受伤了能不能办工伤", "低保多久能下来", "老公在外面上班", "我要投诉你们上班打麻将", "上班途中被车撞了算工伤吗",
     "过年前能办下来吗", "孩子放假了", "身份证丢了咋补", "周五丢的"],
)  # fmt: skip
def test_talk_of_work_and_days_is_no_question_about_our_hours(text: str) -> None:
    assert read(text) is None


@given(st.text(max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    read(text)


@pytest.mark.parametrize(
    ("when", "open_now", "following"),
    [
        ("2026-11-25T08:29", False, "2026-11-25T08:30"), ("2026-11-25T10:00", True, None), ("2026-11-25T12:30", True, None),
        ("2026-11-25T17:30", False, "2026-11-26T08:30"), ("2026-11-27T18:00", False, "2026-11-28T09:00"), ("2026-11-28T10:00", True, None),
        ("2026-11-29T10:00", False, "2026-11-30T08:30"), ("2026-02-14T15:00", True, None), ("2026-02-16T10:00", False, "2026-02-24T08:30"),
        ("2026-10-10T09:00", True, None), ("2026-10-02T09:00", False, "2026-10-08T08:30"),
    ],
)  # fmt: skip
def test_open_now_or_when_somebody_is_there_next(when: str, open_now: bool, following: Optional[str]) -> None:
    found = answer("现在开门吗", when)
    assert found.open_now is open_now
    if following:
        assert found.following is not None and found.following.isoformat().startswith(following)


def test_a_window_without_saturday_duty_is_closed_while_the_hall_has_somebody() -> None:
    assert answer("现在开门吗", "2026-11-28T10:00").open_now
    assert not answer("现在开门吗", "2026-11-28T10:00", CIVIL).open_now


def test_the_marriage_registry_keeps_its_own_saturday() -> None:
    saturday, sunday = answer("周末能办吗", "2026-11-25T10:00", MARRIAGE).days
    assert saturday.full and not saturday.duty
    assert not sunday.full and not sunday.duty


def test_late_service_needs_a_call_before() -> None:
    assert not answer("现在开门吗", "2026-11-25T18:00").open_now
    assert "先打电话约" in said("晚上能办吗", "2026-11-25T10:00")


@pytest.mark.parametrize(
    ("text", "when", "facts"),
    [
        ("国庆放假到几号", "2026-09-28T10:00", ["10月7日", "10月8日", "10月10日"]),
        ("春节还办公不", "2026-02-10T10:00", ["2月15日", "2月23日", "2月24日", "2月14日"]),
        ("这周六调休上班吗", "2026-02-12T10:00", ["调休上班", "17:30"]),
        ("明天上班不", "2026-02-16T10:00", ["放假", "2月24日"]),
        ("国庆放假到几号", "2026-11-25T10:00", ["2027年", "10月1日", "10月3日", "暂定"]),
        ("春节还办公不", "2026-11-25T10:00", ["2027年", "没公布"]),
        ("下周六上班吗", "2026-12-31T10:00", ["1月9日", "暂定"]),
        ("周日开门不", "2026-11-25T10:00", ["不开门", "11月30日", "08:30"]),
        ("几点下班", "2026-11-29T10:00", ["今天", "不开门", "明天"]),
        ("中午有人吗", "2026-11-25T10:00", ["12:00", "14:00", "1号窗口"]),
    ],
)  # fmt: skip
def test_the_answer_holds_the_facts(text: str, when: str, facts: "list[str]") -> None:
    words = said(text, when)
    assert [fact for fact in facts if fact not in words] == [], words


def test_a_past_make_up_day_is_not_announced() -> None:
    assert "9月20日" not in said("国庆放假到几号", "2026-09-28T10:00")


def test_a_published_day_is_not_called_provisional() -> None:
    assert "暂定" not in said("周六能办吗", "2026-11-25T10:00")
