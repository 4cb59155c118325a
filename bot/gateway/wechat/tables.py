"""Tables of the WeChat side. A person's openid stands in one place only, so that leaving can be complete."""

from __future__ import annotations

import sqlalchemy as sa

from bot.adapters.vault.tables import METADATA

PEOPLE = sa.Table(
    "wechat_people",
    METADATA,
    sa.Column("mark", sa.String(64), primary_key=True),  # keyed hash of the openid
    sa.Column("openid", sa.String(128), nullable=False),
    sa.Column("conversation", sa.String(255), nullable=False, unique=True),
    sa.Column("scene", sa.String(64)),
    sa.Column("unreachable", sa.String(40)),  # why the platform delivers nothing, until the next contact
    sa.Column("at", sa.String(40), nullable=False),
)

PUSHES = sa.Table(
    "wechat_pushes",
    METADATA,
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("reply", sa.Text),  # what a re-delivery is answered with, too
    sa.Column("at", sa.String(40), nullable=False),
    sa.Index("ix_wechat_pushes_at", "at"),
)

GRANTS = sa.Table(
    "wechat_grants",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("conversation", sa.String(255), nullable=False, index=True),
    sa.Column("trigger", sa.String(16), nullable=False),
    sa.Column("opened", sa.String(40), nullable=False),
    sa.Column("closed", sa.Boolean, nullable=False),
    sqlite_autoincrement=True,
)

SENDS = sa.Table(
    "wechat_sends",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("conversation", sa.String(255), nullable=False, index=True),
    sa.Column("covers", sa.Text, nullable=False),  # JSON: [[outbox id, from character, to character], ...]
    sa.Column("state", sa.String(16), nullable=False),  # sending, sent, refused, unsent, unknown, repeated
    sa.Column("code", sa.Integer),
    sa.Column("started", sa.String(40), nullable=False),
    sa.Column("settled", sa.String(40)),
    sqlite_autoincrement=True,
)

CHOICES = sa.Table(
    "wechat_choices",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),  # the id of a menu message's entry
    sa.Column("conversation", sa.String(255), nullable=False, index=True),
    sa.Column("outbox_id", sa.Integer, nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("payload", sa.Text, nullable=False),
    sqlite_autoincrement=True,
)

ATTACHMENTS = sa.Table(
    "wechat_attachments",
    METADATA,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("conversation", sa.String(255), nullable=False, index=True),
    sa.Column("message_id", sa.String(255), nullable=False, unique=True),
    sa.Column("kind", sa.String(16), nullable=False),  # image, voice, video
    sa.Column("media_id", sa.String(255), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),  # waiting, stored, failed, purged
    sa.Column("note", sa.String(40)),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("size", sa.Integer),
    sa.Column("digest", sa.String(64)),
    sa.Column("received_at", sa.String(40), nullable=False),
    sa.Column("purge_at", sa.String(40), nullable=False),
    sa.Column("promised_at", sa.String(40)),  # when a clerk is to have listened to it
    sa.Column("task", sa.String(16)),  # waiting, given; NULL when nobody need do anything
)

CONSENTS = sa.Table(
    "wechat_consents",
    METADATA,
    sa.Column("conversation", sa.String(255), primary_key=True),
    sa.Column("template_id", sa.String(64), primary_key=True),
    sa.Column("left", sa.Integer, nullable=False),
)

NOTICES = sa.Table(
    "wechat_notices",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("conversation", sa.String(255), nullable=False),
    sa.Column("outbox_id", sa.Integer, nullable=False, unique=True),
    sa.Column("kind", sa.String(16), nullable=False),  # subscribe, template
    sa.Column("state", sa.String(16), nullable=False),  # sending, sent, delivered, failed, unknown
    sa.Column("platform_id", sa.String(40)),
    sa.Column("note", sa.String(80)),
    sa.Column("at", sa.String(40), nullable=False),
    sa.Index("ix_wechat_notices_platform_id", "platform_id"),
    sqlite_autoincrement=True,
)
