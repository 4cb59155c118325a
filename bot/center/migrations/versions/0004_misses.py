"""Questions that were not answered.

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "center_misses",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("text", sa.String(200), nullable=False),
        sa.Column("decision", sa.String(16), nullable=False),
        sa.Column("candidates", sa.JSON, nullable=False),
        sa.Column("confidence", sa.Integer, nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("asker_of_the_day", sa.String(64), nullable=False),
        sa.Column("asked_at", sa.String(32), nullable=False),
        sa.Column("delete_on", sa.Date, nullable=False),
    )
    op.create_index("ix_center_misses_asker_of_the_day", "center_misses", ["asker_of_the_day"])
    op.create_index("ix_center_misses_delete_on", "center_misses", ["delete_on"])


def downgrade() -> None:
    op.drop_table("center_misses")
