"""One simulated platform for the tests of a file, and an account's server that answers as told."""

from __future__ import annotations

import itertools
import json
from typing import Any, Callable, Dict, Iterator

import pytest
import requests

from tests.support.scripted_account import ScriptedAccount
from tests.support.wechat_sim import Phone, Simulator

_number = itertools.count()


@pytest.fixture(scope="module")
def account() -> Iterator[ScriptedAccount]:
    server = ScriptedAccount().start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def platform(account: ScriptedAccount, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    env = {"BANGBAN_VAR": str(tmp_path_factory.mktemp("sim")), "BANGBAN_GATEWAY_PORT": str(account.port)}
    with Simulator(env).start() as running:
        running.wait_saved()
        yield running


@pytest.fixture
def wechat(platform: Simulator, account: ScriptedAccount) -> Simulator:
    """The platform as at its start, but never tired of failures."""
    platform.call("DELETE", "/knobs")
    platform.call("DELETE", "/faults")
    platform.clock(pace=1)
    platform.turn(markfail_after=0)
    account.echo = None
    assert platform.configure(mode="safe", urls=[account.url])["saved"]
    return platform


@pytest.fixture
def person(wechat: Simulator) -> Callable[..., Phone]:
    """A new made-up person, a follower unless told otherwise."""

    def make(follows: bool = True, **mind: Any) -> Phone:
        phone = wechat.phone(f"test person {next(_number)}", **mind)
        if follows:
            phone.follow(wait=5)
        return phone

    return make


class Api:
    """Calls of the account with a token that works."""

    def __init__(self, wechat: Simulator) -> None:
        self.wechat = wechat
        self.account = wechat.config.wechat
        self.token = self.fetch()["access_token"]

    def fetch(self, **changes: Any) -> Dict[str, Any]:
        body = {"grant_type": "client_credential", "appid": self.account.app_id, "secret": self.account.app_secret, **changes}
        answer: Dict[str, Any] = requests.post(f"{self.wechat.url}/cgi-bin/stable_token", json=body, timeout=10).json()
        return answer

    def post(self, api: str, body: Any, **query: Any) -> Dict[str, Any]:
        content = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        address = f"{self.wechat.url}/cgi-bin/{api}"
        answer = requests.post(address, data=content, params={"access_token": self.token, **query}, timeout=10)
        assert answer.status_code == 200
        found: Dict[str, Any] = answer.json()
        return found

    def get(self, api: str, **query: Any) -> Dict[str, Any]:
        answer = requests.get(f"{self.wechat.url}/cgi-bin/{api}", params={"access_token": self.token, **query}, timeout=10)
        found: Dict[str, Any] = answer.json()
        return found

    def send(self, phone: Phone, text: str = "您好") -> int:
        """errcode of a text."""
        body = {"touser": phone.openid, "msgtype": "text", "text": {"content": text}}
        return int(self.post("message/custom/send", body)["errcode"])


@pytest.fixture
def api(wechat: Simulator) -> Api:
    return Api(wechat)
