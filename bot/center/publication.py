"""目录发布 (mulu fabu): writes what is in force as one immutable file per version, for all other processes.

`v<N>.json` is written first, then the hooks run (they may build more files `v<N>.*` beside it), and only then does
`current.json` point to it; every file appears whole by rename. A reader that polls `current.json` never sees half a
catalogue. The files are derived: the publications table decides, and what is missing is made again. `v<N>.hooks` names
the hooks that succeeded, so that one that failed, or that has another name since an upgrade, runs when the process starts again.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import time
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Callable, Mapping, Optional, Sequence

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.adapters.yaml_catalogue import to_json
from bot.center import catalogue_store
from bot.center.tables import publications as t
from bot.domain.centre import Centre
from bot.ports import Clock, PublishedItem

Hook = Callable[[Path, Mapping[str, Any]], None]
"""Called in a worker thread with the path of `v<N>.json` and its content; may write `v<N>.*` beside it."""

OnHookFailure = Callable[[str, Exception], None]

KEEP_FILES = 20
KEEP_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Publication:
    """目录快照: one published state of the whole catalogue."""

    version: int
    published_at: datetime
    centre: Centre
    items: Mapping[str, PublishedItem]


def write_atomically(path: Path, content: Any) -> None:
    """Write JSON so that a reader sees the old file or the new one, also after a power cut."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with open(temporary, "w", encoding="utf8") as out:
        json.dump(content, out, ensure_ascii=False)
        out.flush()
        os.fsync(out.fileno())
    os.replace(temporary, path)


def snapshot(publication: Publication) -> dict[str, Any]:
    """The content of `v<N>.json`."""
    return {
        "version": publication.version,
        "published_at": publication.published_at.isoformat(),
        "centre": to_json(publication.centre),
        "items": [
            {"item": to_json(p.item), "local": to_json(p.local), "version": p.version}
            for p in publication.items.values()
        ],
    }


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf8"))
    except (OSError, ValueError):
        return None


def _hook_name(hook: Hook) -> str:
    return str(getattr(hook, "name", None) or getattr(hook, "__name__", type(hook).__name__))


def _remove_old(folder: Path, version: int) -> None:
    """Drop files of old versions, and what hooks built beside them, when nobody can be reading them any more."""
    limit = time.time() - KEEP_SECONDS
    for path in folder.glob("v*"):
        number = path.name[1:].partition(".")[0]
        if number.isdigit() and int(number) <= version - KEEP_FILES and path.is_file() and path.stat().st_mtime < limit:
            path.unlink(missing_ok=True)


class Publisher:
    """Keeps the newest publication in memory and on disk; one for each centre process."""

    def __init__(
        self,
        engine: AsyncEngine,
        folder: Path,
        centre: Centre,
        clock: Clock,
        hooks: Sequence[Hook] = (),
        on_hook_failure: OnHookFailure = lambda name, error: None,
    ) -> None:
        self._engine, self._folder, self._centre, self._clock = engine, folder, centre, clock
        self._hooks, self._on_hook_failure = tuple(hooks), on_hook_failure
        self._lock = asyncio.Lock()
        self._day: Optional[date] = None
        self._current: Optional[Publication] = None
        self._failed: set[tuple[str, str]] = set()

    @property
    def current(self) -> Publication:
        """What was in force at the last look.

        It opens no transaction, so it may be read inside one: a look from there would wait for a lock that the caller holds.
        """
        if self._current is None:
            raise RuntimeError("nothing is published before the first refresh")
        return self._current

    async def follow_the_day(self) -> None:
        """Look again when the day has turned, because dates decide; outside any transaction."""
        if self._day != self._clock.now().date():
            await self.refresh()

    async def refresh(self) -> Publication:
        """Publish if what is in force differs from the last publication; write files that are missing."""
        async with self._lock:
            now = self._clock.now()
            async with self._engine.begin() as connection:
                version, published_at, wanted = await self._agree(connection, now)
                current = self._current
                if current is None or current.version != version:
                    items = await catalogue_store.contents(connection, wanted)
                    current = Publication(version, published_at, self._centre, {p.item.code: p for p in items})
            if current is not self._current or not self._is_written(current):
                # In a thread: a hook may take a second or more, and requests go on meanwhile.
                await asyncio.get_running_loop().run_in_executor(None, self._write, current)
            self._current, self._day = current, now.date()
            return current

    async def _agree(self, connection: AsyncConnection, now: datetime) -> tuple[int, datetime, dict[str, int]]:
        """The publication row that describes what is in force, made if there is none yet."""
        in_force = catalogue_store.choose_in_force(await catalogue_store.heads(connection), now.date())
        wanted = {code: head.version for code, head in in_force.items()}
        centre = json.dumps(to_json(self._centre), sort_keys=True)
        contents = {"items": wanted, "centre": hashlib.sha256(centre.encode()).hexdigest()}
        last = (await connection.execute(sa.select(t).order_by(t.c.version.desc()).limit(1))).first()
        if last is not None and last.contents == contents:
            return last.version, last.published_at, wanted
        version = last.version + 1 if last is not None else 1
        await connection.execute(t.insert().values(version=version, published_at=now, contents=contents))
        return version, now, wanted

    def _is_written(self, publication: Publication) -> bool:
        pointer = _read_json(self._folder / "current.json")
        return isinstance(pointer, dict) and pointer.get("version") == publication.version

    def _write(self, publication: Publication) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"v{publication.version}.json"
        pointer = {"version": publication.version, "file": path.name}
        if not path.exists():
            write_atomically(path, snapshot(publication))
        self._run_hooks(path)
        if _read_json(self._folder / "current.json") != pointer:
            write_atomically(self._folder / "current.json", pointer)
            _remove_old(self._folder, publication.version)

    def _run_hooks(self, path: Path) -> None:
        """Run the hooks that have not yet succeeded; a failing one must not keep the catalogue from coming out."""
        done = _read_json(path.with_suffix(".hooks"))
        # Names of other releases are dropped: what they built has been built over, so going back to one builds again.
        succeeded = [name for name in map(_hook_name, self._hooks) if isinstance(done, list) and name in done]
        missing = [hook for hook in self._hooks if _hook_name(hook) not in succeeded]
        missing = [hook for hook in missing if (path.name, _hook_name(hook)) not in self._failed]
        if not missing:
            return
        content = _read_json(path)
        for hook in missing:
            try:
                hook(path, content)
                succeeded.append(_hook_name(hook))
            except Exception as error:
                self._failed.add((path.name, _hook_name(hook)))
                self._on_hook_failure(_hook_name(hook), error)
        write_atomically(path.with_suffix(".hooks"), succeeded)
