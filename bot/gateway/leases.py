"""租约 (zuyue): transfers of custody, each under the row lock and against the epoch that the caller knows."""

from __future__ import annotations

from datetime import datetime
from typing import Optional

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.adapters.sql.store import Store
from bot.domain import lease as rules
from bot.domain.lease import IllegalTransfer, Lease
from bot.gateway import conversations
from bot.gateway.tables import CONVERSATIONS

ACTIONS = ("claim", "queue", "release", "renew")


class StaleEpoch(Exception):
    """The caller acted on an old epoch; `lease` is what holds now."""

    def __init__(self, lease: Lease) -> None:
        super().__init__(f"epoch is {lease.epoch}")
        self.lease = lease


async def transfer(
    store: Store,
    conversation: str,
    action: str,
    epoch: int,
    now: datetime,
    *,
    holder: str = "",
    until: Optional[datetime] = None,
    cause: Optional[str] = None,
) -> Lease:
    """Move the custody of a conversation.

    Args:
        cause: message id of the bot's own turn that asks for the transfer; the answer of that turn is still sent
            ("I am calling a colleague"), while any other answer in flight is suppressed.

    Raises:
        StaleEpoch: the lease has moved on since the caller looked.
        IllegalTransfer: not an allowed move.
    """

    def move(connection: Connection) -> Lease:
        row = conversations.lock(connection, conversation, now)
        lease = conversations.lease_of(row)
        if lease.epoch != epoch:
            raise StaleEpoch(lease)
        moved = _apply(lease, action, holder, now, until)
        if moved == lease:
            return lease
        values = {**conversations.lease_columns(moved), "cause": cause}
        connection.execute(
            sa.update(CONVERSATIONS).where(CONVERSATIONS.c.conversation == conversation).values(**values)
        )
        return moved

    return await store.write(move)


def _apply(lease: Lease, action: str, holder: str, now: datetime, until: Optional[datetime]) -> Lease:
    if action == "claim":
        return rules.claim(lease, holder, now, until)
    if action == "queue":
        return rules.queue(lease, now)
    if action == "release":
        return rules.release(lease, now)
    if action == "renew" and until is not None:
        return rules.renew(lease, holder, until)
    raise IllegalTransfer(f"no such move: {action}")
