"""From a query to the best items: several channels make a short list, a learned sum orders it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz

from bot.matching.index import Index
from bot.matching.query import Query, sounds
from bot.matching.text import points

SHORT_LIST = 48
_QUICK = {"name": 1.0, "terms": 1.2, "said": 1.0, "sound": 0.5, "meaning": 1.2}


@dataclass(frozen=True)
class ShortList:
    """Candidates (item numbers) and what each channel says of them."""

    items: np.ndarray
    features: np.ndarray  # one row per candidate


def by_item(rows: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """The best row of every item; items without rows get 0."""
    count = len(starts) - 1
    if not len(rows):
        return np.zeros(count, dtype=np.float32)
    filled = starts[:-1] < starts[1:]
    out = np.zeros(count, dtype=np.float32)
    if filled.all():
        return np.maximum.reduceat(rows, starts[:-1])
    out[filled] = np.maximum.reduceat(rows, starts[:-1][filled])
    return out


def short_list(index: Index, query: Query, vector: np.ndarray) -> ShortList:
    """The candidates for a query and their features."""
    name = by_item(index.by_name.score(index.by_name.query(
        [points(query.core), points(query.rest)], (1.0, 0.3))), index.name_starts)
    term_pieces = [points(term) for term, _ in query.terms]
    weights = [weight for _, weight in query.terms]
    terms = by_item(index.by_name.score(index.by_name.query(term_pieces, weights)), index.name_starts)
    said = by_item(index.by_said.score(index.by_said.query([points(query.core)])), index.said_starts)
    sound = by_item(index.by_sound.score(index.by_sound.query([sounds(query.core)])), index.name_starts)
    coarse = index.coarse @ (vector @ index.basis)
    meaning = np.maximum(by_item(coarse[: index.name_rows], index.name_starts),
                         by_item(coarse[index.name_rows:], index.said_starts))
    channels = {"name": name, "terms": terms, "said": said, "sound": sound, "meaning": meaning}
    quick = sum(_QUICK[key] * value for key, value in channels.items())
    count = min(SHORT_LIST, len(index))
    items = np.argpartition(-quick, count - 1)[:count] if count < len(index) else np.arange(len(index))
    asked = np.zeros(index.actions.shape[1], dtype=np.float32)
    asked[list(query.actions)] = 1.0
    has = np.asarray(index.actions[items], dtype=np.float32)
    agree = has @ asked / np.maximum(1.0, has.sum(axis=1))
    ratio = np.asarray([fuzz.partial_ratio(query.core, index.cores[item]) / 100.0 for item in items.tolist()])
    features = np.stack([name[items], terms[items], said[items], sound[items], meaning[items], agree, ratio], axis=1)
    return ShortList(items, features)


WEIGHTS: tuple[float, ...] = (5.0, 6.0, 5.0, 2.0, 8.0, 1.0, 1.0)


def order(listed: ShortList) -> tuple[np.ndarray, np.ndarray]:
    """Item numbers and their scores, best first."""
    scores = listed.features @ np.asarray(WEIGHTS)
    best = np.argsort(-scores, kind="stable")
    return listed.items[best], scores[best]
