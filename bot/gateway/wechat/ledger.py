"""额度账 (edu zhang): the contacts and sends of a person as rows; what is left is worked out by `bot.domain.quota`.

Bot, clerks, notices and reminders all send through this one book.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import List, Optional, Sequence, Tuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.domain.quota import LONGEST, Grant, Overlap, Send, Trigger, latest_trigger, left
from bot.gateway.wechat.tables import GRANTS, SENDS

SENDING, SENT, REFUSED, UNSENT = "sending", "sent", "refused", "unsent"
UNKNOWN, ANNOUNCED, REPEATED = "unknown", "announced", "repeated"  # may have arrived; told so; sent again on request
_COUNTED = (SENDING, SENT, UNKNOWN, ANNOUNCED, REPEATED)
Cover = Tuple[int, int, int]  # outbox id, from character, to character


def open_grant(connection: Connection, conversation: str, trigger: Trigger, opened: datetime, now: datetime) -> None:
    """A contact. A time in the future would lengthen the window, so the earlier of the two clocks holds."""
    values = {
        "conversation": conversation,
        "trigger": trigger.value,
        "opened": min(opened, now).isoformat(),
        "closed": False,
    }
    connection.execute(sa.insert(GRANTS).values(**values))


def grants(connection: Connection, conversation: str, now: datetime) -> List[Grant]:
    """The contacts that may still count. One that our clock, set back, has still before it counts as just now."""
    found = []
    for row in connection.execute(sa.select(GRANTS).where(GRANTS.c.conversation == conversation)).mappings():
        grant = Grant(Trigger(row["trigger"]), min(datetime.fromisoformat(row["opened"]), now), row["closed"])
        if now - grant.opened <= LONGEST:
            found.append(grant)
    return found


def sends_left(connection: Connection, conversation: str, now: datetime, overlap: Overlap) -> int:
    """How many sends are allowed now."""
    return left(grants(connection, conversation, now), _counted(connection, conversation), now, overlap)


def last_trigger(connection: Connection, conversation: str, now: datetime) -> Optional[Trigger]:
    """What the person did last, within the longest window."""
    return latest_trigger(grants(connection, conversation, now))


def close_grants(connection: Connection, conversation: str) -> None:
    """The platform says that nothing is left: believe it until the next contact."""
    connection.execute(sa.update(GRANTS).where(GRANTS.c.conversation == conversation).values(closed=True))


def _counted(connection: Connection, conversation: str) -> List[Send]:
    """Sends that the platform counted or may have counted; one it refused it has not counted."""
    query = sa.select(SENDS.c.started, SENDS.c.settled, SENDS.c.state).where(
        SENDS.c.conversation == conversation, SENDS.c.state.in_(_COUNTED)
    )
    found = []
    for row in connection.execute(query):
        settled = datetime.fromisoformat(row.settled) if row.settled else None
        found.append(Send(datetime.fromisoformat(row.started), settled))
    return found


def begin(connection: Connection, conversation: str, covers: Sequence[Cover], now: datetime) -> int:
    """Write down a send before it goes out; its id."""
    values = {"conversation": conversation, "covers": json.dumps(covers), "state": SENDING, "started": now.isoformat()}
    made = connection.execute(sa.insert(SENDS).values(**values))
    return int(made.inserted_primary_key[0])


def settle(connection: Connection, send: int, state: str, now: datetime, code: Optional[int] = None) -> bool:
    """How a send ended; False when somebody else has settled it."""
    known = sa.update(SENDS).where(SENDS.c.id == send, SENDS.c.state == SENDING)
    return bool(connection.execute(known.values(state=state, settled=now.isoformat(), code=code)).rowcount)


def in_state(connection: Connection, conversation: str, *states: str) -> List[Tuple[int, List[Cover]]]:
    """(id, what it covers) of sends in these states, oldest first."""
    query = sa.select(SENDS.c.id, SENDS.c.covers).where(SENDS.c.conversation == conversation, SENDS.c.state.in_(states))
    return [
        (row.id, [(c[0], c[1], c[2]) for c in json.loads(row.covers)])
        for row in connection.execute(query.order_by(SENDS.c.id))
    ]


def mark(connection: Connection, send: int, state: str) -> None:
    """Another state for a settled send."""
    connection.execute(sa.update(SENDS).where(SENDS.c.id == send).values(state=state))


def announce(connection: Connection, conversation: str) -> None:
    """The person has been told that something may not have arrived."""
    unclear = sa.update(SENDS).where(SENDS.c.conversation == conversation, SENDS.c.state == UNKNOWN)
    connection.execute(unclear.values(state=ANNOUNCED))


def forget_old(connection: Connection, now: datetime) -> None:
    """Drop contacts and sends that no longer count; unclear sends stay until the person has been told."""
    before = (now - LONGEST * 2).isoformat()
    connection.execute(sa.delete(GRANTS).where(GRANTS.c.opened < before))
    connection.execute(sa.delete(SENDS).where(SENDS.c.started < before, SENDS.c.state != UNKNOWN))
