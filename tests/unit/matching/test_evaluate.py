"""The form of eval-match, and that the evaluation questions are nobody's training text."""

import json
from pathlib import Path

import pytest
import yaml

from bot.matching import Lexicon
from bot.matching.evaluate import evaluate, load_entries, load_queries
from bot.matching.text import clean, letters

from .conftest import ToyEncoder

ROOT = Path(__file__).resolve().parents[3]
DATA = ROOT / "tests" / "data" / "match"
LEAST = {"shipped": 600, "district": 300, "province": 100, "none": 400}


@pytest.fixture
def files(tmp_path):
    catalog, queries = tmp_path / "c.jsonl", tmp_path / "q.jsonl"
    rows = [{"name": "居民身份证补领"}, {"matter_name": "养犬登记", "TASK_CODE": "77", "matter_daily": "狗证"},
            {"matter_name": "养犬登记", "TASK_CODE": "78"}]
    catalog.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    asked = [{"q": "身份证丢了", "gold": ["居民身份证补领"], "kind": "plain"},
             {"q": "办狗证", "gold": ["养犬登记"], "kind": "colloquial"}, {"q": "讲个笑话", "gold": [], "kind": "none"}]
    queries.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in asked), encoding="utf-8")
    return catalog, queries


def test_the_result_has_exactly_the_agreed_form(files, toy_lexicon):
    result = evaluate(*files, encoder=ToyEncoder(), lexicon=toy_lexicon)
    assert list(result) == ["top1", "top3", "top5", "mrr", "ms_p50", "ms_p95", "n", "kinds", "decisions"]
    assert result["n"] == 3 and result["top1"] == 1.0 and set(result["kinds"]) == {"plain", "colloquial", "none"}
    assert set(result["decisions"]) == {"answer", "choose", "clarify", "refuse"}
    assert sum(result["decisions"].values()) == pytest.approx(1.0, abs=0.001)
    json.dumps(result)


def test_names_that_repeat_are_one_item(files):
    entries = load_entries(files[0])
    assert [(entry.code, entry.name, entry.aliases) for entry in entries] == [
        ("居民身份证补领", "居民身份证补领", ()), ("77", "养犬登记", ("狗证",))]


def test_the_shipped_catalogue_can_be_read():
    assert len(load_entries("shipped")) >= 100


@pytest.mark.parametrize("name, least", LEAST.items())
def test_there_are_enough_questions_in_two_halves_without_overlap(name, least):
    dev, held = (load_queries(DATA / f"{name}_{half}.jsonl") for half in ("dev", "held"))
    assert len(dev) + len(held) >= least and abs(len(dev) - len(held)) <= 2
    texts = [query["q"] for query in dev + held]
    assert len(set(texts)) == len(texts)
    assert all(isinstance(query["gold"], list) and query["kind"] for query in dev + held)
    assert all((not query["gold"]) == (name == "none") for query in dev + held)


def test_shipped_questions_ask_for_items_of_the_catalogue():
    names = {entry.name for entry in load_entries("shipped")}
    asked = {gold for half in ("dev", "held") for query in load_queries(DATA / f"shipped_{half}.jsonl")
             for gold in query["gold"]}
    assert len(asked) >= 120 and len(asked & names) >= len(names) - 10


def test_no_evaluation_question_stands_in_what_the_engine_learns_from():
    questions = {letters(clean(query["q"])) for path in DATA.glob("*.jsonl") for query in load_queries(path)}
    known = {letters(clean(text)) for entry in load_entries("shipped") for text in (*entry.aliases, *entry.questions)}
    known.update("".join(entry.parts) for entry in Lexicon.load().entries)
    for path in (ROOT / "data" / "nlu").rglob("*.yml"):
        known.update(letters(clean(line.lstrip("- "))) for line in _lines(yaml.safe_load(path.read_text("utf-8"))))
    # A word or two of greeting, or the bare name of a paper, is the same in everybody's mouth.
    assert {text for text in questions & known if len(text) > 4} == set()


def _lines(node: object) -> list[str]:
    if isinstance(node, dict):
        return [line for value in node.values() for line in _lines(value)]
    if isinstance(node, list):
        return [line for value in node for line in _lines(value)]
    return str(node).splitlines() if isinstance(node, str) else []
