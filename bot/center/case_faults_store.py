"""目录缺陷 (mulu quexian): demands of 补正 that the notice did not cover; work for the catalogue editor (I2)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Mapping, Optional, Sequence

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.center.tables import catalogue_defects as t

OPEN, CLOSED = "open", "closed"


async def add(connection: AsyncConnection, row: Mapping[str, Any]) -> None:
    """Open a defect."""
    await connection.execute(t.insert().values(**row, state=OPEN, closed_at=None, resolution=""))


async def listed(connection: AsyncConnection, state: Optional[str], limit: int) -> Sequence[Any]:
    """Defects, newest first."""
    query = sa.select(t).order_by(t.c.created_at.desc(), t.c.id).limit(limit)
    return list(await connection.execute(query if state is None else query.where(t.c.state == state)))


async def close(connection: AsyncConnection, defect_id: str, resolution: str, now: datetime) -> Optional[Any]:
    """Close a defect, once; the row afterwards, or None for an unknown one."""
    done = {"state": CLOSED, "closed_at": now, "resolution": resolution}
    await connection.execute(t.update().where(t.c.id == defect_id, t.c.state == OPEN).values(**done))
    return (await connection.execute(sa.select(t).where(t.c.id == defect_id))).first()
