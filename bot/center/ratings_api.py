"""评价接口 (pingjia jiekou): take the rating of a finished case; a bad one goes to a supervisor (E8)."""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.center import case_bodies as b
from bot.center import case_views, closed_loop, ratings_store
from bot.center.cases_api import proven, refuse_plain_numbers
from bot.center.cases_store import StoredCase
from bot.center.errors import ApiError
from bot.center.idempotency import again_on_collision, request_hash
from bot.center.routing import Answer, Call, Route
from bot.domain.rating import Rating, may_change, may_rate


async def rate_case(call: Call) -> Answer:
    """评价: once per key; a changed mind is a new rating, as long as it may be changed."""
    body: b.RatingBody = call.body
    key = call.headers["Idempotency-Key"]
    if not 0 < len(key) <= 200 or not key.isprintable():
        raise ApiError("idempotency_key_missing")
    refuse_plain_numbers(call.raw)
    asker = body.asker or f"case:{call.path['number']}"
    digest = request_hash([call.path["number"], call.raw])

    async def once() -> Answer | ApiError:
        async with call.center.begin() as connection:
            stored = await proven(call, connection, body.proof, asker)
            if isinstance(stored, ApiError):
                return stored
            known = await ratings_store.by_key(connection, key)
            if known is not None and known.request_hash != digest:
                raise ApiError("idempotency_conflict")
            before = await ratings_store.latest(connection, stored.case.number)
            if known is not None and before is not None:
                return Answer(case_views.rating_view(before))
            given = await _rate(call, connection, stored, before, {"idempotency_key": key, "request_hash": digest})
            return Answer(case_views.rating_view(given), 201)

    answer = await again_on_collision(once)
    if isinstance(answer, ApiError):
        raise answer
    return answer


async def _rate(
    call: Call, connection: AsyncConnection, stored: StoredCase, before: Rating | None, once: dict[str, Any]
) -> Rating:
    body: b.RatingBody = call.body
    now = call.center.now()
    if not may_rate(stored.case):
        raise ApiError("rating_not_open")
    if not may_change(before, now):
        raise ApiError("rating_closed")
    seq = before.seq + 1 if before else 1
    row = {"case_number": stored.case.number, "seq": seq, "level": body.level.value, "words": body.words, "at": now}
    await ratings_store.add(connection, {**row, **once, "channel": body.channel})
    if body.level.is_bad:
        packet = {"case": stored.case.number, "item": stored.row["item_name"], **{n: row[n] for n in ("seq", "level", "words")}}
        await closed_loop.open_bad_rating(call.center, connection, packet, stored.row["conversation"])
    return Rating(seq, body.level, body.words, now, before.first_at if before else now)


ROUTES = (
    Route(
        "POST", "/cases/{number}/rating", rate_case, "好差评：办结以后自愿评价，几天之内可以改",
        {200: b.RatingView, 201: b.RatingView}, body=b.RatingBody,
        headers={"Idempotency-Key": "幂等键，由评价页的那张表产生"},
        errors=(
            "case_not_shown", "too_many_failures", "rating_not_open", "rating_closed", "idempotency_key_missing",
            "idempotency_conflict", "personal_number_in_plain_text",
        ),
    ),
)  # fmt: skip
