"""下一条 (xia yi tiao): decides, in one transaction, what goes to a person next, and writes it down before it is sent.

Whatever is ready is joined into as few bubbles as possible. How far each outbox row has been sent is counted in
characters of its rendered text, so that a long one goes on where the quota broke it off.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.domain import long_notice
from bot.domain.quota import Overlap, Trigger
from bot.domain.wechat_text import LIMIT, Bubble, Piece, clean, first_bubble, numbered, size
from bot.gateway import conversations, inbox, outbox, page_links
from bot.gateway.context import Gateway
from bot.gateway.h5 import ways_in
from bot.gateway.links import Links, Purpose
from bot.gateway.tables import OUTBOX
from bot.gateway.wechat import choices, ledger, people
from bot.gateway.wechat.choices import MOST_IN_A_MENU

_DAYS_AGO = timedelta(hours=12)
_LAST_SEND_WAITS = timedelta(seconds=20)


@dataclass(frozen=True)
class Planned:
    """A send that stands in the ledger. `explains`: it tells that an earlier one may not have arrived."""

    send: int
    conversation: str
    openid: str
    content: Mapping[str, Any]
    covers: Tuple[ledger.Cover, ...]
    as_menu: bool
    explains: bool


class Planner:
    """Plans for one gateway. `menus`: menu messages are allowed, until the platform says that they are not."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._words = gateway.texts.wechat
        self._overlap = Overlap(gateway.settings.wechat.overlap)
        self._links = Links(gateway.settings.cookie_key)
        self.menus = gateway.settings.wechat.choices == "menu"

    def plan(self, connection: Connection, conversation: str) -> Optional[Planned]:
        """The next send; None when nothing can or need be sent now."""
        now = self._gateway.now()
        conversations.lock(connection, conversation, now)
        _settle_left_over(connection, conversation, now)
        rows = [row for row in _open_rows(connection, conversation) if not _stale_patience(connection, row, now)]
        if not rows:
            return None
        person = people.of_conversation(connection, conversation)
        if person is None:
            outbox.cancel(connection, conversation, "unfollowed", now)
            return None
        left = ledger.sends_left(connection, conversation, now, self._overlap)
        if person.unreachable or left == 0:
            _put_off(connection, rows, person.unreachable or "no quota")
            return None
        if left == 1 and _more_soon(connection, conversation, rows[0], now):
            return None
        late = rows[0]["reason"] == "late"
        group = [row for row in rows if (row["reason"] == "late") == late]
        trigger = ledger.last_trigger(connection, conversation, now)
        pieces = [self._piece(connection, row, trigger, now) for row in group]
        return self._write(connection, person, rows, group, pieces, left, now)

    def _piece(self, connection: Connection, row: Dict[str, Any], trigger: Optional[Trigger], now: datetime) -> Piece:
        """What is still to be sent of a row; rendered anew as long as nothing of it has been sent."""
        if row["done"] == 0:
            row.update(self._rendered(row, trigger, now))
            values = {"rendered": row["rendered"], "as_menu": row["as_menu"]}
            connection.execute(sa.update(OUTBOX).where(OUTBOX.c.id == row["id"]).values(**values))
        return Piece(row["id"], row["rendered"][row["done"] :], row["as_menu"])

    def _rendered(self, row: Mapping[str, Any], trigger: Optional[Trigger], now: datetime) -> Dict[str, Any]:
        text = clean(row["text"])
        number, address = long_notice.notice_number(text), partial(self._address, row["conversation"], now)
        if number and long_notice.is_long(text):
            text = long_notice.shortened(text, self._words["long_notice"].format(link=address(Purpose.NOTICE, number)))
        else:
            line = page_links.line_for(text, self._gateway.texts.links, address)
            text = f"{text}\n{line}" if line else text
        titles = [b["title"] for b in json.loads(row["buttons"])]
        if not titles:
            return {"rendered": text or " ", "as_menu": False}
        # a click on a menu message allows 3 sends in a minute, a typed number 5 in two days: once on the
        # short leash, numbers lead back to the long one
        as_menu = self.menus and trigger is Trigger.MESSAGE and len(set(titles)) == len(titles) <= MOST_IN_A_MENU
        if as_menu:
            return {"rendered": text or self._words["choose_title"], "as_menu": True}
        return {"rendered": numbered(text, titles, self._words["choose"]), "as_menu": False}

    def _address(self, conversation: str, now: datetime, purpose: Purpose, subject: str) -> str:
        """A link with a key: WeChat's browser knows nobody's conversation yet."""
        return self._gateway.settings.public_url + ways_in.link(self._links, purpose, conversation, subject, now)

    def _write(
        self,
        connection: Connection,
        person: people.Follower,
        rows: Sequence[Dict[str, Any]],
        group: Sequence[Dict[str, Any]],
        pieces: Sequence[Piece],
        left: int,
        now: datetime,
    ) -> Planned:
        head, explains = self._head(connection, person.conversation, group[0], now)
        by_id, room, tail = {row["id"]: row for row in group}, LIMIT - size(head), ""
        bubble = first_bubble(pieces, room)
        covers = _covers(bubble, by_id)
        if left == 1 and not _all_said(covers, by_id, rows):
            tail = "\n" + self._words["more"]  # the last send for now says that there is more
            bubble = first_bubble(pieces, room - size(tail))
            covers = _covers(bubble, by_id)
        text = head + bubble.text + tail
        send = ledger.begin(connection, person.conversation, covers, now)
        for key, _, _ in covers:
            connection.execute(sa.update(OUTBOX).where(OUTBOX.c.id == key).values(state=outbox.SENDING))
        content = self._content(connection, text, bubble.closes, [by_id[key] for key, _, _ in covers])
        return Planned(send, person.conversation, person.openid, content, covers, bubble.closes, explains)

    def _head(
        self, connection: Connection, conversation: str, first: Mapping[str, Any], now: datetime
    ) -> Tuple[str, bool]:
        """Lines above the text: what was late, and that something may not have arrived."""
        lines = []
        explains = bool(ledger.in_state(connection, conversation, ledger.UNKNOWN))
        if explains:
            lines.append(self._words["unclear"])
        if first["reason"] == "late":
            days = now - datetime.fromisoformat(first["at"]) > _DAYS_AGO
            lines.append(self._words["late_days" if days else "late"])
        return "".join(line + "\n" for line in lines), explains

    def _content(
        self, connection: Connection, text: str, closes: bool, covered: Sequence[Mapping[str, Any]]
    ) -> Mapping[str, Any]:
        entries: List[Dict[str, str]] = []
        for row in covered:
            ids = choices.keep(connection, row, json.loads(row["buttons"]))
            if closes and row is covered[-1]:
                titles = [b["title"] for b in json.loads(row["buttons"])]
                entries = [{"id": str(number), "content": title} for number, title in zip(ids, titles)]
        if entries:
            menu = {"head_content": text, "list": entries, "tail_content": self._words["choose_menu"]}
            return {"msgtype": "msgmenu", "msgmenu": menu}
        return {"msgtype": "text", "text": {"content": text}}


def _covers(bubble: Bubble, by_id: Mapping[int, Mapping[str, Any]]) -> Tuple[Tuple[int, int, int], ...]:
    """(outbox id, from, to) of the characters that a bubble takes."""
    return tuple((key, by_id[key]["done"], by_id[key]["done"] + length) for key, length in bubble.taken)


def _all_said(
    covers: Sequence[Tuple[int, int, int]], by_id: Mapping[int, Mapping[str, Any]], rows: Sequence[Mapping[str, Any]]
) -> bool:
    """Whether nothing of any row is left after this."""
    return len(covers) == len(rows) and all(end == len(by_id[key]["rendered"]) for key, _, end in covers)


def _open_rows(connection: Connection, conversation: str) -> List[Dict[str, Any]]:
    query = sa.select(OUTBOX).where(
        OUTBOX.c.conversation == conversation, OUTBOX.c.state.in_((outbox.READY, outbox.SENDING))
    )
    return [dict(row) for row in connection.execute(query.order_by(OUTBOX.c.seq)).mappings()]


def _stale_patience(connection: Connection, row: Mapping[str, Any], now: datetime) -> bool:
    """A word of patience that comes after the answer says nothing: it is dropped."""
    prefix, _, number = row["idempotency_key"].partition(":")
    if prefix != "wait" or not number.isdigit() or inbox.is_open(connection, int(number)):
        return False
    dropped = sa.update(OUTBOX).where(OUTBOX.c.id == row["id"])
    connection.execute(dropped.values(state=outbox.SUPPRESSED, reason="answered already", settled_at=now.isoformat()))
    return True


def _more_soon(connection: Connection, conversation: str, oldest: Mapping[str, Any], now: datetime) -> bool:
    """Whether the last send had better wait for answers that are still being worked out, to take them along."""
    if now - datetime.fromisoformat(oldest["at"]) > _LAST_SEND_WAITS:
        return False
    return bool(inbox.open_ids(connection, conversation))


def _put_off(connection: Connection, rows: Sequence[Mapping[str, Any]], why: str) -> None:
    ids = [row["id"] for row in rows]
    connection.execute(
        sa.update(OUTBOX).where(OUTBOX.c.id.in_(ids)).values(state=outbox.WAITING_FOR_QUOTA, reason=why[:120])
    )


def _settle_left_over(connection: Connection, conversation: str, now: datetime) -> None:
    """Sends that were under way when their gateway died: they may have arrived."""
    for send, covers in ledger.in_state(connection, conversation, ledger.SENDING):
        if ledger.settle(connection, send, ledger.UNKNOWN, now):
            advance(connection, covers, now, unclear=True)


def advance(connection: Connection, covers: Sequence[ledger.Cover], now: datetime, unclear: bool = False) -> None:
    """These characters are out, or may be: what is covered to its end is finished."""
    for key, _, end in covers:
        row = connection.execute(sa.select(OUTBOX).where(OUTBOX.c.id == key)).mappings().first()
        if row is None or row["state"] not in outbox.UNFINISHED:
            continue
        reason = "unclear" if unclear or row["reason"] == "unclear" else row["reason"]
        values: Dict[str, Any] = {"done": end, "reason": reason, "state": outbox.READY}
        if end >= len(row["rendered"] or ""):
            values["state"] = outbox.UNKNOWN if reason == "unclear" else outbox.SENT
            values["settled_at"] = now.isoformat()
        connection.execute(sa.update(OUTBOX).where(OUTBOX.c.id == key).values(**values))


def step_back(
    connection: Connection, covers: Sequence[ledger.Cover], state: str, reason: Optional[str], now: datetime
) -> None:
    """They are not out: ready again, waiting for a contact, or failed for good."""
    for key, _, _ in covers:
        values: Dict[str, Any] = {"state": state}
        if state != outbox.READY:
            values["reason"] = reason
        if state == outbox.FAILED:
            values["settled_at"] = now.isoformat()
        connection.execute(
            sa.update(OUTBOX).where(OUTBOX.c.id == key, OUTBOX.c.state.in_(outbox.UNFINISHED)).values(**values)
        )
