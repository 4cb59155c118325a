"""流水号 (liushuihao): serial numbers, each given once, in the transaction that uses it."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.center.tables import counters as t


async def next_value(connection: AsyncConnection, name: str) -> int:
    """The next value of a counter. Two transactions that begin a new counter at once: one fails and is tried again."""
    raised = await connection.execute(t.update().where(t.c.name == name).values(value=t.c.value + 1))
    if not raised.rowcount:
        await connection.execute(t.insert().values(name=name, value=1))
        return 1
    return int((await connection.execute(sa.select(t.c.value).where(t.c.name == name))).scalar_one())
