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
