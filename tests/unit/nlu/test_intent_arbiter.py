"""Accusing and dismissing intents need to be sure; cries for help do not."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.eval_intents import intent_of
from bot.nlu.intent_arbiter import ACCUSES_OR_DISMISSES, IntentArbiter

ALONE = frozenset({"nlu_fallback", "save_draft"})


def settled(name: str, confidence: float, text: str = "石榴树") -> Any:
    message = Message(data={TEXT: text, INTENT: {"name": name, "confidence": confidence}})
    return IntentArbiter().process([message])[0].get(INTENT)


@pytest.mark.parametrize("name", sorted(ACCUSES_OR_DISMISSES))
def test_a_guess_neither_accuses_nor_dismisses(name: str) -> None:
    assert settled(name, 0.59) == {"name": "nlu_fallback", "confidence": 0.59}
    assert settled(name, 0.6)["name"] == name


@pytest.mark.parametrize("name", ["emergency", "crisis", "anti_fraud"])
def test_a_cry_for_help_is_heard_also_when_unsure(name: str) -> None:
    assert settled(name, 0.35)["name"] == name


@pytest.mark.parametrize(("text", "name"), [("我要投诉", "complaint"), ("行，就这个事你给我代办了", "file_case"), ("不符合", "deny")])
def test_a_word_of_an_aspect_makes_no_question_of_what_is_certainly_more(text: str, name: str) -> None:
    assert settled(name, 0.97, text)["name"] == name
    assert settled(name, 0.5, text)["name"] == "ask_item"


def parsed(name: str, decision: str = "refuse", *others: str) -> dict[str, Any]:
    return {"intent": {"name": name}, "item_decision": decision, "intent_ranking": [{"name": other} for other in (name, *others)]}


@pytest.mark.parametrize(("decision", "told"), [("answer", "ask_item"), ("choose", "ask_item"), ("clarify", "out_of_scope"), ("refuse", "out_of_scope")])
def test_a_fallback_counts_as_what_the_assistant_then_does(decision: str, told: str) -> None:
    assert intent_of(parsed("nlu_fallback", decision), ALONE) == told


def test_a_label_that_only_we_have_counts_as_the_next_likely_one() -> None:
    assert intent_of(parsed("save_draft", "refuse", "nlu_fallback", "cancel"), ALONE) == "cancel"
    assert intent_of(parsed("save_draft", "refuse", "cancel"), frozenset({"nlu_fallback"})) == "save_draft"
