"""The sentences that intents are measured on are unseen, labelled with labels we have, and enough of each."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any, Iterator

import yaml
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

ROOT = Path(__file__).resolve().parents[2]
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
NEAR = 0.9
LEAST = 12


def bare(text: object) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", str(text)).lower())


def sentences(half: str) -> list[dict[str, str]]:
    path = ROOT / "tests" / "data" / f"intents_{half}.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf8").splitlines() if line.strip()]


def learnt() -> Iterator[str]:
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for entry in yaml.load(path.read_text(encoding="utf8"), Loader=LOADER)["nlu"]:
            for line in entry["examples"].splitlines():
                yield line.strip().removeprefix("-")
    acts = yaml.load((ROOT / "data" / "dialogue" / "talk_acts.yml").read_text(encoding="utf8"), Loader=LOADER)
    for utterances in acts.values():
        yield from map(str, utterances)


def near(texts: list[str], seen: set[str]) -> list[str]:
    pool = sorted(seen - {""})
    found = {text: process.extractOne(bare(text), pool, scorer=Levenshtein.normalized_similarity) for text in texts if bare(text)}
    return [f"{text} ~ {match[0]}" for text, match in found.items() if match and match[1] >= NEAR]


def test_no_held_sentence_or_one_like_it_is_learnt() -> None:
    assert not near([line["q"] for line in sentences("test")], set(map(bare, learnt())))


def test_no_held_sentence_or_one_like_it_was_tuned_on() -> None:
    assert not near([line["q"] for line in sentences("test")], {bare(line["q"]) for line in sentences("dev")})


def test_every_intent_of_the_domain_is_measured_on_enough_sentences() -> None:
    domain = yaml.load((ROOT / "domain.yml").read_text(encoding="utf8"), Loader=LOADER)
    counts = Counter(line["expect"] for line in sentences("test"))
    assert set(counts) == set(domain["intents"])
    assert min(counts.values()) >= LEAST, counts.most_common()[-3:]
