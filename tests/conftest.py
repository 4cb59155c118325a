"""Fixtures shared by all tiers."""

from __future__ import annotations

from pathlib import Path
from typing import Callable, Iterator

import pytest

from tests.support.stack import Person, Stack


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The whole system, started once for all conversation tests; tests must not rely on each other's people."""
    running = Stack(tmp_path_factory.mktemp("stack"), with_wechat=True)
    try:
        yield running.start()
    finally:
        running.stop()


@pytest.fixture
def person(stack: Stack) -> Person:
    """A resident nobody has talked to before."""
    return Person(stack)


@pytest.fixture
def people(stack: Stack) -> Callable[[str], Person]:
    """Makes residents."""
    return lambda name="": Person(stack, name)


@pytest.fixture
def root() -> Path:
    """The project's folder."""
    return Path(__file__).resolve().parent.parent
