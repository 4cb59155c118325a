"""没答上的问题接口 (mei dashang de wenti jiekou): keep what the bot could not answer clearly, for the catalogue's editors.

Nothing here says who asked: no conversation, only a keyed hash that is another one every day, so that twenty tries of one
person do not look like twenty people.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Mapping

from bot.center import misses_store as store
from bot.center import plain_numbers
from bot.center.routing import Answer, Call, Param, Route
from bot.center.shapes import limited

KEEP = timedelta(days=180)


@dataclass(frozen=True)
class MissBody:
    """A question. `decision` is what the matcher said (choose, clarify, refuse), `confidence` that of the best item in percent."""

    text: str = limited(200)
    decision: str = limited(16, pattern="choose|clarify|refuse")
    channel: str = limited(32)
    asker_of_the_day: str = limited(64, pattern="[0-9a-f]{16,64}")
    candidates: tuple[str, ...] = limited(5, shortest=0, default=())
    confidence: int = limited(least=0, most=100, default=0)


@dataclass(frozen=True)
class MissKept:
    """Whether it was kept; an asker who fills the day is no longer listened to."""

    kept: bool


@dataclass(frozen=True)
class MissView:
    """没答上的问题."""

    id: int
    text: str
    decision: str
    candidates: tuple[str, ...]
    confidence: int
    channel: str
    asked_at: datetime
    delete_on: date


@dataclass(frozen=True)
class MissesView:
    """Questions, newest first."""

    misses: tuple[MissView, ...]


async def add_miss(call: Call) -> Answer:
    """Keep a question; a personal number found in it in plain text is masked, not refused."""
    body: MissBody = call.body
    text = plain_numbers.without_numbers(body.text)
    if text != body.text:
        call.center.log("personal_number_masked", logging.ERROR, where="miss")
    today = call.center.today()
    row = {
        "text": text,
        "decision": body.decision,
        "candidates": [str(code)[:40] for code in body.candidates],
        "confidence": body.confidence,
        "channel": body.channel,
        "asker_of_the_day": body.asker_of_the_day,
        "asked_at": call.center.now(),
        "delete_on": today + KEEP,
    }
    async with call.center.begin() as connection:
        kept = await store.add(connection, row, today)
    return Answer({"kept": kept}, 201 if kept else 200)


async def list_misses(call: Call) -> Answer:
    """What the bot could not answer."""
    async with call.center.begin() as connection:
        rows = await store.newest(connection, call.query["decision"], call.center.today(), call.query["limit"])
    return Answer({"misses": [_view(row._mapping) for row in rows]})


def _view(row: Mapping[str, Any]) -> Mapping[str, Any]:
    kept = ("id", "text", "decision", "candidates", "confidence", "channel")
    return {
        **{name: row[name] for name in kept},
        "asked_at": row["asked_at"].isoformat(),
        "delete_on": row["delete_on"].isoformat(),
    }


ROUTES = (
    Route(
        "POST", "/misses", add_miss, "记下没能明确回答的问题（不含个人信息）", {200: MissKept, 201: MissKept}, body=MissBody,
    ),
    Route(
        "GET", "/misses", list_misses, "没能明确回答的问题，新的在前", {200: MissesView},
        query=(
            Param("decision", "只要这种判断的", longest=16),
            Param("limit", "最多几条", number=True, most=500, default=100),
        ),
    ),
)  # fmt: skip
