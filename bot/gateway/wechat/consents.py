"""订阅通知 (dingyue tongzhi): consents to notices, and what became of notices, as the platform's events tell it.

Events may come twice, late, or before the answer to our own call: so they only ever add what they say.
"""

from __future__ import annotations

from datetime import datetime
from typing import Optional

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.adapters.sql.insert import insert_once
from bot.gateway.wechat.push import Push
from bot.gateway.wechat.tables import CONSENTS, NOTICES

_MOST_KEPT = 1000
SENDING, SENT, DELIVERED, FAILED, UNKNOWN = "sending", "sent", "delivered", "failed", "unknown"


def note_consents(connection: Connection, conversation: str, push: Push) -> None:
    """One accepted notice more for each `accept`; a withdrawal in the settings ends all."""
    for entry in push.popups:
        template, said = entry.get("TemplateId", "")[:64], entry.get("SubscribeStatusString", "")
        if not template:
            continue
        if said == "accept":
            _add(connection, conversation, template)
        elif said == "reject" and push.event == "subscribe_msg_change_event":
            spend(connection, conversation, template, everything=True)


def _add(connection: Connection, conversation: str, template: str) -> None:
    key = {"conversation": conversation, "template_id": template}
    insert_once(connection, CONSENTS, {**key, "left": 0})
    more = sa.update(CONSENTS).where(CONSENTS.c.conversation == conversation, CONSENTS.c.template_id == template)
    connection.execute(more.where(CONSENTS.c.left < _MOST_KEPT).values(left=CONSENTS.c.left + 1))


def left(connection: Connection, conversation: str, template: str) -> int:
    """How many notices of this template the person still accepts."""
    query = sa.select(CONSENTS.c.left).where(
        CONSENTS.c.conversation == conversation, CONSENTS.c.template_id == template
    )
    return int(connection.execute(query).scalar() or 0)


def spend(connection: Connection, conversation: str, template: str, everything: bool = False) -> None:
    """One consent less, or none left."""
    mine = sa.update(CONSENTS).where(CONSENTS.c.conversation == conversation, CONSENTS.c.template_id == template)
    connection.execute(mine.where(CONSENTS.c.left > 0).values(left=0 if everything else CONSENTS.c.left - 1))


def begin(connection: Connection, conversation: str, outbox_id: int, kind: str, now: datetime) -> Optional[int]:
    """Write down a notice before it goes out; None when there has been one for this message."""
    values = {
        "conversation": conversation,
        "outbox_id": outbox_id,
        "kind": kind,
        "state": SENDING,
        "at": now.isoformat(),
    }
    if not insert_once(connection, NOTICES, values):
        return None
    return int(connection.execute(sa.select(NOTICES.c.id).where(NOTICES.c.outbox_id == outbox_id)).scalar_one())


def settle(
    connection: Connection, notice: int, state: str, platform_id: Optional[str] = None, note: Optional[str] = None
) -> None:
    """How the call ended; its event may have come before."""
    known = sa.update(NOTICES).where(NOTICES.c.id == notice, NOTICES.c.state == SENDING)
    connection.execute(known.values(state=state, platform_id=platform_id, note=note))


def note_result(connection: Connection, push: Push, conversation: Optional[str]) -> None:
    """TEMPLATESENDJOBFINISH: success, or why not; it may come before the answer to our call has told the message's id."""
    status, number = push.values.get("Status", "").strip(), push.values.get("MsgID", "")[:40]
    if not number:
        return
    values = {"state": DELIVERED if status == "success" else FAILED, "note": "".join(status.split())[:80]}
    known = connection.execute(sa.update(NOTICES).where(NOTICES.c.platform_id == number).values(**values))
    if not known.rowcount and conversation is not None:
        under_way = sa.update(NOTICES).where(
            NOTICES.c.conversation == conversation, NOTICES.c.kind == "template", NOTICES.c.state == SENDING
        )
        connection.execute(under_way.values(platform_id=number, **values))
