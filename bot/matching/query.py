"""A question, taken apart once: normalised, corrected by sound, explained by the lexicon, read for actions."""

from __future__ import annotations

from dataclasses import dataclass

from bot.matching import actions, pinyin
from bot.matching.lexicon import Hit, Lexicon
from bot.matching.normalise import Spoken, normalise
from bot.matching.text import letters

_MAX_HITS = 12


@dataclass(frozen=True)
class Query:
    """Everything that the channels of the search need from a text."""

    spoken: Spoken
    core: str
    rest: str
    hits: tuple[Hit, ...]
    terms: tuple[tuple[str, float], ...]
    actions: tuple[int, ...]


class Reader:
    """Reads texts into queries with one lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def read(self, text: str) -> Query:
        """Take a text apart."""
        spoken = normalise(text)
        core, rest = letters(spoken.core), letters(spoken.rest)[:400]
        hits: list[Hit] = self._lexicon.find(core)[:_MAX_HITS]
        if rest:
            hits.extend(Hit(hit.number, hit.entry, hit.weight * 0.5, hit.start)
                        for hit in self._lexicon.find(rest)[:_MAX_HITS])
        terms: dict[str, float] = {}
        for hit in hits:
            for term in hit.entry.terms:
                terms[term] = max(terms.get(term, 0.0), hit.weight)
        marks = set(actions.in_talk(spoken.core))
        return Query(spoken, core, rest, tuple(hits), tuple(terms.items()), tuple(sorted(marks)))


def sounds(text: str) -> list[int]:
    """The sounds of a text as the sound index wants them."""
    return pinyin.numbers(letters(text))
