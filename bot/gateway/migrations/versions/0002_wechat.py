"""WeChat: people, send quota, attachments, token; claims and signs of life for several gateways.

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
        "gateway_claims",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("conversation", sa.String(length=255), nullable=False),
        sa.Column("holder", sa.String(length=160), nullable=False),
        sa.PrimaryKeyConstraint("kind", "conversation"),
    )
    op.create_table(
        "gateway_deletions",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("conversation", sa.String(length=255), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=True),
        sa.Column("cause", sa.String(length=40), nullable=False),
        sa.Column("at", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_gateway_deletions_mark"), "gateway_deletions", ["mark"], unique=False)
    op.create_table(
        "gateway_oauth_states",
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("browser", sa.String(length=64), nullable=False),
        sa.Column("return_to", sa.String(length=1000), nullable=False),
        sa.Column("expires", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("state"),
    )
    op.create_table(
        "gateway_processes",
        sa.Column("id", sa.String(length=160), nullable=False),
        sa.Column("beat", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "wechat_attachments",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("conversation", sa.String(length=255), nullable=False),
        sa.Column("message_id", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("media_id", sa.String(length=255), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("note", sa.String(length=40), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("received_at", sa.String(length=40), nullable=False),
        sa.Column("purge_at", sa.String(length=40), nullable=False),
        sa.Column("promised_at", sa.String(length=40), nullable=True),
        sa.Column("task", sa.String(length=16), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("message_id"),
    )
    op.create_index(op.f("ix_wechat_attachments_conversation"), "wechat_attachments", ["conversation"], unique=False)
    op.create_table(
        "wechat_choices",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("conversation", sa.String(length=255), nullable=False),
        sa.Column("outbox_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_wechat_choices_conversation"), "wechat_choices", ["conversation"], unique=False)
    op.create_table(
        "wechat_consents",
        sa.Column("conversation", sa.String(length=255), nullable=False),
        sa.Column("template_id", sa.String(length=64), nullable=False),
        sa.Column("left", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("conversation", "template_id"),
    )
    op.create_table(
        "wechat_grants",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("conversation", sa.String(length=255), nullable=False),
        sa.Column("trigger", sa.String(length=16), nullable=False),
        sa.Column("opened", sa.String(length=40), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_wechat_grants_conversation"), "wechat_grants", ["conversation"], unique=False)
    op.create_table(
        "wechat_notices",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("conversation", sa.String(length=255), nullable=False),
        sa.Column("outbox_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("platform_id", sa.String(length=40), nullable=True),
        sa.Column("note", sa.String(length=80), nullable=True),
        sa.Column("at", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("outbox_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_wechat_notices_platform_id", "wechat_notices", ["platform_id"], unique=False)
    op.create_table(
        "wechat_people",
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("openid", sa.String(length=128), nullable=False),
        sa.Column("conversation", sa.String(length=255), nullable=False),
        sa.Column("scene", sa.String(length=64), nullable=True),
        sa.Column("unreachable", sa.String(length=40), nullable=True),
        sa.Column("at", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("mark"),
        sa.UniqueConstraint("conversation"),
    )
    op.create_table(
        "wechat_pushes",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.Column("at", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("ix_wechat_pushes_at", "wechat_pushes", ["at"], unique=False)
    op.create_table(
        "wechat_sends",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("conversation", sa.String(length=255), nullable=False),
        sa.Column("covers", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("code", sa.Integer(), nullable=True),
        sa.Column("started", sa.String(length=40), nullable=False),
        sa.Column("settled", sa.String(length=40), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_wechat_sends_conversation"), "wechat_sends", ["conversation"], unique=False)
    op.create_table(
        "wechat_tokens",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=True),
        sa.Column("nonce", sa.LargeBinary(), nullable=True),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=True),
        sa.Column("expires", sa.String(length=40), nullable=True),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("refresher", sa.String(length=64), nullable=True),
        sa.Column("refresh_until", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.add_column("gateway_inbox", sa.Column("said_at", sa.Integer(), nullable=True))
    op.add_column("gateway_outbox", sa.Column("rendered", sa.Text(), nullable=True))
    op.add_column("gateway_outbox", sa.Column("as_menu", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("gateway_outbox", sa.Column("done", sa.Integer(), server_default="0", nullable=False))
    op.add_column("gateway_outbox", sa.Column("settled_at", sa.String(length=40), nullable=True))
    if op.get_context().dialect.name == "postgresql":  # SQLite minds no lengths
        op.alter_column("gateway_outbox", "state", type_=sa.String(length=20))
    op.create_index(
        "ix_gateway_outbox_open", "gateway_outbox", ["channel", "state", "conversation", "id"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_gateway_outbox_open", "gateway_outbox")
    for table, columns in (
        ("gateway_inbox", ["said_at"]),
        ("gateway_outbox", ["rendered", "as_menu", "done", "settled_at"]),
    ):
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.drop_column(column)
    for table in (
        "gateway_claims",
        "gateway_deletions",
        "gateway_oauth_states",
        "gateway_processes",
        "wechat_attachments",
        "wechat_choices",
        "wechat_consents",
        "wechat_grants",
        "wechat_notices",
        "wechat_people",
        "wechat_pushes",
        "wechat_sends",
        "wechat_tokens",
    ):
        op.drop_table(table)
