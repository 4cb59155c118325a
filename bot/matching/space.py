"""The space in which meanings are compared: learned once, so that everyday words lie near official ones.

A general sentence encoder puts all talk of administration into one corner and hardly knows that 大修基金 is
住宅专项维修资金. `space.npz` holds two small matrices learned from the lexicon and the shipped catalogue
(`benchmarks/match_train.py`): one spreads the corner out (whitening), the other also turns everyday words towards
the official terms that the lexicon gives for them.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

DEFAULT_FILE = Path(__file__).resolve().parent / "space.npz"


class Space:
    """Maps encoder vectors: `place` for what is stored, `seek` for a question that looks for official names."""

    def __init__(self, mean: np.ndarray, place: np.ndarray, seek: np.ndarray, version: str = "plain") -> None:
        self._mean, self._place, self._seek = mean, place, seek
        self.version = version

    @classmethod
    def load(cls, dimension: int, path: Path = DEFAULT_FILE) -> Space:
        """The learned space, or an unchanged one for an encoder of another size."""
        if path.exists():
            with np.load(path, allow_pickle=False) as file:
                if len(file["mean"]) == dimension:
                    mean, place, seek = (np.asarray(file[name], dtype=np.float32) for name in ("mean", "place", "seek"))
                    return cls(mean, place, seek, version=str(file["version"]))
        same = np.eye(dimension, dtype=np.float32)
        return cls(np.zeros(dimension, dtype=np.float32), same, same)

    def place(self, vectors: np.ndarray) -> np.ndarray:
        """Unit rows for names, example questions, and questions that are compared with these."""
        return _unit((vectors - self._mean) @ self._place)

    def seek(self, vectors: np.ndarray) -> np.ndarray:
        """Unit rows for questions that are compared with names."""
        return _unit((vectors - self._mean) @ self._seek)


def _unit(rows: np.ndarray) -> np.ndarray:
    norms = np.sqrt(np.einsum("...i,...i->...", rows, rows))
    return rows / np.maximum(norms, 1e-9)[..., None]
