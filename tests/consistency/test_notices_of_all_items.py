"""The notice of every item in every combination of circumstances (GB/T 39554 elements, 一次性告知)."""

from __future__ import annotations

from datetime import date

import pytest

from bot.adapters.templates import Templates
from bot.bootstrap import DIALOGUE
from bot.domain.notice import compose
from tests.support.autopilot import CENTRE, ITEMS, LOCAL
from tests.support.notice_check import problems

TEMPLATES = Templates(DIALOGUE)
MOST_QUESTIONS = 3


@pytest.mark.parametrize("code", sorted(ITEMS))
def test_every_notice_is_complete_and_holds_nothing_else(code: str) -> None:
    item, local = ITEMS[code], LOCAL[code]
    for facts in item.combinations():
        assert len(facts) <= MOST_QUESTIONS
        notice = compose(item, local, CENTRE, 1, facts, number="GZ-261122-0001-3", issued_on=date(2026, 11, 22))
        assert notice.complete
        assert problems("\n".join(TEMPLATES.notice(notice)), item, local, facts) == []


@pytest.mark.parametrize("code", sorted(ITEMS))
def test_an_element_the_catalogue_lacks_is_named(code: str) -> None:
    item = ITEMS[code]
    facts = next(iter(item.combinations()))
    text = "\n".join(TEMPLATES.notice(compose(item, LOCAL[code], CENTRE, 1, facts)))
    if not [f for f in item.fees]:
        assert "未提供收费信息" in text and "未提供的内容" in text
    if not item.statutory_limits:
        assert "法定时限：未提供" in text or "要等多久\n• 目录里未提供" in text


def test_a_notice_with_a_foreign_number_would_be_caught() -> None:
    item = ITEMS["QS-009"]
    text = "\n".join(TEMPLATES.notice(compose(item, LOCAL["QS-009"], CENTRE, 1, {"who": "adult"})))
    assert any("number from elsewhere: 777" in p for p in problems(text.replace("40元", "777元"), item, LOCAL["QS-009"], {"who": "adult"}))
