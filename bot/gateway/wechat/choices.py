"""选项 (xuanxiang): choices that were shown, so that a click or a bare number means what stood there, or is stale."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Any, List, Mapping, Optional, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.gateway.tables import INBOX, OUTBOX
from bot.gateway.wechat.tables import CHOICES

MOST_IN_A_MENU = 10  # the platform's limit is not published; ten is safe


@dataclass(frozen=True)
class Chosen:
    """What a click or number stands for. `stale`: the talk has gone on since; only the words are left."""

    words: str
    title: str
    stale: bool


def keep(connection: Connection, row: Mapping[str, Any], buttons: Sequence[Mapping[str, str]]) -> List[int]:
    """Ids of the choices of an outbox row, in order; kept once, however often the row is looked at."""
    known = sa.select(CHOICES.c.id).where(CHOICES.c.outbox_id == row["id"]).order_by(CHOICES.c.number)
    ids = list(connection.execute(known).scalars())
    if ids or not buttons:
        return ids
    for number, button in enumerate(buttons, 1):
        values = {"conversation": row["conversation"], "outbox_id": row["id"], "seq": row["seq"], "number": number}
        made = connection.execute(sa.insert(CHOICES).values(title=button["title"], payload=button["payload"], **values))
        ids.append(int(made.inserted_primary_key[0]))
    return ids


def clicked(connection: Connection, conversation: str, menu_id: int, content: str) -> Chosen:
    """The entry of a menu message. An id may come as 0; then the newest entry of that title is meant."""
    mine = sa.select(CHOICES).where(CHOICES.c.conversation == conversation)
    row = connection.execute(mine.where(CHOICES.c.id == menu_id)).mappings().first() if menu_id else None
    if row is None:
        named = mine.where(CHOICES.c.title == content).order_by(CHOICES.c.id.desc()).limit(1)
        row = connection.execute(named).mappings().first()
    if row is None:
        return Chosen(content, content, True)
    return Chosen(row["payload"], row["title"], row["outbox_id"] != _open_set(connection, conversation))


def numbered(connection: Connection, conversation: str, text: str) -> Optional[Chosen]:
    """The choice that a bare number means; None when no choices are open or it is no number of theirs."""
    bare = unicodedata.normalize("NFKC", text).strip().rstrip("。.、")
    if not (bare.isascii() and bare.isdigit() and len(bare) <= 2):
        return None
    newest = _open_set(connection, conversation)
    query = sa.select(CHOICES).where(CHOICES.c.outbox_id == newest, CHOICES.c.number == int(bare))
    row = connection.execute(query).mappings().first() if newest is not None else None
    return Chosen(row["payload"], row["title"], False) if row else None


def _open_set(connection: Connection, conversation: str) -> Optional[int]:
    """The choices that still stand: the newest ones, if the person has said nothing since."""
    newest = (
        sa.select(CHOICES.c.outbox_id, CHOICES.c.seq)
        .where(CHOICES.c.conversation == conversation)
        .order_by(CHOICES.c.seq.desc())
        .limit(1)
    )
    row = connection.execute(newest).first()
    if row is None:
        return None
    said = sa.select(INBOX.c.id).where(INBOX.c.conversation == conversation, INBOX.c.seq > row.seq).limit(1)
    asked = sa.select(OUTBOX.c.id).where(OUTBOX.c.id == row.outbox_id)
    if connection.execute(said).first() or not connection.execute(asked).first():
        return None
    return int(row.outbox_id)
