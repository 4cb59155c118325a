"""A town on the simulated platform; shared by the tests of a module, made anew where one asks for `own_world`."""

from __future__ import annotations

from pathlib import Path
from typing import Callable, Iterator, List

import pytest

from tests.support.wechat_world import World


@pytest.fixture(scope="module")
def shared_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = World.open(tmp_path_factory.mktemp("wechat"))
    yield world
    world.close()


@pytest.fixture
def world(shared_world: World) -> Iterator[World]:
    """As good as new; afterwards nobody may have read the failure notice, and the stand-in has nothing to complain of."""
    shared_world.fresh()
    before = len(shared_world.wechat.failure_notices())
    yield shared_world
    assert len(shared_world.wechat.failure_notices()) == before
    assert shared_world.rasa.complaints == []


@pytest.fixture
def make_world(tmp_path: Path) -> Iterator[Callable[..., World]]:
    """Makes towns with settings, knobs or gateways of their own."""
    made: List[World] = []

    def make(**how: object) -> World:
        made.append(World.open(tmp_path / f"var{len(made)}", **how))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for one in made:
        one.close()
