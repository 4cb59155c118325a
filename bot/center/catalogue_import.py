"""导入 (daoru): items from files into the database; shows what would change and never overwrites an edit silently."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Collection, Mapping, Optional

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.yaml_catalogue import to_json
from bot.center import catalogue_store
from bot.center.catalogue_store import IMPORT, StoredContent, content_hash
from bot.domain.catalogue_diff import Change, differences
from bot.domain.item import Item, LocalFacts

NEW, CHANGED, UNCHANGED = "new", "changed", "unchanged"
EDITED_HERE = "edited_here"  # the file is what it was; only the database was edited since
CONFLICT = "conflict"  # both the file and the database were changed


@dataclass(frozen=True)
class ImportEntry:
    """What an import does, or would do, with one item."""

    code: str
    name: str
    action: str
    changes: tuple[Change, ...] = ()
    version: Optional[int] = None  # the draft that was made


def _judge(stored: Optional[StoredContent], digest: str) -> str:
    if stored is None:
        return NEW
    if stored.newest.content_hash == digest:
        return UNCHANGED
    from_file = stored.newest_from_file
    if from_file is not None and from_file.version == stored.newest.version:
        return CHANGED
    return EDITED_HERE if from_file is not None and from_file.content_hash == digest else CONFLICT


async def import_items(
    connection: AsyncConnection,
    items: Mapping[str, Item],
    facts: Mapping[str, LocalFacts],
    now: datetime,
    *,
    dry_run: bool,
    overwrite: Collection[str] = (),
) -> list[ImportEntry]:
    """Compare files with the database and, unless `dry_run`, make drafts of what is new or changed.

    An item that was edited in the database becomes a draft only if its code stands in `overwrite`. Nothing is
    published, and no version is ever replaced.
    """
    stored = await catalogue_store.newest(connection)
    entries = []
    for code, item in items.items():
        local = facts.get(code, LocalFacts(code))
        after = {"item": to_json(item), "local": to_json(local)}
        old = stored.get(code)
        action = _judge(old, content_hash(after["item"], after["local"]))
        changes: tuple[Change, ...] = ()
        if old is not None and action != UNCHANGED:
            changes = tuple(differences({"item": old.newest_item, "local": old.newest_local}, after))
        version = None
        if not dry_run and (action in (NEW, CHANGED) or (code in overwrite and action in (CONFLICT, EDITED_HERE))):
            head, _ = await catalogue_store.add_draft(connection, item, local, now, IMPORT)
            version = head.version
        entries.append(ImportEntry(code, item.name, action, changes, version))
    return entries
