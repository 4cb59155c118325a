"""Training rows for the ranking: questions against several catalogues, never with their own text in the index."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from rapidfuzz import fuzz

from bot.matching import Entry, Index, Lexicon, UseEncoder, build_index, features
from bot.matching.evaluate import load_entries, load_queries
from bot.matching.query import GENERAL, Reader
from bot.matching.rank import none_features
from bot.matching.space import Space
from bot.matching.text import clean_name

HERE = Path(__file__).resolve().parents[1]
QUESTIONS = HERE / "tests" / "data" / "match"
SHARED = HERE.parent / "shared" / "data"
FOLDS = 5
SETS = ("", "hard_", "short_", "styles_")
"""Sets of questions by the beginning of their files; tests/data/match/README.md says what each is."""
AROUND = (("", "", "", "", "我要", "给家里人"), ("", "", "", "", "怎么弄", "找谁"))
"""What may stand before and behind a short request."""


@dataclass(frozen=True)
class Row:
    """One question against one catalogue."""

    catalogue: str
    source: str  # own | shipped_question | alias | short | none
    kind: str
    text: str
    right: np.ndarray  # which candidates are right
    listed: np.ndarray  # features of the candidates
    none: np.ndarray  # features for "no item"
    serves: bool


def fold(text: str) -> int:
    """The part of the data a text belongs to, wherever it appears."""
    return _number(text) % FOLDS


def _number(text: str) -> int:
    return int(hashlib.md5(text.encode()).hexdigest(), 16)


def rows(half: str = "dev") -> Iterator[Row]:
    """Dev (or held) questions over four catalogues; for dev also the shipped catalogue's own questions.

    These are matched against the bare names, and against the catalogue with a fifth of its questions (and of its
    aliases, which are short requests) left out.
    """
    maker = _Maker()
    shipped = load_entries("shipped")
    bare = [Entry(entry.code, entry.name, entry.department) for entry in shipped]
    inside = [(question, [entry.name]) for entry in shipped for question in entry.questions] if half == "dev" else []
    none = [(query["q"], [], query["kind"], "none") for query in asked("none", half)]
    talk = [query for query in none if query[2] != "other_service"]

    def own(name: str) -> list[tuple[str, list[str], str, str]]:
        return [(q["q"], q["gold"], q["kind"], "own") for q in asked(name, half)]

    said = [(text, gold, "shipped_question", "shipped_question") for text, gold in inside]
    yield from maker.make("names", bare, own("shipped") + said + none)
    yield from maker.make("shipped", shipped, own("shipped") + none)
    if half == "dev":
        yield from maker.make("shipped", shipped, list(short_requests(shipped, maker.lexicon)))
    for part in range(FOLDS if inside else 0):
        thinner = [replace(e, questions=tuple(q for q in e.questions if fold(q) != part)) for e in shipped]
        yield from maker.make("shipped", thinner, [query for query in said if fold(query[0]) == part])
        thinner = [replace(e, aliases=tuple(a for a in e.aliases if fold(a) != part)) for e in thinner]
        yield from maker.make("shipped", thinner, [
            (alias, [e.name for e in shipped if alias in e.aliases], "alias", "alias")
            for alias in sorted({a for e in shipped for a in e.aliases}) if fold(alias) == part])
    if half == "dev":
        yield from _absent(maker, shipped, own("shipped") + said)
    names = [clean_name(entry.name) for entry in shipped]
    others = [(text, [], "absent", "none") for text, gold, _, _ in own("district") + own("province")
              if inside and not any(_near(clean_name(name), names, 45.0) for name in gold)]
    yield from maker.make("shipped", shipped, others)
    yield from maker.make("names", bare, others)
    yield from maker.make("district", load_entries(SHARED / "real_items_district.jsonl"), own("district") + talk)
    yield from maker.make("province", load_entries(SHARED / "real_items_guangdong.jsonl"), own("province") + talk)


def _absent(maker: _Maker, shipped: Sequence[Entry], queries: Sequence[tuple[str, list[str], str, str]]) -> Iterator[Row]:
    """Questions about services that the catalogue happens not to have: a fifth of the items is taken out in turn."""
    for part in range(FOLDS):
        kept = [entry for entry in shipped if fold(entry.code) != part]
        names = [clean_name(entry.name) for entry in kept]
        gone = [entry for entry in shipped if fold(entry.code) == part and not _near(clean_name(entry.name), names)]
        lost = {entry.name for entry in gone}
        thinner = [replace(e, questions=tuple(q for q in e.questions if fold(q) != part)) for e in kept]
        yield from maker.make("shipped", thinner, [(text, [], "absent", "none") for text, gold, _, _ in queries if gold[0] in lost])


def asked(name: str, half: str) -> list[dict[str, Any]]:
    """The questions of a half, of all sets."""
    files = (QUESTIONS / f"{kind}{name}_{half}.jsonl" for kind in SETS)
    return [query for file in files if file.exists() for query in load_queries(file)]


def short_requests(entries: Sequence[Entry], lexicon: Lexicon) -> Iterator[tuple[str, list[str], str, str]]:
    """Everyday expressions of two to eight letters as requests: people who know a word say nothing more.

    Right is the item whose name is nearly the expression's official term; where no name comes near, no item is right.
    """
    names = {entry.name: clean_name(entry.name) for entry in entries}
    for said in lexicon.entries:
        if len(said.parts) > 1 or len(said.said) > 8 or said.field in GENERAL or fold(said.said) > 2:
            continue
        near = {name: max(fuzz.ratio(term, core) for term in said.terms) for name, core in names.items()}
        best = max(near.values())
        before, behind = (AROUND[n][_number(said.said + str(n)) % len(AROUND[n])] for n in (0, 1))
        if best >= 72.0:
            yield before + said.said + behind, [n for n, value in near.items() if value >= best - 8.0], "short", "short"
        elif best < 40.0:
            yield before + said.said + behind, [], "absent", "none"


def _near(name: str, names: Sequence[str], limit: float = 60.0) -> bool:
    """Whether there is a sibling of a name, which would rightly be offered in its place."""
    return any(fuzz.ratio(name, other) >= limit for other in names)


class _Maker:
    def __init__(self) -> None:
        self._encoder, self.lexicon = UseEncoder(), Lexicon.load()
        self._reader, self._space = Reader(self.lexicon), Space.load(512)
        self._last: Index | None = None

    def make(self, catalogue: str, entries: Sequence[Entry],
             queries: Sequence[tuple[str, list[str], str, str]]) -> Iterator[Row]:
        index = self._last = build_index(entries, self._encoder, self.lexicon, previous=self._last)
        for text, gold, kind, source in queries:
            query = self._reader.read(text)
            if not query.core:
                continue
            vector = self._encoder.encode([query.spoken.core])[0]
            listed = features.short_list(index, query, self._space.seek(vector), self._space.place(vector))
            right = np.asarray([index.names[item] in gold for item in listed.items.tolist()])
            yield Row(catalogue, source, kind, text, right, listed.features, none_features(query, listed),
                      bool(query.hits) and not query.chatter)
