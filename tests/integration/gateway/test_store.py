"""Transactions on a store: shared commits must not share failures."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import AsyncIterator

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.adapters.sql.insert import insert_once
from bot.adapters.sql.store import Store, open_store
from tests.support.postgres import new_database

METADATA = sa.MetaData()
THINGS = sa.Table("things", METADATA, sa.Column("id", sa.Integer, primary_key=True), sa.Column("n", sa.Integer))


@pytest.fixture(params=["sqlite", "postgresql"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    opened = open_store(new_database() if request.param == "postgresql" else f"sqlite:///{tmp_path / 'x.db'}")
    await opened.write(METADATA.create_all)
    yield opened
    await opened.close()


def add(number: int) -> "object":
    def work(connection: Connection) -> int:
        connection.execute(sa.insert(THINGS).values(id=number, n=number))
        if number % 3 == 0:
            raise ValueError(f"no {number}")
        return number

    return work


def all_ids(connection: Connection) -> "list[int]":
    return [row.id for row in connection.execute(sa.select(THINGS).order_by(THINGS.c.id))]


async def test_a_transaction_that_fails_takes_nobody_with_it(store: Store) -> None:
    outcomes = await asyncio.gather(*(store.write(add(n)) for n in range(60)), return_exceptions=True)  # type: ignore[arg-type]
    assert [n if isinstance(n, int) else None for n in outcomes] == [n if n % 3 else None for n in range(60)]
    assert all(isinstance(o, ValueError) for n, o in enumerate(outcomes) if n % 3 == 0)
    assert await store.read(all_ids) == [n for n in range(60) if n % 3]


async def test_what_is_written_can_be_read_as_soon_as_the_call_returns(store: Store) -> None:
    for number in (1, 2, 4):
        await store.write(add(number))  # type: ignore[arg-type]
        assert number in await store.read(all_ids)


async def test_a_row_is_inserted_once(store: Store) -> None:
    insert = lambda c: insert_once(c, THINGS, {"id": 1, "n": 1})  # noqa: E731
    assert sorted(await asyncio.gather(store.write(insert), store.write(insert))) == [False, True]


async def test_a_caller_who_went_away_harms_nobody(store: Store) -> None:
    gone = asyncio.ensure_future(store.write(add(1)))  # type: ignore[arg-type]
    await asyncio.sleep(0)
    gone.cancel()
    assert await store.write(add(2)) == 2  # type: ignore[arg-type]
