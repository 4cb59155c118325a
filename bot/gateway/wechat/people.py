"""绑定 (bangding): which conversation belongs to which follower.

The conversation's name is random, not made from the openid: who leaves and comes back keeps the openid but begins
anew, and nothing of before is shown.
"""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Mapping, Optional

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.adapters.sql.insert import insert_once
from bot.adapters.vault.cipher import fingerprint
from bot.gateway import inbox, outbox
from bot.gateway.tables import DELETIONS
from bot.gateway.wechat.tables import PEOPLE


@dataclass(frozen=True)
class Follower:
    """A person who can be written to; `unreachable` says why the platform delivers nothing just now."""

    openid: str
    conversation: str
    unreachable: Optional[str]


def mark(hash_key: bytes, openid: str) -> str:
    """Equal for equal openids, useless without the key."""
    return fingerprint(hash_key, "wechat openid", openid)


def find(connection: Connection, hash_key: bytes, openid: str) -> Optional[Follower]:
    """The follower with this openid, if we know one."""
    row = connection.execute(sa.select(PEOPLE).where(PEOPLE.c.mark == mark(hash_key, openid))).mappings().first()
    return _follower(row) if row else None


def of_conversation(connection: Connection, conversation: str) -> Optional[Follower]:
    """The follower whose conversation this is; None after leaving."""
    row = connection.execute(sa.select(PEOPLE).where(PEOPLE.c.conversation == conversation)).mappings().first()
    return _follower(row) if row else None


def bind(connection: Connection, hash_key: bytes, openid: str, now: datetime, scene: str = "") -> Follower:
    """The follower, known from now on at the latest; a contact makes a person reachable again."""
    values = {
        "mark": mark(hash_key, openid),
        "openid": openid,
        "conversation": "wechat-" + base64.b32encode(os.urandom(16)).decode().lower().rstrip("="),
        "scene": scene[:64] or None,
        "unreachable": None,
        "at": now.isoformat(),
    }
    if not insert_once(connection, PEOPLE, values):
        kept = {"unreachable": None, **({"scene": scene[:64]} if scene else {})}
        connection.execute(sa.update(PEOPLE).where(PEOPLE.c.mark == values["mark"]).values(**kept))
    found = find(connection, hash_key, openid)
    assert found is not None
    return found


def set_unreachable(connection: Connection, conversation: str, why: str) -> None:
    """The platform delivers nothing to this person until the next contact."""
    connection.execute(sa.update(PEOPLE).where(PEOPLE.c.conversation == conversation).values(unreachable=why))


def leave(connection: Connection, hash_key: bytes, openid: str, left_at: datetime, now: datetime) -> Optional[str]:
    """取消关注: forget the openid, cancel what was to be said, and ask for the deletion of the rest."""
    found = find(connection, hash_key, openid)
    values = {
        "conversation": found.conversation if found else "",
        "mark": mark(hash_key, openid),
        "cause": "unfollowed",
        "at": left_at.isoformat(),
        "state": "requested" if found else "done",
    }
    connection.execute(sa.insert(DELETIONS).values(**values))
    if found is None:
        return None
    connection.execute(sa.delete(PEOPLE).where(PEOPLE.c.mark == mark(hash_key, openid)))
    inbox.cancel(connection, found.conversation, "unfollowed", now)
    outbox.cancel(connection, found.conversation, "unfollowed", now)
    return found.conversation


def left_since(connection: Connection, hash_key: bytes, openid: str, said: datetime) -> bool:
    """Whether somebody left at or after saying this: a late re-delivery is not taken up again."""
    query = sa.select(DELETIONS.c.at).where(DELETIONS.c.mark == mark(hash_key, openid))
    return any(datetime.fromisoformat(at) >= said for at in connection.execute(query).scalars())


def _follower(row: Mapping[str, Any]) -> Follower:
    return Follower(row["openid"], row["conversation"], row["unreachable"])
