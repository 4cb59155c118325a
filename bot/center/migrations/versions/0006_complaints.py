"""Complaints.

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "center_complaints",
        sa.Column("number", sa.String(24), primary_key=True),
        sa.Column("idempotency_key", sa.String(200), unique=True),
        sa.Column("request_hash", sa.String(64), nullable=False),
        sa.Column("way", sa.String(16), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("about", sa.String(100), nullable=False),
        sa.Column("case_number", sa.String(40)),
        sa.Column("anonymous", sa.Boolean, nullable=False),
        sa.Column("conversation", sa.String(128)),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("due_at", sa.String(32), nullable=False),
        sa.Column("answered_at", sa.String(32)),
        sa.Column("answer", sa.Text, nullable=False),
    )
    op.create_index("ix_center_complaints_conversation", "center_complaints", ["conversation"])
    op.create_index("ix_center_complaints_state_due_at", "center_complaints", ["state", "due_at"])


def downgrade() -> None:
    op.drop_table("center_complaints")
