"""办件接口 (banjian jiekou): file a case, follow it, move it, withdraw it."""

from __future__ import annotations

import math
import re
from datetime import datetime
from typing import Any, Optional

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.center import case_bodies as b
from bot.center import (
    case_views,
    cases_store,
    deferrals_store,
    documents_store,
    mandates_store,
    plain_numbers,
    proofs,
    ratings_store,
)
from bot.center.case_opening import case_number, open_filed
from bot.center.case_work import Step, take_step
from bot.center.cases_store import StoredCase
from bot.center.errors import ApiError, from_problems
from bot.center.idempotency import again_on_collision, request_hash
from bot.center.labels import APPLICANT
from bot.center.quoted_item import quoted_item
from bot.center.routing import Answer, Call, Param, Route
from bot.domain.case import Actor, CaseState, Role
from bot.domain.mandate import Scope

_KEY = re.compile(r"[\x21-\x7e]{1,200}")
_MAX_CASES = 50


def refuse_plain_numbers(raw: Any) -> None:
    """The second net.

    Raises:
        ApiError: personal_number_in_plain_text.
    """
    places = plain_numbers.places(raw)
    if places:
        raise from_problems("personal_number_in_plain_text", [(place, "有未加密的号码") for place in places])


async def view_of(call: Call, connection: AsyncConnection, stored: StoredCase) -> dict[str, Any]:
    """The CaseView of a case."""
    published = await quoted_item(call.center, connection, stored.case.item_code, stored.case.catalogue_version)
    return case_views.case_view(stored, published, call.center)


async def case_of(call: Call, connection: AsyncConnection) -> StoredCase:
    """The case that the address names.

    Raises:
        ApiError: case_not_found.
    """
    number = case_number(call.path["number"])
    stored = await cases_store.by_number(connection, number) if number else None
    if stored is None:
        raise ApiError("case_not_found")
    return stored


async def file_case(call: Call) -> Answer:
    """申请: take a filing exactly once."""
    key = call.headers["Idempotency-Key"]
    if not _KEY.fullmatch(key):
        raise ApiError("idempotency_key_missing")
    refuse_plain_numbers(call.raw)
    digest = request_hash(call.raw)

    async def once() -> Answer:
        async with call.center.begin() as connection:
            known = await cases_store.by_key(connection, key)
            if known is None:
                stored = await open_filed(call, connection, key, digest)
                return Answer(await view_of(call, connection, stored), 201)
            if known.row["request_hash"] != digest:
                raise ApiError("idempotency_conflict")
            return Answer(await view_of(call, connection, known))

    return await again_on_collision(once)


async def list_cases(call: Call) -> Answer:
    """The cases of one conversation, or those of one item filed for one person (who is known by the keyed fingerprint)."""
    conversation, fingerprint, item_code = (call.query[name] for name in ("conversation", "id_fingerprint", "item_code"))
    if bool(conversation) == bool(fingerprint) or bool(fingerprint) != bool(item_code):
        raise from_problems("bad_value", [("conversation", "给 conversation，或者给 id_fingerprint 和 item_code")])
    async with call.center.begin() as connection:
        if conversation:
            found = await cases_store.of_conversation(connection, conversation, _MAX_CASES)
        else:
            found = await cases_store.of_person(connection, fingerprint, item_code, _MAX_CASES)
        return Answer({"cases": [await view_of(call, connection, stored) for stored in found]})


async def read_case(call: Call) -> Answer:
    """Everything about a case, for staff programs."""
    async with call.center.begin() as connection:
        stored = await case_of(call, connection)
        papers = await documents_store.of_case(connection, stored.case.number)
        deferred = await deferrals_store.of_case(connection, stored.case.number)
        return Answer(case_views.case_detail(stored, await view_of(call, connection, stored), papers, deferred))


async def read_events(call: Call) -> Answer:
    """The history of a case."""
    async with call.center.begin() as connection:
        stored = await case_of(call, connection)
    events = [case_views.event_view(event) for event in stored.case.history]
    return Answer({"number": stored.case.number, "events": events})


def _locked(until: datetime, now: datetime) -> ApiError:
    seconds = max(1, math.ceil((until - now).total_seconds()))
    text = f"核对失败次数太多，请在{until:%H:%M}以后再试。"
    return ApiError("too_many_failures", text, retry_at=until.isoformat(), retry_after=seconds)


async def proven(
    call: Call, connection: AsyncConnection, proof: b.Proof, asker: str, act: Optional[Scope] = None
) -> StoredCase | ApiError:
    """The case if the proof fits; else the error, given back so that the counted failure is stored with the transaction.

    `act`: what is to be done; an agent whose 委托 is over, or does not cover it, may not.
    """
    now = call.center.now()
    until = await proofs.locked_until(connection, asker, now)
    if until is not None:
        return _locked(until, now)
    number = case_number(call.path["number"])
    stored = await cases_store.by_number(connection, number) if number else None
    if proofs.proves(proof, stored, call.center.settings.hash_key) and stored is not None:
        await proofs.forget_failures(connection, asker)
        if act is not None and not await _may_act(call, connection, stored, proof, act):
            return ApiError("no_mandate")
        return stored
    if proofs.is_guess(proof):
        until = await proofs.record_failure(connection, asker, now)
    return _locked(until, now) if until is not None else ApiError("case_not_shown")


async def _may_act(call: Call, connection: AsyncConnection, stored: StoredCase, proof: b.Proof, act: Scope) -> bool:
    """Whoever proves by code or ID number acts for themselves; the agent's conversation only while the 委托 holds."""
    if not stored.row["mandate"] or proof.lookup_code is not None or proof.id_fingerprint is not None:
        return True
    row = await mandates_store.by_id(connection, stored.row["mandate"])
    return row is not None and mandates_store.mandate_of(row).holds(stored.case.item_code, act, call.center.today())


async def show_progress(call: Call) -> Answer:
    """进度: where a case stands, for somebody with proof."""
    body: b.ProgressBody = call.body

    async def once() -> Answer | ApiError:
        async with call.center.begin() as connection:
            stored = await proven(call, connection, body.proof, body.asker, Scope.FOLLOW)
            if isinstance(stored, ApiError):
                return stored
            return Answer(await public_view(call, connection, stored))

    answer = await again_on_collision(once)
    if isinstance(answer, ApiError):
        raise answer
    return answer


async def public_view(call: Call, connection: AsyncConnection, stored: StoredCase) -> dict[str, Any]:
    """The PublicCaseView of a case."""
    number = stored.case.number
    rating = await ratings_store.latest(connection, number)
    papers = await documents_store.of_case(connection, number)
    deferred = await deferrals_store.of_case(connection, number)
    return {
        **await view_of(call, connection, stored),
        **case_views.public_part(stored.case, rating, call.center.now(), papers, deferred),
    }


async def withdraw_case(call: Call) -> Answer:
    """撤回 by the applicant; once more on a withdrawn case changes nothing."""
    body: b.WithdrawBody = call.body
    refuse_plain_numbers(call.raw)
    asker = body.asker or f"case:{call.path['number']}"

    async def once() -> Answer | ApiError:
        async with call.center.begin() as connection:
            stored = await proven(call, connection, body.proof, asker, Scope.WITHDRAW)
            if isinstance(stored, ApiError):
                return stored
            if stored.case.state is not CaseState.WITHDRAWN:
                step = Step("withdraw", Actor(Role.APPLICANT, APPLICANT), body.reason)
                stored = await take_step(call.center, connection, stored, step)
            return Answer(await view_of(call, connection, stored))

    answer = await again_on_collision(once)
    if isinstance(answer, ApiError):
        raise answer
    return answer


_PLAIN = "personal_number_in_plain_text"
_QUOTED = ("unknown_item", "unknown_version", "item_not_in_force", "bad_facts")

ROUTES = (
    Route(
        "POST", "/cases", file_case, "申请：同一个幂等键只立一件", {200: b.CaseView, 201: b.CaseView}, body=b.CaseBody,
        headers={"Idempotency-Key": "幂等键，由确认提交的那条消息产生"},
        errors=(*_QUOTED, _PLAIN, "case_incomplete", "idempotency_key_missing", "idempotency_conflict", "number_taken", "no_mandate"),
    ),
    Route(
        "GET", "/cases", list_cases, "一个会话里申请的办件，或者同一个人同一个事项的办件", {200: b.CasesView},
        query=(
            Param("conversation", "会话", longest=128),
            Param("id_fingerprint", "申请人身份证号的指纹，和 item_code 一起用", longest=128),
            Param("item_code", "事项编码", longest=40),
        ),
    ),
    Route("GET", "/cases/{number}", read_case, "办件详情（给工作人员的程序）", {200: b.CaseDetail}, errors=("case_not_found",)),
    Route("GET", "/cases/{number}/events", read_events, "办件的全过程", {200: b.EventsView}, errors=("case_not_found",)),
    Route(
        "POST", "/cases/{number}/progress", show_progress, "凭证查进度", {200: b.PublicCaseView}, body=b.ProgressBody,
        errors=("case_not_shown", "too_many_failures", "no_mandate"),
    ),
    Route(
        "POST", "/cases/{number}/withdraw", withdraw_case, "凭证撤回", {200: b.CaseView}, body=b.WithdrawBody,
        errors=("case_not_shown", "too_many_failures", "illegal_move", "stale_revision", "no_mandate", _PLAIN),
    ),
)  # fmt: skip
