"""办理接口 (banli jiekou): the steps of the work, 补正 by the person, issued papers, and what 补正 taught about the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Optional

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.center import case_bodies as b
from bot.center import case_faults_store, case_views, cases_store, deferrals_store, documents_store
from bot.center.case_step_bodies import MoveBody, SupplementBody
from bot.center.case_work import Step, in_working_days, take_step
from bot.center.cases_api import case_of, proven, public_view, refuse_plain_numbers, view_of
from bot.center.cases_store import StoredCase
from bot.center.errors import ApiError, from_problems
from bot.center.idempotency import again_on_collision
from bot.center.labels import APPLICANT
from bot.center.routing import Answer, Call, Param, Route
from bot.center.shapes import limited, plain
from bot.domain.case import Actor, Role
from bot.domain.mandate import Scope
from bot.domain.supplement import open_defects


async def move_case(call: Call) -> Answer:
    """One step of the work at the desk."""
    body: MoveBody = call.body
    refuse_plain_numbers(call.raw)
    actor = Actor(body.actor.role, body.actor.name, body.actor.level)

    async def once() -> Answer:
        async with call.center.begin() as connection:
            stored = await case_of(call, connection)
            if not await done_before(connection, stored, body.key, body.move):
                stored = await _moved(call, connection, stored, actor)
            return Answer(await view_of(call, connection, stored))

    return await again_on_collision(once)


async def done_before(connection: AsyncConnection, stored: StoredCase, key: Optional[str], *moves: str) -> bool:
    """Whether this very move was made already.

    Raises:
        ApiError: the key stands for another move.
    """
    known = await cases_store.move_of_key(connection, key) if key else None
    if known is not None and (known[0] != stored.case.number or known[1] not in moves):
        raise ApiError("idempotency_conflict")
    return known is not None


async def _moved(call: Call, connection: AsyncConnection, stored: StoredCase, actor: Actor) -> StoredCase:
    body: MoveBody = call.body
    if body.revision is not None and body.revision != stored.revision:
        raise ApiError("stale_revision")
    step = Step(body.move, actor, body.opinion, _detail(call, stored), body.key)
    if body.move == "hand_in" and not await deferrals_store.keep(
        connection, stored.case.number, body.material, call.center.now()
    ):
        raise ApiError("nothing_to_supply")
    return await take_step(call.center, connection, stored, step)


def _detail(call: Call, stored: StoredCase) -> dict[str, Any]:
    """What belongs to the move beside the opinion.

    Raises:
        ApiError: bad_value, for a department that takes no part.
    """
    body: MoveBody = call.body
    if body.move == "ask_supplement":
        until = body.until or in_working_days(
            call.center.calendar, call.center.today(), call.center.profile.case_rules.supplement_days
        )
        defects = [{"id": str(n), **plain(defect)} for n, defect in enumerate(body.defects, 1)]
        return {"defects": defects, "until": until.isoformat()}
    if body.move == "answer_part":
        if body.department not in stored.case.route.partners:
            raise from_problems("bad_value", [("department", "不是这件的联办部门")])
        return {"department": body.department, "agrees": body.agrees}
    return {"material": body.material} if body.move == "hand_in" else {}


async def supply(call: Call) -> Answer:
    """补正: what was given goes into the history; when nothing is missing any more, the case goes on where it was."""
    body: SupplementBody = call.body
    refuse_plain_numbers(call.raw)
    asker = body.asker or f"case:{call.path['number']}"

    async def once() -> Answer | ApiError:
        async with call.center.begin() as connection:
            stored = await proven(call, connection, body.proof, asker, Scope.SUPPLEMENT)
            if isinstance(stored, ApiError):
                return stored
            if not await done_before(connection, stored, body.key, "supply", "supplement"):
                stored = await _supplied(call, connection, stored)
            return Answer(await public_view(call, connection, stored))

    answer = await again_on_collision(once)
    if isinstance(answer, ApiError):
        raise answer
    return answer


async def _supplied(call: Call, connection: AsyncConnection, stored: StoredCase) -> StoredCase:
    body: SupplementBody = call.body
    if case_views.supplement_view(stored.case) is None:
        raise ApiError("nothing_to_supply")
    wanted = {defect.id for defect in open_defects(stored.case)}
    given = {one.defect for one in body.given}
    # A clerk who wrote one opinion instead of single defects is answered with anything.
    if wanted and not given <= wanted:
        raise from_problems("bad_value", [("given", "没有要求补这一样，或者已经补过了")])
    move = "supplement" if not wanted - given else "supply"
    detail = {"given": [plain(one) for one in body.given]}
    step = Step(move, Actor(Role.APPLICANT, APPLICANT), detail=detail, key=body.key)
    return await take_step(call.center, connection, stored, step)


@dataclass(frozen=True)
class FullPaperView(b.PaperView):
    """A paper with everything that stands in it, as it was issued, and its seal."""

    case_number: str
    conversation: str
    content: Any
    seal: Any


async def read_paper(call: Call) -> Answer:
    """An issued paper, for our own programs; the gateway shows it to whoever may see the case."""
    async with call.center.begin() as connection:
        row = await documents_store.by_id(connection, call.path["paper"])
        stored = await cases_store.by_number(connection, row.case_number) if row is not None else None
    if row is None or stored is None:
        raise ApiError("document_not_found")
    more = {"case_number": row.case_number, "conversation": stored.row["conversation"], "content": row.content, "seal": row.seal}
    return Answer({**case_views.paper_view(row), **more})


@dataclass(frozen=True)
class CatalogueDefectView:
    """目录缺陷: a demand that the notice had not covered (`not_in_notice`), or that came in a second round (`told_late`)."""

    id: str
    case_number: str
    item_code: str
    catalogue_version: int
    facts: Any
    demand: str
    reason: str
    state: str
    created_at: datetime
    closed_at: Optional[datetime]
    resolution: str


@dataclass(frozen=True)
class CatalogueDefectsView:
    """Defects, newest first."""

    defects: tuple[CatalogueDefectView, ...]


@dataclass(frozen=True)
class CloseDefectBody:
    """What was done about it."""

    resolution: str = limited(2000)


def _defect_view(row: Any) -> dict[str, Any]:
    view = dict(row._mapping)
    return {**view, "created_at": row.created_at.isoformat(), "closed_at": row.closed_at.isoformat() if row.closed_at else None}


async def list_catalogue_defects(call: Call) -> Answer:
    """What the catalogue editor has to look into."""
    async with call.center.begin() as connection:
        rows = await case_faults_store.listed(connection, call.query["state"], call.query["limit"])
    return Answer({"defects": [_defect_view(row) for row in rows]})


async def close_catalogue_defect(call: Call) -> Answer:
    """Looked into; a closed one stays as it is."""
    refuse_plain_numbers(call.raw)
    async with call.center.begin() as connection:
        row = await case_faults_store.close(connection, call.path["defect"], call.body.resolution, call.center.now())
    if row is None:
        raise ApiError("defect_not_found")
    return Answer(_defect_view(row))


_PLAIN = "personal_number_in_plain_text"

ROUTES = (
    Route(
        "POST", "/cases/{number}/moves", move_case, "办理一步", {200: b.CaseView}, body=MoveBody,
        errors=(
            "case_not_found", "illegal_move", "stale_revision", "opinion_missing", "wrong_level", "parts_open", "papers_open",
            "nothing_to_supply", "idempotency_conflict", _PLAIN,
        ),
    ),
    Route(
        "POST", "/cases/{number}/supplement", supply, "凭证补正：一次或者分几次补齐", {200: b.PublicCaseView}, body=SupplementBody,
        errors=("case_not_shown", "too_many_failures", "nothing_to_supply", "stale_revision", "idempotency_conflict", "no_mandate", _PLAIN),
    ),
    Route(
        "GET", "/papers/{paper}", read_paper, "出具的文书", {200: FullPaperView}, errors=("document_not_found",),
    ),
    Route(
        "GET", "/catalogue-defects", list_catalogue_defects, "补正暴露的目录缺陷", {200: CatalogueDefectsView},
        query=(
            Param("state", "只要这种状态的（open 或 closed）", longest=16),
            Param("limit", "最多几条", number=True, most=500, default=100),
        ),
    ),
    Route(
        "PATCH", "/catalogue-defects/{defect}", close_catalogue_defect, "目录缺陷处理好了", {200: CatalogueDefectView},
        body=CloseDefectBody, errors=("defect_not_found", _PLAIN),
    ),
)  # fmt: skip
