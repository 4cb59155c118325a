"""Patterns of talk, safety and what is not ours leave the questions of our own items alone, and every kind is whole."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot import bootstrap
from bot.domain.promise import TaskKind
from bot.services.read_talk import Sign

ROOT = Path(__file__).resolve().parents[2]
TALK = bootstrap.talk_signs()
ITEMS = [yaml.safe_load(p.read_text(encoding="utf8"))["item"] for p in sorted((ROOT / "data" / "catalogue").glob("*.yml"))]
QUESTIONS = [q for item in ITEMS for q in (item["name"], *item.get("aliases", ()), *item["questions"])]
SIGNS = [*TALK.safety.all, *TALK.not_ours.all, *TALK.talk.all]
MOST = 0.02
"""Share of our own questions that may hold such words; the arbiter then follows the matcher where it is sure of the item."""


@pytest.mark.parametrize("kind", ["safety", "not_ours", "talk"])
def test_few_questions_about_our_items_hold_words_of_another_kind(kind: str) -> None:
    hit = [q for q in QUESTIONS if getattr(TALK, kind).find(q)]
    assert len(hit) <= MOST * len(QUESTIONS), hit


def test_no_question_about_our_items_is_sent_elsewhere_for_sure() -> None:
    sent = [(q, sign.id) for q in QUESTIONS if (sign := TALK.not_ours.find(q)) and sign.sure]
    assert sent == []


@pytest.mark.parametrize("sign", SIGNS, ids=lambda sign: sign.id)
def test_every_kind_says_something(sign: Sign) -> None:
    assert sign.say
    assert sign.task in ("", *(kind.value for kind in TaskKind))
    if sign.intent == "out_of_scope" and sign.who:
        assert sign.who.strip()


KINDS = {
    "我要砍了他们，派出所都不管": "threat",
    "打电话他也不还钱，我要弄死他": "threat",
    "我在李家坝村，被骗了两万块钱": "fraud_lost",
    "交社保的钱被骗走了三千块": "fraud_lost",
    "我已经转了两万": "fraud_lost",
    "110打了，他们说让我去派出所做笔录": "fraud_statement",
}
NO_KIND = ("电话打了，他们说下午来", "已经转了三千块学费", "我被人打了，派出所让我做笔录要带啥")


@pytest.mark.parametrize("said", list(KINDS))
def test_what_takes_one_phrase_back_takes_back_no_other(said: str) -> None:
    sign = TALK.safety.find(said)
    assert sign is not None and sign.id == KINDS[said]


@pytest.mark.parametrize("said", NO_KIND)
def test_what_only_sounds_like_a_cry_is_none(said: str) -> None:
    assert TALK.safety.find(said) is None
