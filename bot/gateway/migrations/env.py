"""Alembic's entry: the connection comes from `upgrade()`, which also owns the transaction."""

from alembic import context

from bot.gateway.tables import METADATA, VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"], target_metadata=METADATA, version_table=VERSION_TABLE
)
with context.begin_transaction():
    context.run_migrations()
