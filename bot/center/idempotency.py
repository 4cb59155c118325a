"""幂等 (mideng): the same request twice has the effect of one."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Awaitable, Callable, TypeVar

from sqlalchemy.exc import IntegrityError

from bot.center.errors import ApiError

T = TypeVar("T")
_ATTEMPTS = 4


class TryAgain(Exception):
    """Another transaction stored the same request in the meantime; a new one will see it."""


def request_hash(body: Any) -> str:
    """Equal for equal bodies, whatever the order of keys."""
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


async def again_on_collision(work: Callable[[], Awaitable[T]]) -> T:
    """Run one whole transaction, again if another one took the same key or number first.

    The second run sees what the other one stored and answers accordingly.

    Raises:
        ApiError: unavailable, if it collides every time.
    """
    for _ in range(_ATTEMPTS):
        try:
            return await work()
        except (IntegrityError, TryAgain):
            continue
    raise ApiError("unavailable")
