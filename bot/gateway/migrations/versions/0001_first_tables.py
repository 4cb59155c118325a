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
        "gateway_conversations",
        sa.Column("conversation", sa.String(255), primary_key=True),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("created_at", sa.String(40), nullable=False),
        sa.Column("last_seq", sa.Integer, nullable=False),
        sa.Column("owner", sa.String(8), nullable=False),
        sa.Column("holder", sa.String(120)),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("since", sa.String(40), nullable=False),
        sa.Column("until", sa.String(40)),
        sa.Column("cause", sa.String(255)),
    )
    op.create_table(
        "gateway_inbox",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("conversation", sa.String(255), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("message_id", sa.String(255), nullable=False, unique=True),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("numbers", sa.Text, nullable=False),
        sa.Column("metadata", sa.Text, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(120)),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("epoch", sa.Integer),
        sa.Column("silent", sa.Boolean),
        sa.Column("received_at", sa.String(40), nullable=False),
        sa.Column("handed_at", sa.String(40)),
        sa.Column("done_at", sa.String(40)),
        sa.UniqueConstraint("conversation", "seq", name="uq_gateway_inbox_seq"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_gateway_inbox_open", "gateway_inbox", ["state", "conversation", "id"])
    op.create_table(
        "gateway_outbox",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("conversation", sa.String(255), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("seq", sa.Integer),
        sa.Column("origin", sa.String(8), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("buttons", sa.Text, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(120)),
        sa.Column("idempotency_key", sa.String(255), nullable=False, unique=True),
        sa.Column("inbox_id", sa.Integer),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.UniqueConstraint("conversation", "seq", name="uq_gateway_outbox_seq"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_gateway_outbox_inbox", "gateway_outbox", ["inbox_id"])
    op.create_table(
        "vault",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("conversation", sa.String(255), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("key_id", sa.String(16), nullable=False),
        sa.Column("nonce", sa.LargeBinary, nullable=False),
        sa.Column("ciphertext", sa.LargeBinary, nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("masked", sa.String(200), nullable=False),
        sa.Column("message_id", sa.String(255), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.UniqueConstraint("conversation", "fingerprint", name="uq_vault_conversation_number"),
    )
    op.create_index("ix_vault_fingerprint", "vault", ["fingerprint"])
    op.create_table(
        "vault_pending",
        sa.Column("conversation", sa.String(255), primary_key=True),
        sa.Column("kinds", sa.String(120), nullable=False),
        sa.Column("key_id", sa.String(16), nullable=False),
        sa.Column("nonce", sa.LargeBinary, nullable=False),
        sa.Column("ciphertext", sa.LargeBinary, nullable=False),
        sa.Column("message_id", sa.String(255), nullable=False),
        sa.Column("joined_by", sa.String(255)),
        sa.Column("at", sa.String(40), nullable=False),
    )
    op.create_table(
        "vault_log",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("token", sa.String(16), nullable=False),
        sa.Column("who", sa.String(120), nullable=False),
        sa.Column("reason", sa.String(400), nullable=False),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    for table in ("vault_log", "vault_pending", "vault", "gateway_outbox", "gateway_inbox", "gateway_conversations"):
        op.drop_table(table)
