"""办件库 (banjian ku): cases with their history. The history is only ever added to.

`state` and `revision` of the row are there to find and to lock cases; the truth is the history.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Mapping, Optional, Sequence

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.center.tables import case_events as e
from bot.center.tables import cases as t
from bot.domain.case import Actor, Case, CaseEvent, CaseState, Role
from bot.domain.case_kind import CaseKind
from bot.domain.case_route import Route
from bot.domain.item import Delegation, Level


class StaleCase(Exception):
    """Somebody else changed the case since it was read."""


@dataclass(frozen=True)
class StoredCase:
    """A case and what was filed with it. `row` holds the columns of the table."""

    case: Case
    revision: int
    row: Mapping[str, Any]


def _event(row: Any) -> CaseEvent:
    return CaseEvent(
        seq=row.seq,
        move=row.move,
        before=CaseState(row.from_state) if row.from_state else None,
        after=CaseState(row.to_state),
        actor=Actor(Role(row.actor_role), row.actor_name, Level(row.actor_level)),
        at=row.at,
        opinion=row.opinion,
        detail=row.detail or {},
    )


async def _add_event(connection: AsyncConnection, number: str, event: CaseEvent, key: Optional[str] = None) -> None:
    await connection.execute(
        e.insert().values(
            case_number=number,
            seq=event.seq,
            move=event.move,
            from_state=event.before.value if event.before else None,
            to_state=event.after.value,
            actor_role=event.actor.role.value,
            actor_name=event.actor.name,
            at=event.at,
            opinion=event.opinion,
            actor_level=event.actor.level.value,
            detail=dict(event.detail),
            idempotency_key=key,
        )
    )


async def add(connection: AsyncConnection, case: Case, filed: Mapping[str, Any]) -> None:
    """Store a new case; an IntegrityError says that its key or number is taken."""
    values = {
        **filed,
        "number": case.number,
        "item_code": case.item_code,
        "catalogue_version": case.catalogue_version,
        "kind": case.kind.value,
        "state": case.state.value,
        "revision": len(case.history),
        "filed_at": case.filed_at,
        "level": case.route.level.value,
        "delegation": case.route.delegation.value,
        "origin": case.route.origin.value,
        "partners": list(case.route.partners),
    }
    await connection.execute(t.insert().values(**values))
    for event in case.history:
        await _add_event(connection, case.number, event)


async def _stored(connection: AsyncConnection, rows: Sequence[Any]) -> list[StoredCase]:
    numbers = [row.number for row in rows]
    found = await connection.execute(sa.select(e).where(e.c.case_number.in_(numbers)).order_by(e.c.case_number, e.c.seq))
    history: dict[str, list[CaseEvent]] = {}
    for event in found:
        history.setdefault(event.case_number, []).append(_event(event))
    return [
        StoredCase(
            _case(row, history[row.number]),
            row.revision,
            dict(row._mapping),
        )
        for row in rows
    ]


def _case(row: Any, history: Sequence[CaseEvent]) -> Case:
    kind = CaseKind(row.kind)
    on_the_spot = kind is CaseKind.IMMEDIATE
    route = Route(Level(row.level), Delegation(row.delegation), Level(row.origin), tuple(row.partners), on_the_spot)
    return Case(row.number, row.item_code, row.catalogue_version, kind, tuple(history), route)


async def _one(connection: AsyncConnection, condition: Any) -> Optional[StoredCase]:
    rows = (await connection.execute(sa.select(t).where(condition))).all()
    return (await _stored(connection, rows))[0] if rows else None


async def by_number(connection: AsyncConnection, number: str) -> Optional[StoredCase]:
    """The case of a number."""
    return await _one(connection, t.c.number == number)


async def by_key(connection: AsyncConnection, key: str) -> Optional[StoredCase]:
    """The case of an idempotency key."""
    return await _one(connection, t.c.idempotency_key == key)


async def of_conversation(connection: AsyncConnection, conversation: str, limit: int) -> list[StoredCase]:
    """The cases filed in a conversation, newest first."""
    query = sa.select(t).where(t.c.conversation == conversation).order_by(t.c.filed_at.desc(), t.c.number.desc())
    return await _stored(connection, (await connection.execute(query.limit(limit))).all())


async def of_person(connection: AsyncConnection, id_fingerprint: str, item_code: str, limit: int) -> list[StoredCase]:
    """The cases of one item that were filed for one person, newest first."""
    query = sa.select(t).where(t.c.id_fingerprint == id_fingerprint, t.c.item_code == item_code)
    return await _stored(connection, (await connection.execute(query.order_by(t.c.filed_at.desc()).limit(limit))).all())


async def of_fingerprint(connection: AsyncConnection, id_fingerprint: str, limit: int) -> list[StoredCase]:
    """All cases that were filed for one person, newest first."""
    query = sa.select(t).where(t.c.id_fingerprint == id_fingerprint).order_by(t.c.filed_at.desc()).limit(limit)
    return await _stored(connection, (await connection.execute(query)).all())


async def move_of_key(connection: AsyncConnection, key: str) -> Optional[tuple[str, str]]:
    """The case and the move that an idempotency key stands for."""
    row = (await connection.execute(sa.select(e.c.case_number, e.c.move).where(e.c.idempotency_key == key))).first()
    return (row.case_number, row.move) if row is not None else None


OPEN_STATES = tuple(
    state.value
    for state in CaseState
    if state not in (CaseState.FINISHED, CaseState.DELIVERED, CaseState.ARCHIVED, CaseState.RETURNED, CaseState.WITHDRAWN)
)


async def open_cases(connection: AsyncConnection, after: str, limit: int) -> list[StoredCase]:
    """Cases that are not over, in the order of their numbers, from the one after `after` on."""
    query = sa.select(t).where(t.c.state.in_(OPEN_STATES), t.c.number > after).order_by(t.c.number).limit(limit)
    return await _stored(connection, (await connection.execute(query)).all())


async def save_move(
    connection: AsyncConnection, before: StoredCase, after: Case, key: Optional[str] = None
) -> StoredCase:
    """Store the one entry by which `after` is longer; an IntegrityError says that the idempotency key is taken.

    Raises:
        StaleCase: the case was changed since `before` was read.
    """
    changed = await connection.execute(
        t.update()
        .where(t.c.number == after.number, t.c.revision == before.revision)
        .values(state=after.state.value, revision=before.revision + 1)
    )
    if not changed.rowcount:
        raise StaleCase(after.number)
    await _add_event(connection, after.number, after.history[-1], key)
    return StoredCase(after, before.revision + 1, before.row)
