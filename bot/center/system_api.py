"""系统接口 (xitong jiekou): the OpenAPI document, and the clock for tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Callable

from bot.center import appointment_watch, case_watch
from bot.center.errors import from_problems
from bot.center.routing import Answer, Call, Handler, Route
from bot.center.shapes import limited


@dataclass(frozen=True)
class ClockBody:
    """A time; with a trailing `!` the clock then stands still. `watch`: look at all deadlines at once, not in the next round."""

    now: str = limited(40)
    watch: bool = True


@dataclass(frozen=True)
class ClockView:
    """The time after the move."""

    now: datetime


@dataclass(frozen=True)
class AnyObject:
    """An OpenAPI document."""

    openapi: str
    info: Any
    security: Any
    paths: Any
    components: Any


async def set_clock(call: Call) -> Answer:
    """Move the clock of this process."""
    move = getattr(call.center.clock, "set", None)
    try:
        if move is None:
            raise ValueError
        move(call.body.now)
    except (ValueError, OverflowError):
        raise from_problems("bad_value", [("now", "应当是时间，写成 2026-12-15T09:00 的样子")]) from None
    # What is in force may have changed with the day.
    await call.center.publisher.refresh()
    if call.body.watch:
        await case_watch.watch(call.center)
        await appointment_watch.remind(call.center)
    return Answer({"now": call.center.now().isoformat()})


def openapi_route(document: Callable[[], Any]) -> Route:
    """The address of the document; it is made on the first request."""

    async def read_document(call: Call) -> Answer:
        return Answer(document())

    handler: Handler = read_document
    return Route("GET", "/openapi.json", handler, "本接口的 OpenAPI 说明", {200: AnyObject})


TEST_ROUTES = (
    Route("POST", "/test/clock", set_clock, "移动时钟（只在测试时）", {200: ClockView}, body=ClockBody, test_only=True),
)
