"""认领 (renling): which gateway works for whom, when several share a database.

A gateway that takes a person's messages claims the person first, so that order is kept and nobody is worked twice.
A claim holds as long as its gateway gives signs of life; after ten silent seconds others may take it over. Under SQLite
there is one gateway only (`alone` sees to it) and nothing to claim.
"""

from __future__ import annotations

import asyncio
import fcntl
import logging
import socket
import time
from pathlib import Path
from typing import IO, Any, Optional

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.adapters.sql.insert import insert_once
from bot.adapters.sql.store import Store
from bot.gateway.logs import log
from bot.gateway.tables import CLAIMS, PROCESSES
from bot.settings import Settings, SettingsError

_BEAT, _SILENT = 2.0, 10.0
_C = CLAIMS.c


def alone(settings: Settings) -> Optional[IO[bytes]]:
    """Hold the data folder for one gateway under SQLite; keep what is returned until the end.

    Raises:
        SettingsError: another gateway holds it.
    """
    if settings.database_url:
        return None
    settings.var.mkdir(parents=True, exist_ok=True)
    held = (Path(settings.var) / "gateway.lock").open("ab")
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        held.close()
        raise SettingsError(
            f"another gateway works with {settings.var}; several gateways need DATABASE_URL (PostgreSQL)"
        ) from error
    return held


class Claims:
    """The claims of one gateway."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self.shared = settings.database_url is not None
        self.me = f"{socket.gethostname()}:{settings.gateway_port}"[:160]
        self._store = store

    async def begin(self) -> None:
        """Claims of an earlier run of this gateway are void."""
        if self.shared:
            await self._store.write(self._begin)

    def _begin(self, connection: Connection) -> None:
        connection.execute(sa.delete(CLAIMS).where(_C.holder == self.me))
        self._beat(connection)

    async def run(self) -> None:
        """Give signs of life until cancelled."""
        while self.shared:
            await asyncio.sleep(_BEAT)
            try:
                await self._store.write(self._beat)
            except Exception as error:  # the database is away: nobody can take anything over either
                log("no_sign_of_life", logging.ERROR, error)

    def _beat(self, connection: Connection) -> None:
        now = _moment(connection)
        if not insert_once(connection, PROCESSES, {"id": self.me, "beat": now}):
            connection.execute(sa.update(PROCESSES).where(PROCESSES.c.id == self.me).values(beat=now))

    async def end(self) -> None:
        """Leave everything to the others."""
        if self.shared:
            await self._store.write(self._end)

    def _end(self, connection: Connection) -> None:
        connection.execute(sa.delete(CLAIMS).where(_C.holder == self.me))
        connection.execute(sa.delete(PROCESSES).where(PROCESSES.c.id == self.me))

    def of_others(self, connection: Connection, kind: str) -> Optional[Any]:
        """A query for the conversations that living others have claimed; None when there can be none."""
        if not self.shared:
            return None
        living = sa.select(PROCESSES.c.id).where(PROCESSES.c.beat > _moment(connection) - _SILENT)
        return sa.select(_C.conversation).where(_C.kind == kind, _C.holder != self.me, _C.holder.in_(living))

    async def take(self, kind: str, conversation: str) -> bool:
        """Claim a conversation; False when a living other has it."""
        if not self.shared:
            return True
        return await self._store.write(lambda connection: self._take(connection, kind, conversation))

    def _take(self, connection: Connection, kind: str, conversation: str) -> bool:
        values = {"kind": kind, "conversation": conversation, "holder": self.me}
        if insert_once(connection, CLAIMS, values):
            return True
        mine = (_C.kind == kind, _C.conversation == conversation)
        holder = connection.execute(sa.select(_C.holder).where(*mine).with_for_update()).scalar()
        if holder is None or holder == self.me:
            return holder is not None
        beat = connection.execute(sa.select(PROCESSES.c.beat).where(PROCESSES.c.id == holder)).scalar()
        if beat is not None and beat > _moment(connection) - _SILENT:
            return False
        connection.execute(sa.update(CLAIMS).where(*mine).values(holder=self.me))
        return True

    async def release(self, kind: str, conversation: str) -> None:
        """Done with this person for now."""
        if self.shared:
            gone = sa.delete(CLAIMS).where(_C.kind == kind, _C.conversation == conversation, _C.holder == self.me)
            await self._store.write(lambda connection: connection.execute(gone) and None)


def _moment(connection: Connection) -> float:
    """Seconds by the database's clock, which all gateways share."""
    if connection.dialect.name == "postgresql":
        return float(connection.execute(sa.text("select extract(epoch from clock_timestamp())")).scalar_one())
    return time.time()
