"""插入 (charu): insert a row unless it is already there, under SQLite and PostgreSQL alike."""

from __future__ import annotations

from typing import Any, Mapping

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

_INSERTS = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def insert_once(connection: sa.engine.Connection, table: sa.Table, values: Mapping[str, Any]) -> bool:
    """Insert a row; False when one with the same unique key is there."""
    statement = _INSERTS[connection.dialect.name](table).values(**values).on_conflict_do_nothing()
    return bool(connection.execute(statement).rowcount)
