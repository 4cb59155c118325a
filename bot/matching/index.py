"""The index: everything about the items that a search needs, as flat arrays in a folder.

An index is immutable. It is written to a temporary folder and renamed, so a reader sees a whole index or none;
readers memory-map it, so processes share the pages.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bot.matching import actions, pinyin
from bot.matching.lexicon import Lexicon
from bot.matching.sparse import Postings
from bot.matching.text import clean, clean_name, letters, points
from bot.matching.types import Entry, IndexFormatError, SentenceEncoder

FORMAT = 1
COARSE = 128  # dimensions that the first look at meaning uses
_CHARACTER_SIZES = (1, 2, 3)
_SOUND_SIZES = (1, 2, 3)
_BATCH = 512


class Index:
    """A built index; rows are texts (name, aliases, questions), grouped by item."""

    def __init__(self, meta: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> None:
        self.meta = dict(meta)
        self.version: str = meta["version"]
        self.lexicon_version: str = meta["lexicon"]
        self.codes: list[str] = list(meta["codes"])
        self.names: list[str] = list(meta["names"])
        self.departments: list[str] = list(meta["departments"])
        self.cores: list[str] = list(meta["cores"])
        self.arrays = dict(arrays)
        self.name_starts = self.arrays["name_starts"]  # rows of names and aliases, by item
        self.said_starts = self.arrays["said_starts"]  # rows of questions, by item
        self.actions = self.arrays["actions"]
        self.vectors = self.arrays["vectors"]  # int8 rows: names and aliases, then questions
        self.scales = self.arrays["scales"]
        self.coarse = self.arrays["coarse"]
        self.basis = self.arrays["basis"]
        self.lexicon_vectors = self.arrays["lexicon_vectors"]
        self.by_name = self._postings("name", int(self.name_starts[-1]), _CHARACTER_SIZES)
        self.by_said = self._postings("said", int(self.said_starts[-1]), _CHARACTER_SIZES)
        self.by_sound = self._postings("sound", int(self.name_starts[-1]), _SOUND_SIZES)

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def name_rows(self) -> int:
        """How many rows are names or aliases."""
        return int(self.name_starts[-1])

    def _postings(self, prefix: str, rows: int, sizes: tuple[int, ...]) -> Postings:
        return Postings({name: self.arrays[f"{prefix}.{name}"] for name in Postings.NAMES}, rows, sizes)

    def save(self, path: str | Path) -> Path:
        """Write the index folder; a folder of that name is replaced in one rename.

        Returns:
            The path written.
        """
        target = Path(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
        try:
            for name, array in self.arrays.items():
                with open(work / f"{name}.npy", "wb") as stream:
                    np.save(stream, np.ascontiguousarray(array), allow_pickle=False)
                    _sync(stream)
            with open(work / "meta.json", "w", encoding="utf-8") as stream:
                json.dump(self.meta, stream, ensure_ascii=False)
                _sync(stream)
            os.chmod(work, 0o755)
            _put(work, target)
        except BaseException:
            shutil.rmtree(work, ignore_errors=True)
            raise
        return target

    @classmethod
    def load(cls, path: str | Path) -> Index:
        """Open an index folder; the arrays stay on disk and are mapped.

        Raises:
            IndexFormatError: it is not an index of this format.
        """
        folder = Path(path)
        try:
            meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise IndexFormatError(f"{folder}: no readable meta.json") from error
        if not isinstance(meta, dict) or meta.get("format") != FORMAT:
            raise IndexFormatError(f"{folder}: not an index of format {FORMAT}")
        try:
            arrays = {name: np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)
                      for name in meta["arrays"]}
        except (OSError, ValueError) as error:
            raise IndexFormatError(f"{folder}: an array is missing or broken") from error
        return cls(meta, arrays)


def build_index(entries: Iterable[Any], encoder: SentenceEncoder, lexicon: Lexicon) -> Index:
    """Build an index of items.

    Args:
        entries: `Entry` objects, mappings or objects with code, name, department, aliases, questions.
        encoder: the sentence encoder that queries will use too.
        lexicon: the lexicon that queries will use too.

    Returns:
        The index, in memory.
    """
    items = [Entry.of(entry) for entry in entries]
    cores = [clean_name(item.name) for item in items]
    name_texts: list[str] = []
    said_texts: list[str] = []
    name_starts, said_starts = [0], [0]
    for item, core in zip(items, cores):
        name_texts.append(core)
        name_texts.extend(clean_name(alias) for alias in item.aliases if letters(alias))
        said_texts.extend(clean(question) for question in item.questions if letters(clean(question)))
        name_starts.append(len(name_texts))
        said_starts.append(len(said_texts))
    exact = _encode(encoder, name_texts + said_texts)
    basis = _basis(exact)
    vectors, scales = _quantise(exact)
    arrays: dict[str, np.ndarray] = {
        "name_starts": np.asarray(name_starts, dtype=np.int64),
        "said_starts": np.asarray(said_starts, dtype=np.int64),
        "actions": _action_matrix(cores),
        "vectors": vectors,
        "scales": scales,
        "coarse": (exact @ basis).astype(np.float32),
        "basis": basis,
        "lexicon_vectors": _encode(encoder, [entry.said for entry in lexicon.entries]),
    }
    for prefix, postings in (
        ("name", Postings.build([points(text) for text in name_texts], _CHARACTER_SIZES)),
        ("said", Postings.build([points(text) for text in said_texts], _CHARACTER_SIZES)),
        ("sound", Postings.build([pinyin.numbers(letters(text)) for text in name_texts], _SOUND_SIZES)),
    ):
        arrays.update({f"{prefix}.{name}": array for name, array in postings.arrays.items()})
    meta = {
        "format": FORMAT,
        "lexicon": lexicon.version,
        "codes": [item.code for item in items],
        "names": [item.name for item in items],
        "departments": [item.department for item in items],
        "cores": cores,
        "arrays": sorted(arrays),
    }
    meta["version"] = _version(items, lexicon)
    return Index(meta, arrays)


def _encode(encoder: SentenceEncoder, texts: Sequence[str]) -> np.ndarray:
    """Vectors in steps, so that a large build does not hold everything twice."""
    if not texts:
        width = encoder.encode(["一"]).shape[1]
        return np.zeros((0, width), dtype=np.float32)
    parts = [encoder.encode(texts[start:start + _BATCH]) for start in range(0, len(texts), _BATCH)]
    return np.concatenate(parts).astype(np.float32)


def _basis(vectors: np.ndarray) -> np.ndarray:
    """The main directions of (a sample of) the vectors: fewer numbers to multiply in the first look."""
    width = vectors.shape[1]
    if width <= COARSE or not len(vectors):
        return np.eye(width, dtype=np.float32)[:, :COARSE]
    sample = vectors[:: max(1, len(vectors) // 4000)].astype(np.float64)
    _, directions = np.linalg.eigh(sample.T @ sample)
    return np.ascontiguousarray(directions[:, ::-1][:, :COARSE], dtype=np.float32)


def _quantise(vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    if not len(vectors):
        return np.zeros(vectors.shape, dtype=np.int8), np.zeros(0, dtype=np.float32)
    scales = np.maximum(np.abs(vectors).max(axis=1), 1e-9) / 127.0
    return np.rint(vectors / scales[:, None]).astype(np.int8), scales.astype(np.float32)


def _action_matrix(cores: Sequence[str]) -> np.ndarray:
    matrix = np.zeros((len(cores), len(actions.ACTIONS)), dtype=np.int8)
    for row, core in enumerate(cores):
        matrix[row, list(actions.in_name(core))] = 1
    return matrix


def _version(items: Sequence[Entry], lexicon: Lexicon) -> str:
    digest = hashlib.sha256(lexicon.version.encode())
    for item in items:
        digest.update(repr((item.code, item.name, item.department, item.aliases, item.questions)).encode())
    return digest.hexdigest()[:16]


def _sync(stream: Any) -> None:
    stream.flush()
    os.fsync(stream.fileno())


def _put(work: Path, target: Path) -> None:
    """Rename the finished folder into place; an older one is moved aside first, then dropped."""
    if not target.exists():
        os.rename(work, target)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{target.name}.old.", dir=target.parent))
    os.rename(target, old / "index")
    os.rename(work, target)
    shutil.rmtree(old, ignore_errors=True)
