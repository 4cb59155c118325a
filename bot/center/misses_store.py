"""没答上的问题库 (mei dashang de wenti ku): questions without a clear answer; never many, never for long."""

from __future__ import annotations

from datetime import date
from typing import Any, Mapping, Optional, Sequence

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.center.tables import misses as t

MOST = 20_000
"""Rows kept at most; beyond it the oldest go."""
MOST_A_DAY = 30
"""Of one asker in one day; beyond it nothing more is learned from them."""


async def add(connection: AsyncConnection, row: Mapping[str, Any], today: date) -> bool:
    """Store a question, unless this asker has filled the day; rows whose time is over are deleted on the way."""
    await connection.execute(t.delete().where(t.c.delete_on <= today))
    same = t.c.asker_of_the_day == row["asker_of_the_day"]
    if (await connection.execute(sa.select(sa.func.count()).where(same))).scalar_one() >= MOST_A_DAY:
        return False
    made = (await connection.execute(t.insert().values(**row))).inserted_primary_key
    if made is not None:  # ids only grow, so the oldest are those far enough behind the newest
        await connection.execute(t.delete().where(t.c.id <= made[0] - MOST))
    return True


async def newest(connection: AsyncConnection, decision: Optional[str], today: date, limit: int) -> Sequence[Any]:
    """Questions whose time is not over, newest first; with one decision or with all."""
    query = sa.select(t).where(t.c.delete_on > today).order_by(t.c.id.desc()).limit(limit)
    return list(await connection.execute(query if decision is None else query.where(t.c.decision == decision)))
