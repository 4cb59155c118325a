"""Uploads.

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "gateway_upload_drafts",
        sa.Column("draft", sa.String(64), primary_key=True),
        sa.Column("conversation", sa.String(255), nullable=False),
        sa.Column("item_code", sa.String(40), nullable=False),
        sa.Column("catalogue_version", sa.Integer, nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
    )
    op.create_table(
        "gateway_uploads",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("conversation", sa.String(255), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("material", sa.String(40), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("type", sa.String(16), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("purge_at", sa.String(40)),
        sa.UniqueConstraint("subject", "material", "sha256", name="uq_gateway_uploads_once"),
    )
    op.create_index("ix_gateway_uploads_sha256", "gateway_uploads", ["sha256"])
    op.create_index("ix_gateway_uploads_purge_at", "gateway_uploads", ["purge_at"])


def downgrade() -> None:
    op.drop_table("gateway_uploads")
    op.drop_table("gateway_upload_drafts")
