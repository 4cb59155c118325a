"""立件 (li jian): a filing that has been checked becomes a case, with its kind, its way and its promises."""

from __future__ import annotations

from typing import Any, Optional

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.center import case_bodies as b
from bot.center import case_notices, case_views, cases_store, deferrals_store, labels, mandates_store
from bot.center.case_work import in_working_days
from bot.center.cases_store import StoredCase
from bot.center.errors import ApiError, from_problems
from bot.center.filing import fact_problems, filing_problems
from bot.center.idempotency import TryAgain
from bot.center.known_papers import known_papers
from bot.center.quoted_item import quoted_item
from bot.center.routing import Call
from bot.center.shapes import plain
from bot.domain import case_numbers
from bot.domain.case import Actor, Case, Role, open_case
from bot.domain.case_kind import CaseKind, decide_kind
from bot.domain.case_numbers import NumberKind
from bot.domain.case_route import route_of
from bot.domain.item import Need, applies
from bot.domain.mandate import Scope
from bot.ports import PublishedItem

KEPT = ("facts", "applicant", "agent", "fields", "materials", "consent", "truth", "conversation", "channel")
VILLAGE_CHANNEL = "village"
"""The channel of village agents: what they take in starts in the village and is delivered there."""


def case_number(text: str) -> Optional[str]:
    """A case number in its normal form; None if it is none."""
    number = case_numbers.parse(text, NumberKind.CASE)
    return str(number) if number is not None and number.kind is NumberKind.CASE else None


async def open_filed(call: Call, connection: AsyncConnection, key: str, digest: str) -> StoredCase:
    """Check a filing and store it as a case.

    Raises:
        ApiError: whatever is wrong with it; everything at once.
    """
    body: b.CaseBody = call.body
    number = case_number(body.number)
    if number is None:
        raise from_problems("bad_value", [("number", "不是有效的办件编号")])
    published = await quoted_item(call.center, connection, body.item_code, body.catalogue_version, must_be_in_force=True)
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
    await _check_reuse(call, connection)
    if body.mandate is not None:
        await _check_mandate(call, connection, body.mandate)
    case = _new_case(call, published, number)
    filed = plain(body)
    row = {
        **{name: filed[name] for name in KEPT},
        "item_name": published.item.name,
        "lookup_code_hash": body.lookup_code_hash,
        "id_fingerprint": body.applicant.id.fingerprint if body.applicant.id else "",
        "idempotency_key": key,
        "request_hash": digest,
        "mandate": body.mandate,
    }
    await cases_store.add(connection, case, row)
    stored = StoredCase(case, len(case.history), row)
    await _keep_promises(call, connection, stored, published)
    return stored


async def _check_reuse(call: Call, connection: AsyncConnection) -> None:
    """免提交: only what is really with us, and still good.

    Raises:
        ApiError: case_incomplete.
    """
    body: b.CaseBody = call.body
    reused = [given.id for given in body.materials if given.status == "reuse"]
    if not reused:
        return
    known = await known_papers(call.center, connection, body.applicant.id.fingerprint if body.applicant.id else "")
    missing = [(f"materials.{material}", "没有交过，或者过了可以再用的时间") for material in reused if material not in known]
    if missing:
        raise from_problems("case_incomplete", missing)


async def _check_mandate(call: Call, connection: AsyncConnection, mandate_id: str) -> None:
    """Under a 委托 one files only what it says, and for whoever gave it.

    Raises:
        ApiError: no_mandate.
    """
    body: b.CaseBody = call.body
    row = await mandates_store.by_id(connection, mandate_id)
    fingerprint = body.applicant.id.fingerprint if body.applicant.id else ""
    mine = row is not None and row.agent_conversation == body.conversation and row.principal_fingerprint == fingerprint
    if not mine or not mandates_store.mandate_of(row).holds(body.item_code, Scope.FILE, call.center.today()):
        raise ApiError("no_mandate")


def _new_case(call: Call, published: PublishedItem, number: str) -> Case:
    body: b.CaseBody = call.body
    item = published.item
    limit = case_views.holding_limit(item, published.local, body.facts)
    kind = decide_kind(item, limit, call.center.profile.case_rules.joint_departments)
    below = body.channel == VILLAGE_CHANNEL
    route = route_of(item.level, item.delegation, below, item.joint_with, on_the_spot=kind is CaseKind.IMMEDIATE)
    # The person's name stands in `applicant`; the history names the role, so that it can be shown to anybody at the desk.
    actor = Actor(Role.APPLICANT, labels.AGENT if body.agent else labels.APPLICANT)
    return open_case(number, body.item_code, body.catalogue_version, kind, actor, call.center.now(), route)


async def _keep_promises(call: Call, connection: AsyncConnection, stored: StoredCase, published: PublishedItem) -> None:
    """容缺: papers that may follow are promised with a day; the person is told the day and what happens after it."""
    body: b.CaseBody = call.body
    later = {given.id for given in body.materials if given.status == "later"}
    names = {m.id: m.name for m in published.item.materials if _may_follow(m, later, body)}
    if not names:
        return
    center, number = call.center, stored.case.number
    due_on = in_working_days(center.calendar, center.today(), center.profile.case_rules.deferral_days)
    promise: Any = plain(body.deferral or body.truth)
    for material_id, name in names.items():
        row = {"case_number": number, "material_id": material_id, "name": name, "promise": promise, "due_on": due_on}
        await deferrals_store.add(connection, row)
    values = {"number": number, "item": stored.row["item_name"], "names": list(names.values()), "due_on": due_on}
    text = center.words.render("deferral_notices.j2", when="promised", today=center.today(), **values)
    await case_notices.send_to(center, connection, stored.row, f"deferral:{number}:promised", text)


def _may_follow(material: Any, later: set[str], body: b.CaseBody) -> bool:
    wanted = material.need is Need.DEFERRABLE and applies(material.when, body.facts) is True
    return wanted and material.id in later
