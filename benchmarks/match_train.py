"""Train the matching engine: the meaning space and the ranking. Run by hand; the results are committed.

    python benchmarks/match_train.py space     # bot/matching/space.npz, from the lexicon and the shipped catalogue
    python benchmarks/match_train.py rank      # bot/matching/model.json, from the dev halves and the shipped questions

Nothing here is imported by the engine.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import numpy as np

from bot.matching import Lexicon, UseEncoder
from bot.matching.evaluate import load_entries
from bot.matching.space import DEFAULT_FILE
from bot.matching.text import clean, clean_name

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


if __name__ == "__main__":
    {"space": train_space}[sys.argv[1]]()
