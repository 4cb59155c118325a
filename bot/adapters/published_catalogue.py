"""The catalogue as the centre publishes it: an immutable file per version and a pointer that readers poll.

Readable while the centre is down; a publish is seen within `CHECK_SECONDS` in every process without restart.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any, Dict, Mapping, Optional, Sequence, Tuple

from bot.adapters import yaml_catalogue
from bot.domain.centre import Centre
from bot.domain.item import Item, LocalFacts
from bot.ports import PublishedItem

CHECK_SECONDS = 1.0
POINTER = "current.json"


class CatalogueMissing(Exception):
    """Nothing has been published yet; start the centre first."""


class PublishedCatalogue:
    """Catalogue port over `var/catalogue`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._next_check = 0.0
        self._file = ""
        self._version = 0
        self._centre: Optional[Centre] = None
        self._items: Mapping[str, PublishedItem] = {}

    @property
    def version(self) -> int:
        """The version now in force."""
        self._refresh()
        return self._version

    @property
    def centre(self) -> Centre:
        """The centre profile of that version.

        Raises:
            CatalogueMissing: nothing published yet.
        """
        self._refresh()
        if self._centre is None:
            raise CatalogueMissing(str(self._folder / POINTER))
        return self._centre

    def get(self, code: str) -> Optional[PublishedItem]:
        """The published item of this code, or None."""
        self._refresh()
        return self._items.get(code)

    def all(self) -> Sequence[PublishedItem]:
        """All published items."""
        self._refresh()
        return tuple(self._items.values())

    def _refresh(self) -> None:
        if time.monotonic() < self._next_check:
            return
        self._next_check = time.monotonic() + CHECK_SECONDS
        try:
            pointer = json.loads((self._folder / POINTER).read_text(encoding="utf8"))
            if pointer["file"] != self._file:
                self._load(pointer["file"])
        except (OSError, ValueError, KeyError):
            return  # the old version stays in use; the centre replaces the pointer atomically

    def _load(self, name: str) -> None:
        snapshot = json.loads((self._folder / name).read_text(encoding="utf8"))
        items: Dict[str, PublishedItem] = {}
        for entry in snapshot["items"]:
            item, local = _read(entry)
            items[item.code] = PublishedItem(item, local, int(entry["version"]))
        self._centre = yaml_catalogue.centre_from_json(snapshot["centre"])
        self._items, self._version, self._file = items, int(snapshot["version"]), name


def _read(entry: Mapping[str, Any]) -> Tuple[Item, LocalFacts]:
    return yaml_catalogue.item_from_json(entry["item"]), yaml_catalogue.local_from_json(entry["local"])
