"""The public door of the engine: text in, ranking and decision out."""

from __future__ import annotations

import numpy as np

from bot.matching import features, rank
from bot.matching.index import Index
from bot.matching.lexicon import Lexicon
from bot.matching.query import Reader
from bot.matching.space import Space
from bot.matching.types import Decision, IndexFormatError, MatchResult, Ranked, SentenceEncoder


class Matcher:
    """Matches texts against one index. Safe to share between threads; replace it when a new index is out."""

    def __init__(self, index: Index, encoder: SentenceEncoder, lexicon: Lexicon) -> None:
        self.index = index
        self._encoder = encoder
        self._reader = Reader(lexicon)
        self._space = Space.load(int(encoder.encode(["一"]).shape[1]))
        if self._space.version != index.space_version:
            raise IndexFormatError("the index was built in another meaning space; build it again")
        self._soft = lexicon.version == index.lexicon_version

    def match(self, text: str, k: int = 5) -> MatchResult:
        """Rank the items for a text and decide what to do.

        Args:
            text: what the person wrote or said; up to 3,000 characters are read.
            k: how many items the ranking holds at most.

        Returns:
            The ranking (best first, confidences are plain floats rounded to 4) and the decision.
        """
        query = self._reader.read(text)
        if not query.core or not len(self.index):
            return MatchResult(core=query.spoken.core)
        vector = self._encoder.encode([query.spoken.core])[0]
        listed = features.short_list(self.index, query, self._space.seek(vector), self._space.place(vector), self._soft)
        items, scores = rank.order(listed)
        chances = np.exp(scores - scores[0])
        chances = chances / (chances.sum() + np.exp(8.5 - scores[0]))
        ranking = tuple(
            Ranked(self.index.codes[item], self.index.names[item], round(float(chance), 4))
            for item, chance in zip(items[:k].tolist(), chances[:k].tolist())
        )
        best = ranking[0].confidence
        if best >= 0.5:
            decision = Decision.ANSWER
        elif best >= 0.2:
            decision = Decision.CHOOSE
        elif best >= 0.08:
            decision = Decision.CLARIFY
        else:
            decision = Decision.REFUSE
        candidates = ranking[:3] if decision is Decision.CHOOSE else ranking[:1] if decision is Decision.ANSWER else ()
        return MatchResult(ranking, decision.value, candidates, query.spoken.core)
