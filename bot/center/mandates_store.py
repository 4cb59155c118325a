"""委托库 (weituo ku): who may act for whom."""

from __future__ import annotations

from typing import Any, Mapping, Optional, Sequence

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.center.tables import mandates as t
from bot.domain.mandate import Form, Mandate, MandateState, Scope


async def add(connection: AsyncConnection, row: Mapping[str, Any]) -> None:
    """Keep a mandate; an IntegrityError says that its key is taken."""
    await connection.execute(t.insert().values(**row))


async def by_id(connection: AsyncConnection, mandate_id: str) -> Optional[Any]:
    """One mandate; nobody else changes it until this transaction ends."""
    return (await connection.execute(sa.select(t).where(t.c.id == mandate_id).with_for_update())).first()


async def by_key(connection: AsyncConnection, key: str) -> Optional[Any]:
    """The mandate of an idempotency key."""
    return (await connection.execute(sa.select(t).where(t.c.idempotency_key == key))).first()


async def of_conversation(connection: AsyncConnection, conversation: str, limit: int) -> Sequence[Any]:
    """The mandates that a conversation has given or holds, newest first."""
    mine = sa.or_(t.c.agent_conversation == conversation, t.c.principal_conversation == conversation)
    return list(await connection.execute(sa.select(t).where(mine).order_by(t.c.created_at.desc(), t.c.id).limit(limit)))


async def save(connection: AsyncConnection, mandate_id: str, **changes: Any) -> None:
    """Store what has changed."""
    await connection.execute(t.update().where(t.c.id == mandate_id).values(**changes))


def mandate_of(row: Any) -> Mandate:
    """The rules' view of a row."""
    scope = tuple(Scope(name) for name in row.scope)
    return Mandate(row.item_code, scope, row.until, Form(row.form), MandateState(row.state), row.witness, row.wrong_codes)
