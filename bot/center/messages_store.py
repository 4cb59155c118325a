"""待发通知 (daifa tongzhi): what is to be told to people, written in the transaction of what it tells, sent by a worker."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Mapping, Optional, Sequence

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.center.tables import messages as t

QUEUED, SENT = "queued", "sent"
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(minutes=10)


async def add(
    connection: AsyncConnection,
    key: str,
    conversation: str,
    channel: str,
    text: str,
    now: datetime,
    phone: Optional[Mapping[str, Any]] = None,
) -> None:
    """Queue a message unless one with this key is there."""
    known = (await connection.execute(sa.select(t.c.key).where(t.c.key == key))).first()
    if known is None:
        row = {"key": key, "conversation": conversation, "channel": channel, "phone": phone, "text": text, "state": QUEUED}
        await connection.execute(t.insert().values(**row, tries=0, created_at=now, next_at=now))


async def due(connection: AsyncConnection, now: datetime, limit: int) -> Sequence[Any]:
    """Messages whose turn has come, in the order in which they were written."""
    query = sa.select(t).where(t.c.state == QUEUED, t.c.next_at <= now).order_by(t.c.created_at, t.c.key).limit(limit)
    return list(await connection.execute(query))


async def mark_sent(connection: AsyncConnection, key: str, now: datetime) -> None:
    """Handed over; the other side keeps the same key and says it once."""
    await connection.execute(t.update().where(t.c.key == key).values(state=SENT, sent_at=now))


async def later(connection: AsyncConnection, key: str, tries: int, now: datetime) -> None:
    """Not handed over: once more after a while, ever longer; it is never given up."""
    wait = min(FIRST_WAIT * 2 ** min(tries, 10), LONGEST_WAIT)
    await connection.execute(t.update().where(t.c.key == key).values(tries=tries + 1, next_at=now + wait))
