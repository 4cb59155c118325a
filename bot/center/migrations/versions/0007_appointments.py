"""Appointments and mandates.

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "center_appointments",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("idempotency_key", sa.String(200), unique=True),
        sa.Column("window", sa.String(16), nullable=False),
        sa.Column("starts_at", sa.String(32), nullable=False),
        sa.Column("seat", sa.Integer),
        sa.Column("item_code", sa.String(40), nullable=False),
        sa.Column("case_number", sa.String(24)),
        sa.Column("conversation", sa.String(128), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("phone", sa.JSON),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.UniqueConstraint("window", "starts_at", "seat", name="uq_center_appointments_seat"),
    )
    op.create_index("ix_center_appointments_conversation", "center_appointments", ["conversation"])
    op.create_index("ix_center_appointments_state_starts_at", "center_appointments", ["state", "starts_at"])
    op.create_table(
        "center_mandates",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("idempotency_key", sa.String(200), unique=True),
        sa.Column("principal", sa.JSON, nullable=False),
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
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("confirmed_at", sa.String(32)),
        sa.Column("revoked_at", sa.String(32)),
        sa.Column("revoked_by", sa.String(16), nullable=False),
    )
    op.create_index("ix_center_mandates_agent", "center_mandates", ["agent_conversation"])
    op.create_index("ix_center_mandates_principal", "center_mandates", ["principal_fingerprint"])
    with op.batch_alter_table("center_cases") as cases:
        cases.add_column(sa.Column("mandate", sa.String(32)))


def downgrade() -> None:
    with op.batch_alter_table("center_cases") as cases:
        cases.drop_column("mandate")
    op.drop_table("center_mandates")
    op.drop_table("center_appointments")
