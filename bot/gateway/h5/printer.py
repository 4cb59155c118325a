"""打印 (dayin): makes PDFs in a process of its own, one at a time, and keeps the latest ones."""

from __future__ import annotations

import asyncio
import hashlib
import multiprocessing
from collections import OrderedDict
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Optional

from bot.gateway.errors import Refused

_KEPT = 64  # PDFs, some 70 KB each
_WAIT = 20.0  # seconds; one takes about one


class Printer:
    """Taking a font apart is a second of pure Python: in a thread it would hold everybody up, so it is a process."""

    def __init__(self) -> None:
        self._pool: Optional[ProcessPoolExecutor] = None
        self._made: "OrderedDict[str, asyncio.Task[bytes]]" = OrderedDict()

    async def notice(self, number: str, text: str, address: str) -> bytes:
        """The PDF of a notice; made once for all who ask at the same time, again only when its text has changed.

        Raises:
            Refused: it takes too long, or the process broke.
        """
        key = f"{number} {hashlib.sha256((text + address).encode()).hexdigest()}"
        task = self._made.get(key)
        if task is None or (task.done() and (task.cancelled() or task.exception() is not None)):
            task = self._made[key] = asyncio.ensure_future(self._print(number, text, address))
        self._made.move_to_end(key)
        while len(self._made) > _KEPT:
            self._made.popitem(last=False)
        try:
            return await asyncio.wait_for(asyncio.shield(task), _WAIT)
        except (asyncio.TimeoutError, BrokenProcessPool) as error:
            raise Refused(503, "unavailable", retry_after=5) from error

    async def _print(self, number: str, text: str, address: str) -> bytes:
        from bot.gateway.h5.pdf import notice_pdf  # with the font library; the gateway itself starts without it

        if self._pool is None:
            # spawned, not forked: this process has threads and open sockets
            self._pool = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, notice_pdf, number, text, address)
        except BrokenProcessPool:
            self._pool = None  # the next one gets a new process
            raise

    def close(self) -> None:
        """End the process."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
