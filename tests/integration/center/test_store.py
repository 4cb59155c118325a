"""Migrations, import and publication without HTTP, on SQLite and PostgreSQL."""

from __future__ import annotations

import json
import os
import shutil
import time
from dataclasses import replace
from pathlib import Path
from typing import Any, AsyncIterator, Mapping

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.clock import ShiftedClock
from bot.adapters.sql.engine import async_engine, sync_engine
from bot.center import catalogue_store as store
from bot.center.catalogue_import import CHANGED, CONFLICT, EDITED_HERE, NEW, UNCHANGED, ImportEntry, import_items
from bot.center.migrations import VERSION_TABLE, upgrade
from bot.center.publication import KEEP_FILES, Publisher
from bot.center.tables import metadata
from bot.domain.item import Item
from tests.integration.center.conftest import BACKENDS
from tests.support.builders import a_centre, an_item, local_facts
from tests.support.postgres import new_database

CLOCK = ShiftedClock("2026-11-23T09:00:00!")


@pytest.fixture(scope="session", params=BACKENDS)
def migrated(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A migrated database that nobody uses; the tests get copies."""
    folder = tmp_path_factory.mktemp("migrated")
    address = new_database() if request.param == "postgresql" else f"sqlite:///{folder / 'center.db'}"
    upgrade(address)
    return address


@pytest.fixture
def url(migrated: str, tmp_path: Path) -> str:
    if migrated.startswith("postgresql"):
        return new_database(copy_of=migrated)
    copy = tmp_path / "center.db"
    shutil.copy(migrated[len("sqlite:///") :], copy)
    return f"sqlite:///{copy}"


@pytest.fixture
async def engine(url: str) -> AsyncIterator[AsyncEngine]:
    made = async_engine(url)
    yield made
    await made.dispose()


def test_migrations_make_exactly_the_tables_of_the_code(url: str) -> None:
    upgrade(url)  # once more changes nothing
    engine = sync_engine(url)
    with engine.connect() as connection:
        options = {"version_table": VERSION_TABLE, "compare_type": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_every_table_name_is_the_centres_own() -> None:
    assert all(name.startswith("center_") for name in metadata.tables)


async def seeded(engine: AsyncEngine, *items: Item) -> None:
    async with engine.begin() as connection:
        given = {item.code: item for item in items}
        await store.seed(connection, given, {code: local_facts(code) for code in given}, CLOCK.now())


async def importing(engine: AsyncEngine, *items: Item, dry_run: bool = False, overwrite: tuple[str, ...] = ()) -> list[ImportEntry]:
    facts = {item.code: local_facts(item.code) for item in items}
    async with engine.begin() as connection:
        given = {item.code: item for item in items}
        return await import_items(connection, given, facts, CLOCK.now(), dry_run=dry_run, overwrite=overwrite)


async def edit(engine: AsyncEngine, item: Item) -> None:
    async with engine.begin() as connection:
        await store.add_draft(connection, item, local_facts(item.code), CLOCK.now())


async def versions(engine: AsyncEngine) -> list[tuple[str, int, str]]:
    async with engine.begin() as connection:
        return [(head.code, head.version, head.state) for head in await store.heads(connection)]


async def test_import_of_the_same_files_changes_nothing(engine: AsyncEngine) -> None:
    await seeded(engine, an_item())
    (entry,) = await importing(engine, an_item())
    assert entry.action == UNCHANGED and len(await versions(engine)) == 1


async def test_dry_run_shows_the_difference_and_stores_nothing(engine: AsyncEngine) -> None:
    await seeded(engine, an_item())
    entries = await importing(engine, an_item(summary="新的。"), an_item("QS-902", "新项"), dry_run=True)
    assert [(entry.code, entry.action, entry.version) for entry in entries] == [
        ("QS-901", CHANGED, None),
        ("QS-902", NEW, None),
    ]
    assert [change.path for change in entries[0].changes] == ["item.summary"]
    assert len(await versions(engine)) == 1


async def test_changed_file_becomes_a_draft_beside_the_published_version(engine: AsyncEngine) -> None:
    await seeded(engine, an_item())
    (entry,) = await importing(engine, an_item(summary="新的。"))
    assert entry.version == 2
    assert await versions(engine) == [("QS-901", 1, "published"), ("QS-901", 2, "draft")]


async def test_edit_in_the_database_is_never_overwritten_silently(engine: AsyncEngine) -> None:
    await seeded(engine, an_item())
    await edit(engine, an_item(summary="在这里改的。"))
    (same_file,) = await importing(engine, an_item())
    assert (same_file.action, same_file.version) == (EDITED_HERE, None)
    (other_file,) = await importing(engine, an_item(summary="文件改的。"))
    assert (other_file.action, other_file.version) == (CONFLICT, None)
    assert [(c.before, c.after) for c in other_file.changes] == [("在这里改的。", "文件改的。")]
    assert len(await versions(engine)) == 2


async def test_edit_is_superseded_only_when_named_and_stays_readable(engine: AsyncEngine) -> None:
    await seeded(engine, an_item())
    await edit(engine, an_item(summary="在这里改的。"))
    (entry,) = await importing(engine, an_item(summary="文件改的。"), overwrite=("QS-901",))
    assert entry.version == 3
    async with engine.begin() as connection:
        found = await store.content(connection, "QS-901", 2)
    assert found is not None and found[1].item.summary == "在这里改的。"


class Index:
    """A hook that writes beside the snapshot."""

    def __init__(self, fails: bool = False) -> None:
        self.fails, self.calls = fails, 0

    def __call__(self, path: Path, content: Mapping[str, Any]) -> None:
        self.calls += 1
        if self.fails:
            raise RuntimeError("cannot build")
        assert not (path.parent / "current.json").exists() or self._current(path) != content["version"]
        path.with_suffix(".index").write_text(str(len(content["items"])))

    @staticmethod
    def _current(path: Path) -> int:
        return int(json.loads((path.parent / "current.json").read_text())["version"])


def publisher(engine: AsyncEngine, folder: Path, hook: Index, failures: list[str], now: ShiftedClock = CLOCK) -> Publisher:
    return Publisher(engine, folder, a_centre(), now, [hook], lambda name, error: failures.append(name))


async def publish_edit(engine: AsyncEngine, item: Item) -> None:
    async with engine.begin() as connection:
        head, _ = await store.add_draft(connection, item, local_facts(item.code), CLOCK.now())
        await store.publish(connection, item.code, head.version, CLOCK.now(), item.effective_from, None)


async def test_hooks_build_beside_the_snapshot_before_it_is_announced(engine: AsyncEngine, tmp_path: Path) -> None:
    await seeded(engine, an_item())
    hook, folder = Index(), tmp_path / "published"
    publishing = publisher(engine, folder, hook, [])
    await publishing.refresh()
    await publishing.refresh()
    assert (folder / "v1.index").read_text() == "1" and hook.calls == 1
    await publish_edit(engine, an_item(summary="新的。"))
    assert (await publishing.refresh()).version == 2 and (folder / "v2.index").exists()
    assert not [path for path in folder.iterdir() if path.name.startswith(".")]


async def test_failing_hook_is_reported_and_the_catalogue_still_comes_out(engine: AsyncEngine, tmp_path: Path) -> None:
    await seeded(engine, an_item())
    hook, folder, failures = Index(fails=True), tmp_path / "published", []  # type: ignore[var-annotated]
    publishing = publisher(engine, folder, hook, failures)
    await publishing.refresh()
    await publishing.refresh()
    assert failures == ["Index"] and json.loads((folder / "current.json").read_text())["version"] == 1


async def test_a_hook_of_another_name_runs_again_after_an_upgrade(engine: AsyncEngine, tmp_path: Path) -> None:
    await seeded(engine, an_item())
    folder, calls = tmp_path / "published", []  # type: ignore[var-annotated]

    class Named:
        def __init__(self, name: str) -> None:
            self.name = name

        def __call__(self, path: Path, content: Mapping[str, Any]) -> None:
            calls.append(self.name)

    for name in ("index a", "index a", "index b", "index b", "index a"):  # forth, and back again
        await publisher(engine, folder, Named(name), []).refresh()  # type: ignore[arg-type]
    assert calls == ["index a", "index b", "index a"]


async def test_failed_hook_is_tried_again_by_the_next_process_and_a_good_one_is_not(engine: AsyncEngine, tmp_path: Path) -> None:
    await seeded(engine, an_item())
    folder, failures = tmp_path / "published", []  # type: ignore[var-annotated]
    await publisher(engine, folder, Index(fails=True), failures).refresh()
    (folder / "current.json").unlink()  # the hook's own assertion wants it not announced yet
    good, again = Index(), Index()
    await publisher(engine, folder, good, failures).refresh()
    await publisher(engine, folder, again, failures).refresh()
    assert (good.calls, again.calls) == (1, 0) and (folder / "v1.index").exists()


async def test_old_files_are_kept_some_while(engine: AsyncEngine, tmp_path: Path) -> None:
    await seeded(engine, an_item())
    folder = tmp_path / "published"
    publishing = publisher(engine, folder, Index(), [])
    for number in range(KEEP_FILES + 3):
        await publish_edit(engine, an_item(summary=f"第{number}版。"))
        await publishing.refresh()
    assert (folder / "v1.json").exists()
    for path in folder.glob("v*"):
        os.utime(path, (time.time() - 2 * 86400,) * 2)
    await publish_edit(engine, an_item(summary="最后。"))
    last = (await publishing.refresh()).version
    left = sorted(int(path.stem[1:]) for path in folder.glob("v*.json"))
    assert left == list(range(last - KEEP_FILES + 1, last + 1))


async def test_day_turns_without_a_restart(engine: AsyncEngine, tmp_path: Path) -> None:
    await seeded(engine, an_item(expires_on=an_item().effective_from.replace(month=11, day=23)), an_item("QS-902", "别的"))
    clock = ShiftedClock("2026-11-23T23:59:59!")
    publishing = publisher(engine, tmp_path / "published", Index(), [], clock)
    await publishing.follow_the_day()
    assert set(publishing.current.items) == {"QS-901", "QS-902"}
    clock.set("2026-11-24T00:00:00!")
    await publishing.follow_the_day()
    assert set(publishing.current.items) == {"QS-902"}


async def test_of_two_versions_of_one_day_the_later_holds(engine: AsyncEngine) -> None:
    item = an_item()
    await seeded(engine, item)
    await publish_edit(engine, replace(item, summary="改。"))
    async with engine.begin() as connection:
        chosen = store.choose_in_force(await store.heads(connection), CLOCK.now().date())
    assert chosen["QS-901"].version == 2


def test_store_url_of_sqlite_keeps_times_with_their_zone(url: str) -> None:
    engine = sync_engine(url)
    table = metadata.tables["center_handoffs"]
    now = CLOCK.now()
    with engine.begin() as connection:
        row = dict(id="1", conversation="c", reason="r", packet={}, state="waiting", created_at=now)
        connection.execute(table.insert().values(**row))
        stored = connection.execute(sa.select(table.c.created_at)).scalar_one()
        raw = connection.execute(sa.text("select created_at from center_handoffs")).scalar_one()
    engine.dispose()
    assert stored == now and stored.utcoffset() == now.utcoffset()
    assert raw == "2026-11-23T01:00:00.000000+00:00"
