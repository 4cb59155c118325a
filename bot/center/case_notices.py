"""进度通知 (jindu tongzhi): the word to the person at each step, written in the transaction of the step (E6)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Mapping, Optional, Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.center import case_views, labels, messages_store
from bot.center.cases_store import StoredCase
from bot.center.context import Centre
from bot.domain.supplement import defects_of
from bot.ports import PublishedItem

TOLD = (
    "accept", "refuse", "handle", "submit_review", "approve", "return", "finish", "finish_at_once", "deliver", "ask_supplement",
    "give_up_waiting", "pass_up",
)  # fmt: skip
"""Moves that the person hears of; what they did themselves they know."""


async def tell(
    center: Centre, connection: AsyncConnection, stored: StoredCase, published: PublishedItem, papers: Sequence[Any]
) -> None:
    """Queue the notice of the last entry of the history."""
    case = stored.case
    event = case.history[-1]
    if event.move not in TOLD:
        return
    deadline = case_views.promise(case, published, stored.row["facts"], center.calendar)
    text = center.words.render(
        "case_notices.j2",
        move=event.move,
        number=case.number,
        item=stored.row["item_name"],
        kind=labels.KINDS[case.kind],
        reason=case_views.reason_text(case.kind),
        promised=deadline.date if deadline else None,
        provisional=deadline.provisional if deadline else False,
        report_by=case_views.report_by(case, center),
        at_county=case.level.value == "county",
        opinion=event.opinion.strip().rstrip("。"),
        defects=[defect.text.rstrip("。；") for defect in defects_of(event.detail)],
        until=event.detail.get("until"),
        window=published.local.window,
        phone=center.profile.enquiry_phone,
        complaint_phone=center.profile.complaint_phone,
        papers=[paper["number"] for paper in papers],
        today=event.at.date(),
    )
    await send_to(center, connection, stored.row, f"case:{case.number}:{event.seq:04d}", text)


async def send_to(
    center: Centre,
    connection: AsyncConnection,
    row: Mapping[str, Any],
    key: str,
    text: str,
    at: Optional[datetime] = None,
) -> None:
    """Queue a message to the one whose case it is, once per key."""
    phone = (row.get("applicant") or {}).get("phone")
    await messages_store.add(connection, key, row["conversation"], row["channel"], text, at or center.now(), phone)
