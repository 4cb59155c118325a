"""任务接口 (renwu jiekou): promises to people: answer later, call back, and a word to a supervisor where life is at risk."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Mapping, Optional
from uuid import uuid4

from bot.center import closed_loop, plain_numbers
from bot.center import tasks_store as store
from bot.center.idempotency import again_on_collision
from bot.center.routing import Answer, Call, Param, Route
from bot.center.shapes import limited
from bot.domain.promise import TaskKind, due_at


@dataclass(frozen=True)
class TaskBody:
    """`question` is sealed text; a personal number found in it in plain text is masked, not refused."""

    kind: TaskKind
    conversation: str = limited(128)
    question: str = limited(2000, shortest=0, default="")
    item_code: Optional[str] = limited(40, default=None)
    packet: Mapping[str, Any] = limited(100, shortest=0, default_factory=dict)
    idempotency_key: Optional[str] = limited(200, default=None)


@dataclass(frozen=True)
class TaskDone:
    """What was done; the answer is shown to the person when they ask."""

    state: str = limited(8, pattern="done")
    answer: str = limited(2000, shortest=0, default="")


@dataclass(frozen=True)
class TaskView:
    """任务. `overdue`: found late by the watcher, and raised to a supervisor then."""

    id: str
    kind: str
    conversation: str
    question: str
    item_code: Optional[str]
    packet: Any
    state: str
    level: str
    created_at: datetime
    due_at: datetime
    overdue: bool
    done_at: Optional[datetime]
    answer: str


@dataclass(frozen=True)
class TasksView:
    """Tasks, due first first."""

    tasks: tuple[TaskView, ...]


async def add_task(call: Call) -> Answer:
    """Promise something; when it is due follows from the opening hours."""
    body: TaskBody = call.body
    content: dict[str, Any] = {"question": body.question, "packet": dict(body.packet)}
    if plain_numbers.places(content):
        call.center.log("personal_number_masked", logging.ERROR, where="task")
        content = plain_numbers.without_numbers(content)
    now = call.center.now()
    row = {
        **content,
        "id": uuid4().hex,
        "idempotency_key": body.idempotency_key,
        "kind": body.kind.value,
        "conversation": body.conversation,
        "item_code": body.item_code,
        "state": store.OPEN,
        "level": store.SUPERVISOR if body.kind is TaskKind.LIFE_AT_RISK else store.CLERK,
        "created_at": now,
        "due_at": due_at(body.kind, now, call.center.profile.offices[0], call.center.calendar),
        "overdue_at": None,
        "done_at": None,
        "answer": "",
    }

    async def once() -> Answer:
        async with call.center.begin() as connection:
            if body.idempotency_key is not None:
                known = await store.by_key(connection, body.idempotency_key)
                if known is not None:
                    return Answer(_view(known))
            await store.add(connection, row)
            return Answer(_view(await store.by_id(connection, row["id"])), 201)

    answer = await again_on_collision(once)
    if answer.status == 201 and body.kind is TaskKind.LIFE_AT_RISK:
        call.center.log("life_at_risk", logging.WARNING, task=row["id"])
    return answer


async def list_tasks(call: Call) -> Answer:
    """What is promised, what is done, what is late."""
    wanted = {name: call.query[name] for name in ("state", "kind", "conversation", "level")}
    async with call.center.begin() as connection:
        rows = await store.most_urgent(connection, wanted, call.query["limit"])
    return Answer({"tasks": [_view(row) for row in rows]})


async def finish_task(call: Call) -> Answer:
    """Mark a task as done; doing it twice changes nothing."""
    body: TaskDone = call.body
    answer = plain_numbers.without_numbers(body.answer)
    async with call.center.begin() as connection:
        row = await closed_loop.finish(call.center, connection, call.path["task"], answer)
    return Answer(_view(row))


def _view(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "conversation": row.conversation,
        "question": row.question,
        "item_code": row.item_code,
        "packet": row.packet,
        "state": row.state,
        "level": row.level,
        "created_at": row.created_at.isoformat(),
        "due_at": row.due_at.isoformat(),
        "overdue": row.overdue_at is not None,
        "done_at": row.done_at.isoformat() if row.done_at else None,
        "answer": row.answer,
    }


ROUTES = (
    Route("POST", "/tasks", add_task, "答应的事记成任务", {200: TaskView, 201: TaskView}, body=TaskBody),
    Route(
        "GET", "/tasks", list_tasks, "任务，快到期的在前", {200: TasksView},
        query=(
            Param("state", "只要这种状态的（open 或 done）", longest=16),
            Param("kind", "只要这一类的", longest=20),
            Param("conversation", "只要这段对话的", longest=128),
            Param("level", "只要这一级的（clerk 或 supervisor）", longest=16),
            Param("limit", "最多几条", number=True, most=500, default=100),
        ),
    ),
    Route("PATCH", "/tasks/{task}", finish_task, "任务办好了", {200: TaskView}, body=TaskDone, errors=("task_not_found", "answer_missing")),
)  # fmt: skip
