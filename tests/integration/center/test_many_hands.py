"""Many people and clerks at once: no update is lost, no move is illegal. The full size: `BANGBAN_LONG=1`."""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections import Counter
from pathlib import Path
from typing import Any, Dict, Iterator, List

import aiohttp
import pytest

from tests.integration.center.conftest import BACKENDS
from tests.integration.center.test_case_life import files as life_files
from tests.support.builders import a_filing
from tests.support.center import TOKEN, RunningCentre
from tests.support.postgres import new_database

LONG = os.environ.get("BANGBAN_LONG") == "1"
ACTORS, CASES, ACTS = (200, 1000, 50) if LONG else (30, 60, 12)
MOVES = ("accept", "handle", "submit_review", "approve", "finish", "ask_supplement", "return", "back_to_handling", "take_over")
AFTER = {
    "accept": ("filed", "accepted"), "handle": ("accepted", "handling"), "submit_review": ("handling", "reviewing"),
    "approve": ("reviewing", "approved"), "finish": ("approved", "finished"), "back_to_handling": ("reviewing", "handling"),
}  # fmt: skip
files = life_files


@pytest.fixture(scope="module", params=BACKENDS)
def centre(request: pytest.FixtureRequest, files: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCentre]:
    database = new_database() if request.param == "postgresql" else None
    running = RunningCentre(tmp_path_factory.mktemp(request.param), files, database)
    try:
        yield running.start()
    finally:
        running.stop()


class Crowd:
    """Actors with a session each, and what they were told."""

    def __init__(self, centre: RunningCentre, numbers: List[str]) -> None:
        self.centre, self.numbers = centre, numbers
        self.done: Counter[str] = Counter()
        self.statuses: Counter[int] = Counter()
        self.seconds: List[float] = []

    async def _post(self, session: aiohttp.ClientSession, path: str, body: Dict[str, Any]) -> int:
        started = time.perf_counter()
        async with session.post(f"{self.centre.url}/api/v1/{path}", json=body) as answer:
            await answer.read()
        self.seconds.append(time.perf_counter() - started)
        self.statuses[answer.status] += 1
        return answer.status

    async def act(self, seed: int) -> None:
        """A clerk, or a person, who does one thing after the other."""
        dice = random.Random(seed)
        headers = {"Authorization": f"Bearer {TOKEN}"}
        async with aiohttp.ClientSession(headers=headers, timeout=aiohttp.ClientTimeout(total=300)) as session:
            for turn in range(ACTS):
                number = dice.choice(self.numbers)
                if seed % 5 == 0 and dice.random() < 0.5:
                    given = {"proof": {"conversation": "web:crowd"}, "given": [{"defect": "1", "status": "paper"}]}
                    status = await self._post(session, f"cases/{number}/supplement", given)
                else:
                    actor = {"role": "clerk", "name": f"某{seed}"}
                    body = {"move": dice.choice(MOVES), "actor": actor, "opinion": "意见", "key": f"{seed}:{turn}"}
                    status = await self._post(session, f"cases/{number}/moves", body)
                if status == 200:
                    self.done[number] += 1

    async def run(self) -> None:
        await asyncio.gather(*(self.act(seed) for seed in range(ACTORS)))


def test_no_update_is_lost_and_no_move_is_illegal(centre: RunningCentre, capsys: pytest.CaptureFixture[str]) -> None:
    numbers = []
    for _ in range(CASES):
        body = a_filing("web:crowd")
        assert centre.file(body).status == 201
        numbers.append(str(body["number"]))
    crowd = Crowd(centre, numbers)
    started = time.perf_counter()
    asyncio.run(crowd.run())
    seconds = time.perf_counter() - started
    assert set(crowd.statuses) <= {200, 409}, crowd.statuses
    for number in numbers:
        detail = centre.get(f"cases/{number}").json["case"]
        events = centre.get(f"cases/{number}/events").json["events"]
        assert len(events) == 1 + crowd.done[number] == detail["revision"], "what was confirmed is there, and nothing else"
        assert [e["seq"] for e in events] == list(range(1, len(events) + 1))
        for before, event in zip(events, events[1:]):
            assert event["before"] == before["state"], "every step stands on the one before"
            if event["move"] in AFTER:
                assert (event["before"], event["state"]) == AFTER[event["move"]]
        assert detail["state"] == events[-1]["state"]
    slow = sorted(crowd.seconds)
    with capsys.disabled():
        print(  # noqa: T201 - figures of the long run
            f"\n{ACTORS} actors, {CASES} cases: {len(slow)} requests in {seconds:.1f} s = {len(slow) / seconds:.0f}/s, "
            f"p50 {slow[len(slow) // 2] * 1000:.0f} ms, p95 {slow[len(slow) * 95 // 100] * 1000:.0f} ms, {dict(crowd.statuses)}"
        )
