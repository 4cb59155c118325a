"""A real service centre in a process of its own, on a free port, with a small made-up catalogue."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Dict, Optional

import requests

from tests.support.builders import HASH_KEY

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "test-token"
MONDAY = "2026-11-23T09:00:00!"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Answer:
    """Status and JSON of an answer."""

    def __init__(self, response: requests.Response) -> None:
        self.status = response.status_code
        self.headers = response.headers
        self.json: Any = response.json()

    @property
    def code(self) -> str:
        """The error's code, or empty."""
        return str(self.json["error"]["code"]) if "error" in self.json else ""


class RunningCentre:
    """Starts, stops and speaks to one centre."""

    def __init__(self, folder: Path, files: Path, database_url: Optional[str] = None, now: str = MONDAY) -> None:
        self.var = folder / "var"
        self.log = folder / "center.log"
        self._files, self._database_url, self._now = files, database_url, now
        self._process: Optional[subprocess.Popen[bytes]] = None
        self._session = requests.Session()
        self.url = ""

    def _environment(self, port: int) -> Dict[str, str]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("BANGBAN_")}
        environment.pop("DATABASE_URL", None)
        if self._database_url:
            environment["DATABASE_URL"] = self._database_url
        return environment | {
            "BANGBAN_VAR": str(self.var),
            "BANGBAN_CENTER_PORT": str(port),
            "BANGBAN_CATALOGUE_DIR": str(self._files / "catalogue"),
            "BANGBAN_CENTRE_DIR": str(self._files / "centre"),
            "BANGBAN_API_TOKEN": TOKEN,
            "BANGBAN_HASH_KEY": HASH_KEY.hex(),
            "BANGBAN_NOW": self._now,
            "BANGBAN_TEST": "1",
            "PYTHONPATH": str(ROOT),
        }

    def start(self) -> RunningCentre:
        """Start, and wait until it answers."""
        port = int(self.url.rpartition(":")[2] or 0) or free_port()  # the same one after a stop
        self.url = f"http://127.0.0.1:{port}"
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with open(self.log, "ab") as log:
            command = [sys.executable, "-m", "tests.support.center_process"]
            self._process = subprocess.Popen(
                command, env=self._environment(port), stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=ROOT
            )
        end = time.monotonic() + 30
        while time.monotonic() < end and self._process.poll() is None:
            try:
                if requests.get(self.url + "/health", timeout=1).status_code == 200:
                    return self
            except requests.ConnectionError:
                time.sleep(0.05)
        raise RuntimeError("the centre did not start:\n" + self.log.read_text())

    def stop(self, *, kill: bool = False) -> None:
        """Stop it, gently or at once."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill() if kill else self._process.terminate()
            self._process.wait(20)
        self._process = None

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """One request with the token."""
        given = {"Authorization": f"Bearer {TOKEN}"} | {name.replace("_", "-"): text for name, text in headers.items()}
        url = f"{self.url}/api/v1/{path}"
        return Answer(self._session.request(method, url, json=body, headers=given, timeout=20))

    def get(self, path: str) -> Answer:
        return self.call("GET", path)

    def post(self, path: str, body: Any, **headers: str) -> Answer:
        return self.call("POST", path, body, **headers)

    def put(self, path: str, body: Any) -> Answer:
        return self.call("PUT", path, body)

    def file(self, body: Dict[str, Any], key: Optional[str] = None) -> Answer:
        """File a case; the number serves as the key unless one is given."""
        return self.post("cases", body, Idempotency_Key=key or f"key:{body['number']}")

    def move(self, number: str, move: str, opinion: str = "", role: str = "clerk", **more: Any) -> Answer:
        """One step of the work."""
        return self.post(
            f"cases/{number}/moves", {"move": move, "actor": {"role": role, "name": "王"}, "opinion": opinion, **more}
        )

    def set_clock(self, now: str) -> None:
        """Move the centre's clock."""
        assert self.post("test/clock", {"now": now}).status == 200
