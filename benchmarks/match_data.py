"""Training rows for the ranking: questions against several catalogues, never with their own text in the index."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from bot.matching import Entry, Index, Lexicon, UseEncoder, build_index, features
from bot.matching.evaluate import load_entries, load_queries
from bot.matching.query import Reader
from bot.matching.rank import none_features
from bot.matching.space import Space

HERE = Path(__file__).resolve().parents[1]
QUESTIONS = HERE / "tests" / "data" / "match"
SHARED = HERE.parent / "shared" / "data"
FOLDS = 5


@dataclass(frozen=True)
class Row:
    """One question against one catalogue."""

    catalogue: str
    source: str  # own | shipped_question | none
    kind: str
    text: str
    right: np.ndarray  # which candidates are right
    listed: np.ndarray  # features of the candidates
    none: np.ndarray  # features for "no item"
    serves: bool


def fold(text: str) -> int:
    """The part of the data a text belongs to, wherever it appears."""
    return int(hashlib.md5(text.encode()).hexdigest(), 16) % FOLDS


def rows(half: str = "dev") -> Iterator[Row]:
    """Dev (or held) questions over four catalogues; for dev also the shipped catalogue's own questions.

    These are matched against the bare names, and against the catalogue with a fifth of its questions left out.
    """
    maker = _Maker()
    shipped = load_entries("shipped")
    bare = [Entry(entry.code, entry.name, entry.department) for entry in shipped]
    inside = [(question, [entry.name]) for entry in shipped for question in entry.questions] if half == "dev" else []
    none = [(query["q"], [], query["kind"], "none") for query in load_queries(QUESTIONS / f"none_{half}.jsonl")]
    talk = [query for query in none if query[2] != "other_service"]

    def own(name: str) -> list[tuple[str, list[str], str, str]]:
        return [(q["q"], q["gold"], q["kind"], "own") for q in load_queries(QUESTIONS / f"{name}_{half}.jsonl")]

    said = [(text, gold, "shipped_question", "shipped_question") for text, gold in inside]
    yield from maker.make("names", bare, own("shipped") + said + none)
    yield from maker.make("shipped", shipped, own("shipped") + none)
    for part in range(FOLDS if inside else 0):
        thinner = [replace(e, questions=tuple(q for q in e.questions if fold(q) != part)) for e in shipped]
        yield from maker.make("shipped", thinner, [query for query in said if fold(query[0]) == part])
    yield from maker.make("district", load_entries(SHARED / "real_items_district.jsonl"), own("district") + talk)
    yield from maker.make("province", load_entries(SHARED / "real_items_guangdong.jsonl"), own("province") + talk)


class _Maker:
    def __init__(self) -> None:
        self._encoder, self._lexicon = UseEncoder(), Lexicon.load()
        self._reader, self._space = Reader(self._lexicon), Space.load(512)
        self._last: Index | None = None

    def make(self, catalogue: str, entries: Sequence[Entry],
             queries: Sequence[tuple[str, list[str], str, str]]) -> Iterator[Row]:
        index = self._last = build_index(entries, self._encoder, self._lexicon, previous=self._last)
        for text, gold, kind, source in queries:
            query = self._reader.read(text)
            if not query.core:
                continue
            vector = self._encoder.encode([query.spoken.core])[0]
            listed = features.short_list(index, query, self._space.seek(vector), self._space.place(vector))
            right = np.asarray([index.names[item] in gold for item in listed.items.tolist()])
            yield Row(catalogue, source, kind, text, right, listed.features, none_features(query, listed),
                      bool(query.hits) and not query.chatter)
