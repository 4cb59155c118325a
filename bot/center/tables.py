"""服务中心的表 (biao): what the centre keeps. All names start with `center_`, because on PostgreSQL the processes share
one database. Migrations in `migrations/` make them; a test compares both.
"""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any, Optional
from zoneinfo import ZoneInfo

import sqlalchemy as sa

SHANGHAI = ZoneInfo("Asia/Shanghai")

metadata = sa.MetaData()


class UtcTime(sa.types.TypeDecorator):  # type: ignore[misc]
    """An aware time, stored as UTC ISO text of fixed width (SQLite has no time zones), given out in Asia/Shanghai."""

    impl = sa.String(32)
    cache_ok = True

    def process_bind_param(self, value: Optional[datetime], dialect: Any) -> Optional[str]:
        return None if value is None else value.astimezone(timezone.utc).isoformat(timespec="microseconds")

    def process_result_value(self, value: Optional[str], dialect: Any) -> Optional[datetime]:
        return None if value is None else datetime.fromisoformat(value).astimezone(SHANGHAI)


item_versions = sa.Table(
    "center_item_versions",
    metadata,
    sa.Column("code", sa.String(40), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("state", sa.String(16), nullable=False),  # draft | published
    sa.Column("origin", sa.String(16), nullable=False),  # seed | import | edit
    sa.Column("item", sa.JSON, nullable=False),
    sa.Column("local", sa.JSON, nullable=False),
    sa.Column("content_hash", sa.String(64), nullable=False),  # as it came in, before publishing set the dates
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("published_at", UtcTime),
    sa.Column("effective_from", sa.Date),
    sa.Column("expires_on", sa.Date),
)

publications = sa.Table(
    "center_publications",
    metadata,
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("published_at", UtcTime, nullable=False),
    sa.Column("contents", sa.JSON, nullable=False),  # {"items": {code: version}, "centre": hash of the profile}
)

counters = sa.Table(
    "center_counters",
    metadata,
    sa.Column("name", sa.String(40), primary_key=True),
    sa.Column("value", sa.Integer, nullable=False),
)

notices = sa.Table(
    "center_notices",
    metadata,
    sa.Column("number", sa.String(24), primary_key=True),
    sa.Column("idempotency_key", sa.String(200), nullable=False, unique=True),
    sa.Column("request_hash", sa.String(64), nullable=False),
    sa.Column("item_code", sa.String(40), nullable=False),
    sa.Column("catalogue_version", sa.Integer, nullable=False),
    sa.Column("effective_from", sa.Date, nullable=False),
    sa.Column("facts", sa.JSON, nullable=False),
    sa.Column("conversation", sa.String(128), nullable=False),
    sa.Column("channel", sa.String(32), nullable=False),
    sa.Column("issued_at", UtcTime, nullable=False),
)

cases = sa.Table(
    "center_cases",
    metadata,
    sa.Column("number", sa.String(24), primary_key=True),
    sa.Column("idempotency_key", sa.String(200), nullable=False, unique=True),
    sa.Column("request_hash", sa.String(64), nullable=False),
    sa.Column("item_code", sa.String(40), nullable=False),
    sa.Column("item_name", sa.String(200), nullable=False),
    sa.Column("catalogue_version", sa.Integer, nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("state", sa.String(24), nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("filed_at", UtcTime, nullable=False),
    sa.Column("conversation", sa.String(128), nullable=False, index=True),
    sa.Column("channel", sa.String(32), nullable=False),
    sa.Column("facts", sa.JSON, nullable=False),
    sa.Column("applicant", sa.JSON, nullable=False),
    sa.Column("agent", sa.JSON),
    sa.Column("fields", sa.JSON, nullable=False),
    sa.Column("materials", sa.JSON, nullable=False),
    sa.Column("consent", sa.JSON, nullable=False),
    sa.Column("truth", sa.JSON, nullable=False),
    sa.Column("id_fingerprint", sa.String(128), nullable=False, index=True),
    sa.Column("lookup_code_hash", sa.String(64), nullable=False),
)

case_events = sa.Table(
    "center_case_events",
    metadata,
    sa.Column("case_number", sa.String(24), sa.ForeignKey("center_cases.number"), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("move", sa.String(32), nullable=False),
    sa.Column("from_state", sa.String(24)),
    sa.Column("to_state", sa.String(24), nullable=False),
    sa.Column("actor_role", sa.String(16), nullable=False),
    sa.Column("actor_name", sa.String(64), nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("opinion", sa.Text, nullable=False),
)

ratings = sa.Table(
    "center_ratings",
    metadata,
    sa.Column("case_number", sa.String(24), sa.ForeignKey("center_cases.number"), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("idempotency_key", sa.String(200), nullable=False, unique=True),
    sa.Column("request_hash", sa.String(64), nullable=False),
    sa.Column("level", sa.String(16), nullable=False),
    sa.Column("words", sa.Text, nullable=False),
    sa.Column("channel", sa.String(32), nullable=False),
    sa.Column("at", UtcTime, nullable=False),
)

proof_failures = sa.Table(
    "center_proof_failures",
    metadata,
    sa.Column("asker", sa.String(128), primary_key=True),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("last_at", UtcTime, nullable=False),
    sa.Column("locked_until", UtcTime),
)

handoffs = sa.Table(
    "center_handoffs",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("idempotency_key", sa.String(200), unique=True),
    sa.Column("conversation", sa.String(128), nullable=False, index=True),
    sa.Column("reason", sa.String(64), nullable=False),
    sa.Column("packet", sa.JSON, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("created_at", UtcTime, nullable=False),
)

tasks = sa.Table(
    "center_tasks",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("idempotency_key", sa.String(200), unique=True),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("conversation", sa.String(128), nullable=False, index=True),
    sa.Column("question", sa.Text, nullable=False),  # sealed: personal numbers are tokens
    sa.Column("item_code", sa.String(40)),
    sa.Column("packet", sa.JSON, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),  # open | done
    sa.Column("level", sa.String(16), nullable=False),  # clerk | supervisor
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("due_at", UtcTime, nullable=False),
    sa.Column("overdue_at", UtcTime),  # when the watcher found it late and raised it; null: never
    sa.Column("done_at", UtcTime),
    sa.Column("answer", sa.Text, nullable=False),
    sa.Index("ix_center_tasks_state_due_at", "state", "due_at"),
)
