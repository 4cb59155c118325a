"""上传记录 (shangchuan jilu): rows about uploaded files. A file is deleted when its last row is gone."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Dict, List, Mapping, Optional, Sequence
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.adapters.sql.insert import insert_once
from bot.gateway.h5.tables import UPLOAD_DRAFTS, UPLOADS

KEPT_UNCLAIMED = timedelta(days=7)
MOST_FILES = 10
_U = UPLOADS.c


@dataclass(frozen=True)
class Place:
    """What a person uploads for: a case, or a draft that may become one."""

    subject: str
    conversation: str
    item_code: str
    catalogue_version: int
    facts: Mapping[str, str]
    is_draft: bool


def note_draft(connection: Connection, place: Place, now: datetime) -> None:
    """Remember that a draft may be uploaded to, and what it is now; said again, the newest holds."""
    connection.execute(sa.delete(UPLOAD_DRAFTS).where(UPLOAD_DRAFTS.c.draft == place.subject))
    values = {
        "draft": place.subject,
        "conversation": place.conversation,
        "item_code": place.item_code,
        "catalogue_version": place.catalogue_version,
        "facts": json.dumps(dict(place.facts)),
        "at": now.isoformat(),
    }
    connection.execute(sa.insert(UPLOAD_DRAFTS).values(**values))


def draft(connection: Connection, subject: str) -> Optional[Place]:
    """The draft of an id, if it may be uploaded to."""
    row = connection.execute(sa.select(UPLOAD_DRAFTS).where(UPLOAD_DRAFTS.c.draft == subject)).mappings().first()
    if row is None:
        return None
    return Place(subject, row["conversation"], row["item_code"], row["catalogue_version"], json.loads(row["facts"]), True)


def of_place(connection: Connection, place: Place) -> List[Dict[str, Any]]:
    """What was uploaded there, in order."""
    query = sa.select(UPLOADS).where(_U.subject == place.subject, _U.conversation == place.conversation)
    return [dict(row) for row in connection.execute(query.order_by(_U.at, _U.id)).mappings()]


def add(connection: Connection, place: Place, material: str, sha256: str, size: int, kind: str, now: datetime) -> bool:
    """Note a file; False when there is no room for it. The same file for the same material is noted once."""
    same = (_U.subject == place.subject, _U.material == material, _U.sha256 == sha256)
    if connection.execute(sa.select(_U.id).where(*same)).first() is not None:
        return True
    if len(of_place(connection, place)) >= MOST_FILES:
        return False
    values = {
        "id": uuid4().hex,
        "conversation": place.conversation,
        "subject": place.subject,
        "material": material,
        "sha256": sha256,
        "size": size,
        "type": kind,
        "at": now.isoformat(),
        "purge_at": (now + KEPT_UNCLAIMED).isoformat() if place.is_draft else None,
    }
    insert_once(connection, UPLOADS, values)
    return True


def remove(connection: Connection, place: Place, upload_id: str) -> Optional[str]:
    """Forget a file of this place; its hash, or None when there is no such file here."""
    mine = (_U.id == upload_id, _U.subject == place.subject, _U.conversation == place.conversation)
    sha256 = connection.execute(sa.select(_U.sha256).where(*mine)).scalar()
    connection.execute(sa.delete(UPLOADS).where(*mine))
    return sha256


def claim(connection: Connection, conversation: str, draft_id: str, case_number: str) -> int:
    """A draft has become a case: its files are the case's now and no longer purged; how many."""
    mine = (_U.subject == draft_id, _U.conversation == conversation)
    moved = connection.execute(sa.update(UPLOADS).where(*mine).values(subject=case_number, purge_at=None)).rowcount
    own = (UPLOAD_DRAFTS.c.draft == draft_id, UPLOAD_DRAFTS.c.conversation == conversation)
    connection.execute(sa.delete(UPLOAD_DRAFTS).where(*own))
    return int(moved)


def purge(connection: Connection, now: datetime) -> Sequence[str]:
    """Forget what nobody claimed in time; the hashes of those files."""
    # all times have the offset of Shanghai, so their texts are in the order of time
    due = (_U.purge_at.is_not(None), _U.purge_at <= now.isoformat())
    found = [row.sha256 for row in connection.execute(sa.select(_U.sha256).where(*due))]
    connection.execute(sa.delete(UPLOADS).where(*due))
    old = UPLOAD_DRAFTS.c.at <= (now - KEPT_UNCLAIMED).isoformat()
    connection.execute(sa.delete(UPLOAD_DRAFTS).where(old))
    return list(dict.fromkeys(found))


def is_used(connection: Connection, sha256: str) -> bool:
    """Whether any row still speaks of a file."""
    return connection.execute(sa.select(_U.id).where(_U.sha256 == sha256).limit(1)).first() is not None
