"""Several matters in one text, with the shipped catalogue; stories about one matter stay whole."""

from __future__ import annotations

import json

import pytest

from bot import bootstrap, settings
from bot.matching import Matcher
from bot.matching.matters import find_matters, sides
from tests.support.autopilot import ROOT


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return bootstrap.shipped_matcher(settings.load())


def codes(text: str, matcher: Matcher) -> list[str]:
    return [matter.code for matter in find_matters(text, lambda words: matcher.match(words, 5))]


SEVERAL = {
    "我要给娃上户口，还想问问老人高龄补贴咋领，顺便医保也交了": ["QS-001", "QS-057", "QS-046"],
    "身份证丢了咋补,另外我妈的残疾证怎么办": ["QS-009", "QS-053"],
    "我失业了，想办失业登记，还要领失业金": ["QS-071", "QS-074"],
    "结婚证和生育登记一起办": ["QS-019", "QS-022"],
    "身份证过期了咋换，户口本也丢了": ["QS-008", "QS-005"],
    "补身份证要多少钱？换驾驶证要带什么？": ["QS-009", "QS-016"],
}


@pytest.mark.parametrize("text", list(SEVERAL))
def test_the_matters_come_in_the_order_said(text: str, matcher: Matcher) -> None:
    assert codes(text, matcher) == SEVERAL[text]


@pytest.mark.parametrize("text", ["身份证丢了咋补，咋补身份证", "低保怎么申请，我想申请低保，还要问问低保要啥材料"])
def test_one_matter_said_twice_is_one(text: str, matcher: Matcher) -> None:
    assert codes(text, matcher) == []


def test_of_questions_about_one_item_at_most_one_in_a_hundred_is_cut_up(matcher: Matcher) -> None:
    asked = [json.loads(line)["q"] for line in (ROOT / "tests/data/match/shipped_held.jsonl").read_text(encoding="utf8").splitlines()]
    cut = [text for text in asked if codes(text, matcher)]
    assert len(cut) <= len(asked) // 100, cut


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("低保和特困有啥不一样", ("低保", "特困")),
        ("补领和换领我该办哪个", ("补领", "换领")),
        ("请问社保卡申领跟补换领的区别", ("社保卡申领", "补换领")),
        ("我该办低保还是临时救助", ("低保", "临时救助")),
        ("身份证丢了", None),
    ],
)
def test_the_sides_of_a_comparison(text: str, expected: object) -> None:
    assert sides(text) == expected
