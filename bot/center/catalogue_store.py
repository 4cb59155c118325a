"""事项版本库 (shixiang banbenku): items with their versions; once seeded, the database is the truth.

A version is a draft until it is published; a published version never changes any more. Which version is in force on
a day follows from the dates alone: of all published versions in force that day, the one that took effect last.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Iterable, Mapping, Optional, Sequence

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.yaml_catalogue import item_from_json, local_from_json, to_json
from bot.center.tables import item_versions as t
from bot.domain.item import Item, LocalFacts
from bot.ports import PublishedItem

DRAFT, PUBLISHED = "draft", "published"
SEED, IMPORT, EDIT = "seed", "import", "edit"


@dataclass(frozen=True)
class VersionHead:
    """A version without its content. `expires_on` is the last day of validity."""

    code: str
    version: int
    state: str
    origin: str
    created_at: datetime
    published_at: Optional[datetime]
    effective_from: Optional[date]
    expires_on: Optional[date]
    content_hash: str

    def in_force(self, day: date) -> bool:
        if self.state != PUBLISHED or self.effective_from is None or self.effective_from > day:
            return False
        return self.expires_on is None or day <= self.expires_on


_HEAD = (
    t.c.code, t.c.version, t.c.state, t.c.origin, t.c.created_at, t.c.published_at, t.c.effective_from, t.c.expires_on,
    t.c.content_hash,
)  # fmt: skip


def choose_in_force(heads: Iterable[VersionHead], day: date) -> dict[str, VersionHead]:
    """The version in force of each code: the latest to take effect, of two of the same day the later version."""
    chosen: dict[str, VersionHead] = {}
    for head in heads:
        if head.in_force(day):
            other = chosen.get(head.code)
            if other is None or (other.effective_from, other.version) < (head.effective_from, head.version):
                chosen[head.code] = head
    return chosen


def content_hash(item: Mapping[str, Any], local: Mapping[str, Any]) -> str:
    """Equal for equal content, whatever the order of keys."""
    text = json.dumps([item, local], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


async def heads(connection: AsyncConnection, code: Optional[str] = None) -> list[VersionHead]:
    """All versions, of one item or of all, oldest first."""
    query = sa.select(*_HEAD).order_by(t.c.code, t.c.version)
    rows = await connection.execute(query if code is None else query.where(t.c.code == code))
    return [VersionHead(**row._mapping) for row in rows]


async def content(connection: AsyncConnection, code: str, version: int) -> Optional[tuple[VersionHead, PublishedItem]]:
    """One version, draft or published; None if there is none of that number."""
    row = (await connection.execute(sa.select(t).where(t.c.code == code, t.c.version == version))).first()
    if row is None:
        return None
    head = VersionHead(**{column.name: row._mapping[column] for column in _HEAD})
    return head, PublishedItem(item_from_json(row.item), local_from_json(row.local), version)


async def contents(connection: AsyncConnection, wanted: Mapping[str, int]) -> list[PublishedItem]:
    """The wanted versions, by code, in the order of codes."""
    rows = await connection.execute(sa.select(t.c.code, t.c.version, t.c.item, t.c.local).order_by(t.c.code))
    return [
        PublishedItem(item_from_json(row.item), local_from_json(row.local), row.version)
        for row in rows
        if wanted.get(row.code) == row.version
    ]


async def add_draft(
    connection: AsyncConnection, item: Item, local: LocalFacts, now: datetime, origin: str = EDIT
) -> tuple[VersionHead, bool]:
    """A new draft version; the newest version itself if it already has this very content. True: a new one was made."""
    plain_item, plain_local = to_json(item), to_json(local)
    digest = content_hash(plain_item, plain_local)
    existing = await heads(connection, item.code)
    if existing and existing[-1].content_hash == digest:
        return existing[-1], False
    version = existing[-1].version + 1 if existing else 1
    head = VersionHead(item.code, version, DRAFT, origin, now, None, None, None, digest)
    values = {**head.__dict__, "item": plain_item, "local": plain_local}
    await connection.execute(t.insert().values(**values))
    return head, True


async def publish(
    connection: AsyncConnection, code: str, version: int, now: datetime, effective_from: date, expires_on: Optional[date]
) -> bool:
    """Publish a draft with its dates, which are also written into the item; False if it is no draft."""
    found = await content(connection, code, version)
    if found is None or found[0].state != DRAFT:
        return False
    item = replace(found[1].item, effective_from=effective_from, expires_on=expires_on)
    done = await connection.execute(
        t.update()
        .where(t.c.code == code, t.c.version == version, t.c.state == DRAFT)
        .values(
            state=PUBLISHED, item=to_json(item), published_at=now, effective_from=effective_from, expires_on=expires_on
        )
    )
    return bool(done.rowcount)


async def is_empty(connection: AsyncConnection) -> bool:
    """Whether no item was ever stored."""
    return (await connection.execute(sa.select(t.c.code).limit(1))).first() is None


async def seed(
    connection: AsyncConnection, items: Mapping[str, Item], facts: Mapping[str, LocalFacts], now: datetime
) -> None:
    """Version 1 of every item, published, with the item's own dates."""
    for code, item in items.items():
        await add_draft(connection, item, facts.get(code, LocalFacts(code)), now, SEED)
        await publish(connection, code, 1, now, item.effective_from, item.expires_on)


@dataclass(frozen=True)
class StoredContent:
    """What an import compares with: the newest version, and the newest that came from files."""

    newest: VersionHead
    newest_item: Mapping[str, Any]
    newest_local: Mapping[str, Any]
    newest_from_file: Optional[VersionHead]


async def newest(connection: AsyncConnection) -> dict[str, StoredContent]:
    """The newest version of every item, drafts included."""
    rows: Sequence[Any] = (await connection.execute(sa.select(t).order_by(t.c.code, t.c.version))).all()
    found: dict[str, StoredContent] = {}
    for row in rows:
        head = VersionHead(**{column.name: row._mapping[column] for column in _HEAD})
        earlier = found[head.code].newest_from_file if head.code in found else None
        found[head.code] = StoredContent(head, row.item, row.local, earlier if head.origin == EDIT else head)
    return found
