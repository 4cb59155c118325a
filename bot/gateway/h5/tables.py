"""材料上传的表 (cailiao shangchuan de biao): where people may upload to before a case exists, and what they uploaded."""

from __future__ import annotations

import sqlalchemy as sa

from bot.adapters.vault.tables import METADATA

UPLOAD_DRAFTS = sa.Table(
    "gateway_upload_drafts",
    METADATA,
    sa.Column("draft", sa.String(64), primary_key=True),
    sa.Column("conversation", sa.String(255), nullable=False),
    sa.Column("item_code", sa.String(40), nullable=False),
    sa.Column("catalogue_version", sa.Integer, nullable=False),
    sa.Column("facts", sa.Text, nullable=False),  # JSON
    sa.Column("at", sa.String(40), nullable=False),
)

UPLOADS = sa.Table(
    "gateway_uploads",
    METADATA,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("conversation", sa.String(255), nullable=False),
    sa.Column("subject", sa.String(64), nullable=False),  # a case's number or a draft's id
    sa.Column("material", sa.String(40), nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("size", sa.Integer, nullable=False),  # bytes
    sa.Column("type", sa.String(16), nullable=False),  # jpeg, png, pdf
    sa.Column("at", sa.String(40), nullable=False),
    sa.Column("purge_at", sa.String(40)),  # NULL: it belongs to a case
    sa.UniqueConstraint("subject", "material", "sha256", name="uq_gateway_uploads_once"),
    sa.Index("ix_gateway_uploads_sha256", "sha256"),
    sa.Index("ix_gateway_uploads_purge_at", "purge_at"),
)
