"""Tables of the tracker: every event for ever, one snapshot per conversation, and the event feed."""

from __future__ import annotations

import sqlalchemy as sa

METADATA = sa.MetaData()

EVENTS = sa.Table(
    "tracker_events",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("sender_id", sa.String(255), nullable=False),
    sa.Column("type_name", sa.String(64), nullable=False),
    sa.Column("timestamp", sa.Float(53)),
    sa.Column("message_id", sa.String(128)),  # of the user message that the event belongs to
    sa.Column("data", sa.Text, nullable=False),
    sa.Index("ix_tracker_events_sender", "sender_id", "id"),
    sa.Index("ix_tracker_events_message", "message_id"),
    sqlite_autoincrement=True,
)

SNAPSHOTS = sa.Table(
    "tracker_snapshots",
    METADATA,
    sa.Column("sender_id", sa.String(255), primary_key=True),
    sa.Column("cut_id", sa.Integer, nullable=False),  # first event of the window
    sa.Column("state", sa.Text),  # state before the window; NULL: a restart stands there, nothing to carry
)

FEED = sa.Table(
    "tracker_feed",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("sender_id", sa.String(255), nullable=False),
    sa.Column("kind", sa.String(32), nullable=False),  # user, bot, action, slot …
    sa.Column("timestamp", sa.Float(53)),
    sa.Column("data", sa.Text, nullable=False),
    sqlite_autoincrement=True,
)
