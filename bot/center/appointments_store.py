"""预约库 (yuyue ku): who comes when. A seat of a time is given once: the store itself sees to it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Mapping, Optional, Sequence

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.sql.insert import insert_once
from bot.center.tables import appointments as t

BOOKED, CANCELLED = "booked", "cancelled"


async def by_key(connection: AsyncConnection, key: str) -> Optional[Any]:
    """The appointment of an idempotency key."""
    return (await connection.execute(sa.select(t).where(t.c.idempotency_key == key))).first()


async def by_id(connection: AsyncConnection, appointment_id: str) -> Optional[Any]:
    """One appointment."""
    return (await connection.execute(sa.select(t).where(t.c.id == appointment_id))).first()


async def book(connection: AsyncConnection, row: Mapping[str, Any], capacity: int) -> bool:
    """Take the first free seat of the time; False when it is full."""
    for seat in range(capacity):
        values = {**row, "seat": seat, "state": BOOKED}
        if await connection.run_sync(lambda sync, values=values: insert_once(sync, t, values)):
            return True
    return False


async def move(connection: AsyncConnection, row: Any, starts_at: datetime, capacity: int) -> bool:
    """Another time for an appointment; False when it is full, and the old one stays."""
    taken = sa.select(t.c.seat).where(t.c.window == row.window, t.c.starts_at == starts_at, t.c.seat.isnot(None))
    seats = {seat for (seat,) in await connection.execute(taken)}
    free = next((seat for seat in range(capacity) if seat not in seats), None)
    if free is None:
        return False
    await connection.execute(t.update().where(t.c.id == row.id).values(starts_at=starts_at, seat=free))
    return True


async def cancel(connection: AsyncConnection, appointment_id: str) -> None:
    """Give the seat back; a cancelled one stays cancelled."""
    await connection.execute(t.update().where(t.c.id == appointment_id).values(state=CANCELLED, seat=None))


async def taken(connection: AsyncConnection, window: str, start: datetime, end: datetime) -> Mapping[datetime, int]:
    """How many have booked each time of a window."""
    between = sa.and_(t.c.window == window, t.c.state == BOOKED, t.c.starts_at >= start, t.c.starts_at < end)
    query = sa.select(t.c.starts_at, sa.func.count()).where(between).group_by(t.c.starts_at)
    return {at: count for at, count in await connection.execute(query)}


async def of_conversation(connection: AsyncConnection, conversation: str, after: datetime) -> Sequence[Any]:
    """What somebody has booked and is still to come, next first."""
    mine = sa.and_(t.c.conversation == conversation, t.c.state == BOOKED, t.c.starts_at >= after)
    return list(await connection.execute(sa.select(t).where(mine).order_by(t.c.starts_at)))


async def coming(connection: AsyncConnection, start: datetime, end: datetime, window: Optional[str], limit: int) -> Sequence[Any]:
    """What is booked between two moments."""
    between = sa.and_(t.c.state == BOOKED, t.c.starts_at >= start, t.c.starts_at < end)
    query = sa.select(t).where(between).order_by(t.c.starts_at, t.c.window).limit(limit)
    return list(await connection.execute(query if window is None else query.where(t.c.window == window)))
