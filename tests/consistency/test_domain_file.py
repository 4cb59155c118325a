"""domain.yml, the rules, the actions and the code that says things agree."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.domain.filing_options import AGENT_FIELDS
from bot.domain.item import FieldType

ROOT = Path(__file__).resolve().parents[2]
DOMAIN: dict[str, Any] = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf8"))
CODE = "\n".join(p.read_text(encoding="utf8") for p in (ROOT / "actions").glob("*.py"))
RULES = [
    rule
    for path in (ROOT / "data" / "rules").glob("*.yml")
    for rule in yaml.safe_load(path.read_text(encoding="utf8"))["rules"]
]


def actions_in_rules() -> set[str]:
    return {step["action"] for rule in RULES for step in rule["steps"] if "action" in step}


def test_every_intent_has_a_rule() -> None:
    ruled = {step["intent"] for rule in RULES for step in rule["steps"] if "intent" in step}
    assert ruled == set(DOMAIN["intents"]) | {"nlu_fallback"}


def test_every_intent_has_training_sentences() -> None:
    trained = {
        entry["intent"]
        for path in (ROOT / "data" / "nlu").glob("*.yml")
        for entry in yaml.safe_load(path.read_text(encoding="utf8"))["nlu"]
    }
    assert trained == set(DOMAIN["intents"]) | {"nlu_fallback"}  # Rasa knows it without the domain; ours for bare answers


def test_every_action_of_the_rules_exists() -> None:
    known = set(DOMAIN["actions"]) | set(DOMAIN["responses"]) | set(DOMAIN["forms"])
    assert actions_in_rules() <= known


def test_every_action_of_the_domain_is_implemented_once() -> None:
    names = re.findall(r'return "((?:action|validate)_[a-z_]+)"', CODE)
    assert sorted(names) == sorted(DOMAIN["actions"])


def said_in_code() -> set[str]:
    return set(re.findall(r'"(utter_[a-z_]+)"', CODE))


def test_every_response_said_by_an_action_exists() -> None:
    assert {name for name in said_in_code() if not name.endswith("_")} <= set(DOMAIN["responses"])


def test_every_response_is_used() -> None:
    composed = tuple(re.findall(r'f"(utter_[a-z_]+?_)\{', CODE)) + tuple(n for n in said_in_code() if n.endswith("_"))
    used = said_in_code() | actions_in_rules() | {"utter_default"}
    unused = [name for name in DOMAIN["responses"] if name not in used and not name.startswith(composed)]
    assert not unused


@pytest.mark.parametrize("kind", [t for t in FieldType])
def test_every_kind_of_field_has_a_sentence_for_an_unclear_answer(kind: FieldType) -> None:
    assert f"utter_unclear_{kind.value}" in DOMAIN["responses"]


@pytest.mark.parametrize("field", AGENT_FIELDS, ids=lambda f: f.id)
def test_every_question_about_the_agent_has_its_wording(field: Any) -> None:
    assert f"utter_ask_{field.id}" in DOMAIN["responses"]


def reasons_in_code() -> set[str]:
    text = (ROOT / "bot" / "domain" / "answers.py").read_text(encoding="utf8")
    return set(re.findall(r'Rejected\("([a-z_]+)"', text))


def test_every_reason_for_refusing_an_answer_has_its_sentence() -> None:
    missing = {r for r in reasons_in_code() if f"utter_refused_{r}" not in DOMAIN["responses"]}
    assert not missing


NUMBERS = {FieldType.ID_NUMBER: "id_number", FieldType.MOBILE: "mobile", FieldType.BANK_CARD: "bank_card", FieldType.CREDIT_CODE: "credit_code"}
NEVER = {"id_number_prefix", "mobile_check_digit", "mobile_birth_date", "mobile_future", "mobile_too_old"}


@pytest.mark.parametrize("field_type", list(NUMBERS))
def test_every_verdict_on_a_number_has_its_sentence(field_type: FieldType) -> None:
    from bot.domain.personal_numbers import Verdict

    dated = {Verdict.BIRTH_DATE, Verdict.FUTURE, Verdict.TOO_OLD}
    for verdict in set(Verdict) - {Verdict.OK}:
        name = f"{field_type.value}_{verdict.value}"
        if name in NEVER or (field_type is not FieldType.ID_NUMBER and verdict in dated) or name == "bank_card_prefix":
            continue
        assert f"utter_refused_{name}" in DOMAIN["responses"], name
    for name in ("none", "partial"):
        assert f"utter_refused_{field_type.value}_{name}" in DOMAIN["responses"]


def test_no_wording_for_people_stands_in_the_actions() -> None:
    for path in (ROOT / "actions").glob("*.py"):
        for line in path.read_text(encoding="utf8").splitlines():
            if "say_text(" in line:
                assert not re.search(r'say_text\(f?"[^"]*[\u4e00-\u9fff]{6,}', line), f"{path.name}: {line}"
