"""A question, taken apart once: normalised, corrected by sound, explained by the lexicon, read for actions."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.matching import actions, pinyin
from bot.matching.homophone import Corrector
from bot.matching.lexicon import Hit, Lexicon
from bot.matching.normalise import ASKS, CLAUSE, Spoken, normalise
from bot.matching.text import clean, letters
from bot.matching.words import Cutter

_MAX_HITS = 12
_SHORTEST_TAIL = 5
_UNIT = re.compile(r"公司|单位|企业|厂|员工|职工|机构|事业单位|老板|我们店|雇")


@dataclass(frozen=True)
class Query:
    """Everything that the channels of the search need from a text."""

    spoken: Spoken
    core: str
    rest: str
    heard: str  # the core with misheard terms put right; equal to it if nothing was
    tail: int  # where in `heard` the last clause begins: background comes first, the wish last
    hits: tuple[Hit, ...]
    actions: tuple[int, ...]
    words: tuple[str, ...]
    firm: bool  # speaks for a firm or its staff
    chatter: int  # words that belong to small talk
    asks: int  # words that ask or want something


class Reader:
    """Reads texts into queries with one lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        terms = lexicon.terms()
        self._cutter = Cutter(terms)
        self._corrector = Corrector(terms, self._cutter)

    def _bearing(self, clause: str) -> float:
        """How much a clause of a story has to do with public services."""
        return min(2.0, 0.8 * sum(sorted(hit.weight for hit in self._lexicon.find(letters(clause)))[-3:]))

    def read(self, text: str) -> Query:
        """Take a text apart."""
        spoken = normalise(text, self._bearing)
        heard = self._corrector.correct(spoken.core)
        core, rest = letters(spoken.core), letters(spoken.rest)[:400]
        hits: list[Hit] = self._lexicon.find(letters(heard))[:_MAX_HITS]
        if rest:
            known = {hit.number for hit in hits}
            hits.extend(Hit(hit.number, hit.entry, hit.weight * 0.5, -1)
                        for hit in self._lexicon.find(rest)[:_MAX_HITS // 2] if hit.number not in known)
        return Query(
            spoken=spoken, core=core, rest=rest, heard=letters(heard), tail=_tail(heard), hits=tuple(hits),
            actions=actions.in_talk(heard),
            words=tuple(dict.fromkeys(self._cutter.cut(letters(heard)))),
            firm=bool(_UNIT.search(spoken.whole)),
            chatter=self._lexicon.chatter(clean(text[:400])),
            asks=len(ASKS.findall(spoken.core)),
        )


def _tail(text: str) -> int:
    clauses = [clause for clause in CLAUSE.split(text) if clause]
    size = 0
    for clause in reversed(clauses):
        size += len(letters(clause))
        if size >= _SHORTEST_TAIL:
            break
    return max(0, len(letters(text)) - size)


def sounds(text: str) -> list[int]:
    """The sounds of a text as the sound index wants them."""
    return pinyin.numbers(letters(text))
