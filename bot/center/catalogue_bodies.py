"""事项接口的内容 (shixiang jiekou de neirong): what comes in and what goes out about items."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Optional

from bot.center.shapes import limited
from bot.domain.item import Item, LocalFacts


@dataclass(frozen=True)
class FoundItem:
    """One hit. `catalogue_version` is the item's version in force: notices and cases quote it."""

    code: str
    name: str
    category: str
    summary: str
    catalogue_version: int
    effective_from: date


@dataclass(frozen=True)
class FoundItems:
    """`publication` is the number of the snapshot of the whole catalogue."""

    publication: int
    items: tuple[FoundItem, ...]


@dataclass(frozen=True)
class VersionView:
    """A version without its content."""

    code: str
    version: int
    state: str
    origin: str
    created_at: datetime
    published_at: Optional[datetime]
    effective_from: Optional[date]
    expires_on: Optional[date]
    in_force: bool


@dataclass(frozen=True)
class ItemView:
    """An item with its local facts in one version."""

    catalogue_version: int
    state: str
    in_force: bool
    item: Item
    local: LocalFacts


@dataclass(frozen=True)
class FindingView:
    """Something the check of the catalogue found."""

    level: str
    code: str
    path: str
    text: str


@dataclass(frozen=True)
class DraftView:
    """The draft that was made, and what must or should be repaired before it is published."""

    version: VersionView
    findings: tuple[FindingView, ...]


@dataclass(frozen=True)
class VersionsView:
    """All versions of an item, oldest first."""

    versions: tuple[VersionView, ...]


@dataclass(frozen=True)
class ChangeView:
    """One place that differs."""

    path: str
    before: Any
    after: Any


@dataclass(frozen=True)
class DiffView:
    """What differs between two versions."""

    changes: tuple[ChangeView, ...]


@dataclass(frozen=True)
class PublishedView:
    """The published version and the snapshot that came of it."""

    version: VersionView
    publication: int


@dataclass(frozen=True)
class ItemBody:
    """New content of an item."""

    item: Item
    local: Optional[LocalFacts] = None


@dataclass(frozen=True)
class PublishBody:
    """Dates default to the item's own, but never before today; `expires_on` is the last day of validity."""

    version: int = limited(least=1, most=1_000_000)
    effective_from: Optional[date] = None
    expires_on: Optional[date] = None
