"""委托接口 (weituo jiekou): propose, confirm by a code to the principal, revoke with one word of either (C5)."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Optional
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.center import mandates_store as store
from bot.center import messages_store
from bot.center.cases_api import refuse_plain_numbers
from bot.center.context import Centre
from bot.center.errors import ApiError
from bot.center.idempotency import again_on_collision
from bot.center.keepers import SMS_CHANNELS
from bot.center.labels import MANDATE_REASONS
from bot.center.routing import Answer, Call, Param, Route
from bot.center.shapes import Sealed, limited, plain
from bot.domain.mandate import Form, Mandate, MandateError, MandateState, Scope, default_until, propose

_DIGITS = 6


@dataclass(frozen=True)
class PrincipalBody:
    """委托人: the code goes to the telephone, or to the conversation if there is one."""

    name: str = limited(50)
    id: Sealed = limited()
    phone: Sealed = limited()


@dataclass(frozen=True)
class AgentBody:
    """受托人. `role`: relative, village (代办员), project (项目代办员 for firms) or other."""

    name: str = limited(50)
    phone: Optional[Sealed] = None
    role: str = limited(16, pattern="relative|village|project|other", default="relative")


@dataclass(frozen=True)
class MandateBody:
    """委托: without `scope` everything but withdrawing; without `until` ninety days. `witness`: of an oral or written one."""

    principal: PrincipalBody
    agent: AgentBody
    item_code: str = limited(40)
    conversation: str = limited(128)
    principal_conversation: Optional[str] = limited(128, default=None)
    scope: tuple[Scope, ...] = limited(5, shortest=0, default=())
    until: Optional[date] = None
    form: Form = Form.CODE
    witness: str = limited(200, shortest=0, default="")
    idempotency_key: Optional[str] = limited(200, default=None)


@dataclass(frozen=True)
class CodeBody:
    """The code that the principal was sent."""

    code: str = limited(10)


@dataclass(frozen=True)
class RevokeBody:
    """Revoked by the conversation of either; the principal may also prove it by the full ID number's fingerprint."""

    conversation: Optional[str] = limited(128, default=None)
    id_fingerprint: Optional[str] = limited(128, default=None)


@dataclass(frozen=True)
class MandateView:
    """委托; both are named, numbers stay sealed."""

    id: str
    principal_name: str
    agent_name: str
    agent_role: str
    item_code: str
    item_name: str
    scope: tuple[Scope, ...]
    until: date
    form: Form
    witness: str
    state: MandateState
    created_at: datetime
    confirmed_at: Optional[datetime]
    revoked_at: Optional[datetime]
    revoked_by: str
    in_force: bool


@dataclass(frozen=True)
class MandatesView:
    """Mandates, newest first."""

    mandates: tuple[MandateView, ...]


def _code_hash(key: bytes, mandate_id: str, code: str) -> str:
    return hmac.new(key, f"mandate:{mandate_id}:{code}".encode(), hashlib.sha256).hexdigest()


def _item_name(center: Centre, code: str) -> str:
    published = center.publisher.current.items.get(code)
    return published.item.name if published else ""


def _view(center: Centre, row: Any) -> dict[str, Any]:
    times = {n: getattr(row, n).isoformat() if getattr(row, n) else None for n in ("created_at", "confirmed_at", "revoked_at")}
    state = store.mandate_of(row).state
    return {
        "id": row.id,
        "principal_name": row.principal["name"],
        "agent_name": row.agent["name"],
        "agent_role": row.agent["role"],
        "item_code": row.item_code,
        "item_name": _item_name(center, row.item_code),
        "scope": list(row.scope),
        "until": row.until.isoformat(),
        "form": row.form,
        "witness": row.witness,
        "state": row.state,
        "revoked_by": row.revoked_by,
        "in_force": state is MandateState.CONFIRMED and center.today() <= row.until,
        **times,
    }


async def make(call: Call) -> Answer:
    """The agent agrees by asking; the principal by a code, or before a village agent who names the witness."""
    body: MandateBody = call.body
    center = call.center
    refuse_plain_numbers(call.raw)
    if not _item_name(center, body.item_code):
        raise ApiError("unknown_item")
    try:
        until = default_until(center.today(), body.until)
        mandate = propose(body.item_code, body.scope, until, body.form, body.witness, center.now())
    except MandateError as error:
        raise ApiError("bad_mandate", MANDATE_REASONS[error.reason]) from None

    async def once() -> Answer:
        async with center.begin() as connection:
            known = await store.by_key(connection, body.idempotency_key) if body.idempotency_key else None
            if known is None:
                return Answer(_view(center, await _keep(call, connection, mandate)), 201)
            return Answer(_view(center, known))

    return await again_on_collision(once)


async def _keep(call: Call, connection: AsyncConnection, mandate: Mandate) -> Any:
    body: MandateBody = call.body
    center = call.center
    mandate_id, code = uuid4().hex, "".join(secrets.choice("0123456789") for _ in range(_DIGITS))
    confirmed = center.now() if mandate.state is MandateState.CONFIRMED else None
    row = {
        "id": mandate_id,
        "idempotency_key": body.idempotency_key,
        "principal": plain(body.principal),
        "principal_fingerprint": body.principal.id.fingerprint,
        "agent": plain(body.agent),
        "agent_conversation": body.conversation,
        "principal_conversation": body.principal_conversation,
        "item_code": mandate.item_code,
        "scope": [scope.value for scope in mandate.scope],
        "until": mandate.until,
        "form": mandate.form.value,
        "witness": mandate.witness,
        "code_hash": _code_hash(center.settings.hash_key, mandate_id, code),
        "wrong_codes": 0,
        "state": mandate.state.value,
        "created_at": center.now(),
        "confirmed_at": confirmed,
        "revoked_at": None,
        "revoked_by": "",
    }
    await store.add(connection, row)
    await _tell_principal(center, connection, row, "confirmed" if confirmed else "code", code)
    return await store.by_id(connection, mandate_id)


async def _tell_principal(center: Centre, connection: AsyncConnection, row: dict[str, Any], what: str, code: str = "") -> None:
    text = center.words.render(
        "mandate_notices.j2",
        what=what,
        code=code,
        agent=row["agent"]["name"],
        item=_item_name(center, row["item_code"]),
        until=row["until"],
        today=center.today(),
        phone=center.profile.enquiry_phone,
        free=center.profile.free_help,
    )
    conversation = row["principal_conversation"] or f"mandate:{row['id']}"
    channel = "chat" if row["principal_conversation"] else SMS_CHANNELS[1]
    key = f"mandate:{row['id']}:{what}"
    await messages_store.add(connection, key, conversation, channel, text, center.now(), row["principal"]["phone"])


async def confirm(call: Call) -> Answer:
    """The code of the principal; the fifth wrong one closes the door."""
    center = call.center
    async with center.begin() as connection:
        row = await store.by_id(connection, call.path["mandate"])
        if row is None:
            raise ApiError("mandate_not_found")
        right = hmac.compare_digest(_code_hash(center.settings.hash_key, row.id, call.body.code), row.code_hash)
        try:
            after = store.mandate_of(row).confirm(right)
        except MandateError as error:
            raise ApiError("mandate_not_open", MANDATE_REASONS[error.reason]) from None
        confirmed_at = center.now() if right else None
        await store.save(
            connection, row.id, state=after.state.value, wrong_codes=after.wrong_codes, confirmed_at=confirmed_at
        )
        if right:
            await _tell_principal(center, connection, dict(row._mapping), "confirmed")
        view = _view(center, await store.by_id(connection, row.id))
    if not right:  # after the transaction: the wrong code is counted
        raise ApiError("wrong_code")
    return Answer(view)


async def revoke(call: Call) -> Answer:
    """撤销: one word; from then on nothing can be done under it. Once more changes nothing."""
    body: RevokeBody = call.body
    center = call.center
    async with center.begin() as connection:
        row = await store.by_id(connection, call.path["mandate"])
        by = _who(row, body) if row is not None else ""
        if row is None or not by:
            raise ApiError("mandate_not_found")
        if row.state != MandateState.REVOKED.value:
            after = store.mandate_of(row).revoke()
            await store.save(connection, row.id, state=after.state.value, revoked_at=center.now(), revoked_by=by)
            if by == "agent":
                await _tell_principal(center, connection, dict(row._mapping), "revoked")
        return Answer(_view(center, await store.by_id(connection, row.id)))


def _who(row: Any, body: RevokeBody) -> str:
    given = body.id_fingerprint
    if given is not None and hmac.compare_digest(given.encode(), row.principal_fingerprint.encode()):
        return "principal"
    if body.conversation is None:
        return ""
    if body.conversation == row.principal_conversation:
        return "principal"
    return "agent" if body.conversation == row.agent_conversation else ""


async def list_mandates(call: Call) -> Answer:
    """What a conversation has given or holds."""
    async with call.center.begin() as connection:
        rows = await store.of_conversation(connection, call.query["conversation"], 50)
    return Answer({"mandates": [_view(call.center, row) for row in rows]})


ROUTES = (
    Route(
        "POST", "/mandates", make, "委托：谁替谁办哪件事、到哪天；免费、自愿", {200: MandateView, 201: MandateView}, body=MandateBody,
        errors=("unknown_item", "bad_mandate", "personal_number_in_plain_text"),
    ),
    Route(
        "GET", "/mandates", list_mandates, "一个会话给出的和受的委托", {200: MandatesView},
        query=(Param("conversation", "会话", required=True, longest=128),),
    ),
    Route(
        "POST", "/mandates/{mandate}/confirm", confirm, "委托人凭确认码同意", {200: MandateView}, body=CodeBody,
        errors=("mandate_not_found", "mandate_not_open", "wrong_code"),
    ),
    Route(
        "POST", "/mandates/{mandate}/revoke", revoke, "撤销委托", {200: MandateView}, body=RevokeBody, errors=("mandate_not_found",),
    ),
)  # fmt: skip
