"""附件 (fujian): photos, clips and films that people send: noted at once, fetched soon, kept sealed, dropped after 30 days.

The platform keeps a file for three days only. Files lie under `$BANGBAN_VAR/attachments`, each encrypted with the
vault's key and bound to its row. What may be done with them by photo of a paper is not this module's matter.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, List, Mapping, Optional
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.adapters.sql.insert import insert_once
from bot.adapters.vault.cipher import Cipher
from bot.gateway.wechat.tables import ATTACHMENTS

KEPT_FOR = timedelta(days=30)
MOST_BYTES = {"image": 10 * 1024 * 1024, "voice": 2 * 1024 * 1024, "video": 20 * 1024 * 1024}
MOST_OF_ONE_PERSON = 60
_TRIES = 6
WAITING, STORED, FAILED, PURGED = "waiting", "stored", "failed", "purged"
_ROW = ATTACHMENTS.c


@dataclass(frozen=True)
class Wanted:
    """A file that is still to be fetched, or a clip that a clerk is still to be told of."""

    id: str
    conversation: str
    kind: str
    media_id: str
    attempts: int
    promised_at: Optional[str]


def note(
    connection: Connection,
    conversation: str,
    message_id: str,
    kind: str,
    media_id: str,
    now: datetime,
    promised: Optional[datetime] = None,
) -> bool:
    """Write down that a file came; False when this person has sent too many to keep."""
    kept = sa.select(sa.func.count()).where(_ROW.conversation == conversation, _ROW.state.in_((WAITING, STORED)))
    if not media_id or connection.execute(kept).scalar_one() >= MOST_OF_ONE_PERSON:
        return False
    values = {
        "id": uuid4().hex,
        "conversation": conversation,
        "message_id": message_id,
        "kind": kind,
        "media_id": media_id[:255],
        "state": WAITING,
        "attempts": 0,
        "received_at": now.isoformat(),
        "purge_at": (now + KEPT_FOR).isoformat(),
        "promised_at": promised.isoformat() if promised else None,
        "task": WAITING if promised else None,
    }
    insert_once(connection, ATTACHMENTS, values)
    return True


def to_fetch(connection: Connection, limit: int) -> List[Wanted]:
    """The oldest files that are still to be fetched."""
    query = sa.select(ATTACHMENTS).where(_ROW.state == WAITING).order_by(_ROW.attempts, _ROW.received_at)
    return [_wanted(row) for row in connection.execute(query.limit(limit)).mappings()]


def to_tell(connection: Connection, limit: int) -> List[Wanted]:
    """Clips that a clerk is still to be told of."""
    query = sa.select(ATTACHMENTS).where(_ROW.task == WAITING).order_by(_ROW.received_at).limit(limit)
    return [_wanted(row) for row in connection.execute(query).mappings()]


def _wanted(row: Mapping[str, Any]) -> Wanted:
    return Wanted(**{name: row[name] for name in Wanted.__dataclass_fields__})


def store(folder: Path, cipher: Cipher, attachment: str, content: bytes) -> None:
    """Write a file, sealed; it is there wholly or not at all."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    sealed = cipher.seal_bytes_joined(content, f"attachment|{attachment}")
    temporary = folder / f".{attachment}.{os.getpid()}"
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(sealed)
        out.flush()
        os.fsync(out.fileno())
    os.replace(temporary, folder / attachment)


def load(folder: Path, cipher: Cipher, attachment: str) -> bytes:
    """The content of a stored file.

    Raises:
        OSError, CannotDecrypt: it is not there, or not ours.
    """
    return cipher.open_bytes_joined((folder / attachment).read_bytes(), f"attachment|{attachment}")


def stored(connection: Connection, attachment: str, content: bytes) -> None:
    """The file is safe."""
    digest = hashlib.sha256(content).hexdigest()
    _update(connection, attachment, state=STORED, size=len(content), digest=digest, note=None)


def not_fetched(connection: Connection, wanted: Wanted, why: str, final: bool) -> None:
    """It did not work; after some tries, or when the platform has lost it, for good."""
    state = FAILED if final or wanted.attempts + 1 >= _TRIES else WAITING
    _update(connection, wanted.id, state=state, note=why[:40], attempts=wanted.attempts + 1)


def told(connection: Connection, attachment: str) -> None:
    """A clerk has the task."""
    _update(connection, attachment, task="given")


def _update(connection: Connection, attachment: str, **values: Any) -> None:
    connection.execute(sa.update(ATTACHMENTS).where(_ROW.id == attachment).values(**values))


def purge(connection: Connection, folder: Path, now: datetime) -> int:
    """Delete the files whose time is over, and those of people who left; how many."""
    query = sa.select(_ROW.id, _ROW.purge_at).where(_ROW.state.in_((WAITING, STORED)))
    due = [row.id for row in connection.execute(query) if datetime.fromisoformat(row.purge_at) <= now]
    for attachment in due:
        (folder / attachment).unlink(missing_ok=True)
        _update(connection, attachment, state=PURGED, media_id="", task=None)
    return len(due)


def give_up(connection: Connection, conversation: str, now: datetime) -> None:
    """The person left: their files go with the next purge."""
    connection.execute(
        sa.update(ATTACHMENTS).where(_ROW.conversation == conversation).values(purge_at=now.isoformat(), task=None)
    )
