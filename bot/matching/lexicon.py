"""The lexicon of everyday words: what people say, and the official terms that item names use for it.

Files: `data/lexicon/*.yml`, one per field; the form is described in `docs/matching.md`. A line may hold several
expressions (comma between them); `a + b` means that both must be said somewhere in the text.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.matching.text import clean, letters

DEFAULT_FOLDER = Path(__file__).resolve().parents[2] / "data" / "lexicon"


_INSIDE = 0.6
_APART = ("offtopic", "curious", "elsewhere")  # word lists of `offtopic.yml`: what speaks for "no item"


class LexiconError(Exception):
    """A lexicon file cannot be read; the message names file and entry."""


@dataclass(frozen=True)
class LexiconEntry:
    """One everyday expression: all `parts` must be said; `terms` are alternative official wordings."""

    parts: tuple[str, ...]
    terms: tuple[str, ...]
    field: str = ""

    @property
    def said(self) -> str:
        """The expression as one string."""
        return " ".join(self.parts)


@dataclass(frozen=True)
class Hit:
    """An entry found in a text; `weight` grows with how much of the text it explains."""

    number: int
    entry: LexiconEntry
    weight: float
    start: int


class Lexicon:
    """All entries, searchable in one pass over a text."""

    def __init__(self, entries: Iterable[LexiconEntry], offtopic: Iterable[str] = (), curious: Iterable[str] = (),
                 elsewhere: Iterable[str] = ()) -> None:
        self.entries: tuple[LexiconEntry, ...] = tuple(entries)
        self._offtopic, self._curious, self._elsewhere = map(_any_of, (offtopic, curious, elsewhere))
        # First two characters of a part -> the parts that start so. Parts of one character (证, 钱) are only
        # looked for when the other parts of their entry are said.
        self._heads: dict[str, list[str]] = {}
        self._owners: dict[str, list[int]] = {}
        for number, entry in enumerate(self.entries):
            for part in entry.parts:
                if len(part) < 2:
                    continue
                if part not in self._owners:
                    self._owners[part] = []
                    self._heads.setdefault(part[:2], []).append(part)
                self._owners[part].append(number)
        for parts in self._heads.values():
            parts.sort(key=len, reverse=True)
        self._needed = [sum(len(part) > 1 for part in entry.parts) for entry in self.entries]
        digest = hashlib.sha256()
        for entry in self.entries:
            digest.update(("|".join(entry.parts) + ">" + "/".join(entry.terms) + "\n").encode())
        self.version = digest.hexdigest()[:16]

    @classmethod
    def load(cls, folder: Path = DEFAULT_FOLDER) -> Lexicon:
        """Read every `*.yml` of the folder.

        Raises:
            LexiconError: a file is not of the documented form.
        """
        entries: list[LexiconEntry] = []
        apart: dict[str, list[str]] = {kind: [] for kind in _APART}
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        for path in sorted(Path(folder).glob("*.yml")):
            document = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)
            for kind, words in apart.items():
                if isinstance(document, dict) and kind in document:
                    words.extend(word for line in document[kind] for word in str(line).split())
            if not isinstance(document, dict) or "field" not in document:
                continue  # word lists of another kind live in the same folder
            if not isinstance(document.get("words"), dict):
                raise LexiconError(f"{path.name}: needs a mapping `words`")
            for said, official in document["words"].items():
                entries.extend(_entries(path.name, str(document["field"]), said, official))
        return cls(dict.fromkeys(entries), **apart)  # dialect words of one meaning have become one entry

    @classmethod
    def empty(cls) -> Lexicon:
        """A lexicon without entries."""
        return cls(())

    def __len__(self) -> int:
        return len(self.entries)

    def terms(self) -> list[str]:
        """Every official term and every everyday part, for dictionaries."""
        found = {part for entry in self.entries for part in entry.parts}
        found.update(word for entry in self.entries for term in entry.terms for word in term.split())
        return sorted(found)

    def chatter(self, text: str) -> int:
        """How many words of everyday talk, which no service has to do with, are in a text."""
        return len(self._offtopic.findall(text))

    def curious(self, text: str) -> int:
        """How many turns of phrase are in a text that ask for facts, news or opinions instead of a service."""
        return len(self._curious.findall(text))

    def elsewhere(self, text: str) -> tuple[str, ...]:
        """Words of a text for what a township centre seldom has: banks, platforms, other countries."""
        return tuple(dict.fromkeys(self._elsewhere.findall(text)))

    def find(self, text: str) -> list[Hit]:
        """Entries said in a (cleaned) text; a part inside a longer one counts less."""
        spans: list[tuple[int, int, str]] = []
        for start in range(len(text) - 1):
            for part in self._heads.get(text[start:start + 2], ()):
                if text.startswith(part, start):
                    spans.append((start, start + len(part), part))
        said: dict[int, dict[str, int]] = {}
        for start, _, part in spans:
            for number in self._owners[part]:
                said.setdefault(number, {}).setdefault(part, start)
        covered = _longest(spans)
        hits = []
        for number, parts in said.items():
            entry = self.entries[number]
            if len(parts) < self._needed[number] or not all(part in text for part in entry.parts):
                continue
            length = sum(map(len, entry.parts))
            weight = min(1.0, 0.4 + 0.15 * length)
            if len(entry.parts) == 1 and (parts[entry.parts[0]], entry.parts[0]) not in covered:
                weight *= _INSIDE  # a longer expression around it says more exactly what is meant
            hits.append(Hit(number, entry, weight, min(parts.values())))
        hits.sort(key=lambda hit: (-hit.weight, hit.start))
        return hits


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    """A pattern that finds any of the words, the longest first."""
    return re.compile("|".join(map(re.escape, sorted(set(words), key=lambda word: (-len(word), word)))) or r"(?!)")


def _longest(spans: Sequence[tuple[int, int, str]]) -> set[tuple[int, str]]:
    """Starts and texts of the spans that do not lie inside a longer one."""
    kept: list[tuple[int, int, str]] = []
    for span in sorted(spans, key=lambda s: s[0] - s[1]):
        if not any(other[0] <= span[0] and span[1] <= other[1] and span[2] != other[2] for other in kept):
            kept.append(span)
    return {(start, part) for start, _, part in kept}


def _entries(file: str, field: str, said: object, official: object) -> Iterable[LexiconEntry]:
    if not isinstance(said, str) or not isinstance(official, str) or not official.strip():
        raise LexiconError(f"{file}: {said!r}: both sides must be text")
    terms = tuple(" ".join(letters(word) for word in clean(term).split("，") if word) or letters(clean(term))
                  for term in official.replace(" ", "，").split("/"))
    for expression in said.replace("，", ",").split(","):
        parts = tuple(letters(clean(part)) for part in expression.split("+"))
        if not all(parts) or max(map(len, parts)) < 2:
            raise LexiconError(f"{file}: {expression!r}: a part needs two characters or more")
        yield LexiconEntry(parts, tuple(term.strip() for term in terms if term.strip()), field)
