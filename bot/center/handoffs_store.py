"""转人工库 (zhuan rengong ku): who wants to speak to a clerk, and the packet for that clerk."""

from __future__ import annotations

from typing import Any, Mapping, Optional, Sequence

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.center.tables import handoffs as t

WAITING = "waiting"


async def add(connection: AsyncConnection, row: Mapping[str, Any]) -> None:
    """Store a handoff."""
    await connection.execute(t.insert().values(**row))


async def by_key(connection: AsyncConnection, key: str) -> Optional[Any]:
    """The handoff of an idempotency key."""
    return (await connection.execute(sa.select(t).where(t.c.idempotency_key == key))).first()


async def newest(connection: AsyncConnection, state: Optional[str], limit: int) -> Sequence[Any]:
    """Handoffs, newest first; of one state or of all."""
    query = sa.select(t).order_by(t.c.created_at.desc(), t.c.id).limit(limit)
    return list(await connection.execute(query if state is None else query.where(t.c.state == state)))
