"""The life of a case: levels, details of moves, documents, messages to people, deferred papers, catalogue defects.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("center_cases") as cases:
        cases.add_column(sa.Column("level", sa.String(16), nullable=False, server_default="township"))
        cases.add_column(sa.Column("delegation", sa.String(16), nullable=False, server_default="none"))
        cases.add_column(sa.Column("origin", sa.String(16), nullable=False, server_default="township"))
        cases.add_column(sa.Column("partners", sa.JSON, nullable=False, server_default="[]"))
        cases.create_index("ix_center_cases_state", ["state"])
    with op.batch_alter_table("center_case_events") as events:
        events.add_column(sa.Column("actor_level", sa.String(16), nullable=False, server_default="township"))
        events.add_column(sa.Column("detail", sa.JSON, nullable=False, server_default="{}"))
        events.add_column(sa.Column("idempotency_key", sa.String(200)))
        events.create_unique_constraint("uq_center_case_events_key", ["idempotency_key"])
    op.create_table(
        "center_documents",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("case_number", sa.String(24), sa.ForeignKey("center_cases.number"), nullable=False),
        sa.Column("event_seq", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("number", sa.String(64), nullable=False, unique=True),
        sa.Column("content", sa.JSON, nullable=False),
        sa.Column("seal", sa.JSON, nullable=False),
        sa.Column("issued_at", sa.String(32), nullable=False),
        sa.UniqueConstraint("case_number", "event_seq", "kind"),
    )
    op.create_table(
        "center_messages",
        sa.Column("key", sa.String(200), primary_key=True),
        sa.Column("conversation", sa.String(128), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("phone", sa.JSON),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("next_at", sa.String(32), nullable=False),
        sa.Column("sent_at", sa.String(32)),
    )
    op.create_index("ix_center_messages_state_next_at", "center_messages", ["state", "next_at"])
    op.create_table(
        "center_deferrals",
        sa.Column("case_number", sa.String(24), sa.ForeignKey("center_cases.number"), primary_key=True),
        sa.Column("material_id", sa.String(40), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("promise", sa.JSON, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("given_at", sa.String(32)),
    )
    op.create_index("ix_center_deferrals_state_due_on", "center_deferrals", ["state", "due_on"])
    op.create_table(
        "center_catalogue_defects",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("case_number", sa.String(24), nullable=False),
        sa.Column("item_code", sa.String(40), nullable=False),
        sa.Column("catalogue_version", sa.Integer, nullable=False),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.Column("demand", sa.Text, nullable=False),
        sa.Column("reason", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("closed_at", sa.String(32)),
        sa.Column("resolution", sa.Text, nullable=False),
    )
    op.create_index("ix_center_catalogue_defects_state", "center_catalogue_defects", ["state", "created_at"])


def downgrade() -> None:
    for table in ("center_catalogue_defects", "center_deferrals", "center_messages", "center_documents"):
        op.drop_table(table)
    with op.batch_alter_table("center_case_events") as events:
        events.drop_constraint("uq_center_case_events_key", type_="unique")
        for column in ("idempotency_key", "detail", "actor_level"):
            events.drop_column(column)
    with op.batch_alter_table("center_cases") as cases:
        cases.drop_index("ix_center_cases_state")
        for column in ("partners", "origin", "delegation", "level"):
            cases.drop_column(column)
