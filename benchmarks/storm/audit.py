"""The auditor: compares what people said, what stands in the store and what they can read, and trusts none of the three."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, Dict, Iterable, List, Mapping, Sequence

import sqlalchemy as sa

from bot.gateway.tables import INBOX, OUTBOX
from bot.gateway.texts import load_texts
from bot.gateway.wechat.push import Push
from bot.gateway.wechat.tables import PEOPLE
from bot.settings import ROOT

Row = Mapping[str, Any]
OVER = (45015, 45047)
_SHOWN, _PARTLY = ("sent", "unknown"), ("ready", "sending", "waiting_for_quota")


@dataclass
class Findings:
    """Every list should be empty but `waiting`, which names what is owed at the next contact."""

    lost: List[str] = field(default_factory=list)  # said, but not in the store, not worked or not answered
    mismatched: List[str] = field(default_factory=list)  # what can be read is not each answer once and in order
    waiting: List[str] = field(default_factory=list)
    unclear: int = 0
    sorry: int = 0
    overtaken: int = 0  # worked before one that was said in an earlier second but came later


def message_id(openid: str, delivery: Mapping[str, Any]) -> str:
    """The id under which the gateway must have stored a text."""
    push = Push(openid, delivery["trigger"], "", delivery["created"], str(delivery["msg_id"]))
    return f"wx-{push.key[:40]}"


def audit(database: str, said: Sequence[Any], lines: Iterable[Row]) -> Findings:
    """Look at everything once more. `said`: `pour.Said`; `lines`: the transcript of all people."""
    engine = sa.create_engine(database)
    with engine.connect() as connection:
        inbox = [dict(row) for row in connection.execute(sa.select(INBOX).order_by(INBOX.c.id)).mappings()]
        outbox = [dict(row) for row in connection.execute(sa.select(OUTBOX).order_by(OUTBOX.c.id)).mappings()]
        openid_of = {row.conversation: row.openid for row in connection.execute(sa.select(PEOPLE.c.conversation, PEOPLE.c.openid))}
    engine.dispose()
    found = Findings()
    answers = defaultdict(list)
    for row in outbox:
        answers[row["inbox_id"]].append(row)
    _check_inbox(found, said, {row["message_id"]: row for row in inbox}, answers)
    found.overtaken = _overtaken(inbox)
    rows_of, lines_of = defaultdict(list), defaultdict(list)
    for row in outbox:
        rows_of[openid_of.get(row["conversation"], "")].append(row)
    for line in lines:
        if line["source"] == "kf":
            lines_of[line["openid"]].append(line)
    for openid in {*rows_of, *lines_of}:
        problem = _compare(rows_of[openid], lines_of[openid])
        if problem:
            found.mismatched.append(f"{openid}: {problem}")
    found.waiting = [row["idempotency_key"] for row in outbox if row["state"] == "waiting_for_quota"]
    found.unclear = sum(1 for row in outbox if row["state"] == "unknown")
    found.sorry = sum(1 for row in outbox if row["idempotency_key"].endswith(":sorry"))
    return found


def _check_inbox(found: Findings, said: Sequence[Any], inbox: Dict[str, Row], answers: Mapping[Any, List[Row]]) -> None:
    for one in said:
        key = message_id(one.openid, one.delivery)
        row = inbox.pop(key, None)
        if row is None:
            found.lost.append(f"{key}: not stored")
        elif row["state"] not in ("done", "failed"):
            found.lost.append(f"{key}: {row['state']}")
        elif not answers[row["id"]]:
            found.lost.append(f"{key}: no answer")
    found.mismatched += [f"{key}: nobody said it" for key in inbox]


def _overtaken(inbox: Sequence[Row]) -> int:
    newest: Dict[str, int] = {}
    count = 0
    for row in sorted(inbox, key=lambda r: r["done_at"] or ""):
        count += (row["said_at"] or 0) < newest.get(row["conversation"], 0)
        newest[row["conversation"]] = max(newest.get(row["conversation"], 0), row["said_at"] or 0)
    return count


_WORDS = load_texts(ROOT / "data" / "centre" / "profile.yml").wechat
_LEADS = [_WORDS[name] for name in ("unclear", "late", "late_days")]


def _bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _read(line: Row) -> str:
    """The words of a bubble without the account's own lines around them."""
    content = line["content"]
    text = str(content.get("text") or content.get("head") or "")
    for lead in _LEADS:
        text = text.removeprefix(lead).removeprefix("\n")
    return _bare(text.removesuffix(_WORDS["more"]))


def _compare(rows: Sequence[Row], lines: Sequence[Row]) -> str:
    """What is wrong with what one person can read, or nothing: each answer once, whole, in its order, and nothing else."""
    text, at = "".join(_read(line) for line in lines), 0
    for row in sorted((r for r in rows if r["seq"] is not None), key=lambda r: r["seq"]):
        if row["state"] not in (*_SHOWN, *_PARTLY):
            continue
        piece = _bare((row["rendered"] or "")[: row["done"]])
        if text.startswith(piece, at):
            at += len(piece)
        elif row["state"] != "unknown" and row["reason"] != "unclear":
            return f"{row['idempotency_key']} ({row['state']}) does not stand where it should: {text[at : at + 40]!r}"
    return f"there is more than was sent: {text[at : at + 60]!r}" if at < len(text) else ""
