"""数据库迁移 (shujuku qianyi): brings the centre's tables to the newest form, under SQLite and PostgreSQL alike."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from bot.adapters.sql.engine import sync_engine

VERSION_TABLE = "alembic_version_center"
_LOCK = 0x62616E67  # any fixed number: two centres must not migrate at once


def upgrade(url: str) -> None:
    """Run every migration that is missing, in one transaction."""
    engine = sync_engine(url)
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(sa.text("select pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            config = Config()
            config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()
