"""Ordering the candidates: a learned sum."""

from __future__ import annotations

import numpy as np

from bot.matching.features import NAMES, ShortList

_HAND = {"seek_name": 8.0, "heard_cos": 4.0, "term_best": 3.0, "term_sum": 2.0, "all_cover": 3.0, "centre": 8.0,
         "said_doc": 0.4, "said_two": 4.0, "missing": -0.4, "agree": 0.6, "sound_cos": 1.0}
WEIGHTS = np.asarray([_HAND.get(name, 0.0) for name in NAMES])


def order(listed: ShortList) -> tuple[np.ndarray, np.ndarray]:
    """Item numbers and their scores, best first."""
    scores = listed.features @ WEIGHTS
    best = np.argsort(-scores, kind="stable")
    return listed.items[best], scores[best]
