"""Train the matching engine: the meaning space and the ranking. Run by hand; the results are committed.

    python benchmarks/match_train.py space     # bot/matching/space.npz, from the lexicon and the shipped catalogue
    python benchmarks/match_train.py rank      # bot/matching/model.json, from the dev halves and the shipped questions

Nothing here is imported by the engine.
"""

from __future__ import annotations

import hashlib
import json
import pickle
import sys
from collections.abc import Sequence
from pathlib import Path

import match_data
import numpy as np
from match_data import Row
from match_fit import fit

from bot.matching import Lexicon, Ranked, UseEncoder
from bot.matching.decide import decide
from bot.matching.evaluate import load_entries
from bot.matching.features import NAMES
from bot.matching.rank import DEFAULT_FILE as MODEL_FILE
from bot.matching.rank import FORMAT, NONE_NAMES, Model
from bot.matching.space import DEFAULT_FILE
from bot.matching.text import clean, clean_name

# Chosen on the cross-validated dev rows that `rank` prints.
LIMITS = {"answer": 0.75, "margin": 0.15, "choose": 0.4, "worth": 0.1, "refuse": 0.9, "refuse_service": 0.96}

_WHITEN = 8.0  # shrinkage of the whitening, in mean eigenvalues
_RIDGE = 10.0  # how far everyday words may be turned towards official ones
_WIDTH = 256


def _unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


def train_space(path: Path = DEFAULT_FILE) -> None:
    """Whitening from questions, names and terms; a linear turn from everyday expressions to their terms."""
    encoder, lexicon, items = UseEncoder(threads=2), Lexicon.load(), load_entries("shipped")
    terms = sorted({term for entry in lexicon.entries for term in entry.terms})
    number = {term: place for place, term in enumerate(terms)}
    said = encoder.encode([entry.said for entry in lexicon.entries])
    official = encoder.encode(terms)
    names = encoder.encode([clean_name(item.name) for item in items])
    questions = encoder.encode([clean(question) for item in items for question in item.questions])
    sample = np.concatenate([questions, names, official]).astype(np.float64)
    mean = sample.mean(axis=0)
    values, directions = np.linalg.eigh((sample - mean).T @ (sample - mean) / len(sample))
    values = np.maximum(values, 0.0)
    whiten = directions * (values + _WHITEN * values.mean()) ** -0.5 @ directions.T
    said, official, names = (_unit((rows - mean) @ whiten) for rows in (said, official, names))
    left = np.asarray([row for row, entry in enumerate(lexicon.entries) for _ in entry.terms])
    right = np.asarray([number[term] for entry in lexicon.entries for term in entry.terms])
    weight = np.asarray([1.0 / len(entry.terms) for entry in lexicon.entries for _ in entry.terms])[:, None]
    same = np.eye(len(mean))
    gram = (said[left] * weight).T @ said[left] + _RIDGE * same
    turn = np.linalg.solve(gram, (said[left] * weight).T @ official[right] + _RIDGE * same)
    rows = np.concatenate([names, official])
    _, axes = np.linalg.eigh(rows.T @ rows)
    axes = axes[:, ::-1][:, :_WIDTH]
    place, seek = (whiten @ axes).astype(np.float16), (whiten @ turn @ axes).astype(np.float16)
    version = hashlib.sha256(mean.astype(np.float32).tobytes() + place.tobytes() + seek.tobytes()).hexdigest()[:12]
    np.savez(path, mean=mean.astype(np.float32), place=place, seek=seek, version=np.asarray(version))
    print(f"{path}: {place.shape}, version {version}")


def _chances(row: Row, model: Model) -> tuple[np.ndarray, float]:
    scores = np.append(row.listed @ model.weights, model.no_item(row.none))
    scores = np.exp(scores - scores.max())
    scores /= scores.sum()
    return scores[:-1], float(scores[-1])


def _print_table(judged: Sequence[tuple[Row, np.ndarray, float]], limits: dict[str, float]) -> None:
    groups: dict[tuple[str, str], list[list[float]]] = {}
    for row, chances, no_item in judged:
        order = np.argsort(-chances, kind="stable")
        ranking = [Ranked(str(n), str(n), float(chances[n])) for n in order[:5]]
        decision, shown = decide(ranking, no_item, limits, row.serves)
        hit = [bool(row.right[order[:top]].any()) for top in (1, 3)]
        kind = row.kind if row.source == "none" else row.source
        groups.setdefault((row.catalogue, kind), []).append(
            [*hit, *(decision.value == name for name in ("answer", "choose", "clarify", "refuse")),
             decision.value == "answer" and hit[0], any(row.right[int(r.code)] for r in shown)])
    print(f"{'':32s}    n  top1  top3   ans   cho   cla   ref  right|ans shown-right")
    for (catalogue, kind), lines in sorted(groups.items()):
        values = np.mean(lines, axis=0)
        print(f"{catalogue:10s}{kind:22s}{len(lines):5d} " + " ".join(f"{value:5.3f}" for value in values[:6])
              + f"  {values[6] / max(values[2], 1e-9):5.3f}     {values[7]:5.3f}")


def train_rank(path: str = str(MODEL_FILE), cached: str = "", judge: str = "yes") -> None:
    """Weights of the ranking and of "no item"; the printed figures are cross-validated by text.

    `cached=FILE` keeps the rows, which take minutes to make, in a file of the person who tries things out.
    """
    if cached and Path(cached).exists():
        data: list[Row] = pickle.loads(Path(cached).read_bytes())
    else:
        data = list(match_data.rows("dev"))
        if cached:
            Path(cached).write_bytes(pickle.dumps(data))
    judged = []
    for part in range(match_data.FOLDS if judge == "yes" else 0):
        model = fit([row for row in data if match_data.fold(row.text) != part], LIMITS)
        judged.extend((row, *_chances(row, model)) for row in data if match_data.fold(row.text) == part)
    _print_table(judged, LIMITS)
    Path(path).write_text(json.dumps(_document(fit(data, LIMITS)), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(path)


def _document(model: Model) -> dict[str, object]:
    def numbers(values: np.ndarray) -> list[float]:
        return [round(float(value), 4) for value in values]

    return {
        "format": FORMAT,
        "trained_on": "tests/data/match/*_dev.jsonl and the questions of data/catalogue; see docs/matching.md",
        "limits": dict(model.limits),
        "weights": dict(zip(NAMES, numbers(model.weights))),
        "none_weights": dict(zip(NONE_NAMES, numbers(model.none_weights))),
        "bends": {name: numbers(row) for name, row in zip(NONE_NAMES, model.bends)},
        "bend_offsets": numbers(model.bend_offsets),
        "bend_weights": numbers(model.bend_weights),
    }


if __name__ == "__main__":
    {"space": train_space, "rank": train_rank}[sys.argv[1]](**dict(part.split("=") for part in sys.argv[2:]))
