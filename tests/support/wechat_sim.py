"""The simulated WeChat platform as a process of its own, and the phones of made-up people on it.

    with Simulator(env).start() as wechat:
        phone = wechat.phone("林小满")
        phone.follow()
        phone.says("我要办老年证")
        phone.wait_for("户口簿")
"""

from __future__ import annotations

import base64
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Dict, List, Optional
from urllib.parse import urlsplit

import requests

from bot import settings
from tests.support.stack import free_ports

_READY_SECONDS = 30
Line = Dict[str, Any]


class Simulator:
    """One platform with one account; `env` as for the stack (BANGBAN_VAR and ports), so that gateway and platform agree."""

    def __init__(self, env: Dict[str, str], seed: Optional[int] = 1, **knobs: Any) -> None:
        self.env = {"BANGBAN_SIM_PORT": str(free_ports(1)[0]), **env}
        if seed is not None:
            self.env["BANGBAN_SIM_SEED"] = str(seed)
        self.config = settings.load({**os.environ, **self.env})
        self.url = self.config.sim_url
        self.process: "Optional[subprocess.Popen[bytes]]" = None
        self._log = Path(self.config.var) / "wechat_sim.log"
        self._knobs = knobs
        self._session = requests.Session()

    def start(self) -> "Simulator":
        with open(self._log, "ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot.processes.wechat_sim"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=settings.ROOT,
                env={**os.environ, **self.env}, start_new_session=True,
            )  # fmt: skip
        deadline = time.monotonic() + _READY_SECONDS
        while not self._ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the simulator did not start: {self.log()[-3000:]}")
            time.sleep(0.05)
        if self._knobs:
            self.turn(**self._knobs)
        return self

    def _ready(self) -> bool:
        try:
            return requests.get(f"{self.url}/health", timeout=2).status_code == 200
        except requests.RequestException:
            return False

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
        self._session.close()

    def __enter__(self) -> "Simulator":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def log(self) -> str:
        return self._log.read_text(encoding="utf8", errors="replace")

    def call(self, method: str, path: str, body: Optional[Dict[str, Any]] = None, **query: Any) -> Any:
        """A call of the control API; its JSON."""
        answer = self._session.request(method, f"{self.url}/sim{path}", json=body, params=query, timeout=90)
        assert answer.status_code == 200, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json()

    def wait_saved(self, seconds: float = 20) -> None:
        """Until the gateway's address passed the check of the console."""
        deadline = time.monotonic() + seconds
        while not self.call("GET", "/account")["saved"]:
            assert time.monotonic() < deadline, self.call("GET", "/account")
            time.sleep(0.05)

    def configure(self, **values: Any) -> Dict[str, Any]:
        """Values of the console, saved."""
        account: Dict[str, Any] = self.call("POST", "/account", {**values, "save": True})
        return account

    def turn(self, **knobs: Any) -> None:
        self.call("POST", "/knobs", knobs)

    def clock(self, **move: Any) -> Dict[str, Any]:
        moved: Dict[str, Any] = self.call("POST", "/clock", move)
        return moved

    def set_time(self, moment: str) -> None:
        """One time for the platform and the account's servers (started with BANGBAN_TEST=1), as in BANGBAN_NOW."""
        self.clock(set=moment)
        for url in self.call("GET", "/account")["urls"]:
            server = urlsplit(url)
            answer = requests.post(f"{server.scheme}://{server.netloc}/test/clock", json={"now": moment}, timeout=10)
            assert answer.status_code == 200, answer.text

    def fault(self, where: str, kind: str, **more: Any) -> None:
        self.call("POST", "/faults", {"where": where, "kind": kind, **more})

    def deliveries(self, **query: Any) -> List[Dict[str, Any]]:
        found: List[Dict[str, Any]] = self.call("GET", "/deliveries", **query)["deliveries"]
        return found

    def calls(self, **query: Any) -> List[Dict[str, Any]]:
        found: List[Dict[str, Any]] = self.call("GET", "/calls", **query)["calls"]
        return found

    def counters(self) -> Dict[str, int]:
        counted: Dict[str, int] = self.call("GET", "/counters")
        return counted

    def failure_notices(self) -> List[Line]:
        """Everybody's; a good account has none."""
        lines: List[Line] = self.call("GET", "/transcript", source="notice")["lines"]
        return lines

    def phone(self, name: str, **mind: Any) -> "Phone":
        """A made-up person; `oauth` and `rejects` as in the control API."""
        return Phone(self, name, **mind)


def words(line: Line) -> str:
    """Everything that can be read in a line."""
    content = line["content"]
    parts = [content.get(name, "") for name in ("text", "head", "title", "description", "label")]
    parts += [item["content"] for item in content.get("list", ())]
    parts += [part for article in content.get("articles", ()) for part in (article["title"], article["description"])]
    parts += list(content["data"].values()) if "data" in content else []
    return "\n".join(str(part) for part in [*parts, content.get("tail", "")] if part)


class Phone:
    """One person's phone."""

    def __init__(self, wechat: Simulator, name: str, **mind: Any) -> None:
        self.wechat, self.name = wechat, name
        self.openid: str = wechat.call("POST", "/people", {"name": name, **mind})["openid"]
        self.read = 0  # number of the last line that `wait_for` has passed
        self._browser: Optional[requests.Session] = None

    def does(self, deed: str, wait: float = 0, **body: Any) -> Optional[Dict[str, Any]]:
        """Any deed of the control API; its delivery, ended if `wait` (seconds) was long enough."""
        answer = self.wechat.call("POST", f"/people/{self.openid}/{deed}", body, **({"wait": wait} if wait else {}))
        delivery: Optional[Dict[str, Any]] = answer["delivery"]
        return delivery

    def follow(self, wait: float = 0) -> Optional[Dict[str, Any]]:
        return self.does("follow", wait)

    def unfollow(self, wait: float = 0) -> Optional[Dict[str, Any]]:
        return self.does("unfollow", wait)

    def says(self, text: str, wait: float = 0) -> Optional[Dict[str, Any]]:
        return self.does("text", wait, text=text)

    def sends_photo(self, content: bytes = b"", wait: float = 0) -> Optional[Dict[str, Any]]:
        return self.does("image", wait, content=base64.b64encode(content).decode())

    def sends_voice(self, recognition: Optional[str], wait: float = 0) -> Optional[Dict[str, Any]]:
        return self.does("voice", wait, **({} if recognition is None else {"recognition": recognition}))

    def taps(self, key: str, wait: float = 0) -> Optional[Dict[str, Any]]:
        """A button of the bottom menu, by key or address."""
        return self.does("tap", wait, key=key)

    def chooses(self, label: str, wait: float = 0) -> Optional[Dict[str, Any]]:
        """A choice of the newest menu message that has it."""
        for line in reversed(self.transcript()):
            for item in line["content"].get("list", ()):
                if item["content"] == label:
                    return self.does("menu_link", wait, id=item["id"], content=label)
        raise AssertionError(f"no choice {label!r} in {[words(line) for line in self.transcript()]}")

    def transcript(self, after: int = 0, wait: float = 0) -> List[Line]:
        """Lines with a number above `after`; waits for the first of them."""
        path = f"/people/{self.openid}/transcript"
        lines: List[Line] = self.wechat.call("GET", path, after=after, wait=wait)["lines"]
        return lines

    def received(self) -> List[Line]:
        """What the account sent and the person saw."""
        return [line for line in self.transcript() if line["source"] in ("passive", "kf", "template", "subscribe")]

    def wait_for(self, text: str, seconds: float = 20) -> Line:
        """The first line from the account, after those already waited for, that has the words.

        Raises:
            AssertionError: there is none in time; it shows what there is.
        """
        deadline = time.monotonic() + seconds
        after = self.read
        while time.monotonic() < deadline:
            for line in self.transcript(after, wait=min(5.0, max(0.05, deadline - time.monotonic()))):
                after = line["seq"]
                if line["source"] not in ("user", "typing", "suppressed") and text in words(line):
                    self.read = after
                    return line
        seen = [(line["source"], words(line) or line["kind"]) for line in self.transcript()]
        raise AssertionError(f"{text!r} did not come within {seconds} s; there is {seen}")

    def ledger(self) -> Dict[str, Any]:
        entry: Dict[str, Any] = self.wechat.call("GET", f"/people/{self.openid}/ledger")
        return entry

    def opens(self, url: str) -> requests.Response:
        """A page inside WeChat's browser, which is signed in as this person and follows redirects through the consent page."""
        if self._browser is None:
            self._browser = requests.Session()
            self._browser.headers["User-Agent"] = "Mozilla/5.0 (Linux; Android 14) MicroMessenger/8.0.50"
            self._browser.cookies.set("sim_phone", self.openid, domain="127.0.0.1")
        return self._browser.get(url, timeout=20)
