"""What the storm breaks over: two gateways on one PostgreSQL, the simulated platform, and Rasa or its stand-in."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Optional, Protocol

import requests

from bot import settings
from bot.processes.model import rasa_environment
from tests.support.postgres import new_database
from tests.support.stack import Stack, free_ports
from tests.support.wechat_sim import Simulator
from tests.support.wechat_world import World


class Town(Protocol):
    """The same two blows for both sizes."""

    wechat: Simulator
    database: str  # SQLAlchemy URL

    def kill_gateway(self) -> None: ...

    def start_gateway(self) -> None: ...

    def kill_rasa(self) -> None: ...

    def start_rasa(self) -> None: ...

    def close(self) -> None: ...


class SmallTown:
    """With a stand-in for Rasa that echoes after a moment, like the real one each message only once."""

    def __init__(self, folder: Path) -> None:
        self._world = World.open(folder, gateways=2)
        self._world.rasa.delay = 0.05
        self.wechat = self._world.wechat
        self.database = str(self._world.gateway.database_url)

    def kill_gateway(self) -> None:
        self._world.gateways[1].kill()

    def start_gateway(self) -> None:
        self._world.gateways[1].start()

    def kill_rasa(self) -> None:
        self._world.rasa.stop()

    def start_rasa(self) -> None:
        self._world.rasa.start()

    def close(self) -> None:
        self._world.close()


class RealTown:
    """All processes, everything in one PostgreSQL; the second gateway stands beside the stack's own."""

    def __init__(self, folder: Path) -> None:
        self.database = new_database()
        self._stack = Stack(folder, {"DATABASE_URL": self.database, "BANGBAN_GATEWAYS": "2"}, with_wechat=True).start()
        self._port = free_ports(1)[0]
        self._folder = folder
        self._second: "Optional[subprocess.Popen[bytes]]" = None
        self.start_gateway()
        self.wechat = Simulator(self._stack.env)
        self.wechat.configure(urls=[f"{self._stack.config.gateway_url}/wechat", f"http://127.0.0.1:{self._port}/wechat"])
        self.wechat.wait_saved()

    def kill_gateway(self) -> None:
        assert self._second is not None
        os.killpg(self._second.pid, signal.SIGKILL)
        self._second.wait()

    def start_gateway(self) -> None:
        with open(self._folder / "gateway2.log", "ab") as log:
            self._second = subprocess.Popen(
                [sys.executable, "-m", "bot.processes.gateway"], cwd=settings.ROOT, stdout=log, stderr=log,
                env={**rasa_environment(), **self._stack.env, "BANGBAN_GATEWAY_PORT": str(self._port)}, start_new_session=True,
            )  # fmt: skip
        deadline = time.monotonic() + 60
        while not self._is_up():
            assert time.monotonic() < deadline and self._second.poll() is None, "the second gateway did not start"
            time.sleep(0.2)

    def _is_up(self) -> bool:
        try:
            return requests.get(f"http://127.0.0.1:{self._port}/ready", timeout=5).status_code == 200
        except requests.RequestException:
            return False

    def kill_rasa(self) -> None:
        self._stack.kill("rasa")

    def start_rasa(self) -> None:
        self._stack.launch("rasa")
        self._stack.wait_ready("rasa")

    def close(self) -> None:
        if self._second is not None and self._second.poll() is None:
            self.kill_gateway()
        self._stack.stop()
