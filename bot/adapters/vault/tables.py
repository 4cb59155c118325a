"""Tables of the vault; they live in the gateway's store, since the gateway is their only writer."""

from __future__ import annotations

import sqlalchemy as sa

METADATA = sa.MetaData()

VAULT = sa.Table(
    "vault",
    METADATA,
    sa.Column("id", sa.String(16), primary_key=True),  # the random part of the token
    sa.Column("conversation", sa.String(255), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("key_id", sa.String(16), nullable=False),
    sa.Column("nonce", sa.LargeBinary, nullable=False),
    sa.Column("ciphertext", sa.LargeBinary, nullable=False),
    sa.Column("fingerprint", sa.String(64), nullable=False),
    sa.Column("masked", sa.String(200), nullable=False),
    sa.Column("message_id", sa.String(255), nullable=False),  # where it was first said
    sa.Column("at", sa.String(40), nullable=False),
    sa.UniqueConstraint("conversation", "fingerprint", name="uq_vault_conversation_number"),
    sa.Index("ix_vault_fingerprint", "fingerprint"),
)

PENDING = sa.Table(
    "vault_pending",
    METADATA,
    sa.Column("conversation", sa.String(255), primary_key=True),
    sa.Column("kinds", sa.String(120), nullable=False),
    sa.Column("key_id", sa.String(16), nullable=False),
    sa.Column("nonce", sa.LargeBinary, nullable=False),
    sa.Column("ciphertext", sa.LargeBinary, nullable=False),
    sa.Column("message_id", sa.String(255), nullable=False),  # of the first half
    sa.Column("joined_by", sa.String(255)),  # message of the second half, so that a re-delivery joins again
    sa.Column("at", sa.String(40), nullable=False),
)

LOG = sa.Table(
    "vault_log",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("at", sa.String(40), nullable=False),
    sa.Column("token", sa.String(16), nullable=False),
    sa.Column("who", sa.String(120), nullable=False),
    sa.Column("reason", sa.String(400), nullable=False),
    sqlite_autoincrement=True,
)
