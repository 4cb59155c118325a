"""Gateway and service centre together, with a small catalogue, for tests of the pages under /h5."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Dict, Iterator
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import requests

from bot.domain import item as i
from bot.gateway.h5 import ways_in
from bot.gateway.links import Links, Purpose
from tests.support.builders import HASH_KEY, a_filing, a_notice, an_item, write_catalogue
from tests.support.center import TOKEN, RunningCentre
from tests.support.gateway import Page, RunningGateway
from tests.support.rasa_stand_in import RasaStandIn
from tests.support.stack import free_ports

NOON = "2026-11-23T12:00:00!"  # both clocks stand
STEPS = ("accept", "handle", "submit_review", "approve", "finish")
FLOW = (
    i.FlowStep("申请", "申请人", "把材料交到窗口，或者在聊天里交。"),
    i.FlowStep("审核", "农业农村办公室", "到果园看一看。"),
    i.FlowStep("发放", "镇政府", "打到卡里。"),
)


@dataclass
class PagesHouse:
    """Both processes; the clocks of both stand at noon unless a test moves them."""

    gateway: RunningGateway
    centre: RunningCentre
    rasa: RasaStandIn

    @property
    def url(self) -> str:
        return self.gateway.url

    def resident(self) -> "Resident":
        """A new browser with a conversation of the web chat."""
        page = Page(self.url)
        return Resident(self, page.conversation, page.session)

    def stranger(self) -> requests.Session:
        """A browser that proves nothing."""
        return requests.Session()

    def link(self, purpose: Purpose, conversation: str, subject: str = "", ago: timedelta = timedelta(0)) -> str:
        """An address with a key, made some time ago."""
        made = datetime.fromisoformat(NOON.rstrip("!")).replace(tzinfo=ZoneInfo("Asia/Shanghai")) - ago
        links = Links(self.gateway.settings.cookie_key)
        return self.url + ways_in.link(links, purpose, conversation, subject, made)

    def set_clocks(self, now: str) -> None:
        """Move both clocks."""
        self.centre.set_clock(now)
        answer = requests.post(self.url + "/test/clock", json={"now": now}, timeout=5)
        assert answer.status_code == 200, answer.text


@dataclass
class Resident:
    """One person: a conversation and the browser that proves it."""

    house: PagesHouse
    conversation: str
    browser: requests.Session

    def notice(self, **changes: Any) -> str:
        """Be given a notice; its number."""
        body = a_notice(uuid4().hex, conversation=self.conversation, **changes)
        answer = self.house.centre.post("notices", body)
        assert answer.status == 201, answer.json
        return str(answer.json["number"])

    def case(self, *moves: str, code: str = "12345678") -> str:
        """File a case and have it worked on; its number."""
        number = str(self.house.centre.file(a_filing(self.conversation, code)).json["number"])
        for move in moves:
            assert self.house.centre.move(number, move, "说明").status == 200
        return number

    def draft(self, draft: str = "") -> str:
        """Be invited to upload for a draft; its id."""
        draft = draft or uuid4().hex
        body: Dict[str, Any] = {
            "draft": draft, "conversation": self.conversation, "item_code": "QS-901", "catalogue_version": 1,
            "facts": {"who": "self", "land": "rent"},
        }  # fmt: skip
        answer = self.house.gateway.internal("POST", "/uploads/drafts", body)
        assert answer.status_code == 200, answer.text
        return draft

    def get(self, path: str, **extra: Any) -> requests.Response:
        return self.browser.get(self.house.url + path, timeout=30, **extra)

    def post(self, path: str, data: Dict[str, str], **extra: Any) -> requests.Response:
        return self.browser.post(self.house.url + path, data=data, timeout=30, **extra)


def open_house(folder: Path) -> PagesHouse:
    """Start both."""
    files = write_catalogue(folder / "files", an_item(flow=FLOW))
    centre = RunningCentre(folder / "center", files, now=NOON).start()
    rasa_port = free_ports(1)[0]
    extra = {
        "BANGBAN_CENTER_PORT": centre.url.rpartition(":")[2], "BANGBAN_API_TOKEN": TOKEN, "BANGBAN_NOW": NOON,
        "BANGBAN_HASH_KEY": HASH_KEY.hex(), "BANGBAN_CENTRE_DIR": str(files / "centre"),
    }  # fmt: skip
    gateway = RunningGateway(folder / "gateway", rasa_port, extra=extra)
    rasa = RasaStandIn(rasa_port, gateway.settings.internal_token).start()
    return PagesHouse(gateway.start(), centre, rasa)


def close_house(house: PagesHouse) -> None:
    """Stop both."""
    house.gateway.stop()
    house.centre.stop()
    house.rasa.stop()


@pytest.fixture(scope="module")
def pages_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PagesHouse]:
    """One for the tests of a module."""
    house = open_house(tmp_path_factory.mktemp("pages"))
    yield house
    close_house(house)
