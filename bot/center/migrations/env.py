"""Alembic's entry: the connection comes from `upgrade()`, which also owns the transaction."""

from alembic import context

from bot.center.migrations import VERSION_TABLE
from bot.center.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
)
with context.begin_transaction():
    context.run_migrations()
