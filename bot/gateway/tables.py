"""Tables of the gateway: conversations with their lease, inbox, outbox; the vault's tables stand in the same store.

Each conversation counts its own messages: `seq` runs through inbox and outbox together, is given under the row lock of
the conversation, and so never shows a reader 7 before 6. Times are ISO texts with offset (SQLite knows no time zones).
"""

from __future__ import annotations

import sqlalchemy as sa

from bot.adapters.vault.tables import METADATA

__all__ = ["CLAIMS", "CONVERSATIONS", "DELETIONS", "INBOX", "METADATA", "OAUTH_STATES", "OUTBOX", "PROCESSES", "VERSION_TABLE"]

VERSION_TABLE = "alembic_version_gateway"

CONVERSATIONS = sa.Table(
    "gateway_conversations",
    METADATA,
    sa.Column("conversation", sa.String(255), primary_key=True),
    sa.Column("channel", sa.String(32), nullable=False),
    sa.Column("created_at", sa.String(40), nullable=False),
    sa.Column("last_seq", sa.Integer, nullable=False),
    # the custody lease
    sa.Column("owner", sa.String(8), nullable=False),
    sa.Column("holder", sa.String(120)),
    sa.Column("epoch", sa.Integer, nullable=False),
    sa.Column("since", sa.String(40), nullable=False),
    sa.Column("until", sa.String(40)),
    sa.Column("cause", sa.String(255)),  # message whose own turn made the last transfer
)

INBOX = sa.Table(
    "gateway_inbox",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("conversation", sa.String(255), nullable=False),
    sa.Column("channel", sa.String(32), nullable=False),
    sa.Column("message_id", sa.String(255), nullable=False, unique=True),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("text", sa.Text, nullable=False),  # sealed
    sa.Column("numbers", sa.Text, nullable=False),  # JSON, as the form gets them
    sa.Column("metadata", sa.Text, nullable=False),  # JSON
    sa.Column("state", sa.String(16), nullable=False),  # waiting, handed, done, failed
    sa.Column("reason", sa.String(120)),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("epoch", sa.Integer),  # of the lease at hand-over
    sa.Column("silent", sa.Boolean),
    sa.Column("said_at", sa.Integer),  # when the platform says it was sent, for those that come out of order
    sa.Column("received_at", sa.String(40), nullable=False),
    sa.Column("handed_at", sa.String(40)),
    sa.Column("done_at", sa.String(40)),
    sa.UniqueConstraint("conversation", "seq", name="uq_gateway_inbox_seq"),
    sa.Index("ix_gateway_inbox_open", "state", "conversation", "id"),
    sqlite_autoincrement=True,
)

OUTBOX = sa.Table(
    "gateway_outbox",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("conversation", sa.String(255), nullable=False),
    sa.Column("channel", sa.String(32), nullable=False),
    sa.Column("seq", sa.Integer),  # NULL: suppressed, nobody sees it
    sa.Column("origin", sa.String(8), nullable=False),  # bot, notice, clerk, system
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("buttons", sa.Text, nullable=False),  # JSON
    # ready, suppressed; where a platform sends: sending, sent, replied, waiting_for_quota, failed, unknown
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("reason", sa.String(120)),
    sa.Column("rendered", sa.Text),  # the text as this channel shows it, from the first part on
    sa.Column("as_menu", sa.Boolean, nullable=False, server_default=sa.false()),  # its choices as the channel's own menu
    sa.Column("done", sa.Integer, nullable=False, server_default="0"),  # how many characters of it have been sent
    sa.Column("settled_at", sa.String(40)),
    sa.Column("idempotency_key", sa.String(255), nullable=False, unique=True),
    sa.Column("inbox_id", sa.Integer),  # the message that it answers
    sa.Column("epoch", sa.Integer, nullable=False),
    sa.Column("at", sa.String(40), nullable=False),
    sa.UniqueConstraint("conversation", "seq", name="uq_gateway_outbox_seq"),
    sa.Index("ix_gateway_outbox_inbox", "inbox_id"),
    sa.Index("ix_gateway_outbox_open", "channel", "state", "conversation", "id"),
    sqlite_autoincrement=True,
)

# Which gateway works for whom now, when several share the store.
CLAIMS = sa.Table(
    "gateway_claims",
    METADATA,
    sa.Column("kind", sa.String(16), primary_key=True),  # inbox, outbox, media
    sa.Column("conversation", sa.String(255), primary_key=True),
    sa.Column("holder", sa.String(160), nullable=False),
)

PROCESSES = sa.Table(
    "gateway_processes",
    METADATA,
    sa.Column("id", sa.String(160), primary_key=True),
    sa.Column("beat", sa.Float, nullable=False),  # by the database's clock where it has one
)

OAUTH_STATES = sa.Table(
    "gateway_oauth_states",
    METADATA,
    sa.Column("state", sa.String(64), primary_key=True),
    sa.Column("browser", sa.String(64), nullable=False),  # hash of the cookie of the browser that began
    sa.Column("return_to", sa.String(1000), nullable=False),
    sa.Column("expires", sa.String(40), nullable=False),
)

DELETIONS = sa.Table(
    "gateway_deletions",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("conversation", sa.String(255), nullable=False),
    sa.Column("mark", sa.String(64), index=True),  # keyed hash of who left: what was said before is not taken up again
    sa.Column("cause", sa.String(40), nullable=False),
    sa.Column("at", sa.String(40), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),  # requested, done
    sqlite_autoincrement=True,
)
