"""收件箱 (shoujianxiang): every message a person sends, sealed and stored before anybody is told that it arrived."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Dict, List, Mapping, Optional, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.adapters.vault.sql_vault import SealedText, SqlVault
from bot.gateway import conversations, outbox
from bot.gateway.normalise import MAX_LENGTH, normalise, only_emoji
from bot.gateway.outbox import Outgoing
from bot.gateway.tables import INBOX, OUTBOX

WAITING, HANDED, DONE, FAILED = "waiting", "handed", "done", "failed"
_IN = INBOX.c


@dataclass(frozen=True)
class Incoming:
    """A message as a channel brings it; `message_id` is the same at every delivery."""

    conversation: str
    channel: str
    message_id: str
    text: str
    said_at: Optional[int] = None  # seconds by the platform's clock, where messages may come out of order
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class OpenMessage:
    """A stored message that the worker still has to bring to an end."""

    id: int
    conversation: str
    channel: str
    message_id: str
    text: str
    numbers: List[Dict[str, Any]]
    metadata: Dict[str, Any]
    attempts: int


def seal(
    connection: Connection,
    vault: SqlVault,
    conversation: str,
    message_id: str,
    text: str,
    asked: Optional[str] = None,
) -> "tuple[SealedText, bool]":
    """(sealed text of at most 2,000 characters, whether something was cut off); `asked`: what the bot said last."""
    clean = normalise(text)
    if asked is None:
        asked = _last_bot_text(connection, conversation)
    sealed = vault.seal(connection, conversation, message_id, clean, asked=asked, keep=MAX_LENGTH)
    return sealed, len(clean) > MAX_LENGTH


def put(connection: Connection, vault: SqlVault, message: Incoming, too_long: str, now: datetime) -> "tuple[int, bool]":
    """Store a message once; (its number in the conversation, whether it is new)."""
    row = conversations.lock(connection, message.conversation, now)
    known = sa.select(_IN.seq).where(_IN.message_id == message.message_id)
    seq = (connection.execute(known)).scalar()
    if seq is not None:
        return int(seq), False
    sealed, cut = seal(connection, vault, message.conversation, message.message_id, message.text)
    seq = conversations.next_seq(connection, row)
    values = {
        "conversation": message.conversation,
        "channel": message.channel,
        "message_id": message.message_id,
        "seq": seq,
        "text": sealed.text,
        "numbers": _json([asdict(n) for n in sealed.numbers]),
        "metadata": _json({**message.metadata, "channel": message.channel, "emoji_only": only_emoji(sealed.text)}),
        "state": WAITING,
        "attempts": 0,
        "said_at": message.said_at,
        "received_at": now.isoformat(),
    }
    connection.execute(sa.insert(INBOX).values(**values))
    if cut:
        outbox.put(connection, vault, row, Outgoing("system", too_long, f"long:{message.message_id}"), now)
    return seq, True


def people_waiting(connection: Connection, but: Sequence[str], limit: int, others: Optional[Any] = None) -> List[str]:
    """Conversations with unfinished messages, the longest waiting first, without those that are being served.

    Args:
        others: a query for conversations that other gateways serve.
    """
    query = sa.select(_IN.conversation).where(_IN.state.in_((WAITING, HANDED)))
    if others is not None:
        query = query.where(_IN.conversation.not_in(others))
    query = query.group_by(_IN.conversation).order_by(sa.func.min(_IN.id)).limit(limit + len(but))
    found = [row.conversation for row in connection.execute(query)]
    return [c for c in found if c not in but][:limit]


def oldest_open(connection: Connection, conversation: str) -> Optional[OpenMessage]:
    """The next message of a person; rows in state `handed` were under way when the gateway stopped."""
    query = (
        sa.select(INBOX)
        .where(_IN.conversation == conversation, _IN.state.in_((WAITING, HANDED)))
        .order_by(_IN.state, _IN.said_at, _IN.id)  # handed before waiting; a platform may bring the later one first
        .limit(1)
    )
    row = (connection.execute(query)).mappings().first()
    if row is None:
        return None
    plain = {name: row[name] for name in ("id", "conversation", "channel", "message_id", "text", "attempts")}
    return OpenMessage(numbers=json.loads(row["numbers"]), metadata=json.loads(row["metadata"]), **plain)


def mark_handed(connection: Connection, message: OpenMessage, epoch: int, silent: bool, now: datetime) -> bool:
    """The message goes to Rasa now, under this epoch of the lease; False when it is no longer open."""
    values = {
        "state": HANDED,
        "epoch": epoch,
        "silent": silent,
        "handed_at": now.isoformat(),
        "attempts": message.attempts + 1,
    }
    still_open = _IN.state.in_((WAITING, HANDED))
    taken = connection.execute(sa.update(INBOX).where(_IN.id == message.id, still_open).values(**values))
    return bool(taken.rowcount)


def finish(
    connection: Connection, message: OpenMessage, now: datetime, reason: Optional[str] = None, failed: bool = False
) -> None:
    """The message has come to its end: answered, recorded in silence, or failed."""
    values = {"state": FAILED if failed else DONE, "reason": reason, "done_at": now.isoformat()}
    still_open = _IN.state.in_((WAITING, HANDED))  # it may have been cancelled meanwhile
    connection.execute(sa.update(INBOX).where(_IN.id == message.id, still_open).values(**values))


def cancel(connection: Connection, conversation: str, why: str, now: datetime) -> None:
    """Nobody waits for an answer any more."""
    waiting = sa.update(INBOX).where(_IN.conversation == conversation, _IN.state.in_((WAITING, HANDED)))
    connection.execute(waiting.values(state=FAILED, reason=why, done_at=now.isoformat()))


def depth(connection: Connection) -> int:
    """How many messages wait, of everybody."""
    query = sa.select(sa.func.count()).select_from(INBOX).where(_IN.state.in_((WAITING, HANDED)))
    return int(connection.execute(query).scalar_one())


def open_ids(connection: Connection, conversation: Optional[str] = None) -> Dict[str, List[int]]:
    """Ids of unfinished messages, oldest first, by conversation."""
    query = sa.select(_IN.conversation, _IN.id).where(_IN.state.in_((WAITING, HANDED))).order_by(_IN.id)
    if conversation is not None:
        query = query.where(_IN.conversation == conversation)
    found: Dict[str, List[int]] = {}
    for row in connection.execute(query):
        found.setdefault(row.conversation, []).append(row.id)
    return found


def is_open(connection: Connection, number: int) -> bool:
    """Whether a message still waits for its end."""
    query = sa.select(_IN.id).where(_IN.id == number, _IN.state.in_((WAITING, HANDED)))
    return (connection.execute(query)).first() is not None


def handed_over(message: OpenMessage, silent: bool) -> Mapping[str, Any]:
    """The body for Rasa's gateway channel."""
    metadata = {**message.metadata, "numbers": message.numbers}
    return {
        "sender": message.conversation,
        "message": message.text,
        "message_id": message.message_id,
        "metadata": metadata,
        "silent": silent,
    }


def _last_bot_text(connection: Connection, conversation: str) -> str:
    query = (
        sa.select(OUTBOX.c.text)
        .where(OUTBOX.c.conversation == conversation, OUTBOX.c.origin.in_(("bot", "clerk")), OUTBOX.c.seq.is_not(None))
        .order_by(OUTBOX.c.seq.desc())
        .limit(1)
    )
    return (connection.execute(query)).scalar() or ""


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
