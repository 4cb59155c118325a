"""告知接口 (gaozhi jiekou): number and keep the notices that were given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Mapping

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.center import counters, notices_store
from bot.center.cases_api import refuse_plain_numbers
from bot.center.errors import ApiError, from_problems
from bot.center.filing import fact_problems
from bot.center.idempotency import again_on_collision, request_hash
from bot.center.quoted_item import quoted_item
from bot.center.routing import Answer, Call, Route
from bot.center.shapes import limited
from bot.domain import case_numbers
from bot.domain.case_numbers import NumberKind


@dataclass(frozen=True)
class NoticeBody:
    """A notice that was given. `facts` may be incomplete: what is common to all circumstances is a notice too."""

    item_code: str = limited(40)
    catalogue_version: int = limited(least=1, most=1_000_000)
    conversation: str = limited(128)
    channel: str = limited(32)
    idempotency_key: str = limited(200)
    facts: Mapping[str, str] = limited(20, shortest=0, default_factory=dict)


@dataclass(frozen=True)
class NoticeView:
    """告知单."""

    number: str
    item_code: str
    catalogue_version: int
    effective_from: date
    issued_at: datetime
    facts: Mapping[str, str]
    conversation: str


def _view(row: Any) -> dict[str, Any]:
    return {
        "number": row["number"],
        "item_code": row["item_code"],
        "catalogue_version": row["catalogue_version"],
        "effective_from": row["effective_from"].isoformat(),
        "issued_at": row["issued_at"].isoformat(),
        "facts": row["facts"],
        "conversation": row["conversation"],
    }


async def give_notice(call: Call) -> Answer:
    """Number a notice and keep it; the same key again gives the same notice."""
    body: NoticeBody = call.body
    refuse_plain_numbers(call.raw)
    digest = request_hash(call.raw)

    async def once() -> Answer:
        async with call.center.begin() as connection:
            known = await notices_store.by_key(connection, body.idempotency_key)
            if known is None:
                return Answer(_view(await _issue(call, connection, digest)), 201)
            if known.request_hash != digest:
                raise ApiError("idempotency_conflict")
            return Answer(_view(known._mapping))

    return await again_on_collision(once)


async def _issue(call: Call, connection: AsyncConnection, digest: str) -> dict[str, Any]:
    body: NoticeBody = call.body
    published = await quoted_item(call.center, connection, body.item_code, body.catalogue_version)
    wrong_facts = fact_problems(published.item, body.facts)
    if wrong_facts:
        raise from_problems("bad_facts", wrong_facts)
    now = call.center.now()
    serial = await counters.next_value(connection, f"notice:{now:%y%m%d}")
    row = {
        "number": case_numbers.mint(NumberKind.NOTICE, now.date(), serial),
        "idempotency_key": body.idempotency_key,
        "request_hash": digest,
        "item_code": body.item_code,
        "catalogue_version": body.catalogue_version,
        "effective_from": published.item.effective_from,
        "facts": dict(body.facts),
        "conversation": body.conversation,
        "channel": body.channel,
        "issued_at": now,
    }
    await notices_store.add(connection, row)
    return row


async def read_notice(call: Call) -> Answer:
    """A notice by its number."""
    number = case_numbers.parse(call.path["number"], NumberKind.NOTICE)
    if number is not None and number.kind is NumberKind.NOTICE:
        async with call.center.begin() as connection:
            row = await notices_store.by_number(connection, str(number))
        if row is not None:
            return Answer(_view(row._mapping))
    raise ApiError("notice_not_found")


ROUTES = (
    Route(
        "POST", "/notices", give_notice, "登记一次告知，给出编号", {200: NoticeView, 201: NoticeView}, body=NoticeBody,
        errors=("unknown_item", "unknown_version", "bad_facts", "idempotency_conflict", "personal_number_in_plain_text"),
    ),
    Route("GET", "/notices/{number}", read_notice, "按编号看告知", {200: NoticeView}, errors=("notice_not_found",)),
)  # fmt: skip
