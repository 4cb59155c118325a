"""任务库 (renwu ku): what was promised to whom by when."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Mapping, Optional, Sequence

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.sql.insert import insert_once
from bot.center.tables import tasks as t
from bot.domain.promise import TaskKind

OPEN, DONE = "open", "done"
CLERK, SUPERVISOR = "clerk", "supervisor"


async def add(connection: AsyncConnection, row: Mapping[str, Any]) -> None:
    """Store a task."""
    await connection.execute(t.insert().values(**row))


async def add_once(connection: AsyncConnection, row: Mapping[str, Any]) -> bool:
    """Store a task unless its key is there, also when another centre stores it at this moment."""
    return await connection.run_sync(lambda sync: insert_once(sync, t, row))


async def by_key(connection: AsyncConnection, key: str) -> Optional[Any]:
    """The task of an idempotency key."""
    return (await connection.execute(sa.select(t).where(t.c.idempotency_key == key))).first()


async def by_id(connection: AsyncConnection, task_id: str) -> Optional[Any]:
    """One task."""
    return (await connection.execute(sa.select(t).where(t.c.id == task_id))).first()


async def most_urgent(connection: AsyncConnection, wanted: Mapping[str, Optional[str]], limit: int) -> Sequence[Any]:
    """Tasks, those due first first; `wanted`: columns and their values, None for any."""
    query = sa.select(t).order_by(t.c.due_at, t.c.id).limit(limit)
    for column, value in wanted.items():
        if value is not None:
            query = query.where(t.c[column] == value)
    return list(await connection.execute(query))


async def finish(connection: AsyncConnection, task_id: str, answer: str, now: datetime) -> bool:
    """Mark an open task as done; False for one that is done already, which stays as it is."""
    done = {"state": DONE, "answer": answer, "done_at": now}
    finished = await connection.execute(t.update().where(t.c.id == task_id, t.c.state == OPEN).values(**done))
    return bool(finished.rowcount)


async def raise_overdue(connection: AsyncConnection, now: datetime) -> int:
    """Mark what is late and raise it to a supervisor, each once, whatever is restarted; how many it were.

    A reminder of a case is left alone: when the case is late, the supervisor gets a task of its own (case_watch).
    """
    late = sa.and_(t.c.state == OPEN, t.c.due_at < now, t.c.overdue_at.is_(None), t.c.kind != TaskKind.CASE_DUE.value)
    raised = await connection.execute(t.update().where(late).values(overdue_at=now, level=SUPERVISOR))
    return int(raised.rowcount)
