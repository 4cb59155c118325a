"""令牌中控 (lingpai zhongkong): one access token for all gateways, refreshed by one of them at a time.

The token stands sealed in the shared store. Whoever finds it missing or refused takes the refresher's place in the row,
looks again, asks the platform and writes the answer; the others wait for it. A refused token leads to one refresh;
one that is refused again soon after leads to a pause with an alarm, never to a loop.
"""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Optional
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.adapters.sql.insert import insert_once
from bot.adapters.sql.store import Store
from bot.adapters.vault.cipher import CannotDecrypt, Cipher, Sealed
from bot.adapters.wechat_api.client import WeChatClient, forced_token, stable_token
from bot.adapters.wechat_api.errors import NotSent, WeChatError
from bot.adapters.wechat_api.tables import TOKENS
from bot.ports import Clock

_NAME = "access_token"
_MARGIN = timedelta(seconds=60)
_LONGEST_REFRESH = 15.0  # a refresher that died holds the place no longer
_WAIT_STEP, _WAIT_STEPS = 0.1, 100
_FORCED_APART = 35.0  # the platform allows a forced one every 30 s, twenty a day
_logger = logging.getLogger("bangban.wechat")


@dataclass(frozen=True)
class _Stored:
    token: Optional[str]
    expires: Optional[datetime]

    def good(self, now: datetime, but: Optional[str]) -> bool:
        if self.token is None or self.expires is None or self.token == but:
            return False
        return now < self.expires - _MARGIN


class SharedTokens:
    """The token of one account, in the gateway's store."""

    def __init__(self, store: Store, cipher: Cipher, clock: Clock, app_id: str, secret: str) -> None:
        self._store, self._cipher, self._clock = store, cipher, clock
        self._app_id, self._secret = app_id, secret
        self._me = uuid4().hex
        self._client: Optional[WeChatClient] = None
        self._not_before = 0.0
        self._last_forced = -_FORCED_APART
        self._lock = asyncio.Lock()

    def use(self, client: WeChatClient) -> None:
        """The client that fetches; it is made after this, since it needs tokens itself."""
        self._client = client

    async def get(self) -> str:
        """See `Tokens`."""
        return await self._token(None)

    async def renew(self, failed: str) -> str:
        """See `Tokens`."""
        return await self._token(failed)

    async def _token(self, failed: Optional[str]) -> str:
        stored = await self._store.read(self._read)
        if stored.good(self._clock.now(), failed):
            return stored.token or ""
        async with self._lock:
            for _ in range(_WAIT_STEPS):
                stored = await self._store.read(self._read)
                if stored.good(self._clock.now(), failed):  # somebody was faster
                    return stored.token or ""
                if time.monotonic() < self._not_before:
                    raise NotSent("token refresh is pausing")
                if await self._store.write(self._take_place):
                    return await self._refresh(failed)
                await asyncio.sleep(_WAIT_STEP)
        raise NotSent("no token in time")

    async def _refresh(self, failed: Optional[str]) -> str:
        try:
            token, seconds = await self._fetch(failed)
        except WeChatError as error:
            self._not_before = time.monotonic() + 5
            _logger.error("wechat_token_refused", extra={"event": {"event": "wechat_token_refused", "why": str(error)}})
            await self._store.write(self._leave_place)
            raise
        expires = self._clock.now() + timedelta(seconds=seconds)
        await self._store.write(lambda connection: self._keep(connection, token, expires))
        return token

    async def _fetch(self, failed: Optional[str]) -> "tuple[str, int]":
        assert self._client is not None
        token, seconds = await stable_token(self._client, self._app_id, self._secret)
        if token != failed:
            return token, seconds
        # the platform gives out the very token that it refuses: ask for another, but rarely
        if time.monotonic() - self._last_forced < _FORCED_APART:
            raise NotSent("token is refused again and again")
        self._last_forced = time.monotonic()
        return await forced_token(self._client, self._app_id, self._secret)

    # the row

    def _read(self, connection: Connection) -> _Stored:
        row = connection.execute(sa.select(TOKENS).where(TOKENS.c.name == _NAME)).mappings().first()
        if row is None or row["ciphertext"] is None:
            return _Stored(None, None)
        sealed = Sealed(row["key_id"], bytes(row["nonce"]), bytes(row["ciphertext"]))
        try:
            return _Stored(self._cipher.open(sealed, self._binding), datetime.fromisoformat(row["expires"]))
        except CannotDecrypt:  # the vault's key was changed: fetch a new one
            return _Stored(None, None)

    @property
    def _binding(self) -> str:
        return f"{_NAME}|{self._app_id}"

    def _take_place(self, connection: Connection) -> bool:
        insert_once(connection, TOKENS, {"name": _NAME, "serial": 0, "refresh_until": 0.0})
        now = time.time()
        free = sa.or_(TOKENS.c.refresh_until < now, TOKENS.c.refresher == self._me)
        taken = sa.update(TOKENS).where(TOKENS.c.name == _NAME, free)
        return bool(connection.execute(taken.values(refresher=self._me, refresh_until=now + _LONGEST_REFRESH)).rowcount)

    def _leave_place(self, connection: Connection) -> None:
        self._update(connection, refresh_until=0.0)

    def _keep(self, connection: Connection, token: str, expires: datetime) -> None:
        sealed = self._cipher.seal(token, self._binding)
        values = {**vars(sealed), "expires": expires.isoformat(), "serial": TOKENS.c.serial + 1, "refresh_until": 0.0}
        self._update(connection, **values)

    def _update(self, connection: Connection, **values: Any) -> None:
        # a refresher that was too slow has lost its place: its answer may be older than what stands there
        mine = (TOKENS.c.name == _NAME, TOKENS.c.refresher == self._me)
        connection.execute(sa.update(TOKENS).where(*mine).values(**values))
