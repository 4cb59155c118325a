"""A question, taken apart once: normalised, corrected by sound, explained by the lexicon, read for actions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.matching import actions, pinyin
from bot.matching.homophone import Corrector
from bot.matching.lexicon import Hit, Lexicon
from bot.matching.normalise import ASKS, CLAUSE, Spoken, normalise
from bot.matching.text import clean, letters
from bot.matching.words import Cutter

_MAX_HITS = 12
_COMMON = 5  # official terms that use a word, from which it counts as common
_SHORTEST_TAIL = 5
GENERAL = ("通用", "概念")  # fields of the lexicon whose words belong to no department
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
    curious: int  # turns of phrase that ask for facts, news or opinions
    elsewhere: tuple[str, ...]  # words for the business of others: banks, platforms, other countries
    asks: int  # words that ask or want something
    explained: float  # the share of `heard` that expressions of one department or another make up


class Reader:
    """Reads texts into queries with one lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        terms = lexicon.terms()
        self._cutter = Cutter(terms)
        self._corrector = Corrector([*terms, *self._common_words()], self._cutter)

    def _common_words(self) -> list[str]:
        """The words of which official terms are made (认证, 备案, 延续): these are misheard too."""
        terms = {word for entry in self._lexicon.entries for term in entry.terms for word in term.split()}
        counts = Counter(word for term in terms for word in set(self._cutter.ordinary(term)))
        return [word for word, count in counts.items() if count >= _COMMON]

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
        plain = clean(text[:400])
        return Query(
            spoken=spoken, core=core, rest=rest, heard=letters(heard), tail=_tail(heard), hits=tuple(hits),
            actions=actions.in_talk(heard),
            words=tuple(dict.fromkeys(self._cutter.cut(letters(heard)))),
            firm=bool(_UNIT.search(spoken.whole)),
            chatter=self._lexicon.chatter(plain),
            curious=self._lexicon.curious(plain),
            elsewhere=self._lexicon.elsewhere(plain),
            asks=len(ASKS.findall(spoken.core)),
            explained=_explained(letters(heard), hits),
        )


def _explained(text: str, hits: Sequence[Hit]) -> float:
    covered = bytearray(len(text))
    for hit in hits:
        if hit.start < 0 or hit.entry.field in GENERAL:
            continue
        for part in hit.entry.parts:
            at = text.find(part)
            covered[at:at + len(part)] = b"\1" * len(part) if at >= 0 else b""
    return sum(covered) / max(1, len(text))


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
