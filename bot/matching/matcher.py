"""The public door of the engine: text in, ranking and decision out."""

from __future__ import annotations

import re
from typing import Any

from bot.matching import features
from bot.matching.actions import ACTIONS
from bot.matching.decide import decide
from bot.matching.index import Index
from bot.matching.lexicon import Lexicon
from bot.matching.query import Reader
from bot.matching.rank import Model
from bot.matching.space import Space
from bot.matching.types import IndexFormatError, MatchResult, Ranked, SentenceEncoder

_WORD = 4
"""Letters: 补贴, 残疾人, 养老保险."""
_SEVERAL = 2
_DOING = re.compile(r"(?:办理?|代办|帮办|申办|申请)+")
"""Says that something is to be done, and nothing of what."""


class Matcher:
    """Matches texts against one index. Safe to share between threads; `with_index` makes one for a newer index."""

    def __init__(self, index: Index, encoder: SentenceEncoder, lexicon: Lexicon) -> None:
        """Join an index to the encoder and the lexicon it was built with.

        Raises:
            IndexFormatError: the index was built in another meaning space.
        """
        self._encoder = encoder
        self._lexicon = lexicon
        self._reader = Reader(lexicon)
        self._model = Model.load()
        self._space = Space.load(int(encoder.encode(["一"]).shape[1]))
        self._join(index)

    def _join(self, index: Index) -> None:
        if index.space_version != self._space.version:
            raise IndexFormatError("the index was built in another meaning space; build it again")
        self.index = index
        self._soft = index.lexicon_version == self._lexicon.version

    def with_index(self, index: Index) -> Matcher:
        """The same matcher over another index; cheap, nothing is loaded again."""
        other = object.__new__(Matcher)
        other.__dict__.update(self.__dict__)
        other._join(index)
        return other

    def why(self, text: str) -> dict[str, Any]:
        """How a text was read: the request in it, what was denied, the lexicon's words, the wanted actions."""
        query = self._reader.read(text)
        return {
            "read_as": query.heard, "denied": list(query.spoken.denied), "actions": [ACTIONS[n] for n in query.actions],
            "words": [{"said": " + ".join(hit.entry.parts), "official": list(hit.entry.terms), "weight": round(hit.weight, 2)}
                      for hit in query.hits],
        }  # fmt: skip

    def match(self, text: str, k: int = 5) -> MatchResult:
        """Rank the items for a text and decide what to do.

        Args:
            text: what the person wrote or said; up to 3,000 characters are read.
            k: how many items the ranking holds at most.

        Returns:
            The ranking (best first, confidences are plain floats rounded to 4) and the decision.
        """
        query = self._reader.read(text)
        if not query.core or not len(self.index) or _DOING.fullmatch(query.spoken.core):
            return MatchResult(core=query.spoken.core)
        vector = self._encoder.encode([query.spoken.core])[0]
        listed = features.short_list(
            self.index, query, self._space.seek(vector), self._space.place(vector), self._soft)
        items, chances, no_item = self._model.order(query, listed)
        ranking = tuple(
            Ranked(self.index.codes[item], self.index.names[item], round(float(chance), 4))
            for item, chance in zip(items[:max(k, 3)].tolist(), chances[:max(k, 3)].tolist())
        )
        decision, shown = decide(ranking, no_item, self._model.limits, serves=bool(query.hits) and not query.chatter,
                                 common=self._is_common(query.spoken.core))
        return MatchResult(ranking[:k], decision.value, shown, query.spoken.core)

    def _is_common(self, core: str) -> bool:
        """Whether the request is one short word that stands in the names of several items."""
        return len(core) <= _WORD and sum(core in name for name in self.index.names) >= _SEVERAL
