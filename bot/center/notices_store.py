"""告知单库 (gaozhidan ku): every notice that was given, with the version it was made from."""

from __future__ import annotations

from typing import Any, Mapping, Optional

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.center.tables import notices as t


async def add(connection: AsyncConnection, row: Mapping[str, Any]) -> None:
    """Store a notice."""
    await connection.execute(t.insert().values(**row))


async def by_key(connection: AsyncConnection, key: str) -> Optional[Any]:
    """The notice of an idempotency key."""
    return (await connection.execute(sa.select(t).where(t.c.idempotency_key == key))).first()


async def by_number(connection: AsyncConnection, number: str) -> Optional[Any]:
    """The notice of a number."""
    return (await connection.execute(sa.select(t).where(t.c.number == number))).first()
