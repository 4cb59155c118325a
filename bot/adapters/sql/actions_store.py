"""The action server's own tables: drafts, the filing outbox, and the sequence that numbers are minted from."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any, Dict, List, Mapping, Optional, Sequence

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.domain.case_numbers import NumberKind, mint
from bot.domain.draft import Draft
from bot.ports import Clock
from bot.services.file_case import Filing

METADATA = sa.MetaData()

DRAFTS = sa.Table(
    "drafts",
    METADATA,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("conversation", sa.String(255), nullable=False, index=True),
    sa.Column("item_code", sa.String(64), nullable=False),
    sa.Column("updated_at", sa.String(40), nullable=False),
    sa.Column("data", sa.Text, nullable=False),
)

FILINGS = sa.Table(
    "filings",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("key", sa.String(160), nullable=False, unique=True),
    sa.Column("number", sa.String(40), nullable=False, unique=True),
    sa.Column("conversation", sa.String(255), nullable=False, index=True),
    sa.Column("draft_id", sa.String(40), nullable=False, unique=True),
    sa.Column("state", sa.String(16), nullable=False, index=True),
    sa.Column("payload", sa.Text, nullable=False),
    sa.Column("answer", sa.Text, nullable=False),
    sa.Column("created_at", sa.String(40), nullable=False),
    sqlite_autoincrement=True,
)

SEQUENCES = sa.Table(
    "number_sequences",
    METADATA,
    sa.Column("day", sa.String(10), primary_key=True),
    sa.Column("last", sa.Integer, nullable=False),
)


class SqlActionsStore:
    """DraftStore and FilingOutbox on one engine, since filing drops the draft and mints the number in one transaction."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    async def prepare(self) -> None:
        """Create missing tables."""
        async with self._engine.begin() as connection:
            await connection.run_sync(METADATA.create_all)

    # drafts

    async def load(self, draft_id: str) -> Optional[Draft]:
        """The draft with this id, or None."""
        async with self._engine.connect() as connection:
            row = (await connection.execute(sa.select(DRAFTS.c.data).where(DRAFTS.c.id == draft_id))).first()
        return _read_draft(row.data) if row else None

    async def drafts_of(self, conversation: str) -> List[Draft]:
        """The drafts of a conversation, the one touched last first."""
        query = sa.select(DRAFTS.c.data).where(DRAFTS.c.conversation == conversation).order_by(DRAFTS.c.updated_at.desc())
        async with self._engine.connect() as connection:
            return [_read_draft(row.data) for row in await connection.execute(query)]

    async def save(self, draft: Draft) -> None:
        """Store the draft as it now is."""
        values = {
            "conversation": draft.conversation,
            "item_code": draft.item_code,
            "updated_at": self._clock.now().isoformat(),
            "data": json.dumps(asdict(draft), ensure_ascii=False),
        }
        async with self._engine.begin() as connection:
            updated = await connection.execute(DRAFTS.update().where(DRAFTS.c.id == draft.id).values(**values))
            if not updated.rowcount:
                await connection.execute(DRAFTS.insert().values(id=draft.id, **values))

    async def delete(self, draft_id: str) -> None:
        """Remove a draft for good."""
        async with self._engine.begin() as connection:
            await connection.execute(DRAFTS.delete().where(DRAFTS.c.id == draft_id))

    # filing outbox

    async def add(self, key: str, draft: Draft, payload: Dict[str, Any]) -> Filing:
        """Queue a filing and mint its number; the same key, or the same draft, gives the row that already stands."""
        try:
            async with self._engine.begin() as connection:
                known = await self._by(connection, sa.or_(FILINGS.c.key == key, FILINGS.c.draft_id == draft.id))
                if known is not None:
                    return known
                number = await self._mint(connection)
                row = {
                    "key": key,
                    "number": number,
                    "conversation": draft.conversation,
                    "draft_id": draft.id,
                    "state": "queued",
                    "payload": json.dumps({**payload, "number": number}, ensure_ascii=False),
                    "answer": "{}",
                    "created_at": self._clock.now().isoformat(),
                }
                await connection.execute(FILINGS.insert().values(**row))
                await connection.execute(DRAFTS.delete().where(DRAFTS.c.id == draft.id))
                return _read_filing(row)
        except IntegrityError:  # another process was faster with the same key
            async with self._engine.connect() as connection:
                known = await self._by(connection, FILINGS.c.draft_id == draft.id)
            if known is None:
                raise
            return known

    async def _mint(self, connection: AsyncConnection) -> str:
        today = self._clock.now().date()
        day = today.isoformat()
        updated = await connection.execute(
            SEQUENCES.update().where(SEQUENCES.c.day == day).values(last=SEQUENCES.c.last + 1)
        )
        if not updated.rowcount:
            await connection.execute(SEQUENCES.insert().values(day=day, last=1))
        last = (await connection.execute(sa.select(SEQUENCES.c.last).where(SEQUENCES.c.day == day))).scalar_one()
        return mint(NumberKind.CASE, today, last)

    async def waiting(self, limit: int) -> Sequence[Filing]:
        """Queued filings, oldest first."""
        query = sa.select(FILINGS).where(FILINGS.c.state == "queued").order_by(FILINGS.c.id).limit(limit)
        async with self._engine.connect() as connection:
            return [_read_filing(row._mapping) for row in await connection.execute(query)]

    async def mark(self, key: str, state: str, answer: Mapping[str, Any]) -> None:
        """Record what became of a filing."""
        values = {"state": state, "answer": json.dumps(dict(answer), ensure_ascii=False)}
        async with self._engine.begin() as connection:
            await connection.execute(
                FILINGS.update().where(FILINGS.c.key == key, FILINGS.c.state == "queued").values(**values)
            )

    async def of(self, conversation: str) -> Sequence[Filing]:
        """The filings of a conversation, oldest first."""
        query = sa.select(FILINGS).where(FILINGS.c.conversation == conversation).order_by(FILINGS.c.id)
        async with self._engine.connect() as connection:
            return [_read_filing(row._mapping) for row in await connection.execute(query)]

    @staticmethod
    async def _by(connection: AsyncConnection, condition: Any) -> Optional[Filing]:
        row = (await connection.execute(sa.select(FILINGS).where(condition))).first()
        return _read_filing(row._mapping) if row else None


def _read_draft(data: str) -> Draft:
    return Draft(**json.loads(data))


def _read_filing(row: Mapping[str, Any]) -> Filing:
    return Filing(
        key=row["key"],
        number=row["number"],
        conversation=row["conversation"],
        payload=json.loads(row["payload"]),
        state=row["state"],
        answer=json.loads(row["answer"]),
    )
