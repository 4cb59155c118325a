"""Building an index. Vectors of texts that stood in an earlier index are taken from there."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from bot.matching import actions, pinyin
from bot.matching.index import CHARACTER_SIZES, COARSE, FORMAT, LEXICON_COARSE, SOUND_SIZES, Index
from bot.matching.lexicon import Lexicon
from bot.matching.space import Space
from bot.matching.sparse import Forward, Postings
from bot.matching.text import clean, clean_name, letters, points
from bot.matching.types import Entry, SentenceEncoder

_BATCH = 512


def build_index(entries: Iterable[Any], encoder: SentenceEncoder, lexicon: Lexicon,
                previous: Index | None = None) -> Index:
    """Build an index of items.

    Args:
        entries: `Entry` objects, mappings or objects with code, name, department, aliases, questions.
        encoder: the sentence encoder that queries will use too.
        lexicon: the lexicon that queries will use too.
        previous: an index built before with the same encoder; unchanged texts are not encoded again, which makes
            publishing one item a matter of milliseconds.

    Returns:
        The index, in memory.
    """
    items = [Entry.of(entry) for entry in entries]
    cores = [clean_name(item.name) for item in items]
    names = [[core, *(clean_name(alias) for alias in item.aliases if letters(clean(alias)))]
             for item, core in zip(items, cores)]
    said = [[clean(question) for question in item.questions if letters(clean(question))] for item in items]
    vectors = _Vectors(encoder, previous)
    arrays = {
        "name_starts": _starts(names),
        "said_starts": _starts(said),
        "actions": _action_matrix(cores),
        "lexicon_coarse": vectors.of_lexicon(lexicon),
        **_meaning_arrays(vectors, names, said),
        **_letter_arrays(names, said),
    }
    meta = {
        "format": FORMAT,
        "version": _version(items, lexicon, vectors.space),
        "lexicon": lexicon.version,
        "space": vectors.space.version,
        "codes": [item.code for item in items],
        "names": [item.name for item in items],
        "departments": [item.department for item in items],
        "cores": cores,
        "lexicon_terms": [list(entry.terms) for entry in lexicon.entries],
        "arrays": sorted(arrays),
    }
    return Index(meta, arrays)


class _Vectors:
    """Meanings in the learned space, from an earlier index where it has them."""

    def __init__(self, encoder: SentenceEncoder, previous: Index | None) -> None:
        self._encoder = encoder
        self._width = int(encoder.encode(["一"]).shape[1])
        self.space = Space.load(self._width)
        self._previous = previous if previous is not None and previous.space_version == self.space.version else None

    def of(self, kind: str, texts: Sequence[str]) -> np.ndarray:
        """Unit rows, rounded as they will be stored: a rebuilt index answers exactly as a fresh one."""
        out = np.zeros((len(texts), self.space.place(np.zeros((1, self._width), np.float32)).shape[1]), np.float32)
        wanted = np.arange(len(texts))
        if self._previous is not None and len(texts) and len(self._previous.arrays[f"{kind}_marks"]):
            old = np.asarray(self._previous.arrays[f"{kind}_marks"])
            order = np.argsort(old, kind="stable")
            marks = _marks(texts)
            places = np.minimum(np.searchsorted(old[order], marks), len(old) - 1)
            found = order[places]
            same = old[found] == marks
            rows = found[same]
            out[same] = _restore(self._previous.arrays[f"{kind}_vectors"][rows],
                                 self._previous.arrays[f"{kind}_scales"][rows])
            wanted = wanted[~same]
        for start in range(0, len(wanted), _BATCH):
            batch = wanted[start:start + _BATCH]
            out[batch] = _restore(*_quantise(self.space.place(self._encoder.encode([texts[n] for n in batch]))))
        return out

    def store(self, kind: str, texts: Sequence[str], vectors: np.ndarray) -> dict[str, np.ndarray]:
        """The arrays that hold the vectors of a kind of text."""
        quantised, scales = _quantise(vectors)
        return {f"{kind}_vectors": quantised, f"{kind}_scales": scales, f"{kind}_marks": _marks(texts)}

    def of_lexicon(self, lexicon: Lexicon) -> np.ndarray:
        """Leading dimensions of every lexicon entry."""
        if self._previous is not None and self._previous.lexicon_version == lexicon.version:
            return np.asarray(self._previous.lexicon_coarse)
        texts = [entry.said for entry in lexicon.entries]
        parts = [self.space.place(self._encoder.encode(texts[start:start + _BATCH]))[:, :LEXICON_COARSE]
                 for start in range(0, len(texts), _BATCH)]
        return np.concatenate(parts).astype(np.float32) if parts else np.zeros((0, LEXICON_COARSE), np.float32)


def _meaning_arrays(vectors: _Vectors, names: Sequence[Sequence[str]], said: Sequence[Sequence[str]]) -> dict[str, np.ndarray]:
    """Vectors of names and questions, the common middle of each item's questions, and the leading dimensions for the short list."""
    name_texts, said_texts = ([text for texts in group for text in texts] for group in (names, said))
    name_vectors, said_vectors = vectors.of("name", name_texts), vectors.of("said", said_texts)
    starts = _starts(said)
    centres = _centres(said_vectors, starts)
    centre_vectors, centre_scales = _quantise(centres)
    asked = np.flatnonzero(starts[:-1] < starts[1:])  # items that have questions
    return {
        **vectors.store("name", name_texts, name_vectors),
        **vectors.store("said", said_texts, said_vectors),
        "centre_vectors": centre_vectors,
        "centre_scales": centre_scales,
        "name_coarse": np.ascontiguousarray(name_vectors[:, :COARSE], dtype=np.float32),
        "centre_items": asked,
        "centre_coarse": np.ascontiguousarray(centres[asked, :COARSE], dtype=np.float32),
    }


def _letter_arrays(names: Sequence[Sequence[str]], said: Sequence[Sequence[str]]) -> dict[str, np.ndarray]:
    """Postings of names by letters and by sounds (a row each), of questions by item, and the rows of both."""
    name_points = [points(text) for texts in names for text in texts]
    said_points = [[points(text) for text in texts] for texts in said]
    by_name = Postings.build([[row] for row in name_points], CHARACTER_SIZES)
    by_said = Postings.build(said_points, CHARACTER_SIZES, bm25=True)
    by_sound = Postings.build([[pinyin.numbers(letters(text))] for texts in names for text in texts], SOUND_SIZES)
    parts = {
        "name": {**by_name.arrays, **Forward.build(name_points, by_name).arrays},
        "said": {**by_said.arrays, **Forward.build([row for rows in said_points for row in rows], by_said).arrays},
        "sound": by_sound.arrays,
    }
    return {f"{prefix}.{name}": array for prefix, arrays in parts.items() for name, array in arrays.items()}


def _starts(groups: Sequence[Sequence[str]]) -> np.ndarray:
    return np.concatenate(([0], np.cumsum([len(group) for group in groups]))).astype(np.int64)


def _centres(vectors: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """The mean direction of each item's questions: steadier than the single nearest one."""
    centres = np.zeros((len(starts) - 1, vectors.shape[1]), dtype=np.float32)
    filled = starts[:-1] < starts[1:]
    if filled.any():
        sums = np.add.reduceat(vectors, starts[:-1][filled], axis=0)
        centres[filled] = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
    return centres


def _quantise(vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    if not len(vectors):
        return np.zeros(vectors.shape, dtype=np.int8), np.zeros(0, dtype=np.float32)
    scales = (np.maximum(np.abs(vectors).max(axis=1), 1e-9) / 127.0).astype(np.float32)
    return np.rint(vectors / scales[:, None]).astype(np.int8), scales


def _restore(quantised: np.ndarray, scales: np.ndarray) -> np.ndarray:
    return np.asarray(quantised, dtype=np.float32) * np.asarray(scales)[:, None]


def _marks(texts: Sequence[str]) -> np.ndarray:
    """A 64-bit fingerprint of every text."""
    digests = b"".join(hashlib.blake2b(text.encode(), digest_size=8).digest() for text in texts)
    return np.frombuffer(digests, dtype=np.uint64).copy()


def _action_matrix(cores: Sequence[str]) -> np.ndarray:
    matrix = np.zeros((len(cores), len(actions.ACTIONS)), dtype=np.int8)
    for row, core in enumerate(cores):
        matrix[row, list(actions.in_name(core))] = 1
    return matrix


def _version(items: Sequence[Entry], lexicon: Lexicon, space: Space) -> str:
    digest = hashlib.sha256(f"{FORMAT} {lexicon.version} {space.version}".encode())
    for item in items:
        digest.update(repr((item.code, item.name, item.department, item.aliases, item.questions)).encode())
    return digest.hexdigest()[:16]
