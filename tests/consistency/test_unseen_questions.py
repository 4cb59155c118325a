"""The questions kept for measuring are unseen: they stand neither in the catalogue nor in what the assistant learns from."""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any, Iterator

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data"
UNSEEN_FILE = ROOT / "tests" / "data" / "unseen_questions.yml"
MATCH_FILES = sorted((ROOT / "tests" / "data" / "match").glob("*.jsonl"))
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
SEEN_KEYS = ("name", "aliases", "questions")


def load(text: str) -> Any:
    return yaml.load(text, Loader=LOADER)


def bare(text: object) -> str:
    """The text without punctuation and blanks, in one width and case."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", str(text)).lower())


def head_of(path: Path) -> dict[str, Any]:
    """Name, aliases and questions of an item; only their blocks are parsed, as the whole catalogue takes seconds."""
    blocks = re.split(r"^  (?=[a-z_]+:)", path.read_text(encoding="utf8"), flags=re.MULTILINE)
    wanted = [block for block in blocks if block.split(":")[0] in SEEN_KEYS]
    head: dict[str, Any] = {}
    for block in wanted:
        head.update(load(block))
    assert set(head) == set(SEEN_KEYS), f"{path.name}: {sorted(head)}"
    return head


@cache
def catalogue() -> dict[str, dict[str, Any]]:
    return {path.stem: head_of(path) for path in sorted((DATA / "catalogue").glob("QS-*.yml"))}


@cache
def of_catalogue(*keys: str) -> dict[str, str]:
    """Text without punctuation -> where it stands."""
    found: dict[str, str] = {}
    for code, head in catalogue().items():
        for key in keys:
            for text in [head[key]] if key == "name" else head[key]:
                found.setdefault(bare(text), f"{code} {key}")
    return found


@cache
def of_training() -> dict[str, str]:
    found: dict[str, str] = {}
    for path in sorted((DATA / "nlu").glob("*.yml")):
        for entry in load(path.read_text(encoding="utf8"))["nlu"]:
            for line in entry["examples"].splitlines():
                found.setdefault(bare(line.strip().removeprefix("-")), f"data/nlu/{path.name} {entry['intent']}")
    return found


def scalars(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield from scalars(key)
            yield from scalars(value)
    elif isinstance(node, list):
        for value in node:
            yield from scalars(value)
    else:
        yield str(node)


@cache
def of_lexicon() -> dict[str, str]:
    """Every expression as written (`a + b` joined) and every word of it."""
    found: dict[str, str] = {}
    for path in sorted((DATA / "lexicon").glob("*.yml")):
        for text in scalars(load(path.read_text(encoding="utf8"))):
            for piece in [*re.split(r"[,，/]", text), *re.split(r"[,，/+\s]", text)]:
                found.setdefault(bare(piece), f"data/lexicon/{path.name}")
    return found


@cache
def unseen() -> dict[str, str]:
    questions: dict[str, str] = load(UNSEEN_FILE.read_text(encoding="utf8"))
    return questions


def test_every_item_has_an_unseen_question() -> None:
    assert set(unseen()) == set(catalogue())


def test_no_item_has_two_entries() -> None:
    codes = re.findall(r"^(QS-\d+):", UNSEEN_FILE.read_text(encoding="utf8"), flags=re.MULTILINE)
    assert len(codes) == len(set(codes))


def test_the_unseen_questions_differ() -> None:
    assert len({bare(question) for question in unseen().values()}) == len(unseen())


def test_no_unseen_question_stands_in_what_was_seen() -> None:
    seen = {**of_lexicon(), **of_training(), **of_catalogue(*SEEN_KEYS)}
    stands = {
        code: f"{question} ({seen[bare(question)]})" for code, question in unseen().items() if bare(question) in seen
    }
    assert not stands


@pytest.mark.parametrize("path", MATCH_FILES, ids=lambda path: path.stem)
def test_no_matching_question_stands_in_what_was_seen(path: Path) -> None:
    """Against what feeds the item index; training sentences for intents do not, and `gold: []` is small talk by nature."""
    seen = of_catalogue("aliases", "questions") if path.stem.startswith("shipped") else {}
    lines = [json.loads(line) for line in path.read_text(encoding="utf8").splitlines() if line.strip()]
    questions = [line["q"] for line in lines]
    stands = [f"{question} ({seen[bare(question)]})" for question in questions if bare(question) in seen]
    assert questions
    assert not stands, "\n".join(stands)
