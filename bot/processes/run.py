"""`python -m bot.processes.run`: start everything, say READY, stop everything on Ctrl-C; a process that dies is started again."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from dataclasses import dataclass, field
from typing import Dict, List, Optional

import aiohttp

from bot import settings
from bot.processes.model import ensure_model, rasa_environment

READY_WITHIN_SECONDS = 180
LONGEST_PAUSE_SECONDS = 30
STOP_WITHIN_SECONDS = 15


@dataclass
class Child:
    """One process and how to see that it is ready."""

    name: str
    command: List[str]
    ready_url: str
    headers: Dict[str, str] = field(default_factory=dict)
    process: Optional[asyncio.subprocess.Process] = None
    starts: int = 0


class Supervisor:
    """Keeps the children running until told to stop."""

    def __init__(self, children: List[Child], config: settings.Settings) -> None:
        self._children = children
        self._logs = config.var / "logs"
        self._stopping = asyncio.Event()

    async def run(self) -> int:
        """Exit code 0 after a wanted stop, 1 when something never became ready."""
        self._logs.mkdir(parents=True, exist_ok=True)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._stopping.set)
        keepers = [asyncio.create_task(self._keep(child)) for child in self._children]
        started = time.monotonic()
        ready = asyncio.create_task(self._all_ready())
        stopping = asyncio.create_task(self._stopping.wait())
        await asyncio.wait({ready, stopping}, timeout=READY_WITHIN_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        code = 0
        if not self._stopping.is_set():
            if ready.done():
                self._announce(time.monotonic() - started)
                await self._stopping.wait()
            else:
                print(f"not ready after {READY_WITHIN_SECONDS} s; see {self._logs}", file=sys.stderr, flush=True)
                code = 1
        self._stopping.set()
        ready.cancel()
        await asyncio.gather(*keepers)
        return code

    async def _keep(self, child: Child) -> None:
        pause = 1.0
        while not self._stopping.is_set():
            log = open(self._logs / f"{child.name}.log", "ab", buffering=0)
            began = time.monotonic()
            with log:
                child.process = await asyncio.create_subprocess_exec(
                    *child.command, stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log,
                    cwd=settings.ROOT, env=rasa_environment(), start_new_session=True,
                )  # fmt: skip
            child.starts += 1
            exited = asyncio.create_task(child.process.wait())
            stopping = asyncio.create_task(self._stopping.wait())
            await asyncio.wait({exited, stopping}, return_when=asyncio.FIRST_COMPLETED)
            stopping.cancel()
            if self._stopping.is_set():
                await self._stop(child, exited)
                return
            pause = 1.0 if time.monotonic() - began > 60 else min(pause * 2, LONGEST_PAUSE_SECONDS)
            print(f"{child.name} stopped by itself ({exited.result()}); starting again in {pause:.0f} s", flush=True)
            try:
                await asyncio.wait_for(self._stopping.wait(), pause)
            except asyncio.TimeoutError:
                pass

    @staticmethod
    async def _stop(child: Child, exited: "asyncio.Task[int]") -> None:
        assert child.process is not None
        if child.process.returncode is None:
            os.killpg(child.process.pid, signal.SIGTERM)
            try:
                await asyncio.wait_for(asyncio.shield(exited), STOP_WITHIN_SECONDS)
            except asyncio.TimeoutError:
                os.killpg(child.process.pid, signal.SIGKILL)
        await exited

    async def _all_ready(self) -> None:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=2)) as session:
            for child in self._children:
                while not await _answers(session, child):
                    await asyncio.sleep(0.2)

    def _announce(self, seconds: float) -> None:
        config = settings.load()
        phone = f"  WeChat phone (simulated) {config.sim_url}/\n" if config.wechat.demo else ""
        print(
            f"READY after {seconds:.0f} s\n"
            f"  web chat for residents   {config.gateway_url}/chat\n"
            f"{phone}"
            f"  service centre API       {config.center_url}/api/v1/openapi.json\n"
            f"  logs                     {self._logs}\n"
            "  Ctrl-C stops everything",
            flush=True,
        )


async def _answers(session: aiohttp.ClientSession, child: Child) -> bool:
    try:
        async with session.get(child.ready_url, headers=child.headers) as answer:
            return answer.status == 200
    except (aiohttp.ClientError, asyncio.TimeoutError, OSError):
        return False


def children(config: settings.Settings, model: str) -> List[Child]:
    """The processes, in the order in which they are needed; without an official account WeChat is simulated."""
    python = [sys.executable, "-m"]
    behind = ["nice", "-n", "10"]  # however much Rasa has to do, what people send is taken at once
    ours = {"Authorization": f"Bearer {config.internal_token}"}
    found = [
        Child("center", [*python, "bot.processes.center"], f"{config.center_url}/health"),
        Child("gateway", [*python, "bot.processes.gateway"], f"{config.gateway_url}/health"),
        Child("actions", [*behind, *python, "bot.processes.actions"], f"{config.actions_url}/ready"),
        Child("rasa", [*behind, *python, "bot.processes.rasa", model], f"{config.rasa_url}/webhooks/gateway/", ours),
    ]
    if config.wechat.demo:
        found.append(Child("wechat_sim", [*python, "bot.processes.wechat_sim"], f"{config.sim_url}/health"))
    return found


def main() -> None:
    """Start everything."""
    try:
        config = settings.load()
    except settings.SettingsError as error:
        sys.exit(str(error))
    model = ensure_model()
    sys.exit(asyncio.run(Supervisor(children(config, str(model)), config).run()))


if __name__ == "__main__":
    main()
