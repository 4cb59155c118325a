"""办件推进 (banjian tuijin): one step of a case with everything that belongs to it, in one transaction: the entry in the
history, the papers, the word to the person. Whoever moves a case, clerk, person, worker, comes through here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Mapping, Optional
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.center import case_faults_store, case_notices, case_papers, cases_store, deferrals_store, labels
from bot.center.cases_store import StaleCase, StoredCase
from bot.center.context import Centre
from bot.center.errors import ApiError
from bot.center.own_tasks import visit_again
from bot.center.quoted_item import quoted_item
from bot.domain.case import Actor, Case, IllegalMove, OpinionMissing, PartsOpen, WrongLevel
from bot.domain.supplement import Defect, asked_before, defects_of, fault_of, open_defects
from bot.domain.working_days import WorkingCalendar
from bot.ports import PublishedItem

FINISHING = ("finish", "finish_at_once")
SUPPLYING = ("supply", "supplement")


@dataclass(frozen=True)
class Step:
    """What somebody wants to do with a case."""

    move: str
    actor: Actor
    opinion: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
    key: Optional[str] = None


async def take_step(center: Centre, connection: AsyncConnection, stored: StoredCase, step: Step) -> StoredCase:
    """Do it.

    Raises:
        ApiError: illegal_move, wrong_level, opinion_missing, parts_open, papers_open, stale_revision.
    """
    after = _applied(stored.case, step, center)
    if step.move in FINISHING:
        await _refuse_while_papers_open(connection, stored)
    try:
        moved = await cases_store.save_move(connection, stored, after, step.key)
    except StaleCase:
        raise ApiError("stale_revision") from None
    published = await quoted_item(center, connection, after.item_code, after.catalogue_version)
    if step.move in SUPPLYING:
        await _keep_promises(center, connection, stored, step)
    if step.move == "ask_supplement":
        await _open_faults(center, connection, stored, published, defects_of(step.detail))
    if step.move in FINISHING and _is_visited(after, center):
        packet = {"case": after.number, "item": stored.row["item_name"]}
        await visit_again(center, connection, after.number, stored.row["conversation"], packet)
    papers = await case_papers.issue(center, connection, moved, published)
    await case_notices.tell(center, connection, moved, published, papers)
    return moved


def _is_visited(case: Case, center: Centre) -> bool:
    """回访: every so many-th finished case, told by its number, so that nobody chooses."""
    every = center.profile.case_rules.return_visit_every
    return every > 0 and int(case.number.split("-")[2]) % every == 0


def _applied(case: Case, step: Step, center: Centre) -> Case:
    try:
        return case.apply(step.move, step.actor, center.now(), step.opinion, step.detail)
    except IllegalMove as error:
        raise _illegal(error) from None
    except WrongLevel as error:
        lies, needed = labels.LEVELS[error.lies], labels.LEVELS[error.needed]
        text = f"办件现在在{lies}级，这一步要在{needed}级办。"
        raise ApiError("wrong_level", text, lies=error.lies.value, needed=error.needed.value) from None
    except OpinionMissing:
        raise ApiError("opinion_missing") from None
    except PartsOpen as error:
        names = "、".join(error.departments)
        raise ApiError("parts_open", f"这些部门还没有同意：{names}。", departments=list(error.departments)) from None


def _illegal(error: IllegalMove) -> ApiError:
    allowed = [{"path": name, "text": labels.MOVES[name]} for name in error.allowed]
    can = "、".join(labels.MOVES[name] for name in error.allowed) or "不能再操作"
    wanted = labels.MOVES.get(error.move, "这样操作")
    text = f"办件现在是“{labels.STATES[error.state]}”，不能{wanted}；现在可以：{can}。"
    return ApiError("illegal_move", text, allowed, allowed=list(error.allowed))


async def _refuse_while_papers_open(connection: AsyncConnection, stored: StoredCase) -> None:
    """容缺: what was promised must have come before the end."""
    missing = await deferrals_store.of_case(connection, stored.case.number, deferrals_store.OPEN)
    if missing:
        names = "、".join(row.name for row in missing)
        raise ApiError("papers_open", f"容缺的材料还没有补来：{names}。", materials=[row.material_id for row in missing])


async def _keep_promises(center: Centre, connection: AsyncConnection, stored: StoredCase, step: Step) -> None:
    """A paper that was to follow, and has now been asked for and given, is promised no more."""
    given = {str(one["defect"]) for one in step.detail.get("given", ())}
    for defect in open_defects(stored.case):
        if defect.material and (step.move == "supplement" or defect.id in given):
            await deferrals_store.keep(connection, stored.case.number, defect.material, center.now())


async def _open_faults(
    center: Centre, connection: AsyncConnection, stored: StoredCase, published: PublishedItem, defects: tuple[Defect, ...]
) -> None:
    """A demand that the notice did not cover is work for the catalogue editor (I2)."""
    facts, earlier = stored.row["facts"], asked_before(stored.case)
    for defect in defects:
        fault = fault_of(defect, published.item, facts, earlier)
        if fault is not None:
            row = {
                "id": uuid4().hex,
                "case_number": stored.case.number,
                "item_code": stored.case.item_code,
                "catalogue_version": stored.case.catalogue_version,
                "facts": facts,
                "demand": defect.text or defect.about,
                "reason": fault.value,
                "created_at": center.now(),
            }
            await case_faults_store.add(connection, row)


def in_working_days(calendar: WorkingCalendar, start: date, days: int) -> date:
    """The day on which so many working days are over."""
    return calendar.add_working_days(start, days)[0]
