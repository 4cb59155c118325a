"""Inverted lists over short integer sequences (characters, syllables), plain arrays that can be memory-mapped.

A gram of up to three symbols is packed into one 64-bit key without collisions (21 bits a symbol), so the
vocabulary is a sorted array and no dictionary of Python objects is needed at 30,000 items.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

_BITS = np.uint64(21)
_SIZE_WEIGHTS = np.asarray((0.4, 1.0, 1.0))  # a single letter says less than its share in rarity
_SATURATION = 1.2  # BM25's k1
Weighted = dict[int, float]
"""Grams of a query: {place in the vocabulary: weight}."""


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
    """Rows by gram. A row is one or more texts; its weights are TF-IDF of length 1, or BM25."""

    NAMES = ("keys", "starts", "rows", "weights", "idf")

    def __init__(self, arrays: Mapping[str, np.ndarray], row_count: int, sizes: tuple[int, ...]) -> None:
        self.arrays = dict(arrays)
        self.keys, self.starts, self.rows, self.weights, self.idf = (self.arrays[name] for name in self.NAMES)
        self.row_count = row_count
        self.sizes = sizes

    @classmethod
    def build(cls, rows: Sequence[Sequence[Sequence[int]]], sizes: tuple[int, ...], bm25: bool = False) -> Postings:
        """Index the rows, each a list of texts."""
        keys_by_row, counts_by_row = [], []
        for texts in rows:
            found = [grams(text, sizes) for text in texts]
            keys, counts = np.unique(np.concatenate(found) if found else np.zeros(0, np.uint64), return_counts=True)
            keys_by_row.append(keys)
            counts_by_row.append(counts)
        lengths = np.fromiter(map(len, keys_by_row), dtype=np.int64, count=len(keys_by_row))
        row = np.repeat(np.arange(len(rows), dtype=np.int32), lengths)
        keys = np.concatenate(keys_by_row) if keys_by_row else np.zeros(0, dtype=np.uint64)
        counts = np.concatenate(counts_by_row) if counts_by_row else np.zeros(0)
        order = np.argsort(keys, kind="stable")
        keys, row, counts = keys[order], row[order], counts[order]
        vocabulary, first, frequency = np.unique(keys, return_index=True, return_counts=True)
        idf = np.log((1.0 + max(1, int((lengths > 0).sum()))) / (1.0 + frequency)) + 1.0
        idf = np.maximum(idf, 0.1) * _SIZE_WEIGHTS[_sizes_of(vocabulary) - 1]
        if bm25:
            weights = np.repeat(idf, frequency) * counts * (1.0 + _SATURATION) / (counts + _SATURATION)
        else:
            weights = (1.0 + np.log(np.maximum(counts, 1))) * np.repeat(idf, frequency)
            weights /= np.maximum(np.sqrt(np.bincount(row, weights * weights, minlength=len(rows))), 1e-9)[row]
        return cls({
            "keys": vocabulary,
            "starts": np.append(first, len(keys)).astype(np.int64),
            "rows": row.astype(np.int32),
            "weights": weights.astype(np.float32),
            "idf": idf.astype(np.float32),
        }, len(rows), sizes)

    def query(self, texts: Sequence[Sequence[int]], factors: Sequence[float] = ()) -> Weighted:
        """Weighted grams of a query made of several texts."""
        found: Weighted = {}
        for number, text in enumerate(texts):
            factor = factors[number] if factors else 1.0
            keys = np.unique(grams(text, self.sizes))
            if not len(keys) or not len(self.keys):
                continue
            places = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
            places = places[self.keys[places] == keys]
            for place, value in zip(places.tolist(), self.idf[places].tolist()):
                if value * factor > found.get(place, 0.0):
                    found[place] = value * factor
        return found

    def known(self, text: Sequence[int]) -> float:
        """How much of a text (by weight, unknown grams counting as the rarest) consists of grams that any row has."""
        keys = np.unique(grams(text, self.sizes))
        if not len(keys) or not len(self.keys):
            return 0.0
        places = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        here = self.keys[places] == keys
        rare = float(self.idf.max()) * _SIZE_WEIGHTS[_sizes_of(keys[~here]) - 1]
        found = float((self.idf[places[here]] ** 2).sum())
        return found / (found + float((rare ** 2).sum()))

    def score(self, weighted: Weighted) -> np.ndarray:
        """Every row against a query: the cosine, or for BM25 the share of the query's weight that the row has."""
        if not weighted:
            return np.zeros(self.row_count, dtype=np.float32)
        places = np.fromiter(weighted, dtype=np.int64, count=len(weighted))
        values = np.fromiter(weighted.values(), dtype=np.float32, count=len(weighted))
        values = values / np.float32(np.sqrt(float(values @ values)))
        begin, end = self.starts[places], self.starts[places + 1]
        sizes = end - begin
        offsets = np.repeat(begin - np.concatenate(([0], np.cumsum(sizes)[:-1])), sizes) + np.arange(int(sizes.sum()))
        return np.bincount(
            self.rows[offsets], self.weights[offsets] * np.repeat(values, sizes), minlength=self.row_count
        ).astype(np.float32)


class Forward:
    """The grams of single rows, for comparing a few of them closely; rows have length 1 (TF-IDF)."""

    NAMES = ("row_starts", "row_places", "row_weights")

    def __init__(self, arrays: Mapping[str, np.ndarray]) -> None:
        self.arrays = dict(arrays)
        self.starts, self.places, self.weights = (self.arrays[name] for name in self.NAMES)

    @classmethod
    def build(cls, texts: Sequence[Sequence[int]], postings: Postings) -> Forward:
        """Rows over the vocabulary of some postings."""
        places_by_row, weights_by_row = [], []
        for text in texts:
            keys, counts = np.unique(grams(text, postings.sizes), return_counts=True)
            places = np.searchsorted(postings.keys, keys)
            weights = (1.0 + np.log(counts)) * postings.idf[places]
            places_by_row.append(places.astype(np.int32))
            weights_by_row.append((weights / max(1e-9, float(np.sqrt(weights @ weights)))).astype(np.float32))
        lengths = np.asarray([row.size for row in places_by_row], dtype=np.int64)
        return cls({
            "row_starts": np.concatenate(([0], np.cumsum(lengths))).astype(np.int64),
            "row_places": np.concatenate(places_by_row) if places_by_row else np.zeros(0, np.int32),
            "row_weights": np.concatenate(weights_by_row) if weights_by_row else np.zeros(0, np.float32),
        })

    def compare(self, pieces: Sequence[Weighted], rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Several queries against a few rows.

        Returns:
            Cosines (pieces x rows), how much of each row a piece covers, and how much of each piece a row uses
            (both as shares of the squared length).
        """
        nothing = np.zeros((len(pieces), len(rows)), dtype=np.float32)
        union = np.asarray(sorted(set().union(*pieces)), dtype=np.int32) if pieces else np.zeros(0, np.int32)
        begin, sizes = self.starts[rows], self.starts[rows + 1] - self.starts[rows]
        total = int(sizes.sum())
        if not len(union) or not total:
            return nothing, nothing.copy(), nothing.copy()
        table = np.zeros((len(pieces), len(union) + 1), dtype=np.float32)  # last column: grams nobody asked for
        for number, piece in enumerate(pieces):
            if piece:
                values = np.fromiter(piece.values(), dtype=np.float32, count=len(piece))
                where = np.searchsorted(union, np.fromiter(piece, dtype=np.int32, count=len(piece)))
                table[number, where] = values / np.float32(np.sqrt(float(values @ values)))
        starts = np.concatenate(([0], np.cumsum(sizes)[:-1]))
        offsets = np.repeat(begin - starts, sizes) + np.arange(total)
        places, weights = np.asarray(self.places[offsets]), np.asarray(self.weights[offsets])
        where = np.searchsorted(union, places)
        where[np.append(union, -1)[where] != places] = len(union)
        kept = np.flatnonzero(where < len(union))  # most grams of a row were not asked for
        row = np.repeat(np.arange(len(rows)), sizes)[kept]
        picked, weights = table[:, where[kept]], weights[kept]
        cosines, covered, used = nothing, nothing.copy(), nothing.copy()
        if len(kept):
            first = np.flatnonzero(np.concatenate(([True], row[1:] != row[:-1])))
            cosines[:, row[first]] = np.add.reduceat(picked * weights, first, axis=1)
            covered[:, row[first]] = np.add.reduceat((picked > 0) * (weights * weights), first, axis=1)
            used[:, row[first]] = np.add.reduceat(picked * picked, first, axis=1)
        return cosines, covered, used


def _sizes_of(keys: np.ndarray) -> np.ndarray:
    """How many symbols each packed key has (symbols are at least 1)."""
    return 1 + (keys >> _BITS > 0).astype(np.int64) + (keys >> (_BITS + _BITS) > 0).astype(np.int64)
