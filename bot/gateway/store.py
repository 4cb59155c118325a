"""存储 (cunchu): transactions on the gateway's store."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import AsyncIterator

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.sql.engine import async_engine

_KEPT_OPEN = 6


class Store:
    """One engine; reading and writing transactions."""

    def __init__(self, url: str) -> None:
        self._engine = async_engine(url, keep_open=_KEPT_OPEN)
        self._reading = self._engine.execution_options(only_reads=True)
        # SQLite has one writer; waiting here is fair and wakes at once, its own busy handler sleeps in steps
        self._one_writer = asyncio.Lock() if self._engine.dialect.name == "sqlite" else None

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that is committed at the end of the block."""
        if self._one_writer is None:
            async with self._engine.begin() as connection:
                yield connection
            return
        async with self._one_writer:
            async with self._engine.begin() as connection:
                yield connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that only reads and never waits for a writer."""
        async with self._reading.begin() as connection:
            yield connection

    async def close(self) -> None:
        await self._engine.dispose()
