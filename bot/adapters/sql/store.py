"""事务 (shiwu): runs whole transactions, written as plain functions on a connection, without blocking the event loop.

    number = await store.write(lambda connection: inbox.put(connection, message))

One code path for what is done; two ways of running it. PostgreSQL: the async driver under SQLAlchemy's `run_sync`.
SQLite: one writing thread and one reading thread. An async SQLite driver hops to a thread and back for every cursor
call, some hundred hops a message; here it is one hop a transaction, and transactions that wait at the same moment share
one commit, since the disk's flush is the dearest part of each.
"""

from __future__ import annotations

import asyncio
import itertools
import queue
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Callable, List, Optional, Tuple, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.adapters.sql.engine import sync_engine

Result = TypeVar("Result")
_Job = Tuple[Callable[[Connection], Any], "asyncio.Future[Any]", asyncio.AbstractEventLoop]
_MOST_TOGETHER = 32
_CONNECTIONS, _URGENT_CONNECTIONS = 5, 2
_URGENT, _USUAL, _LAST = 0, 1, 2


class Store:
    """Transactions on one database."""

    async def write(self, work: Callable[[Connection], Result], urgent: bool = False) -> Result:
        """Run a transaction; what it returns is handed on after the commit, what it raises after the rollback.

        Args:
            urgent: somebody outside waits for it and hangs up; it goes before all that only waits inside.
        """
        raise NotImplementedError

    async def read(self, work: Callable[[Connection], Result]) -> Result:
        """Run a transaction that only reads; it never waits for a writer."""
        raise NotImplementedError

    async def close(self) -> None:
        """Let go of the database."""
        raise NotImplementedError


def open_store(url: str) -> Store:
    """The store behind a URL without driver."""
    return _Sqlite(url) if sa.engine.make_url(url).get_backend_name() == "sqlite" else _Postgres(url)


class _Postgres(Store):
    def __init__(self, url: str) -> None:
        self._engine = sync_engine(url)
        self._threads = ThreadPoolExecutor(_CONNECTIONS, "postgresql")
        self._urgent = ThreadPoolExecutor(_URGENT_CONNECTIONS, "postgresql-urgent")

    async def write(self, work: Callable[[Connection], Result], urgent: bool = False) -> Result:
        threads = self._urgent if urgent else self._threads
        return await asyncio.get_running_loop().run_in_executor(threads, self._run, work)

    def _run(self, work: Callable[[Connection], Result]) -> Result:
        with self._engine.begin() as connection:
            return work(connection)

    async def read(self, work: Callable[[Connection], Result]) -> Result:
        return await self.write(work)

    async def close(self) -> None:
        for threads in (self._threads, self._urgent):
            await asyncio.get_running_loop().run_in_executor(None, threads.shutdown)
        self._engine.dispose()


class _Sqlite(Store):
    def __init__(self, url: str) -> None:
        reading = sync_engine(url).execution_options(only_reads=True)
        self._writer, self._reader = _Thread(sync_engine(url), "sqlite-write"), _Thread(reading, "sqlite-read")

    async def write(self, work: Callable[[Connection], Result], urgent: bool = False) -> Result:
        return await self._writer.run(work, _URGENT if urgent else _USUAL)

    async def read(self, work: Callable[[Connection], Result]) -> Result:
        return await self._reader.run(work)

    async def close(self) -> None:
        loop = asyncio.get_running_loop()
        for thread in (self._writer, self._reader):
            await loop.run_in_executor(None, thread.stop)


class _Thread:
    """One connection and the thread that works on it."""

    def __init__(self, engine: sa.engine.Engine, name: str) -> None:
        self._engine = engine
        self._jobs: "queue.PriorityQueue[Tuple[int, int, Optional[_Job]]]" = queue.PriorityQueue()
        self._numbers = itertools.count()
        self._thread = threading.Thread(target=self._loop, name=name, daemon=True)
        self._thread.start()

    async def run(self, work: Callable[[Connection], Result], when: int = _USUAL) -> Result:
        loop = asyncio.get_running_loop()
        future: "asyncio.Future[Result]" = loop.create_future()
        self._jobs.put((when, next(self._numbers), (work, future, loop)))
        return await future

    def stop(self) -> None:
        self._jobs.put((_LAST, next(self._numbers), None))
        self._thread.join(10)
        self._engine.dispose()

    def _loop(self) -> None:
        while True:
            jobs, more = self._next_jobs()
            if jobs:
                outcomes = self._together(jobs)
                for (_, future, loop), outcome in zip(jobs, outcomes):
                    _tell(loop, future, outcome)
            if not more:
                return

    def _next_jobs(self) -> Tuple[List[_Job], bool]:
        """What waits now, at least one job; False at the end when there will be no more."""
        jobs: List[_Job] = []
        while len(jobs) < _MOST_TOGETHER:
            try:
                _, _, job = self._jobs.get(block=not jobs)
            except queue.Empty:
                break
            if job is None:
                return jobs, False
            jobs.append(job)
        return jobs, True

    def _together(self, jobs: List[_Job]) -> List[Tuple[Any, Optional[BaseException]]]:
        """Run jobs in one transaction, each in a savepoint of its own: one that fails takes nobody with it."""
        outcomes: List[Tuple[Any, Optional[BaseException]]] = []
        try:
            with self._engine.begin() as connection:
                for work, _, _ in jobs:
                    outcomes.append(_in_savepoint(connection, work))
        except Exception as error:  # the database itself: nothing of this was committed
            return [(None, error)] * len(jobs)
        return outcomes


def _in_savepoint(connection: Connection, work: Callable[[Connection], Any]) -> Tuple[Any, Optional[BaseException]]:
    savepoint = connection.begin_nested()
    try:
        result = work(connection)
    except Exception as error:
        savepoint.rollback()
        return None, error
    savepoint.commit()
    return result, None


def _tell(
    loop: asyncio.AbstractEventLoop, future: "asyncio.Future[Any]", outcome: Tuple[Any, Optional[BaseException]]
) -> None:
    def settle() -> None:
        if future.cancelled():
            return
        result, error = outcome
        if error is None:
            future.set_result(result)
        else:
            future.set_exception(error)

    try:
        loop.call_soon_threadsafe(settle)
    except RuntimeError:
        pass  # the loop is gone; what was committed stays
