"""`make wechat-load`: acknowledgements while Rasa is saturated, and the way to the first useful answer, in one run.

1. Idle: the same questions through the plain rest channel of Rasa and by a phone on the simulated platform, in turns.
2. 50 messages a second for a minute, more than Rasa can answer: how long the platform waits for `success`, how deep the
   inbox gets, who is told that there are others before them, and whether anybody reads the failure notice.

SCALE=small: the second part only, for eight seconds, with a stand-in for Rasa that is busy; the tests run this one.
Writes `$BANGBAN_VAR/reports/wechat-load.json`.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Callable, Dict, List
from uuid import uuid4

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]

from benchmarks import reports  # noqa: E402
from benchmarks.storm.pour import Pour  # noqa: E402
from tests.support.stack import Stack  # noqa: E402
from tests.support.wechat_sim import Simulator, words  # noqa: E402
from tests.support.wechat_world import World  # noqa: E402

QUESTIONS = (
    "老年证怎么办", "高龄补贴要什么材料", "身份证丢了怎么补", "现在开门吗", "医保怎么交", "残疾证在哪办", "新生儿怎么上户口",
    "社保卡丢了", "低保怎么申请", "生育登记怎么办",
)  # fmt: skip
RATE = 50.0


def side_by_side(stack: Stack, wechat: Simulator, rounds: int = 3) -> Dict[str, Any]:
    """Median and 95th percentile of seconds until the first bubble, both ways in turns."""
    rest, phone = [], []
    people = [wechat.phone(f"比较{number}") for number in range(rounds)]
    for person in people:
        person.follow(wait=10)
    time.sleep(2.5)  # what follows within a second might count for the follow, which allows three sends only
    stack.say("warm", QUESTIONS[0])
    for number, person in enumerate(people):
        for question in QUESTIONS:
            began = time.monotonic()
            assert stack.say(f"rest-{number}-{uuid4().hex[:6]}", question).messages
            rest.append(time.monotonic() - began)
            time.sleep(0.5)  # six messages in a second of the platform are more than the careful reading of the quota answers at once
            read = person.transcript()[-1]["seq"]
            began = time.monotonic()
            person.says(question)
            while not any(line["source"] == "kf" and words(line) for line in person.transcript(read, wait=5)):
                assert time.monotonic() - began < 30
            phone.append(time.monotonic() - began)
    return {
        "first_answer_rest_p50_s": _share(rest, 0.5), "first_answer_wechat_p50_s": _share(phone, 0.5),
        "first_answer_rest_p95_s": _share(rest, 0.95), "first_answer_wechat_p95_s": _share(phone, 0.95),
        "first_answer_ratio": round(statistics.median(phone) / statistics.median(rest), 2),
    }  # fmt: skip


def _share(values: List[float], share: float) -> float:
    return round(sorted(values)[min(len(values) - 1, int(len(values) * share))], 3)


def saturated(wechat: Simulator, depth: Callable[[], int], people: int, messages: int) -> Dict[str, Any]:
    """Pour faster than anybody can answer; what the platform saw."""
    pour = Pour(wechat.url, RATE, calm=True)
    deepest = asyncio.run(_poured(pour, people, messages, depth))
    seconds = [a["seconds"] for one in pour.said for a in one.delivery["attempts"]]
    told = [one for one in pour.said if any(a["reason"] == "reply" for a in one.delivery["attempts"])]
    return {
        "messages": len(pour.said), "rate": RATE, "ack_p50_s": _share(seconds, 0.5), "ack_p99_s": _share(seconds, 0.99),
        "ack_max_s": round(max(seconds), 3), "attempts_per_message": round(len(seconds) / len(pour.said), 3), "deepest": deepest,
        "load_average": os.getloadavg()[0], "told_how_many_before_them": len(told), "failure_notices": len(wechat.failure_notices()),
    }  # fmt: skip


async def _poured(pour: Pour, people: int, messages: int, depth: Callable[[], int]) -> int:
    task = asyncio.ensure_future(pour.run(people, messages, asyncio.Queue()))
    deepest = 0
    while not task.done():
        await asyncio.wait({task}, timeout=2)
        deepest = max(deepest, await asyncio.get_running_loop().run_in_executor(None, depth))
    await task
    return deepest


def _depth(url: str) -> int:
    import requests

    try:
        return int(requests.get(url + "/ready", timeout=5).json()["waiting"])
    except requests.RequestException:
        return 0


def small(folder: Path) -> Dict[str, Any]:
    """With a stand-in for Rasa that answers some sixteen messages a second."""
    world = World.open(folder)
    world.rasa.delay = 0.5
    try:
        return saturated(world.wechat, lambda: _depth(world.gateway.url), people=100, messages=400)
    finally:
        world.close()


def full(folder: Path) -> Dict[str, Any]:
    """With everything real."""
    stack = Stack(folder, with_wechat=True).start()
    wechat = Simulator(stack.env)
    try:
        wechat.wait_saved()
        figures = side_by_side(stack, wechat)
        return {**figures, **saturated(wechat, lambda: _depth(stack.config.gateway_url), people=500, messages=3000)}
    finally:
        stack.stop()


def main() -> None:
    """Exit code 1 when a threshold is missed."""
    with tempfile.TemporaryDirectory(prefix="bangban-load-") as folder:
        figures = small(Path(folder)) if reports.small() else full(Path(folder))
    sys.exit(0 if reports.write("wechat-load", figures, figures["messages"]) else 1)


if __name__ == "__main__":
    main()
