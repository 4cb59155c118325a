"""容缺库 (rongque ku): papers that follow later on a promise, with their day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Mapping, Optional, Sequence

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.center.tables import cases
from bot.center.tables import deferrals as t

OPEN, GIVEN = "open", "given"


async def add(connection: AsyncConnection, row: Mapping[str, Any]) -> None:
    """Keep a promise."""
    await connection.execute(t.insert().values(**row, state=OPEN))


async def of_case(connection: AsyncConnection, number: str, state: Optional[str] = None) -> Sequence[Any]:
    """The promises of a case."""
    query = sa.select(t).where(t.c.case_number == number).order_by(t.c.due_on, t.c.material_id)
    return list(await connection.execute(query if state is None else query.where(t.c.state == state)))


async def keep(connection: AsyncConnection, number: str, material_id: str, now: datetime) -> bool:
    """The paper has come; False if none was open."""
    row = sa.and_(t.c.case_number == number, t.c.material_id == material_id, t.c.state == OPEN)
    return bool((await connection.execute(t.update().where(row).values(state=GIVEN, given_at=now))).rowcount)


async def due_until(connection: AsyncConnection, day: date, limit: int) -> Sequence[Any]:
    """Open promises of open cases that are due on this day or were before, with the case's conversation and channel."""
    from bot.center.cases_store import OPEN_STATES

    query = (
        sa.select(t, cases.c.conversation, cases.c.channel, cases.c.item_name)
        .join(cases, cases.c.number == t.c.case_number)
        .where(t.c.state == OPEN, t.c.due_on <= day, cases.c.state.in_(OPEN_STATES))
        .order_by(t.c.due_on, t.c.case_number)
    )
    return list(await connection.execute(query.limit(limit)))
