"""The index: everything about the items that a search needs, as flat arrays in a folder.

An index is immutable. It is written to a temporary folder and renamed, so a reader sees a whole index or none;
readers memory-map it, so processes share the pages. Rows are texts (names and aliases, or questions), grouped by item.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from bot.matching.sparse import Forward, Postings
from bot.matching.types import IndexFormatError

FORMAT = 3
CHARACTER_SIZES = (1, 2, 3)
SOUND_SIZES = (2, 3)
COARSE = 64  # the leading dimensions, which the first look at meaning uses
LEXICON_COARSE = 128  # likewise for the entries of the lexicon


class Index:
    """A built index; see `bot.matching.build.build_index`."""

    def __init__(self, meta: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> None:
        self.meta = dict(meta)
        self.arrays = dict(arrays)
        self.version: str = meta["version"]
        self.lexicon_version: str = meta["lexicon"]
        self.space_version: str = meta["space"]
        self.codes: list[str] = list(meta["codes"])
        self.names: list[str] = list(meta["names"])
        self.departments: list[str] = list(meta["departments"])
        self.cores: list[str] = list(meta["cores"])
        self.lexicon_terms: list[list[str]] = meta["lexicon_terms"]
        self.name_starts = self.arrays["name_starts"]
        self.said_starts = self.arrays["said_starts"]
        self.actions = self.arrays["actions"]
        self.name_coarse = self.arrays["name_coarse"]
        self.centre_coarse = self.arrays["centre_coarse"]
        self.centre_items = self.arrays["centre_items"]
        self.lexicon_coarse = self.arrays["lexicon_coarse"]
        self.by_name = self._postings("name", int(self.name_starts[-1]), CHARACTER_SIZES)
        self.by_said = self._postings("said", len(self.codes), CHARACTER_SIZES)
        self.by_sound = self._postings("sound", int(self.name_starts[-1]), SOUND_SIZES)
        self.name_grams = Forward({name: self.arrays[f"name.{name}"] for name in Forward.NAMES})
        self.said_grams = Forward({name: self.arrays[f"said.{name}"] for name in Forward.NAMES})

    def __len__(self) -> int:
        return len(self.codes)

    def meaning(self, kind: str, rows: np.ndarray, vector: np.ndarray) -> np.ndarray:
        """Cosines of some rows (`name`, `said` or `centre`) with a unit vector."""
        exact = np.asarray(self.arrays[f"{kind}_vectors"][rows], dtype=np.float32)
        return (exact @ vector) * self.arrays[f"{kind}_scales"][rows]

    def _postings(self, prefix: str, rows: int, sizes: tuple[int, ...]) -> Postings:
        return Postings({name: self.arrays[f"{prefix}.{name}"] for name in Postings.NAMES}, rows, sizes)

    def save(self, path: str | Path) -> Path:
        """Write the index folder; a folder of that name is replaced by renaming.

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
            # asarray: the same mapped pages without the slow indexing of numpy.memmap
            arrays = {name: np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False))
                      for name in meta["arrays"]}
        except (OSError, ValueError) as error:
            raise IndexFormatError(f"{folder}: an array is missing or broken") from error
        return cls(meta, arrays)


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
