"""Lock store for one process: first come, first served per conversation.

The stock stores poll with one-second sleeps, so five photos sent at once wait four seconds. Several Rasa
processes need no distributed lock: the gateway keeps the order per person and routes by person (design decision 12).
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import Any, AsyncGenerator, Dict, Tuple

from rasa.core.lock_store import LOCK_LIFETIME, LockError, LockStore


class FifoLockStore(LockStore):
    """asyncio locks, one per conversation that is being worked on."""

    def __init__(self, endpoint_config: Any = None) -> None:
        """Rasa passes `endpoint_config`; nothing in it is needed."""
        self._locks: Dict[str, Tuple[asyncio.Lock, int]] = {}
        super().__init__()

    @asynccontextmanager
    async def lock(
        self, conversation_id: str, lock_lifetime: float = LOCK_LIFETIME, wait_time_in_seconds: float = 1
    ) -> AsyncGenerator[asyncio.Lock, None]:
        """Hold the conversation's lock.

        Raises:
            LockError: it was not free within `lock_lifetime` seconds.
        """
        lock, users = self._locks.get(conversation_id) or (asyncio.Lock(), 0)
        self._locks[conversation_id] = (lock, users + 1)
        try:
            try:
                await asyncio.wait_for(lock.acquire(), lock_lifetime)
            except asyncio.TimeoutError as error:
                raise LockError(f"conversation {conversation_id} stayed locked for {lock_lifetime} s") from error
            try:
                yield lock
            finally:
                lock.release()
        finally:
            users = self._locks[conversation_id][1] - 1
            if users:
                self._locks[conversation_id] = (lock, users)
            else:
                del self._locks[conversation_id]
