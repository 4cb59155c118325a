"""发件箱 (fajianxiang): everything that goes out to a person, whoever says it, in one numbered line per conversation."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Dict, Mapping, Optional, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.adapters.sql.insert import insert_once
from bot.adapters.vault.sql_vault import SqlVault
from bot.adapters.vault.tokens import masked_text
from bot.gateway import conversations
from bot.gateway.tables import OUTBOX

READY, SUPPRESSED = "ready", "suppressed"
# where a platform sends: under way, confirmed, answered in the platform's own request (which confirms nothing),
# nothing allowed until the next contact, refused for good, and possibly delivered
SENDING, SENT, REPLIED, WAITING_FOR_QUOTA = "sending", "sent", "replied", "waiting_for_quota"
FAILED, UNKNOWN = "failed", "unknown"
UNFINISHED = (READY, SENDING, WAITING_FOR_QUOTA)
ORIGINS = ("bot", "notice", "clerk", "system")


@dataclass(frozen=True)
class Outgoing:
    """A message to a person, before it has a number."""

    origin: str
    text: str
    key: str
    buttons: Sequence[Mapping[str, str]] = ()
    inbox_id: Optional[int] = None


def put(
    connection: Connection,
    vault: SqlVault,
    row: Dict[str, Any],
    message: Outgoing,
    now: datetime,
    suppressed: Optional[str] = None,
    state: str = READY,
) -> bool:
    """Write a message once; False when its key is there already.

    Args:
        row: the locked conversation row.
        suppressed: why nobody may see it; it is kept for the record, without a number in the line.
        state: READY, or REPLIED for what already stands in the answer to the platform.
    """
    conversation = row["conversation"]
    if (connection.execute(sa.select(OUTBOX.c.id).where(OUTBOX.c.idempotency_key == message.key))).first():
        return False
    shown = masked_text(message.text, vault.masks(connection, conversation, message.text))
    values = {
        "conversation": conversation,
        "channel": row["channel"],
        "seq": None if suppressed else conversations.next_seq(connection, row),
        "origin": message.origin,
        "text": shown,
        "buttons": json.dumps([dict(b) for b in message.buttons], ensure_ascii=False),
        "state": SUPPRESSED if suppressed else state,
        "reason": suppressed,
        "idempotency_key": message.key,
        "inbox_id": message.inbox_id,
        "epoch": row["epoch"],
        "at": now.isoformat(),
    }
    return insert_once(connection, OUTBOX, values)


def cancel(connection: Connection, conversation: str, why: str, now: datetime) -> None:
    """Say nothing of what is still to be said."""
    values = {"state": FAILED, "reason": why, "settled_at": now.isoformat()}
    unsaid = sa.update(OUTBOX).where(OUTBOX.c.conversation == conversation, OUTBOX.c.state.in_(UNFINISHED))
    connection.execute(unsaid.values(**values))
