"""Gateway, stand-in for Rasa and simulated platform together, over real sockets, with one clock."""

from __future__ import annotations

import json
import os
import sqlite3
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional

import requests

from tests.support.gateway import RunningGateway
from tests.support.postgres import new_database
from tests.support.rasa_stand_in import RasaStandIn
from tests.support.stack import free_ports
from tests.support.wechat_sim import Line, Phone, Simulator, words

QUICK = {"wait_line_after": 30.0, "longest_pause": 0.5, "failures_allowed": 3, "heartbeat": 1.0, "rasa_timeout": 70.0}

KNOBS: Dict[str, Any] = json.loads(os.environ.get("BANGBAN_SIM_KNOBS") or "{}")
"""What nobody outside knows, for the whole run: `make wechat-knobs` crosses them."""


def echo(body: Dict[str, Any]) -> List[Dict[str, Any]]:
    """What the stand-in says unless a test wants otherwise."""
    return [{"text": f"echo: {body['message']}", "buttons": []}]


def says(*texts: str, buttons: "Optional[List[str]]" = None) -> Callable[[Dict[str, Any]], List[Dict[str, Any]]]:
    """A stand-in that says these texts; the last one with choices."""

    def reply(_: Dict[str, Any]) -> List[Dict[str, Any]]:
        said = [{"text": text, "buttons": []} for text in texts]
        said[-1]["buttons"] = [{"title": b, "payload": f"payload of {b}"} for b in buttons or ()]
        return said

    return reply


@dataclass
class World:
    """Everything of one town but the centre. `gateways`: one, or several that share a database."""

    gateways: List[RunningGateway]
    rasa: RasaStandIn
    wechat: Simulator
    count: int = 0

    @classmethod
    def open(
        cls,
        folder: Path,
        gateways: int = 1,
        env: Optional[Dict[str, str]] = None,
        options: Optional[Dict[str, float]] = None,
        **knobs: Any,
    ) -> "World":
        """Start all; the platform has checked the gateway's address when this returns. `options`: of the gateway, over QUICK."""
        rasa_port, sim_port, center_port, *ports = free_ports(3 + gateways)
        database = new_database() if gateways > 1 else None
        extra = {
            "BANGBAN_SIM_PORT": str(sim_port),
            "BANGBAN_CENTER_PORT": str(center_port),
            "BANGBAN_GATEWAYS": str(gateways),
            **(env or {}),
        }
        chosen = {**QUICK, **(options or {})}
        running = [RunningGateway(folder, rasa_port, database, chosen, port=port, extra=extra) for port in ports]
        rasa = RasaStandIn(rasa_port, running[0].settings.internal_token, reply=echo).start()
        wechat = Simulator(running[0].environment, **{**KNOBS, **knobs}).start()
        for gateway in running:
            gateway.start()
        wechat.configure(urls=[f"{gateway.url}/wechat" for gateway in running])
        wechat.wait_saved()
        eventually(lambda: any(c["api"] == "menu/create" and not c["errcode"] for c in wechat.calls()))
        return cls(running, rasa, wechat)

    def close(self) -> None:
        self.wechat.stop()
        for gateway in self.gateways:
            gateway.stop()
        self.rasa.stop()

    def fresh(self) -> None:
        """As good as new, for the next test of a module."""
        self.rasa.reply, self.rasa.delay, self.rasa.delay_of, self.rasa.status, self.rasa.talks_over = echo, 0.0, None, 200, False
        self.wechat.call("DELETE", "/faults")
        self.wechat.call("DELETE", "/knobs")
        self.wechat.turn(**KNOBS)
        self.wechat.clock(pace=1)

    @property
    def gateway(self) -> RunningGateway:
        return self.gateways[0]

    def phone(self, follows: bool = True, **mind: Any) -> Phone:
        """A new person; by default one who has followed and read the welcome."""
        self.count += 1
        phone = self.wechat.phone(f"居民{self.count}", **mind)
        if follows:
            phone.follow(wait=10)
            phone.wait_for("帮办助手")
        return phone

    def pause(self) -> None:
        """So long, by every clock, that contacts and sends before and after lie in different seconds of the platform."""
        self.jump(seconds=3)

    def calm_phone(self) -> Phone:
        """One who has followed some time ago; contacts within two seconds of each other count as one."""
        phone = self.phone()
        self.pause()
        return phone

    def jump(self, **ahead: float) -> None:
        """Move every clock on, by a timedelta's keywords."""
        now = datetime.fromisoformat(self.wechat.call("GET", "/clock")["iso"])
        self.set_clock((now + timedelta(**ahead)).replace(tzinfo=None).isoformat())

    def set_clock(self, moment: str) -> None:
        """Every clock to a moment; with a trailing `!` they stand still."""
        self.wechat.clock(set=moment)
        for gateway in self.gateways:
            answer = requests.post(f"{gateway.url}/test/clock", json={"now": moment}, timeout=5)
            assert answer.status_code == 200, answer.text

    def rows(self, query: str, *values: Any) -> List[Any]:
        """What stands in the gateway's SQLite store."""
        with sqlite3.connect(f"file:{self.gateway.folder / 'gateway.db'}?mode=ro", uri=True) as connection:
            return list(connection.execute(query, values))

    def conversation(self, phone: Phone) -> str:
        """The conversation of a person, as the store has it."""
        found = self.rows("select conversation from wechat_people where openid = ?", phone.openid)
        assert len(found) == 1
        return str(found[0][0])

    def tell(self, phone: Phone, text: str, origin: str = "clerk", key: str = "") -> None:
        """A message of a clerk, a notice or a reminder, as our own processes send it."""
        conversation = self.conversation(phone)
        epoch = self.gateway.internal("GET", f"/leases/{conversation}").json()["epoch"]
        body = {"conversation": conversation, "text": text, "origin": origin, "epoch": epoch}
        body["idempotency_key"] = key or f"{origin}:{text}"[:100]
        answer = self.gateway.internal("POST", "/outbox", body)
        assert answer.status_code in (200, 201, 202), answer.text

    def all_logs(self) -> str:
        return (self.gateway.folder / "gateway.log").read_text(encoding="utf8")


def eventually(what: Callable[[], Any], seconds: float = 15, why: str = "") -> Any:
    """Wait until something holds; its value."""
    deadline = time.monotonic() + seconds
    while True:
        found = what()
        if found:
            return found
        assert time.monotonic() < deadline, why or "it did not come true in time"
        time.sleep(0.05)


def bubbles(phone: Phone, *sources: str) -> List[str]:
    """The words of what the account sent, in order."""
    lines: List[Line] = phone.received()
    return [words(line) for line in lines if not sources or line["source"] in sources]
