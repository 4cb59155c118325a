"""评价库 (pingjia ku): every rating that was given; none is ever changed, a later one counts instead."""

from __future__ import annotations

from typing import Any, Mapping, Optional

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.center.tables import ratings as t
from bot.domain.rating import Level, Rating


async def add(connection: AsyncConnection, row: Mapping[str, Any]) -> None:
    """Store a rating; an IntegrityError says that its key or place is taken."""
    await connection.execute(t.insert().values(**row))


async def by_key(connection: AsyncConnection, key: str) -> Optional[Any]:
    """The row of an idempotency key."""
    return (await connection.execute(sa.select(t).where(t.c.idempotency_key == key))).first()


async def latest(connection: AsyncConnection, case_number: str) -> Optional[Rating]:
    """The rating of a case that counts."""
    rows = (await connection.execute(sa.select(t).where(t.c.case_number == case_number).order_by(t.c.seq))).all()
    if not rows:
        return None
    last = rows[-1]
    return Rating(last.seq, Level(last.level), last.words, last.at, rows[0].at)
