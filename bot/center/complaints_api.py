"""投诉接口 (tousu jiekou): complaints by chat, telephone, paper or by word of mouth, also without a name (E9)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Optional

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.center import closed_loop, plain_numbers, tasks_store
from bot.center import complaints_store as store
from bot.center.errors import ApiError
from bot.center.idempotency import again_on_collision, request_hash
from bot.center.own_tasks import add_task, due_in
from bot.center.routing import Answer, Call, Param, Route
from bot.center.shapes import Sealed, limited, plain
from bot.domain.promise import TaskKind

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_RANDOM = 8


class Way(str, Enum):
    """How a complaint came (LP: in writing, by word of mouth, by telephone)."""

    CHAT = "chat"
    TELEPHONE = "telephone"
    PAPER = "paper"
    ORAL = "oral"


@dataclass(frozen=True)
class ComplaintBody:
    """`anonymous`: nothing is kept that tells who it was; the number alone opens the answer.

    `text`: sealed; a personal number in plain text is masked, so that no complaint is refused for it.
    """

    way: Way
    text: str = limited(5000)
    anonymous: bool = False
    conversation: Optional[str] = limited(128, default=None)
    channel: str = limited(32, shortest=0, default="")
    phone: Optional[Sealed] = None
    case_number: Optional[str] = limited(40, default=None)
    about: str = limited(100, shortest=0, default="")  # a window, a clerk, a village agent
    idempotency_key: Optional[str] = limited(200, default=None)


@dataclass(frozen=True)
class ComplaintView:
    """投诉 as whoever has its number sees it."""

    number: str
    way: Way
    text: str
    about: str
    case_number: Optional[str]
    anonymous: bool
    state: str
    created_at: datetime
    due_at: datetime
    answered_at: Optional[datetime]
    answer: str


@dataclass(frozen=True)
class ComplaintsView:
    """Complaints, due first first."""

    complaints: tuple[ComplaintView, ...]


@dataclass(frozen=True)
class ComplaintAnswer:
    """The answer, as the person will read it."""

    answer: str = limited(5000)


def _view(row: Any) -> dict[str, Any]:
    names = ("number", "way", "text", "about", "case_number", "anonymous", "state", "answer")
    times = {name: getattr(row, name).isoformat() if getattr(row, name) else None for name in _TIMES}
    return {**{name: getattr(row, name) for name in names}, **times}


_TIMES = ("created_at", "due_at", "answered_at")


async def complain(call: Call) -> Answer:
    """Take a complaint, once per key; it is a supervisor's task from the first moment."""
    body: ComplaintBody = call.body
    digest = request_hash(call.raw)

    async def once() -> Answer:
        async with call.center.begin() as connection:
            known = await store.by_key(connection, body.idempotency_key) if body.idempotency_key else None
            if known is not None and known.request_hash != digest:
                raise ApiError("idempotency_conflict")
            if known is not None:
                return Answer(_view(known))
            return Answer(_view(await _take(call, connection, digest)), 201)

    return await again_on_collision(once)


async def _take(call: Call, connection: AsyncConnection, digest: str) -> Any:
    body: ComplaintBody = call.body
    center = call.center
    named = not body.anonymous
    number = f"TS-{center.now():%y%m%d}-{''.join(secrets.choice(_LETTERS) for _ in range(_RANDOM))}"
    row = {
        "number": number,
        "idempotency_key": body.idempotency_key,
        "request_hash": digest,
        "way": body.way.value,
        "text": plain_numbers.without_numbers(body.text),
        "about": plain_numbers.without_numbers(body.about),
        "case_number": body.case_number,
        "anonymous": body.anonymous,
        "conversation": body.conversation if named else None,
        "created_at": center.now(),
        "due_at": due_in(center, center.profile.case_rules.complaint_days),
    }
    await store.add(connection, row)
    packet: dict[str, Any] = {"complaint": number, "way": body.way.value, "about": row["about"], "linked_case": body.case_number}
    if named:
        packet |= {"channel": body.channel, "phone": plain(body.phone) if body.phone else None}
    conversation = row["conversation"] or f"complaint:{number}"
    key, text, due = f"complaint:{number}", str(row["text"])[:2000], row["due_at"]
    await add_task(center, connection, TaskKind.COMPLAINT, conversation, key, packet, text, due)
    return await store.by_number(connection, number)


async def list_complaints(call: Call) -> Answer:
    """What was complained of."""
    async with call.center.begin() as connection:
        rows = await store.listed(connection, call.query["state"], call.query["conversation"], call.query["limit"])
    return Answer({"complaints": [_view(row) for row in rows]})


async def read_complaint(call: Call) -> Answer:
    """One complaint by its number, which cannot be guessed."""
    async with call.center.begin() as connection:
        row = await store.by_number(connection, call.path["number"].upper())
    if row is None:
        raise ApiError("complaint_not_found")
    return Answer(_view(row))


async def answer_complaint(call: Call) -> Answer:
    """Answer it; the task is done with it, the person is told, and visited again. An answered one stays as it is."""
    number = call.path["number"].upper()
    text = plain_numbers.without_numbers(call.body.answer)
    if not text.strip():
        raise ApiError("answer_missing")
    async with call.center.begin() as connection:
        row = await store.by_number(connection, number)
        if row is None:
            raise ApiError("complaint_not_found")
        task = await tasks_store.by_key(connection, f"complaint:{number}")
        if row.state == store.OPEN:
            await store.answer(connection, number, text, call.center.now())
            if task is not None:
                await closed_loop.finish(call.center, connection, task.id, text)
        return Answer(_view(await store.by_number(connection, number)))


ROUTES = (
    Route(
        "POST", "/complaints", complain, "投诉：聊天、电话、书面、口头，可以不留名", {200: ComplaintView, 201: ComplaintView},
        body=ComplaintBody, errors=("idempotency_conflict",),
    ),
    Route(
        "GET", "/complaints", list_complaints, "投诉，快到期的在前", {200: ComplaintsView},
        query=(
            Param("state", "只要这种状态的（open 或 answered）", longest=16),
            Param("conversation", "只要这段对话里的", longest=128),
            Param("limit", "最多几条", number=True, most=500, default=100),
        ),
    ),
    Route(
        "GET", "/complaints/{number}", read_complaint, "凭编号看投诉的答复", {200: ComplaintView}, errors=("complaint_not_found",),
    ),
    Route(
        "POST", "/complaints/{number}/answer", answer_complaint, "答复投诉", {200: ComplaintView}, body=ComplaintAnswer,
        errors=("complaint_not_found", "answer_missing"),
    ),
)  # fmt: skip
