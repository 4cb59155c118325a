"""Promises to people as tasks.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "center_tasks",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("idempotency_key", sa.String(200), unique=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("conversation", sa.String(128), nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("item_code", sa.String(40)),
        sa.Column("packet", sa.JSON, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("level", sa.String(16), nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("due_at", sa.String(32), nullable=False),
        sa.Column("overdue_at", sa.String(32)),
        sa.Column("done_at", sa.String(32)),
        sa.Column("answer", sa.Text, nullable=False),
    )
    op.create_index("ix_center_tasks_conversation", "center_tasks", ["conversation"])
    op.create_index("ix_center_tasks_state_due_at", "center_tasks", ["state", "due_at"])


def downgrade() -> None:
    op.drop_table("center_tasks")
