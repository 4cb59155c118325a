"""Engines for SQLite and PostgreSQL behind one code path.

SQLite: WAL, busy_timeout, foreign keys, BEGIN IMMEDIATE for every transaction (a deferred one could fail half way when it turns from
reading to writing) but those of `engine.execution_options(only_reads=True)`, synchronous=FULL where losing a row would lose a person's case.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import StaticPool

_ASYNC_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}


def _prepare_sqlite(engine: sa.engine.Engine, durable: bool) -> None:
    def set_pragmas(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        cursor = connection.cursor()
        cursor.execute("pragma journal_mode=WAL")
        cursor.execute("pragma synchronous=" + ("FULL" if durable else "NORMAL"))
        cursor.execute("pragma busy_timeout=10000")
        cursor.execute("pragma foreign_keys=ON")
        cursor.close()

    def begin_immediate(connection: sa.engine.Connection) -> None:
        only_reads = connection.get_execution_options().get("only_reads")
        connection.exec_driver_sql("BEGIN" if only_reads else "BEGIN IMMEDIATE")

    sa.event.listen(engine, "connect", set_pragmas)
    sa.event.listen(engine, "begin", begin_immediate)


def async_engine(url: str, *, durable: bool = True) -> AsyncEngine:
    """An async engine for a URL without driver (`sqlite:///…`, `postgresql://…`); values never stand in error texts."""
    parsed = sa.engine.make_url(url)
    dialect = parsed.get_backend_name()
    parsed = parsed.set(drivername=_ASYNC_DRIVERS[dialect])
    if dialect == "sqlite":
        engine = create_async_engine(parsed, future=True, hide_parameters=True)
        _prepare_sqlite(engine.sync_engine, durable)
        return engine
    return create_async_engine(
        parsed, future=True, pool_pre_ping=True, pool_size=10, max_overflow=10, hide_parameters=True
    )


def sync_engine(url: str, *, durable: bool = True) -> sa.engine.Engine:
    """A blocking engine for the tracker store and for migrations; one shared connection on SQLite."""
    parsed = sa.engine.make_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = sa.create_engine(
            parsed, future=True, poolclass=StaticPool, connect_args={"check_same_thread": False}, hide_parameters=True
        )
        _prepare_sqlite(engine, durable)
        return engine
    return sa.create_engine(parsed, future=True, pool_pre_ping=True, hide_parameters=True)
