"""Alembic's entry: the connection comes from `upgrade()`, which also owns the transaction."""

from alembic import context

from bot.adapters.wechat_api import tables as token_tables  # noqa: F401 - adds its tables
from bot.gateway.h5 import tables as page_tables  # noqa: F401 - adds its tables
from bot.gateway.tables import METADATA, VERSION_TABLE
from bot.gateway.wechat import tables as wechat_tables  # noqa: F401 - adds its tables

context.configure(
    connection=context.config.attributes["connection"], target_metadata=METADATA, version_table=VERSION_TABLE
)
with context.begin_transaction():
    context.run_migrations()
