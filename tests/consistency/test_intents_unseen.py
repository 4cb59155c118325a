"""The sentences that intents are measured on are unseen, labelled with labels we have, and enough of each."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any, Iterator

import yaml
from rapidfuzz import fuzz, process

ROOT = Path(__file__).resolve().parents[2]
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
NEAR = 90
LEAST = 12


def bare(text: object) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", str(text)).lower())


def sentences(half: str) -> list[dict[str, str]]:
    path = ROOT / "tests" / "data" / f"intents_{half}.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf8").splitlines() if line.strip()]


def labelled() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for entry in yaml.load(path.read_text(encoding="utf8"), Loader=LOADER)["nlu"]:
            for line in entry["examples"].splitlines():
                yield str(entry["intent"]), line.strip().removeprefix("-")


def trained() -> Iterator[str]:
    return (text for _, text in labelled())


def learnt() -> Iterator[str]:
    yield from trained()
    acts = yaml.load((ROOT / "data" / "dialogue" / "talk_acts.yml").read_text(encoding="utf8"), Loader=LOADER)
    for utterances in acts.values():
        yield from map(str, utterances)


def near(texts: list[str], seen: set[str]) -> list[str]:
    """Texts that stand in `seen`, or all but stand there (rapidfuzz ratio of at least 90)."""
    pool = sorted(seen - {""})
    found = {text: process.extractOne(bare(text), pool, scorer=fuzz.ratio, score_cutoff=NEAR) for text in texts if bare(text)}
    return [f"{text} ~ {match[0]}" for text, match in found.items() if match]


def of_half(half: str) -> list[str]:
    return [line["q"] for line in sentences(half)]


def test_no_held_sentence_or_one_like_it_is_learnt() -> None:
    assert not near(of_half("test"), set(map(bare, learnt())))


def test_no_held_sentence_or_one_like_it_was_tuned_on() -> None:
    assert not near(of_half("test"), set(map(bare, of_half("dev"))))


def test_no_tuned_sentence_or_one_like_it_is_learnt() -> None:
    assert not near(of_half("dev"), set(map(bare, trained())))


def test_no_training_sentence_has_two_intents() -> None:
    intents: dict[str, set[str]] = {}
    for intent, text in labelled():
        intents.setdefault(bare(text), set()).add(intent)
    assert not {text: found for text, found in intents.items() if text and len(found) > 1}


def test_every_intent_of_the_domain_is_measured_on_enough_sentences() -> None:
    domain = yaml.load((ROOT / "domain.yml").read_text(encoding="utf8"), Loader=LOADER)
    counts = Counter(line["expect"] for line in sentences("test"))
    assert set(counts) == set(domain["intents"])
    assert min(counts.values()) >= LEAST, counts.most_common()[-3:]
