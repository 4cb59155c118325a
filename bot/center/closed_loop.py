"""闭环 (bihuan): a bad rating or a complaint is looked into by a day, answered to the person, and visited again (E8, E9)."""

from __future__ import annotations

from typing import Any, Mapping

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.center import cases_store, messages_store, tasks_store
from bot.center.context import Centre
from bot.center.errors import ApiError
from bot.center.own_tasks import add_task, due_in, visit_again
from bot.domain.promise import TaskKind

MUST_ANSWER = (TaskKind.BAD_RATING.value, TaskKind.COMPLAINT.value)
"""Tasks that are not done without an answer to the person."""
TELEPHONE = "phone"


async def open_bad_rating(center: Centre, connection: AsyncConnection, packet: Mapping[str, Any], conversation: str) -> None:
    """差评整改 begins, in the transaction of the rating, so that no bad rating is without its record."""
    key = f"rating:{packet['case']}:{packet['seq']}"
    due = due_in(center, center.profile.case_rules.bad_rating_days)
    await add_task(center, connection, TaskKind.BAD_RATING, conversation, key, packet, str(packet["words"]), due)


async def finish(center: Centre, connection: AsyncConnection, task_id: str, answer: str) -> Any:
    """Mark a task as done; for a bad rating or a complaint the person hears the answer and is visited again.

    Raises:
        ApiError: task_not_found, or answer_missing.
    """
    row = await tasks_store.by_id(connection, task_id)
    if row is None:
        raise ApiError("task_not_found")
    if row.kind in MUST_ANSWER and row.state == tasks_store.OPEN and not answer.strip():
        raise ApiError("answer_missing")
    if await tasks_store.finish(connection, task_id, answer, center.now()) and row.kind in MUST_ANSWER:
        await _tell(center, connection, row, answer)
        await visit_again(center, connection, row.idempotency_key, row.conversation, _about(row.packet))
    return await tasks_store.by_id(connection, task_id)


def _about(packet: Mapping[str, Any]) -> dict[str, Any]:
    return {name: packet[name] for name in ("case", "complaint") if packet.get(name)}


async def _tell(center: Centre, connection: AsyncConnection, row: Any, answer: str) -> None:
    """The answer, where the person can be reached; whoever stayed anonymous reads it under the number."""
    channel, phone = row.packet.get("channel") or "", row.packet.get("phone")
    if row.packet.get("case"):
        stored = await cases_store.by_number(connection, row.packet["case"])
        channel, phone = (stored.row["channel"], stored.row["applicant"].get("phone")) if stored else (channel, phone)
    if not channel and not phone:
        return
    values = {"kind": row.kind, "answer": answer.strip(), "complaint_phone": center.profile.complaint_phone}
    text = center.words.render("loop_notices.j2", number=row.packet.get("complaint") or row.packet.get("case"), **values)
    key = f"answer:{row.id}"
    await messages_store.add(connection, key, row.conversation, channel or TELEPHONE, text, center.now(), phone)
