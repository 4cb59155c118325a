"""Run the storm and report."""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any, Dict, List, Tuple

import sqlalchemy as sa

from benchmarks import reports
from benchmarks.storm.audit import OVER, audit
from benchmarks.storm.pour import Pour
from benchmarks.storm.town import RealTown, SmallTown, Town
from bot.gateway.tables import INBOX, OUTBOX

_DRAINED_WITHIN = 3600.0


def storm(town: Town, people: int, messages: int, rate: float) -> Dict[str, Any]:
    """Pour, strike, wait until all is dry, audit; the figures."""
    pour, blows = Pour(town.wechat.url, rate), asyncio.Queue()  # type: ignore[var-annotated]
    began = time.monotonic()
    calls = _Calls(town)
    deepest = asyncio.run(_together(town, pour, people, messages, blows))
    poured = time.monotonic() - began
    _wait_until_dry(town.database)
    dry = time.monotonic() - began
    calls.stop()
    lines = town.wechat.call("GET", "/transcript")["lines"]
    found = audit(town.database, pour.said, lines)
    for problem in [*found.lost[:10], *found.mismatched[:10]]:
        print("  !", problem)
    if found.waiting:
        print(f"  waiting for the next contact: {', '.join(sorted(found.waiting)[:20])}{' …' if len(found.waiting) > 20 else ''}")
    attempts = [a for one in pour.said for a in one.delivery["attempts"] if a["legal"]]
    seconds = sorted(a["seconds"] for a in attempts)
    counters = town.wechat.counters()
    return {
        "people": people, "messages": len(pour.said), "attempts": counters["attempts"], "pushed_again": pour.pushed_again,
        "poured_s": round(poured, 1), "dry_s": round(dry, 1), "answered_per_s": round(messages / dry, 1), "deepest": deepest,
        "ack_p50_s": round(statistics.median(seconds), 3), "ack_p99_s": round(seconds[int(len(seconds) * 0.99)], 3),
        "sends": calls.sends, "lost": len(found.lost), "doubled_or_out_of_order": len(found.mismatched),
        "waiting": len(found.waiting), "unclear": found.unclear, "sorry": found.sorry, "overtaken": found.overtaken,
        "failure_notices": len(town.wechat.failure_notices()), "sends_beyond_quota": calls.beyond,
        "pushes_failed": sum(one.delivery["state"] != "answered" for one in pour.said),
    }  # fmt: skip


class _Calls:
    """Counts sends and refusals while they are still remembered."""

    def __init__(self, town: Town) -> None:
        self._town, self._after, self.sends, self.beyond = town, 0, 0, 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._over.wait(10):
            self._look()

    def _look(self) -> None:
        for call in self._town.wechat.calls(after=self._after):
            self._after = max(self._after, call["seq"])
            self.sends += call["api"] == "message/custom/send"
            self.beyond += call["errcode"] in OVER

    def stop(self) -> None:
        self._over.set()
        self._thread.join()
        self._look()


async def _together(town: Town, pour: Pour, people: int, messages: int, blows: "asyncio.Queue[float]") -> int:
    """Pour while a gateway and Rasa are killed and started again; how many messages waited at most."""
    loop, striking, deepest = asyncio.get_running_loop(), [], 0
    todo: List[Tuple[float, Any]] = [(0.3, _strike_gateway), (0.6, _strike_rasa)]
    task = asyncio.ensure_future(pour.run(people, messages, blows))
    looked = 0.0
    while not task.done():
        try:
            done = await asyncio.wait_for(blows.get(), 1.0)
        except asyncio.TimeoutError:
            done = 0.0
        if todo and done >= todo[0][0]:
            striking.append(loop.run_in_executor(None, todo.pop(0)[1], town))
        if time.monotonic() - looked > 5:
            looked = time.monotonic()
            deepest = max(deepest, await loop.run_in_executor(None, _open, town.database))
    await task
    await asyncio.gather(*striking)
    return deepest


def _strike_gateway(town: Town) -> None:
    town.kill_gateway()
    time.sleep(5)
    town.start_gateway()


def _strike_rasa(town: Town) -> None:
    town.kill_rasa()
    time.sleep(3)
    town.start_rasa()


def _open(database: str, and_unsent: bool = False) -> int:
    """Messages that wait for an answer, and answers that wait to be sent."""
    engine = sa.create_engine(database)
    with engine.connect() as connection:
        count = sa.select(sa.func.count())
        found = int(connection.execute(count.where(INBOX.c.state.in_(("waiting", "handed")))).scalar_one())
        if and_unsent:
            found += int(connection.execute(count.where(OUTBOX.c.state.in_(("ready", "sending")))).scalar_one())
    engine.dispose()
    return found


def _wait_until_dry(database: str) -> None:
    deadline, shown = time.monotonic() + _DRAINED_WITHIN, 0.0
    while (left := _open(database, and_unsent=True)) and time.monotonic() < deadline:
        if time.monotonic() - shown > 60:
            shown = time.monotonic()
            print(f"  {left} still to come", flush=True)
        time.sleep(1)


def main() -> None:
    """Exit code 1 when a threshold is missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int)
    parser.add_argument("--messages", type=int)
    parser.add_argument("--rate", type=float, default=30.0)
    given = parser.parse_args()
    people, messages = (40, 160) if reports.small() else (2000, 10_000)
    people, messages = given.people or people, given.messages or messages
    with tempfile.TemporaryDirectory(prefix="bangban-storm-") as folder:
        town: Town = SmallTown(Path(folder)) if reports.small() else RealTown(Path(folder))
        try:
            figures = storm(town, people, messages, given.rate)
        finally:
            town.close()
    sys.exit(0 if reports.write("storm", figures, messages) else 1)


if __name__ == "__main__":
    main()
