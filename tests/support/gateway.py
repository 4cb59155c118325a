"""A running gateway of its own for tests, and a resident's browser page that talks to it over HTTP."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional
from uuid import uuid4

import requests

from bot import settings
from tests.support.stack import free_ports

ROOT = Path(__file__).resolve().parents[2]
NOW = "2026-11-23T10:00"


@dataclass
class RunningGateway:
    """The gateway as a process of its own."""

    folder: Path
    rasa_port: int
    database_url: Optional[str] = None
    options: Dict[str, Any] = field(default_factory=dict)
    extra: Dict[str, str] = field(default_factory=dict)  # of the environment
    port: int = 0
    process: Optional["subprocess.Popen[bytes]"] = None

    def __post_init__(self) -> None:
        self.port = self.port or free_ports(1)[0]
        self.folder.mkdir(parents=True, exist_ok=True)

    @property
    def environment(self) -> Dict[str, str]:
        env = {
            k: v
            for k, v in os.environ.items()
            if not k.startswith("BANGBAN_") and k not in ("DATABASE_URL", "REDIS_URL")
        }
        env.update(
            BANGBAN_VAR=str(self.folder), BANGBAN_GATEWAY_PORT=str(self.port), BANGBAN_RASA_PORT=str(self.rasa_port),
            BANGBAN_TEST="1", BANGBAN_NOW=NOW,
        )  # fmt: skip
        if self.database_url:
            env["DATABASE_URL"] = self.database_url
        return {**env, **self.extra}

    @property
    def settings(self) -> settings.Settings:
        return settings.load(self.environment)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> "RunningGateway":
        """Start and wait until it takes messages."""
        command = [sys.executable, "-m", "tests.support.gateway_process", json.dumps(self.options)]
        with (self.folder / "gateway.log").open("ab") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                if requests.get(self.url + "/ready", timeout=5).status_code == 200:
                    return self
            except requests.ConnectionError:
                assert self.process.poll() is None, (self.folder / "gateway.log").read_text()
                time.sleep(0.05)
        raise AssertionError("the gateway did not start: " + (self.folder / "gateway.log").read_text())

    def kill(self) -> None:
        """As if the power went."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait(10)

    def stop(self) -> None:
        """Ask it to end; no longer than ten seconds."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()

    def internal(
        self, method: str, path: str, body: Optional[Dict[str, Any]] = None, **extra: Any
    ) -> requests.Response:
        """A call of one of our own processes."""
        headers = {"Authorization": f"Bearer {self.settings.internal_token}", **extra.pop("headers", {})}
        return requests.request(method, self.url + "/internal" + path, json=body, headers=headers, timeout=10, **extra)

    def seal(self, text: str, conversation: str = "c1", message_id: str = "", **extra: Any) -> Dict[str, Any]:
        """Seal a text as the rest channel does."""
        body = {"conversation": conversation, "message_id": message_id or uuid4().hex, "text": text, **extra}
        answer = self.internal("POST", "/vault/seal", body)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def move(self, conversation: str, action: str, epoch: int, **extra: Any) -> requests.Response:
        """Move a lease."""
        return self.internal("POST", f"/leases/{conversation}", {"action": action, "epoch": epoch, **extra})


class Page:
    """A resident's browser: keeps the cookie, sends, and listens to the event stream in a thread."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.session = requests.Session()
        self.events: List[Dict[str, Any]] = []
        self.states: List[Dict[str, Any]] = []
        self._stream: Optional[requests.Response] = None
        self._thread: Optional[threading.Thread] = None
        assert self.session.get(url + "/chat", timeout=10).status_code == 200

    @property
    def conversation(self) -> str:
        return self.session.cookies["bangban_chat"].partition(".")[0]

    def send(self, text: str, client_id: str = "", expect: int = 202) -> Dict[str, Any]:
        """Send a message; the id of a first try may be given again."""
        body = {"text": text, "client_id": client_id or str(uuid4())}
        answer = self.session.post(self.url + "/chat/messages", json=body, timeout=15)
        assert answer.status_code == expect, answer.text
        return dict(answer.json())

    def listen(self, after: Optional[int] = None) -> "Page":
        """Open the stream, from an event id on as a browser does after a broken line."""
        headers = {} if after is None else {"Last-Event-ID": str(after)}
        self._stream = self.session.get(self.url + "/chat/events", headers=headers, stream=True, timeout=60)
        assert self._stream.status_code == 200
        self._thread = threading.Thread(target=self._read, args=(self._stream,), daemon=True)
        self._thread.start()
        return self

    def _read(self, stream: requests.Response) -> None:
        event: Dict[str, str] = {}
        try:
            for line in stream.iter_lines(chunk_size=1, decode_unicode=False):
                text = line.decode("utf8")
                name, _, value = text.partition(": ")
                if text:
                    event[name] = value
                elif event.get("event") == "message":
                    self.events.append({"sse_id": int(event["id"]), **json.loads(event["data"])})
                    event = {}
                else:
                    if event.get("event") == "state":
                        self.states.append(json.loads(event["data"]))
                    event = {}
        except (requests.RequestException, AttributeError, ValueError, OSError):
            pass  # the line broke

    def hang_up(self) -> None:
        """Close the stream."""
        if self._stream is not None:
            self._stream.close()

    def texts(self, *origins: str) -> List[str]:
        """What was shown, of these senders (all without)."""
        return [e["text"] for e in self.events if not origins or e["from"] in origins]

    def wait(self, what: Callable[["Page"], bool], seconds: float = 15) -> "Page":
        """Wait until the page shows something."""
        deadline = time.monotonic() + seconds
        while not what(self):
            assert time.monotonic() < deadline, f"not shown after {seconds} s; there are {self.texts()}"
            time.sleep(0.02)
        return self

    def wait_for(self, text: str, seconds: float = 15) -> "Page":
        """Wait until a text is shown."""
        return self.wait(
            lambda page: any(text in shown for shown in page.texts("bot", "clerk", "notice", "system")), seconds
        )
