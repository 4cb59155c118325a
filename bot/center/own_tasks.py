"""自己的任务 (ziji de renwu): tasks that the centre makes itself, each once, whatever is restarted."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Mapping, Optional
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.center import tasks_store
from bot.center.context import Centre
from bot.domain.promise import TaskKind, due_at, end_of_office_day

FOR_SUPERVISORS = (TaskKind.SUPERVISE, TaskKind.BAD_RATING, TaskKind.COMPLAINT, TaskKind.LIFE_AT_RISK)


async def add_task(
    center: Centre,
    connection: AsyncConnection,
    kind: TaskKind,
    conversation: str,
    key: str,
    packet: Mapping[str, Any],
    question: str = "",
    due: Optional[datetime] = None,
) -> int:
    """A task, once per key: 1 if it is new."""
    if await tasks_store.by_key(connection, key) is not None:
        return 0
    now = center.now()
    row = {
        "id": uuid4().hex,
        "idempotency_key": key,
        "kind": kind.value,
        "conversation": conversation,
        "question": question,
        "item_code": None,
        "packet": dict(packet),
        "state": tasks_store.OPEN,
        "level": tasks_store.SUPERVISOR if kind in FOR_SUPERVISORS else tasks_store.CLERK,
        "created_at": now,
        "due_at": due or due_at(kind, now, center.profile.offices[0], center.calendar),
        "overdue_at": None,
        "done_at": None,
        "answer": "",
    }
    return int(await tasks_store.add_once(connection, row))


def due_in(center: Centre, days: int) -> datetime:
    """The end of the office day after so many working days."""
    day, _ = center.calendar.add_working_days(center.today(), days)
    return end_of_office_day(day, center.profile.offices[0], center.calendar)


async def visit_again(center: Centre, connection: AsyncConnection, about: str, conversation: str, packet: Mapping[str, Any]) -> None:
    """回访: somebody asks the person how it was, once for each matter."""
    due = due_in(center, center.profile.case_rules.return_visit_days)
    await add_task(center, connection, TaskKind.RETURN_VISIT, conversation, f"visit:{about}", {"about": about, **packet}, "", due)
