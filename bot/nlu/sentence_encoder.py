"""Sentence vectors for Rasa components, from the one encoder that the process shares with the item matcher."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import List, Sequence

import numpy as np

_MAX_CHARACTERS = 300
_REMEMBERED = 256
_BATCH = 64

_lock = threading.Lock()
_recent: "OrderedDict[str, np.ndarray]" = OrderedDict()


def _encode(texts: List[str]) -> np.ndarray:
    from bot.bootstrap import sentence_encoder

    return np.asarray(sentence_encoder().encode(texts), dtype=np.float32)


def warm_up() -> None:
    """Load the weights now instead of in the first conversation."""
    encode_one("你好")


def encode_one(text: str) -> np.ndarray:
    """The vector of one text, remembered for a while: people and tests repeat themselves."""
    text = text[:_MAX_CHARACTERS]
    with _lock:
        known = _recent.get(text)
        if known is None:
            known = _encode([text])[0]
            _recent[text] = known
            if len(_recent) > _REMEMBERED:
                _recent.popitem(last=False)
        return known


def encode(texts: Sequence[str]) -> np.ndarray:
    """Vectors of many texts, one row a text; texts of like length go together, which saves half of the time."""
    order = sorted(range(len(texts)), key=lambda row: len(texts[row]))
    found: List[np.ndarray] = [np.zeros(0)] * len(texts)
    for start in range(0, len(order), _BATCH):
        rows = order[start : start + _BATCH]
        with _lock:
            vectors = _encode([texts[row][:_MAX_CHARACTERS] for row in rows])
        for row, vector in zip(rows, vectors):
            found[row] = vector
    return np.array(found, dtype=np.float32)
