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
from scipy.optimize import minimize

from bot.matching import Lexicon, Ranked, UseEncoder
from bot.matching.decide import decide
from bot.matching.evaluate import load_entries
from bot.matching.features import NAMES
from bot.matching.rank import DEFAULT_FILE as MODEL_FILE
from bot.matching.rank import FORMAT, NONE_NAMES
from bot.matching.space import DEFAULT_FILE
from bot.matching.text import clean, clean_name

# Chosen on the cross-validated dev rows that `rank` prints.
LIMITS = {"answer": 0.5, "margin": 0.15, "choose": 0.35, "worth": 0.1, "refuse": 0.5, "refuse_service": 0.9}

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


# How much a question of each source counts. The shipped questions are many and all of one catalogue.
_WORTH = {"own": 1.0, "shipped_question": 0.35, "none": 0.7}
_DECAY = 2e-3


def _fit(data: Sequence[Row]) -> tuple[np.ndarray, np.ndarray]:
    """Maximum likelihood of the right candidate, or of "no item", with a small penalty on large weights."""
    data = [row for row in data if row.source == "none" or row.right.any()]
    sizes = np.asarray([len(row.right) + 1 for row in data])
    starts = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    ends = starts + sizes - 1
    features, extras = data[0].listed.shape[1], len(data[0].none)
    table = np.zeros((int(sizes.sum()), features + extras))
    right = np.zeros(len(table))
    for row, start, end in zip(data, starts, ends):
        table[start:end, :features] = row.listed
        table[end, features:] = row.none
        right[start:end] = row.right
        right[end] = row.source == "none"
    scale = np.concatenate([np.std(table[np.setdiff1d(np.arange(len(table)), ends), :features], axis=0),
                            np.std(table[ends, features:], axis=0)]) + 1e-6
    scale[features] = 1.0  # the bias
    table /= scale
    worth = np.asarray([_WORTH[row.source] for row in data])
    worth /= worth.sum()
    decay = np.full(table.shape[1], _DECAY)
    decay[features] = 0.0

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = table @ weights
        scores = np.exp(scores - np.repeat(np.maximum.reduceat(scores, starts), sizes))
        total, good = np.add.reduceat(scores, starts), np.add.reduceat(scores * right, starts)
        value = float((worth * (np.log(total) - np.log(good))).sum() + decay @ (weights * weights))
        pull = scores / np.repeat(total, sizes) - scores * right / np.repeat(good, sizes)
        return value, table.T @ (pull * np.repeat(worth, sizes)) + 2.0 * decay * weights

    found = minimize(loss, np.zeros(table.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 400})
    weights = found.x / scale
    return weights[:features], weights[features:]


def _chances(row: Row, weights: np.ndarray, none_weights: np.ndarray) -> tuple[np.ndarray, float]:
    scores = np.append(row.listed @ weights, row.none @ none_weights)
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


def train_rank(path: Path = MODEL_FILE, cached: str = "") -> None:
    """Weights of the ranking and of "no item"; the printed figures are cross-validated by text."""
    data: list[Row] = pickle.loads(Path(cached).read_bytes()) if cached else list(match_data.rows("dev"))
    judged = []
    for part in range(match_data.FOLDS):
        weights = _fit([row for row in data if match_data.fold(row.text) != part])
        judged.extend((row, *_chances(row, *weights)) for row in data if match_data.fold(row.text) == part)
    _print_table(judged, LIMITS)
    weights, none_weights = _fit(data)
    document = {
        "format": FORMAT,
        "trained_on": "tests/data/match/*_dev.jsonl and the questions of data/catalogue; see docs/matching.md",
        "limits": LIMITS,
        "weights": {name: round(float(value), 4) for name, value in zip(NAMES, weights)},
        "none_weights": {name: round(float(value), 4) for name, value in zip(NONE_NAMES, none_weights)},
    }
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(path)


if __name__ == "__main__":
    {"space": train_space, "rank": train_rank}[sys.argv[1]](**dict(part.split("=") for part in sys.argv[2:]))
