"""A running gateway with a stand-in for Rasa; under SQLite, and where a test asks for both, under PostgreSQL too."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, Iterator, List

import pytest

from tests.support.gateway import Page, RunningGateway
from tests.support.postgres import new_database
from tests.support.rasa_stand_in import RasaStandIn
from tests.support.stack import free_ports

QUICK = {"wait_line_after": 1.5, "longest_pause": 0.5, "failures_allowed": 3, "heartbeat": 1.0, "rasa_timeout": 6.0}


def echo(body: Dict[str, Any]) -> List[Dict[str, Any]]:
    """What the stand-in says unless a test wants otherwise."""
    return [{"text": f"echo: {body['message']}", "buttons": []}]


@dataclass
class House:
    """Gateway and stand-in together."""

    gateway: RunningGateway
    rasa: RasaStandIn

    def page(self) -> Page:
        """A new resident."""
        return Page(self.gateway.url)


def _open(folder: Path, database_url: "str | None") -> House:
    rasa_port = free_ports(1)[0]
    gateway = RunningGateway(folder, rasa_port, database_url, dict(QUICK))
    rasa = RasaStandIn(rasa_port, gateway.settings.internal_token, reply=echo).start()
    return House(gateway.start(), rasa)


def _close(house: House) -> None:
    house.gateway.stop()
    house.rasa.stop()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Both kinds of store, unless a module says that one is enough (`STORES`)."""
    kinds = getattr(metafunc.module, "STORES", ("sqlite", "postgresql"))
    for fixture, scope in (("shared_house", "module"), ("own_house", "function")):
        if fixture in metafunc.fixturenames:
            metafunc.parametrize(fixture, kinds, indirect=True, scope=scope)


@pytest.fixture(scope="module")
def shared_house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One for the tests of a module, in each kind of store."""
    house = _open(tmp_path_factory.mktemp("gateway"), new_database() if request.param == "postgresql" else None)
    yield house
    _close(house)


@pytest.fixture
def house(shared_house: House) -> Iterator[House]:
    """The shared one, as good as new; what the stand-in had to complain about fails the test."""
    rasa = shared_house.rasa
    rasa.reply, rasa.delay, rasa.status = echo, 0.0, 200
    rasa.most_at_once, rasa.talks_over = 0, False
    yield shared_house
    assert rasa.complaints == []


@pytest.fixture
def own_house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    """One of its own, for tests that kill or search it."""
    house = _open(tmp_path / "var", new_database() if request.param == "postgresql" else None)
    yield house
    _close(house)
    assert house.rasa.complaints == []
