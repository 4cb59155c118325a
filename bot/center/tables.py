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
    # the way of the case, as the item said when it was filed
    sa.Column("level", sa.String(16), nullable=False, server_default="township"),
    sa.Column("delegation", sa.String(16), nullable=False, server_default="none"),
    sa.Column("origin", sa.String(16), nullable=False, server_default="township"),
    sa.Column("partners", sa.JSON, nullable=False, server_default="[]"),
    sa.Column("mandate", sa.String(32)),  # id of the 委托 under which it was filed
    sa.Index("ix_center_cases_state", "state"),
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
    sa.Column("actor_level", sa.String(16), nullable=False, server_default="township"),
    sa.Column("detail", sa.JSON, nullable=False, server_default="{}"),
    sa.Column("idempotency_key", sa.String(200)),
    sa.UniqueConstraint("idempotency_key", name="uq_center_case_events_key"),
)

documents = sa.Table(
    "center_documents",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("case_number", sa.String(24), sa.ForeignKey("center_cases.number"), nullable=False),
    sa.Column("event_seq", sa.Integer, nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("number", sa.String(64), nullable=False, unique=True),  # 文号
    sa.Column("content", sa.JSON, nullable=False),  # frozen: what was issued stays as it was
    sa.Column("seal", sa.JSON, nullable=False),
    sa.Column("issued_at", UtcTime, nullable=False),
    sa.UniqueConstraint("case_number", "event_seq", "kind"),
)

messages = sa.Table(
    "center_messages",
    metadata,
    sa.Column("key", sa.String(200), primary_key=True),
    sa.Column("conversation", sa.String(128), nullable=False),
    sa.Column("channel", sa.String(32), nullable=False),
    sa.Column("phone", sa.JSON),  # sealed
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),  # queued | sent | failed
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("next_at", UtcTime, nullable=False),
    sa.Column("sent_at", UtcTime),
    sa.Index("ix_center_messages_state_next_at", "state", "next_at"),
)

deferrals = sa.Table(
    "center_deferrals",
    metadata,
    sa.Column("case_number", sa.String(24), sa.ForeignKey("center_cases.number"), primary_key=True),
    sa.Column("material_id", sa.String(40), primary_key=True),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("promise", sa.JSON, nullable=False),  # the statement with which it was promised
    sa.Column("due_on", sa.Date, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),  # open | given | late
    sa.Column("given_at", UtcTime),
    sa.Index("ix_center_deferrals_state_due_on", "state", "due_on"),
)

catalogue_defects = sa.Table(
    "center_catalogue_defects",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("case_number", sa.String(24), nullable=False),
    sa.Column("item_code", sa.String(40), nullable=False),
    sa.Column("catalogue_version", sa.Integer, nullable=False),
    sa.Column("facts", sa.JSON, nullable=False),
    sa.Column("demand", sa.Text, nullable=False),
    sa.Column("reason", sa.String(16), nullable=False),  # not_in_notice | told_late
    sa.Column("state", sa.String(16), nullable=False),  # open | closed
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("closed_at", UtcTime),
    sa.Column("resolution", sa.Text, nullable=False),
    sa.Index("ix_center_catalogue_defects_state", "state", "created_at"),
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

misses = sa.Table(
    "center_misses",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("text", sa.String(200), nullable=False),  # sealed and masked
    sa.Column("decision", sa.String(16), nullable=False),  # choose | clarify | refuse
    sa.Column("candidates", sa.JSON, nullable=False),  # item codes, best first
    sa.Column("confidence", sa.Integer, nullable=False),  # of the best, in percent
    sa.Column("channel", sa.String(32), nullable=False),
    sa.Column("asker_of_the_day", sa.String(64), nullable=False, index=True),  # keyed hash; tomorrow's is another one
    sa.Column("asked_at", UtcTime, nullable=False),
    sa.Column("delete_on", sa.Date, nullable=False, index=True),
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

complaints = sa.Table(
    "center_complaints",
    metadata,
    sa.Column("number", sa.String(24), primary_key=True),
    sa.Column("idempotency_key", sa.String(200), unique=True),
    sa.Column("request_hash", sa.String(64), nullable=False),
    sa.Column("way", sa.String(16), nullable=False),
    sa.Column("text", sa.Text, nullable=False),  # sealed: personal numbers are tokens
    sa.Column("about", sa.String(100), nullable=False),
    sa.Column("case_number", sa.String(40)),
    sa.Column("anonymous", sa.Boolean, nullable=False),
    sa.Column("conversation", sa.String(128), index=True),  # null: anonymous
    sa.Column("state", sa.String(16), nullable=False),  # open | answered
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("due_at", UtcTime, nullable=False),
    sa.Column("answered_at", UtcTime),
    sa.Column("answer", sa.Text, nullable=False),
    sa.Index("ix_center_complaints_state_due_at", "state", "due_at"),
)

appointments = sa.Table(
    "center_appointments",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("idempotency_key", sa.String(200), unique=True),
    sa.Column("window", sa.String(16), nullable=False),
    sa.Column("starts_at", UtcTime, nullable=False),
    sa.Column("seat", sa.Integer),  # null: cancelled; nulls do not collide
    sa.Column("item_code", sa.String(40), nullable=False),
    sa.Column("case_number", sa.String(24)),
    sa.Column("conversation", sa.String(128), nullable=False, index=True),
    sa.Column("channel", sa.String(32), nullable=False),
    sa.Column("phone", sa.JSON),  # sealed
    sa.Column("state", sa.String(16), nullable=False),  # booked | cancelled
    sa.Column("created_at", UtcTime, nullable=False),
    sa.UniqueConstraint("window", "starts_at", "seat", name="uq_center_appointments_seat"),
    sa.Index("ix_center_appointments_state_starts_at", "state", "starts_at"),
)

mandates = sa.Table(
    "center_mandates",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("idempotency_key", sa.String(200), unique=True),
    sa.Column("principal", sa.JSON, nullable=False),  # name and sealed numbers
    sa.Column("principal_fingerprint", sa.String(128), nullable=False),
    sa.Column("agent", sa.JSON, nullable=False),
    sa.Column("agent_conversation", sa.String(128), nullable=False),
    sa.Column("principal_conversation", sa.String(128)),
    sa.Column("item_code", sa.String(40), nullable=False),
    sa.Column("scope", sa.JSON, nullable=False),
    sa.Column("until", sa.Date, nullable=False),
    sa.Column("form", sa.String(16), nullable=False),
    sa.Column("witness", sa.String(200), nullable=False),
    sa.Column("code_hash", sa.String(64), nullable=False),
    sa.Column("wrong_codes", sa.Integer, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("confirmed_at", UtcTime),
    sa.Column("revoked_at", UtcTime),
    sa.Column("revoked_by", sa.String(16), nullable=False),
    sa.Index("ix_center_mandates_agent", "agent_conversation"),
    sa.Index("ix_center_mandates_principal", "principal_fingerprint"),
)
