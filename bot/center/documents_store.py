"""文书库 (wenshu ku): papers that were issued; none is ever changed."""

from __future__ import annotations

from typing import Any, Mapping, Optional, Sequence

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.center.tables import documents as t
from bot.domain.case_documents import DocumentKind

_ORDER = list(DocumentKind)


async def add(connection: AsyncConnection, row: Mapping[str, Any]) -> None:
    """Keep a paper."""
    await connection.execute(t.insert().values(**row))


async def by_id(connection: AsyncConnection, document_id: str) -> Optional[Any]:
    """One paper."""
    return (await connection.execute(sa.select(t).where(t.c.id == document_id))).first()


async def of_case(connection: AsyncConnection, number: str) -> Sequence[Any]:
    """The papers of a case, oldest first; those of one moment in their official order."""
    found = await connection.execute(sa.select(t).where(t.c.case_number == number))
    return sorted(found, key=lambda row: (row.event_seq, _ORDER.index(DocumentKind(row.kind))))
