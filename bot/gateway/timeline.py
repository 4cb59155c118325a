"""对话记录 (duihua jilu): a conversation as its person sees it: own messages masked, answers, in one numbered line."""

from __future__ import annotations

import json
import re
from typing import Any, Dict, List, Mapping, Tuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.adapters.vault.tokens import masked_text, token_id
from bot.gateway import inbox
from bot.gateway.tables import CONVERSATIONS, INBOX, OUTBOX

_AT_A_TIME = 300  # a page that comes back after months is not sent the whole past


def since(connection: Connection, conversation: str, after: int) -> List[Dict[str, Any]]:
    """Entries with a number above `after`, in order.

    Bounded by the counter read first: everything up to it is committed, so nothing can appear later below what was sent.
    """
    counted = sa.select(CONVERSATIONS.c.last_seq).where(CONVERSATIONS.c.conversation == conversation)
    last = (connection.execute(counted)).scalar() or 0
    first = max(after, last - _AT_A_TIME)
    if last <= first:
        return []
    entries = []
    for table, view in ((INBOX, _own), (OUTBOX, _other)):
        query = sa.select(table).where(table.c.conversation == conversation, table.c.seq > first, table.c.seq <= last)
        entries += [view(row) for row in (connection.execute(query)).mappings()]
    return sorted(entries, key=lambda entry: entry["seq"])


_AFTER_HANZI = re.compile(r"(?:(?<=[\u4e00-\u9fff*）”])|(?<=\*[\dX]{2})|(?<=\*[\dX]{4}))[,?!:;]")  # or after a masked number
_FULL_WIDTH = str.maketrans(",?!:;", "，？！：；")


def _as_typed(text: str) -> str:
    """Chinese punctuation again; normalisation made it narrow, and nobody types "好的," like that."""
    return _AFTER_HANZI.sub(lambda match: match.group().translate(_FULL_WIDTH), text)


def _own(row: Mapping[str, Any]) -> Dict[str, Any]:
    masks = {token_id(n["token"]) or "": n["masked"] for n in json.loads(row["numbers"])}
    text = _as_typed(masked_text(row["text"], masks))
    return {
        "seq": row["seq"],
        "id": row["message_id"],
        "from": "me",
        "text": text,
        "buttons": [],
        "at": row["received_at"],
    }


def _other(row: Mapping[str, Any]) -> Dict[str, Any]:
    return {
        "seq": row["seq"],
        "id": f"o{row['id']}",
        "from": row["origin"],
        "text": row["text"],
        "buttons": json.loads(row["buttons"]),
        "at": row["at"],
    }


def state(connection: Connection, conversation: str) -> Tuple[bool, str]:
    """(whether an answer of the bot is due, who holds the conversation)."""
    query = sa.select(CONVERSATIONS.c.owner).where(CONVERSATIONS.c.conversation == conversation)
    owner = (connection.execute(query)).scalar() or "bot"
    waiting = inbox.open_ids(connection, conversation) if owner == "bot" else {}
    return bool(waiting), owner
