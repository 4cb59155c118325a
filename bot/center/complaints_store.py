"""投诉库 (tousu ku): complaints with who, if they said so, and the answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Mapping, Optional, Sequence

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.center.tables import complaints as t

OPEN, ANSWERED = "open", "answered"


async def add(connection: AsyncConnection, row: Mapping[str, Any]) -> None:
    """Keep a complaint."""
    await connection.execute(t.insert().values(**row, state=OPEN, answered_at=None, answer=""))


async def by_key(connection: AsyncConnection, key: str) -> Optional[Any]:
    """The complaint of an idempotency key."""
    return (await connection.execute(sa.select(t).where(t.c.idempotency_key == key))).first()


async def by_number(connection: AsyncConnection, number: str) -> Optional[Any]:
    """One complaint."""
    return (await connection.execute(sa.select(t).where(t.c.number == number))).first()


async def listed(connection: AsyncConnection, state: Optional[str], conversation: Optional[str], limit: int) -> Sequence[Any]:
    """Complaints, due first first."""
    query = sa.select(t).order_by(t.c.due_at, t.c.number).limit(limit)
    if state is not None:
        query = query.where(t.c.state == state)
    if conversation is not None:
        query = query.where(t.c.conversation == conversation)
    return list(await connection.execute(query))


async def answer(connection: AsyncConnection, number: str, text: str, now: datetime) -> None:
    """Answer a complaint; an answered one stays as it is."""
    done = {"state": ANSWERED, "answer": text, "answered_at": now}
    await connection.execute(t.update().where(t.c.number == number, t.c.state == OPEN).values(**done))
