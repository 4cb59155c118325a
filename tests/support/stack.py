"""All processes of Bangban on free ports with their own data folder, for tests through the real stack."""

from __future__ import annotations

import itertools
import os
import random
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Dict, List, Optional
from uuid import uuid4

import requests

from bot import settings
from bot.processes.model import ensure_model, rasa_environment
from bot.processes.run import Child, children
from tests.support.numbers import id_number

READY_SECONDS = 120
NOW = "2026-11-23T10:00"  # a Monday with the hall open; the clock runs from there


def free_ports(count: int) -> List[int]:
    sockets = [socket.socket() for _ in range(count)]
    for sock in sockets:
        sock.bind(("127.0.0.1", 0))
    ports = [int(sock.getsockname()[1]) for sock in sockets]
    for sock in sockets:
        sock.close()
    return ports


def _signal(process: "subprocess.Popen[bytes]", number: signal.Signals) -> None:
    if process.poll() is None:
        os.killpg(process.pid, number)


@dataclass
class Reply:
    """What came back on one message."""

    messages: List[Dict[str, Any]]

    @property
    def text(self) -> str:
        return "\n".join(m.get("text", "") for m in self.messages)

    @property
    def buttons(self) -> List[str]:
        return [b["title"] for m in self.messages for b in m.get("buttons", [])]

    def __contains__(self, words: str) -> bool:
        return words in self.text

    def __str__(self) -> str:
        return self.text + (f"\n{self.buttons}" if self.buttons else "")


@dataclass
class Stack:
    """The running system."""

    var: Path
    env: Dict[str, str] = field(default_factory=dict)
    with_wechat: bool = False  # the simulated platform too
    processes: Dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def __post_init__(self) -> None:
        names = ("GATEWAY", "RASA", "ACTIONS", "CENTER", "SIM")
        ports = {f"BANGBAN_{n}_PORT": str(p) for n, p in zip(names, free_ports(len(names)))}
        self.env = {"BANGBAN_VAR": str(self.var), "BANGBAN_TEST": "1", "BANGBAN_NOW": NOW, **ports, **self.env}
        self.config = settings.load({**os.environ, **self.env})
        known = children(self.config, str(ensure_model()))
        self._children: Dict[str, Child] = {c.name: c for c in known if self.with_wechat or c.name != "wechat_sim"}

    def start(self) -> "Stack":
        for name in self._children:
            self.launch(name)
        self.wait_ready()
        return self

    def launch(self, name: str) -> None:
        log = open(self.var / f"{name}.log", "ab")
        self.processes[name] = subprocess.Popen(
            self._children[name].command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=settings.ROOT,
            env={**rasa_environment(), **self.env},
            start_new_session=True,
        )

    def wait_ready(self, *names: str) -> None:
        deadline = time.monotonic() + READY_SECONDS
        for name in names or tuple(self._children):
            child = self._children[name]
            while not self._ready(child):
                if self.processes[name].poll() is not None:
                    raise RuntimeError(f"{name} ended: {self.log(name)[-3000:]}")
                if time.monotonic() > deadline:
                    raise RuntimeError(f"{name} not ready: {self.log(name)[-3000:]}")
                time.sleep(0.1)

    @staticmethod
    def _ready(child: Child) -> bool:
        try:
            return requests.get(child.ready_url, headers=child.headers, timeout=2).status_code == 200
        except requests.RequestException:
            return False

    def log(self, name: str) -> str:
        return (self.var / f"{name}.log").read_text(encoding="utf8", errors="replace")

    def kill(self, *names: str) -> None:
        for name in names or tuple(self.processes):
            process = self.processes.pop(name, None)
            if process is not None:
                _signal(process, signal.SIGKILL)
                process.wait()

    def restart(self, *names: str) -> None:
        wanted = names or tuple(self._children)
        self.kill(*wanted)
        for name in wanted:
            self.launch(name)
        self.wait_ready(*wanted)

    def stop(self) -> None:
        for process in self.processes.values():
            _signal(process, signal.SIGTERM)
        for process in self.processes.values():
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                _signal(process, signal.SIGKILL)
                process.wait()
        self.processes.clear()

    # talking

    def say(self, sender: str, text: str) -> Reply:
        answer = requests.post(
            f"{self.config.rasa_url}/webhooks/rest/webhook", json={"sender": sender, "message": text}, timeout=60
        )
        answer.raise_for_status()
        return Reply(answer.json())

    def center(self, method: str, path: str, body: Optional[Dict[str, Any]] = None, **headers: str) -> requests.Response:
        return requests.request(
            method,
            f"{self.config.center_url}/api/v1/{path}",
            json=body,
            headers={"Authorization": f"Bearer {self.config.api_token}", **headers},
            timeout=10,
        )


_born = itertools.count(random.randrange(7000))


def _new_id_number() -> str:
    birth = date(1936, 1, 1) + timedelta(days=next(_born))
    return id_number(f"{birth:%Y%m%d}", f"{random.randrange(100, 999)}")


class Person:
    """One resident with a conversation of their own."""

    def __init__(self, stack: Stack, name: str = "") -> None:
        self.stack = stack
        self.sender = f"{name or 'person'}-{uuid4().hex[:10]}"
        self.last = Reply([])
        self.id_number = _new_id_number()
        """Nobody else's: the centre warns when the same person files the same thing twice."""

    def says(self, *texts: str) -> Reply:
        """Say one thing after the other; the last reply."""
        for text in texts:
            self.last = self.stack.say(self.sender, text)
        return self.last

    def cases(self) -> List[Dict[str, Any]]:
        """The cases the centre holds for this conversation."""
        answer = self.stack.center("GET", f"cases?conversation={self.sender}")
        answer.raise_for_status()
        return list(answer.json()["cases"])
