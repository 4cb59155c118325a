"""The first tables.

Revision ID: 0001
Revises:
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "center_cases",
        sa.Column("number", sa.String(24), primary_key=True),
        sa.Column("idempotency_key", sa.String(200), nullable=False, unique=True),
        sa.Column("request_hash", sa.String(64), nullable=False),
        sa.Column("item_code", sa.String(40), nullable=False),
        sa.Column("item_name", sa.String(200), nullable=False),
        sa.Column("catalogue_version", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("filed_at", sa.String(32), nullable=False),
        sa.Column("conversation", sa.String(128), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.Column("applicant", sa.JSON, nullable=False),
        sa.Column("agent", sa.JSON),
        sa.Column("fields", sa.JSON, nullable=False),
        sa.Column("materials", sa.JSON, nullable=False),
        sa.Column("consent", sa.JSON, nullable=False),
        sa.Column("truth", sa.JSON, nullable=False),
        sa.Column("id_fingerprint", sa.String(128), nullable=False),
        sa.Column("lookup_code_hash", sa.String(64), nullable=False),
    )
    op.create_table(
        "center_counters",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("value", sa.Integer, nullable=False),
    )
    op.create_table(
        "center_handoffs",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("idempotency_key", sa.String(200), unique=True),
        sa.Column("conversation", sa.String(128), nullable=False),
        sa.Column("reason", sa.String(64), nullable=False),
        sa.Column("packet", sa.JSON, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
    )
    op.create_table(
        "center_item_versions",
        sa.Column("code", sa.String(40), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("origin", sa.String(16), nullable=False),
        sa.Column("item", sa.JSON, nullable=False),
        sa.Column("local", sa.JSON, nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("published_at", sa.String(32)),
        sa.Column("effective_from", sa.Date),
        sa.Column("expires_on", sa.Date),
    )
    op.create_table(
        "center_notices",
        sa.Column("number", sa.String(24), primary_key=True),
        sa.Column("idempotency_key", sa.String(200), nullable=False, unique=True),
        sa.Column("request_hash", sa.String(64), nullable=False),
        sa.Column("item_code", sa.String(40), nullable=False),
        sa.Column("catalogue_version", sa.Integer, nullable=False),
        sa.Column("effective_from", sa.Date, nullable=False),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.Column("conversation", sa.String(128), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("issued_at", sa.String(32), nullable=False),
    )
    op.create_table(
        "center_proof_failures",
        sa.Column("asker", sa.String(128), primary_key=True),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("last_at", sa.String(32), nullable=False),
        sa.Column("locked_until", sa.String(32)),
    )
    op.create_table(
        "center_publications",
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("published_at", sa.String(32), nullable=False),
        sa.Column("contents", sa.JSON, nullable=False),
    )
    op.create_table(
        "center_case_events",
        sa.Column("case_number", sa.String(24), sa.ForeignKey("center_cases.number"), primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("move", sa.String(32), nullable=False),
        sa.Column("from_state", sa.String(24)),
        sa.Column("to_state", sa.String(24), nullable=False),
        sa.Column("actor_role", sa.String(16), nullable=False),
        sa.Column("actor_name", sa.String(64), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("opinion", sa.Text, nullable=False),
    )
    op.create_index("ix_center_cases_conversation", "center_cases", ["conversation"])
    op.create_index("ix_center_cases_id_fingerprint", "center_cases", ["id_fingerprint"])
    op.create_index("ix_center_handoffs_conversation", "center_handoffs", ["conversation"])


def downgrade() -> None:
    op.drop_table("center_case_events")
    op.drop_table("center_publications")
    op.drop_table("center_proof_failures")
    op.drop_table("center_notices")
    op.drop_table("center_item_versions")
    op.drop_table("center_handoffs")
    op.drop_table("center_counters")
    op.drop_table("center_cases")
