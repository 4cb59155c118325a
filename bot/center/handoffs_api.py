"""转人工接口 (zhuan rengong jiekou): keep that somebody wants to speak to a clerk."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Mapping, Optional
from uuid import uuid4

from bot.center import handoffs_store as store
from bot.center import plain_numbers
from bot.center.idempotency import again_on_collision
from bot.center.routing import Answer, Call, Param, Route
from bot.center.shapes import limited


@dataclass(frozen=True)
class HandoffBody:
    """The packet is whatever helps the clerk; a personal number found in it in plain text is masked, not refused."""

    conversation: str = limited(128)
    reason: str = limited(64)
    packet: Mapping[str, Any] = limited(100, shortest=0, default_factory=dict)
    idempotency_key: Optional[str] = limited(200, default=None)


@dataclass(frozen=True)
class HandoffMade:
    """The id of the handoff."""

    id: str


@dataclass(frozen=True)
class HandoffView:
    """转人工."""

    id: str
    conversation: str
    reason: str
    packet: Any
    state: str
    created_at: datetime


@dataclass(frozen=True)
class HandoffsView:
    """Handoffs, newest first."""

    handoffs: tuple[HandoffView, ...]


async def add_handoff(call: Call) -> Answer:
    """Somebody wants a clerk; nobody is turned away for a fault in the packet."""
    body: HandoffBody = call.body
    packet = dict(body.packet)
    if plain_numbers.places(packet):
        call.center.log("personal_number_masked", logging.ERROR, where="handoff")
        packet = plain_numbers.without_numbers(packet)

    async def once() -> Answer:
        async with call.center.begin() as connection:
            if body.idempotency_key is not None:
                known = await store.by_key(connection, body.idempotency_key)
                if known is not None:
                    return Answer({"id": known.id})
            row = {
                "id": uuid4().hex,
                "idempotency_key": body.idempotency_key,
                "conversation": body.conversation,
                "reason": body.reason,
                "packet": packet,
                "state": store.WAITING,
                "created_at": call.center.now(),
            }
            await store.add(connection, row)
            return Answer({"id": row["id"]}, 201)

    return await again_on_collision(once)


async def list_handoffs(call: Call) -> Answer:
    """Who is waiting, and who was."""
    async with call.center.begin() as connection:
        rows = await store.newest(connection, call.query["state"], call.query["limit"])
    views = [
        {
            "id": row.id,
            "conversation": row.conversation,
            "reason": row.reason,
            "packet": row.packet,
            "state": row.state,
            "created_at": row.created_at.isoformat(),
        }
        for row in rows
    ]
    return Answer({"handoffs": views})


ROUTES = (
    Route(
        "POST", "/handoffs", add_handoff, "请求转人工", {200: HandoffMade, 201: HandoffMade}, body=HandoffBody,
    ),
    Route(
        "GET", "/handoffs", list_handoffs, "转人工的请求，新的在前", {200: HandoffsView},
        query=(
            Param("state", "只要这种状态的", longest=16),
            Param("limit", "最多几条", number=True, most=500, default=100),
        ),
    ),
)  # fmt: skip
