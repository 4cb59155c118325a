"""A running centre on SQLite and one on PostgreSQL; every test that takes `centre` runs against both."""

from __future__ import annotations

from pathlib import Path
from typing import Callable, Iterator

import pytest

from tests.support.builders import an_item, write_catalogue
from tests.support.center import MONDAY, RunningCentre
from tests.support.postgres import new_database

BACKENDS = ("sqlite", "postgresql")


def _database(backend: str) -> str | None:
    return new_database() if backend == "postgresql" else None


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three small items."""
    county = an_item("QS-902", "果园登记", level=an_item().level.COUNTY)
    at_once = an_item("QS-903", "果树证明", statutory_limits=(), circumstances=(), materials=())
    return write_catalogue(tmp_path_factory.mktemp("files"), an_item(), county, at_once)


@pytest.fixture(scope="session", params=BACKENDS)
def centre(request: pytest.FixtureRequest, files: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCentre]:
    """One for all tests of a backend; its clock stands still on a Monday, and whoever moves it sets it back."""
    running = RunningCentre(tmp_path_factory.mktemp(request.param), files, _database(request.param))
    try:
        yield running.start()
    finally:
        running.stop()


@pytest.fixture
def monday(centre: RunningCentre) -> Iterator[None]:
    """Sets the clock back afterwards."""
    yield
    centre.set_clock(MONDAY)


def _maker(backend: str, files: Path, folder: Path) -> Iterator[Callable[..., RunningCentre]]:
    made: list[RunningCentre] = []

    def make(own_files: Path = files, now: str = MONDAY) -> RunningCentre:
        running = RunningCentre(folder / str(len(made)), own_files, _database(backend), now)
        made.append(running)
        return running

    yield make
    for running in made:
        running.stop()


@pytest.fixture(params=BACKENDS)
def new_centre(request: pytest.FixtureRequest, files: Path, tmp_path: Path) -> Iterator[Callable[..., RunningCentre]]:
    """Makes centres of its own for one test."""
    yield from _maker(request.param, files, tmp_path)


@pytest.fixture
def new_sqlite_centre(files: Path, tmp_path: Path) -> Iterator[Callable[..., RunningCentre]]:
    """The same where the kind of database makes no difference."""
    yield from _maker("sqlite", files, tmp_path)
