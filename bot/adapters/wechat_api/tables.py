"""Table of the access token; it lives in the gateway's store, since only gateways speak to the platform."""

from __future__ import annotations

import sqlalchemy as sa

from bot.adapters.vault.tables import METADATA

TOKENS = sa.Table(
    "wechat_tokens",
    METADATA,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("key_id", sa.String(16)),
    sa.Column("nonce", sa.LargeBinary),
    sa.Column("ciphertext", sa.LargeBinary),
    sa.Column("expires", sa.String(40)),
    sa.Column("serial", sa.Integer, nullable=False),  # one more with each token
    sa.Column("refresher", sa.String(64)),
    sa.Column("refresh_until", sa.Float, nullable=False),
)
