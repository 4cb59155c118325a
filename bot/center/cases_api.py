"""办件接口 (banjian jiekou): file a case, follow it, move it, withdraw it."""

from __future__ import annotations

import math
import re
from datetime import datetime
from typing import Any, Optional

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.center import case_bodies as b
from bot.center import case_views, cases_store, labels, plain_numbers, proofs, ratings_store
from bot.center.cases_store import StaleCase, StoredCase
from bot.center.errors import ApiError, from_problems
from bot.center.filing import fact_problems, filing_problems
from bot.center.idempotency import TryAgain, again_on_collision, request_hash
from bot.center.quoted_item import quoted_item
from bot.center.routing import Answer, Call, Param, Route
from bot.center.shapes import plain
from bot.domain import case_numbers
from bot.domain.case import Actor, Case, CaseState, IllegalMove, OpinionMissing, Role, decide_kind, open_case
from bot.domain.case_numbers import NumberKind

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


def _case_number(text: str) -> Optional[str]:
    number = case_numbers.parse(text, NumberKind.CASE)
    return str(number) if number is not None and number.kind is NumberKind.CASE else None


async def _view(call: Call, connection: AsyncConnection, stored: StoredCase) -> dict[str, Any]:
    published = await quoted_item(call, connection, stored.case.item_code, stored.case.catalogue_version)
    return case_views.case_view(stored, published, call.center.calendar, call.center.profile)


async def _case_of(call: Call, connection: AsyncConnection) -> StoredCase:
    number = _case_number(call.path["number"])
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
                stored = await _open(call, connection, key, digest)
                return Answer(await _view(call, connection, stored), 201)
            if known.row["request_hash"] != digest:
                raise ApiError("idempotency_conflict")
            return Answer(await _view(call, connection, known))

    return await again_on_collision(once)


async def _open(call: Call, connection: AsyncConnection, key: str, digest: str) -> StoredCase:
    body: b.CaseBody = call.body
    number = _case_number(body.number)
    if number is None:
        raise from_problems("bad_value", [("number", "不是有效的办件编号")])
    published = await quoted_item(call, connection, body.item_code, body.catalogue_version, must_be_in_force=True)
    wrong_facts = fact_problems(published.item, body.facts)
    if wrong_facts:
        raise from_problems("bad_facts", wrong_facts)
    problems = filing_problems(published.item, body)
    if problems:
        raise from_problems("case_incomplete", problems)
    other = await cases_store.by_number(connection, number)
    if other is not None:
        # With the same key it is this very filing, stored since we looked for the key.
        raise TryAgain if other.row["idempotency_key"] == key else ApiError("number_taken")
    limit = case_views.holding_limit(published.item, published.local, body.facts)
    # The person's name stands in `applicant`; the history names the role, so that it can be shown to anybody at the desk.
    actor = Actor(Role.APPLICANT, "代办人" if body.agent else "申请人")
    kind = decide_kind(published.item, limit)
    case = open_case(number, body.item_code, body.catalogue_version, kind, actor, call.center.now())
    filed = plain(body)
    kept = ("facts", "applicant", "agent", "fields", "materials", "consent", "truth", "conversation", "channel")
    row = {
        **{name: filed[name] for name in kept},
        "item_name": published.item.name,
        "lookup_code_hash": body.lookup_code_hash,
        "id_fingerprint": body.applicant.id.fingerprint if body.applicant.id else "",
        "idempotency_key": key,
        "request_hash": digest,
    }
    await cases_store.add(connection, case, row)
    return StoredCase(case, len(case.history), row)


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
        return Answer({"cases": [await _view(call, connection, stored) for stored in found]})


async def read_case(call: Call) -> Answer:
    """Everything about a case, for staff programs."""
    async with call.center.begin() as connection:
        stored = await _case_of(call, connection)
        return Answer(case_views.case_detail(stored, await _view(call, connection, stored)))


async def read_events(call: Call) -> Answer:
    """The history of a case."""
    async with call.center.begin() as connection:
        stored = await _case_of(call, connection)
    events = [case_views.event_view(event) for event in stored.case.history]
    return Answer({"number": stored.case.number, "events": events})


def _apply(case: Case, move: str, actor: Actor, at: datetime, opinion: str) -> Case:
    try:
        return case.apply(move, actor, at, opinion)
    except IllegalMove as error:
        allowed = [{"path": name, "text": labels.MOVES[name]} for name in error.allowed]
        can = "、".join(labels.MOVES[name] for name in error.allowed) or "不能再操作"
        wanted = labels.MOVES.get(error.move, "这样操作")
        text = f"办件现在是“{labels.STATES[error.state]}”，不能{wanted}；现在可以：{can}。"
        raise ApiError("illegal_move", text, allowed, allowed=list(error.allowed)) from None
    except OpinionMissing:
        raise ApiError("opinion_missing") from None


async def _move(connection: AsyncConnection, stored: StoredCase, after: Case) -> StoredCase:
    try:
        return await cases_store.save_move(connection, stored, after)
    except StaleCase:
        raise ApiError("stale_revision") from None


async def move_case(call: Call) -> Answer:
    """One step of the work at the desk."""
    body: b.MoveBody = call.body
    refuse_plain_numbers(call.raw)
    actor = Actor(body.actor.role, body.actor.name)
    async with call.center.begin() as connection:
        stored = await _case_of(call, connection)
        if body.revision is not None and body.revision != stored.revision:
            raise ApiError("stale_revision")
        after = _apply(stored.case, body.move, actor, call.center.now(), body.opinion)
        stored = await _move(connection, stored, after)
        return Answer(await _view(call, connection, stored))


def _locked(until: datetime, now: datetime) -> ApiError:
    seconds = max(1, math.ceil((until - now).total_seconds()))
    text = f"核对失败次数太多，请在{until:%H:%M}以后再试。"
    return ApiError("too_many_failures", text, retry_at=until.isoformat(), retry_after=seconds)


async def proven(call: Call, connection: AsyncConnection, proof: b.Proof, asker: str) -> StoredCase | ApiError:
    """The case if the proof fits; else the error, given back so that the counted failure is stored with the transaction."""
    now = call.center.now()
    until = await proofs.locked_until(connection, asker, now)
    if until is not None:
        return _locked(until, now)
    number = _case_number(call.path["number"])
    stored = await cases_store.by_number(connection, number) if number else None
    if proofs.proves(proof, stored, call.center.settings.hash_key) and stored is not None:
        await proofs.forget_failures(connection, asker)
        return stored
    if proofs.is_guess(proof):
        until = await proofs.record_failure(connection, asker, now)
    return _locked(until, now) if until is not None else ApiError("case_not_shown")


async def show_progress(call: Call) -> Answer:
    """进度: where a case stands, for somebody with proof."""
    body: b.ProgressBody = call.body

    async def once() -> Answer | ApiError:
        async with call.center.begin() as connection:
            stored = await proven(call, connection, body.proof, body.asker)
            if isinstance(stored, ApiError):
                return stored
            view = await _view(call, connection, stored)
            rating = await ratings_store.latest(connection, stored.case.number)
            return Answer({**view, **case_views.public_part(stored.case, rating, call.center.now())})

    answer = await again_on_collision(once)
    if isinstance(answer, ApiError):
        raise answer
    return answer


async def withdraw_case(call: Call) -> Answer:
    """撤回 by the applicant; once more on a withdrawn case changes nothing."""
    body: b.WithdrawBody = call.body
    refuse_plain_numbers(call.raw)
    asker = body.asker or f"case:{call.path['number']}"

    async def once() -> Answer | ApiError:
        async with call.center.begin() as connection:
            stored = await proven(call, connection, body.proof, asker)
            if isinstance(stored, ApiError):
                return stored
            if stored.case.state is not CaseState.WITHDRAWN:
                actor = Actor(Role.APPLICANT, "申请人")
                after = _apply(stored.case, "withdraw", actor, call.center.now(), body.reason)
                stored = await _move(connection, stored, after)
            return Answer(await _view(call, connection, stored))

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
        errors=(*_QUOTED, _PLAIN, "case_incomplete", "idempotency_key_missing", "idempotency_conflict", "number_taken"),
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
        "POST", "/cases/{number}/moves", move_case, "办理一步", {200: b.CaseView}, body=b.MoveBody,
        errors=("case_not_found", "illegal_move", "stale_revision", "opinion_missing", _PLAIN),
    ),
    Route(
        "POST", "/cases/{number}/progress", show_progress, "凭证查进度", {200: b.PublicCaseView}, body=b.ProgressBody,
        errors=("case_not_shown", "too_many_failures"),
    ),
    Route(
        "POST", "/cases/{number}/withdraw", withdraw_case, "凭证撤回", {200: b.CaseView}, body=b.WithdrawBody,
        errors=("case_not_shown", "too_many_failures", "illegal_move", "stale_revision", _PLAIN),
    ),
)  # fmt: skip
