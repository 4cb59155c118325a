"""上传的文件 (shangchuan de wenjian): keeps files and their rows in step, and deletes what nobody claimed in time."""

from __future__ import annotations

import asyncio
import logging
from typing import List, Optional, Sequence

from sqlalchemy.engine import Connection

from bot.gateway.context import Gateway
from bot.gateway.h5 import upload_rows as rows
from bot.gateway.h5.upload_rows import Place
from bot.gateway.logs import log
from bot.ports import FileStore

_LOOK_AGAIN = 600.0  # seconds


class Uploads:
    """Files and rows together. One at a time: a file must not be deleted between its coming again and its new row."""

    def __init__(self, files: FileStore) -> None:
        self._files = files
        self._one = asyncio.Lock()
        self._task: "Optional[asyncio.Task[None]]" = None

    def start(self, gateway: Gateway) -> None:
        """Begin to look for what is due."""
        self._task = asyncio.ensure_future(self._run(gateway))

    async def stop(self) -> None:
        """Stop looking."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def add(self, gateway: Gateway, place: Place, material: str, content: bytes, kind: str) -> bool:
        """Keep a file; False when there is no room."""
        async with self._one:
            sha256 = await self._files.put(content)
            now = gateway.now()
            kept = await gateway.store.write(lambda c: rows.add(c, place, material, sha256, len(content), kind, now))
            if not kept:
                await self._delete_unused(gateway, [sha256])
            return kept

    async def remove(self, gateway: Gateway, place: Place, upload_id: str) -> bool:
        """Delete a file of this place; False when there is none of this id."""
        async with self._one:
            sha256 = await gateway.store.write(lambda c: rows.remove(c, place, upload_id))
            if sha256 is not None:
                await self._delete_unused(gateway, [sha256])
            return sha256 is not None

    async def purge(self, gateway: Gateway) -> int:
        """Delete what was not claimed in time; how many files."""
        async with self._one:
            now = gateway.now()
            hashes = await gateway.store.write(lambda c: rows.purge(c, now))
            await self._delete_unused(gateway, hashes)
        return len(hashes)

    async def _delete_unused(self, gateway: Gateway, hashes: Sequence[str]) -> None:
        def unused(connection: Connection) -> List[str]:
            return [sha256 for sha256 in hashes if not rows.is_used(connection, sha256)]

        for sha256 in await gateway.store.read(unused):
            await self._files.delete(sha256)

    async def _run(self, gateway: Gateway) -> None:
        while True:
            try:
                count = await self.purge(gateway)
                if count:
                    log("uploads_purged", count=count)
            except Exception as error:  # a database that is away comes back; the loop must live
                log("uploads_not_purged", logging.ERROR, error)
            await asyncio.sleep(_LOOK_AGAIN)
