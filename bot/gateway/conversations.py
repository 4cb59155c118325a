"""会话 (huihua): the row of a conversation: its lease, and the counter that numbers its messages."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Dict, Mapping, Optional

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.adapters.sql.insert import insert_once
from bot.domain.lease import Lease, Owner, first_lease
from bot.gateway.tables import CONVERSATIONS

_ROW = CONVERSATIONS.c


def channel_of(conversation: str) -> str:
    """The channel that an id belongs to; ids of tests and tools have no prefix."""
    prefix = conversation.partition("-")[0]
    return prefix if prefix in ("web", "wechat") else "rest"


def lock(connection: Connection, conversation: str, now: datetime) -> Dict[str, Any]:
    """The conversation's row, made if it is new, held until the end of the transaction.

    Every write to the inbox or outbox begins here: it orders the writers of one conversation, and the lease that is read
    cannot change before they commit.
    """
    locked = sa.select(CONVERSATIONS).where(_ROW.conversation == conversation).with_for_update()
    row = (connection.execute(locked)).mappings().first()
    if row is None:
        lease = first_lease(now)
        values = {
            "conversation": conversation,
            "channel": channel_of(conversation),
            "created_at": now.isoformat(),
            "last_seq": 0,
        }
        insert_once(connection, CONVERSATIONS, {**values, **lease_columns(lease), "cause": None})
        row = (connection.execute(locked)).mappings().one()
    return dict(row)


def next_seq(connection: Connection, row: Dict[str, Any]) -> int:
    """The next number in a conversation whose row is locked."""
    row["last_seq"] += 1
    counted = sa.update(CONVERSATIONS).where(_ROW.conversation == row["conversation"])
    connection.execute(counted.values(last_seq=row["last_seq"]))
    return int(row["last_seq"])


def lease_of(row: Mapping[str, Any]) -> Lease:
    """The lease in a conversation's row."""
    return Lease(
        Owner(row["owner"]), row["holder"], row["epoch"], _moment(row["since"]) or datetime.min, _moment(row["until"])
    )


def lease_columns(lease: Lease) -> dict[str, Any]:
    """The columns that hold a lease."""
    return {
        "owner": lease.owner.value,
        "holder": lease.holder,
        "epoch": lease.epoch,
        "since": lease.since.isoformat(),
        "until": lease.until.isoformat() if lease.until else None,
    }


def read_lease(connection: Connection, conversation: str, now: datetime) -> Lease:
    """The lease of a conversation; one that is not known yet belongs to the bot."""
    row = (connection.execute(sa.select(CONVERSATIONS).where(_ROW.conversation == conversation))).mappings().first()
    return lease_of(row) if row else first_lease(now)


def _moment(text: Optional[str]) -> Optional[datetime]:
    return datetime.fromisoformat(text) if text else None
