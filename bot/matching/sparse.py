"""Inverted lists over short integer sequences (characters, syllables), plain arrays that can be memory-mapped.

A gram of up to three symbols is packed into one 64-bit key without collisions (21 bits a symbol), so the
vocabulary is a sorted array and no dictionary of Python objects is needed at 30,000 items.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

_BITS = np.uint64(21)


def grams(symbols: Sequence[int], sizes: tuple[int, ...]) -> np.ndarray:
    """Packed keys of all grams of the given sizes (1 to 3), with repetitions."""
    array = np.asarray(symbols, dtype=np.uint64) + np.uint64(1)  # so that a shorter gram never equals a longer one
    parts = []
    for size in sizes:
        count = len(array) - size + 1
        if count <= 0:
            continue
        key = array[:count].copy()
        for offset in range(1, size):
            key = (key << _BITS) | array[offset:offset + count]
        parts.append(key)
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.uint64)


class Postings:
    """TF-IDF rows by gram; `score` gives the cosine of a query with every row."""

    NAMES = ("keys", "starts", "rows", "weights", "idf")

    def __init__(self, arrays: dict[str, np.ndarray], row_count: int, sizes: tuple[int, ...]) -> None:
        self.arrays = arrays
        self.keys, self.starts, self.rows, self.weights, self.idf = (arrays[name] for name in self.NAMES)
        self.row_count = row_count
        self.sizes = sizes

    @classmethod
    def build(cls, sequences: Sequence[Sequence[int]], sizes: tuple[int, ...],
              size_weights: tuple[float, ...] = (0.4, 1.0, 1.0)) -> Postings:
        """Index the sequences; row i is sequence i."""
        keys_by_row: list[np.ndarray] = []
        counts_by_row: list[np.ndarray] = []
        for sequence in sequences:
            keys, counts = np.unique(grams(sequence, sizes), return_counts=True)
            keys_by_row.append(keys)
            counts_by_row.append(counts)
        lengths = np.fromiter(map(len, keys_by_row), dtype=np.int64, count=len(keys_by_row))
        rows = np.repeat(np.arange(len(keys_by_row), dtype=np.int32), lengths)
        all_keys = np.concatenate(keys_by_row) if keys_by_row else np.zeros(0, dtype=np.uint64)
        all_counts = np.concatenate(counts_by_row) if counts_by_row else np.zeros(0)
        order = np.argsort(all_keys, kind="stable")
        all_keys, rows, all_counts = all_keys[order], rows[order], all_counts[order]
        vocabulary, first, frequency = np.unique(all_keys, return_index=True, return_counts=True)
        idf = np.log((1.0 + len(sequences)) / (1.0 + frequency)) + 1.0
        idf *= np.asarray(size_weights)[_sizes_of(vocabulary) - 1]
        weights = (1.0 + np.log(np.maximum(all_counts, 1))) * np.repeat(idf, frequency)
        norms = np.sqrt(np.bincount(rows, weights * weights, minlength=len(sequences))) if len(rows) else np.ones(1)
        weights = weights / np.maximum(norms[rows], 1e-9)
        arrays = {
            "keys": vocabulary,
            "starts": np.append(first, len(all_keys)).astype(np.int64),
            "rows": rows.astype(np.int32),
            "weights": weights.astype(np.float32),
            "idf": idf.astype(np.float32),
        }
        return cls(arrays, len(sequences), sizes)

    def query(self, sequences: Sequence[Sequence[int]], factors: Sequence[float] = ()) -> dict[int, float]:
        """Weighted grams of a query made of several pieces, as {vocabulary position: weight}."""
        found: dict[int, float] = {}
        for number, sequence in enumerate(sequences):
            factor = factors[number] if factors else 1.0
            keys = np.unique(grams(sequence, self.sizes))
            if not len(keys) or not len(self.keys):
                continue
            places = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
            for place in places[self.keys[places] == keys].tolist():
                weight = float(self.idf[place]) * factor
                if weight > found.get(place, 0.0):
                    found[place] = weight
        return found

    def score(self, weighted: dict[int, float], norm: float = 0.0) -> np.ndarray:
        """Cosine with every row; `norm` replaces the length of the query if given."""
        if not weighted:
            return np.zeros(self.row_count, dtype=np.float32)
        length = norm or float(np.sqrt(sum(weight * weight for weight in weighted.values())))
        places = np.fromiter(weighted, dtype=np.int64, count=len(weighted))
        values = np.fromiter(weighted.values(), dtype=np.float32, count=len(weighted)) / np.float32(length)
        begin, end = self.starts[places], self.starts[places + 1]
        sizes = end - begin
        total = int(sizes.sum())
        offsets = np.repeat(begin - np.concatenate(([0], np.cumsum(sizes)[:-1])), sizes) + np.arange(total)
        return np.bincount(
            self.rows[offsets], self.weights[offsets] * np.repeat(values, sizes), minlength=self.row_count
        ).astype(np.float32)


def _sizes_of(keys: np.ndarray) -> np.ndarray:
    """How many symbols each packed key has (symbols are at least 1)."""
    return 1 + (keys >> _BITS > 0).astype(np.int64) + (keys >> (_BITS + _BITS) > 0).astype(np.int64)
