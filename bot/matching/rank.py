"""Ordering the candidates: a learned sum for every candidate, and a score for "no item at all", turned into chances.

The score of "no item" is a sum too, plus a few learned bends (one small hidden layer): that a text is short speaks for small talk,
unless the lexicon explains all of it, and the like.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bot.matching.features import BASE, NAMES, ShortList
from bot.matching.query import Query

DEFAULT_FILE = Path(__file__).resolve().parent / "model.json"
FORMAT = 2

# What the best candidate reaches on these says whether there is anything to be found at all.
_TOPS = ("seek_name", "place_name", "heard_cos", "name_cover", "all_cover", "term_best", "term_share",
         "soft_best", "said_doc", "said_cos", "centre", "mean_said", "ratio", "partial", "word_cover",
         "sound_cos", "has_said", "heard_used", "all_used", "terms_used", "tail_used", "tail_term")
NONE_NAMES = ("bias", *(f"top_{name}" for name in _TOPS), "hits", "no_hits", "hit_weight", "astray", "size", "short",
              "chatter", "chatter_no_hits", "asks", "acts",
              "known", "known_asked", "curious", "foreign", "asks_nothing", "explained", "explained_here")
_TOP_COLUMNS = [NAMES.index(name) for name in _TOPS]
_TERM_BEST = BASE.index("term_best")
_HAS_SAID = _TOPS.index("has_said")


def none_features(query: Query, listed: ShortList) -> np.ndarray:
    """What speaks for "no item", in the order of NONE_NAMES."""
    tops = listed.features[:, _TOP_COLUMNS].max(axis=0)
    heaviest = max((hit.weight for hit in query.hits), default=0.0)
    size = float(np.log1p(len(query.core)))
    # A service the lexicon knows by name and no item here comes near to: somebody else's business.
    astray = max(0.0, heaviest - float(listed.features[:, _TERM_BEST].max()))
    hits, chatter = min(len(query.hits), 4), min(query.chatter, 3)
    return np.asarray([
        1.0, *tops, hits, float(hits == 0), heaviest, astray, size, float(len(query.core) < 5), chatter,
        chatter * float(hits == 0), min(query.asks, 3), float(bool(query.actions)),
        listed.known, listed.known * float(tops[_HAS_SAID]),
        min(query.curious, 2), min(listed.foreign, 2), float(query.asks == 0),
        query.explained, query.explained * float(listed.features[:, _TERM_BEST].max()),
    ], dtype=np.float64)


@dataclass(frozen=True)
class Model:
    """The learned weights, as plain numbers."""

    weights: np.ndarray
    none_weights: np.ndarray
    bends: np.ndarray  # none features x bends
    bend_offsets: np.ndarray
    bend_weights: np.ndarray
    limits: Mapping[str, float]

    @classmethod
    def load(cls, path: Path = DEFAULT_FILE) -> Model:
        """Read `model.json`.

        Raises:
            ValueError: the file was trained for other features than this code computes.
        """
        document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if document.get("format") != FORMAT:
            raise ValueError(f"{path}: not a ranking model of format {FORMAT}")
        if set(document["weights"]) != set(NAMES) or set(document["none_weights"]) != set(NONE_NAMES):
            raise ValueError(f"{path}: trained for other features; run benchmarks/match_train.py rank")
        return cls(
            weights=np.asarray([document["weights"][name] for name in NAMES], dtype=np.float64),
            none_weights=np.asarray([document["none_weights"][name] for name in NONE_NAMES], dtype=np.float64),
            bends=np.asarray([document["bends"][name] for name in NONE_NAMES], dtype=np.float64),
            bend_offsets=np.asarray(document["bend_offsets"], dtype=np.float64),
            bend_weights=np.asarray(document["bend_weights"], dtype=np.float64),
            limits=dict(document["limits"]),
        )

    def no_item(self, features: np.ndarray) -> float:
        """The score of "no item", from `none_features`."""
        bent = np.tanh(features @ self.bends + self.bend_offsets)
        return float(features @ self.none_weights + bent @ self.bend_weights)

    def order(self, query: Query, listed: ShortList) -> tuple[np.ndarray, np.ndarray, float]:
        """Item numbers (best first), their chances, and the chance that no item is meant."""
        scores = listed.features @ self.weights
        none = self.no_item(none_features(query, listed))
        best = np.argsort(-scores, kind="stable")
        top = max(none, float(scores[best[0]]))
        chances, no_item = np.exp(scores[best] - top), float(np.exp(none - top))
        total = float(chances.sum()) + no_item
        return listed.items[best], chances / total, no_item / total
