"""What one would otherwise take to find an item: five baselines over the same texts of a catalogue."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import jieba
import numpy as np
from rapidfuzz import fuzz, process

from bot.matching import Entry, UseEncoder
from bot.matching.text import clean, clean_name, letters

Scorer = Callable[[str], np.ndarray]
"""A question to one score per item."""


class _Rows:
    """Texts of a catalogue (name, aliases, questions) and the item each belongs to; an item scores as its best row."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        pairs = [(text, number) for number, entry in enumerate(entries)
                 for text in (clean_name(entry.name), *map(clean, entry.aliases), *map(clean, entry.questions))]
        self.texts = [text for text, _ in pairs]
        self.owner = np.asarray([number for _, number in pairs])
        self.starts = np.flatnonzero(np.concatenate(([True], self.owner[1:] != self.owner[:-1])))

    def best(self, scores: np.ndarray) -> np.ndarray:
        return np.maximum.reduceat(scores, self.starts)


def _ratio(rows: _Rows) -> Scorer:
    return lambda text: rows.best(process.cdist([clean(text)], rows.texts, scorer=fuzz.ratio)[0])


def _vectors(rows: _Rows, cut: Callable[[str], list[str]]) -> tuple[Callable[[str], np.ndarray], Any]:
    """TF-IDF of some units; returns the scorer of rows and the tables BM25 shares."""
    counts = [Counter(cut(text)) for text in rows.texts]
    frequency = Counter(unit for count in counts for unit in count)
    idf = {unit: math.log((1 + len(counts)) / (1 + n)) + 1 for unit, n in frequency.items()}
    posting: dict[str, list[tuple[int, float]]] = {}
    for row, count in enumerate(counts):
        norm = math.sqrt(sum((c * idf[u]) ** 2 for u, c in count.items())) or 1.0
        for unit, c in count.items():
            posting.setdefault(unit, []).append((row, c * idf[unit] / norm))

    def score(text: str) -> np.ndarray:
        out = np.zeros(len(counts))
        asked = Counter(unit for unit in cut(text) if unit in idf)
        norm = math.sqrt(sum((c * idf[u]) ** 2 for u, c in asked.items())) or 1.0
        for unit, c in asked.items():
            for row, weight in posting[unit]:
                out[row] += weight * c * idf[unit] / norm
        return out

    return score, (counts, frequency)


def _characters(text: str) -> list[str]:
    text = letters(clean(text))
    return [text[i:i + n] for n in (1, 2, 3) for i in range(len(text) - n + 1)]


def _bm25(rows: _Rows, k1: float = 1.5, b: float = 0.75) -> Scorer:
    def cut(text: str) -> list[str]:
        return [word for word in jieba.lcut(letters(clean(text))) if word.strip()]

    _, (counts, frequency) = _vectors(rows, cut)
    sizes = np.asarray([sum(count.values()) for count in counts])
    posting: dict[str, list[tuple[int, int]]] = {}
    for row, count in enumerate(counts):
        for unit, c in count.items():
            posting.setdefault(unit, []).append((row, c))

    def score(text: str) -> np.ndarray:
        out = np.zeros(len(counts))
        for unit in cut(text):
            if unit in posting:
                idf = math.log(1 + (len(counts) - frequency[unit] + 0.5) / (frequency[unit] + 0.5))
                for row, c in posting[unit]:
                    out[row] += idf * c * (k1 + 1) / (c + k1 * (1 - b + b * sizes[row] / sizes.mean()))
        return rows.best(out)

    return score


def baselines(entries: Sequence[Entry], encoder: UseEncoder) -> dict[str, Scorer]:
    """What one would otherwise take."""
    rows = _Rows(entries)
    tfidf, _ = _vectors(rows, _characters)
    vectors = encoder.encode(rows.texts)

    def use(text: str) -> np.ndarray:
        return vectors @ encoder.encode([clean(text) or "一"])[0]

    return {
        "rapidfuzz ratio": _ratio(rows),
        "BM25 jieba": _bm25(rows),
        "char TF-IDF": lambda text: rows.best(tfidf(text)),
        "USE": lambda text: rows.best(use(text)),
        "TF-IDF + USE": lambda text: rows.best(tfidf(text) + use(text)),
    }
