"""时限监督 (shixian jiandu): reminds the handler of a case that is nearly due, and the supervisor of one that is late (E5, 督办).

Every reminder is a task whose key says which deadline it is about, so that it exists once whatever is restarted; when the
deadline moves (补正), the key is another one.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Optional

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.center import case_notices, case_views, cases_store, deferrals_store
from bot.center.case_work import Step, in_working_days, take_step
from bot.center.cases_store import StoredCase
from bot.center.context import Centre
from bot.center.errors import ApiError
from bot.center.labels import SYSTEM
from bot.center.own_tasks import add_task
from bot.center.quoted_item import quoted_item
from bot.domain.case import Actor, CaseState, Role
from bot.domain.deadline import Light
from bot.domain.promise import TaskKind

BATCH = 100
REMIND_DAYS = 2
"""Working days before a promised paper is due, on which the person is reminded."""


async def watch(center: Centre) -> int:
    """Look at every open case once; how many reminders were new."""
    made, after = 0, ""
    while True:
        async with center.begin() as connection:
            batch = await cases_store.open_cases(connection, after, BATCH)
            for stored in batch:
                made += await _look(center, connection, stored)
        if len(batch) < BATCH:
            break
        after = batch[-1].case.number
    return made + await _watch_deferrals(center)


async def _look(center: Centre, connection: AsyncConnection, stored: StoredCase) -> int:
    case = stored.case
    published = await quoted_item(center, connection, case.item_code, case.catalogue_version)
    deadline = case_views.promise(case, published, stored.row["facts"], center.calendar)
    light = case_views.light_of(case, deadline, center.now(), center.calendar)
    made = 0
    if deadline is not None and light is not None and light is not Light.GREEN:
        made += await _remind(center, connection, stored, light.value, deadline.date)
    report_by = case_views.report_by(case, center)
    if report_by is not None and center.today() >= report_by:
        made += await _remind(center, connection, stored, "report_late" if center.today() > report_by else "report", report_by)
    until = _waits_until(stored)
    if until is not None and center.today() > until:
        made += await _remind(center, connection, stored, "supplement_late", until)
    return made


def _waits_until(stored: StoredCase) -> Optional[date]:
    if stored.case.state is not CaseState.AWAITING_SUPPLEMENT:
        return None
    asked = next(e for e in reversed(stored.case.history) if e.move == "ask_supplement")
    return date.fromisoformat(asked.detail["until"]) if asked.detail.get("until") else None


_TO_SUPERVISOR = (Light.OVERDUE.value, "report_late")


async def _remind(center: Centre, connection: AsyncConnection, stored: StoredCase, why: str, due_on: date) -> int:
    kind = TaskKind.SUPERVISE if why in _TO_SUPERVISOR else TaskKind.CASE_DUE
    packet = {"case": stored.case.number, "item": stored.row["item_name"], "why": why, "due_on": due_on.isoformat()}
    packet |= {"handler": stored.case.handler, "level": stored.case.level.value, "state": stored.case.state.value}
    key = f"case:{stored.case.number}:{why}:{due_on:%Y%m%d}"
    return await add_task(center, connection, kind, stored.row["conversation"], key, packet)


async def _watch_deferrals(center: Centre) -> int:
    """容缺: a reminder before the day; after it the paper is asked for by 补正, and the time stops."""
    async with center.begin() as connection:
        ahead = in_working_days(center.calendar, center.today(), REMIND_DAYS)
        rows = await deferrals_store.due_until(connection, ahead, BATCH)
        by_case: dict[str, list[Any]] = {}
        for row in rows:
            by_case.setdefault(row.case_number, []).append(row)
        for number, missing in by_case.items():
            late = [row for row in missing if row.due_on < center.today()]
            await (_ask_for(center, connection, number, late) if late else _remind_person(center, connection, number, missing))
    return 0


async def _remind_person(center: Centre, connection: AsyncConnection, number: str, missing: list[Any]) -> None:
    first = missing[0]
    values = {"number": number, "item": first.item_name, "names": [row.name for row in missing], "due_on": first.due_on}
    text = center.words.render("deferral_notices.j2", when="reminder", today=center.today(), **values)
    key = f"deferral:{number}:reminder:{first.due_on:%Y%m%d}"
    stored = await cases_store.by_number(connection, number)
    if stored is not None:
        await case_notices.send_to(center, connection, stored.row, key, text)


async def _ask_for(center: Centre, connection: AsyncConnection, number: str, late: list[Any]) -> None:
    stored = await cases_store.by_number(connection, number)
    if stored is None:
        return
    until = in_working_days(center.calendar, center.today(), center.profile.case_rules.supplement_days)
    defects = [{"id": str(n), "text": row.name, "material": row.material_id} for n, row in enumerate(late, 1)]
    values = {"number": number, "item": stored.row["item_name"], "names": [row.name for row in late]}
    text = center.words.render("deferral_notices.j2", when="late", today=center.today(), due_on=until, **values)
    detail = {"defects": defects, "until": until.isoformat()}
    try:
        await take_step(center, connection, stored, Step("ask_supplement", Actor(Role.SYSTEM, SYSTEM), text, detail))
    except ApiError:  # not to be asked for in this state (already 补正, already approved): the next rounds will
        return
