"""E9, E33, E34: answers that take a minute, a town that writes all at once, a gateway that hangs until the last delivery."""

from __future__ import annotations

import signal
import time
from typing import Callable

import pytest

from tests.support.wechat_world import World, bubbles, eventually


def test_e09_an_answer_after_a_minute_comes_once_with_one_word_of_patience(make_world: Callable[..., World]) -> None:
    """At a tenth of the time: the platform's five seconds, our word of patience and the minute alike."""
    world = make_world(options={"wait_line_after": 0.8})
    world.wechat.clock(pace=10)
    phone = world.calm_phone()
    world.rasa.delay = 6.0
    delivery = phone.says("查一分钟", wait=10)
    assert delivery is not None and [a["reason"] for a in delivery["attempts"]] == ["success"]
    phone.wait_for("echo: 查一分钟")
    patience, *answer = bubbles(phone, "kf")
    assert answer == ["echo: 查一分钟"] and "echo" not in patience
    assert len(world.rasa.calls) == 1
    assert world.wechat.failure_notices() == []


def test_e33_fifty_messages_a_second_are_acknowledged_within_a_second_while_the_bot_is_busy(
    make_world: Callable[..., World],
) -> None:
    world = make_world()
    world.rasa.delay = 4.0  # as long as it takes; nobody waits for it
    people = [world.phone() for _ in range(50)]
    began = time.monotonic()
    for number, phone in enumerate(people):
        time.sleep(max(0.0, began + number / 50 - time.monotonic()))
        phone.says("老年证怎么办")
    deliveries = eventually(lambda: _ended(world, len(people)), 20)
    waited = sorted(d["attempts"][0]["seconds"] for d in deliveries)
    assert [len(d["attempts"]) for d in deliveries] == [1] * len(people)
    assert waited[int(len(waited) * 0.99) - 1] < 1.0, waited
    assert not world.rasa.complaints and world.wechat.failure_notices() == []


def _ended(world: World, many: int) -> "list[dict[str, object]]":
    """Deliveries of texts, once all have ended."""
    texts = [d for d in world.wechat.deliveries(limit=1000) if d["trigger"] == "text" and d["state"] != "open"]
    return texts if len(texts) == many else []


@pytest.mark.parametrize("attempts", [3, 4])
def test_e34_a_gateway_that_hangs_until_the_last_delivery_answers_once(world: World, attempts: int) -> None:
    world.wechat.turn(attempts=attempts)
    world.wechat.clock(pace=2)
    phone = world.calm_phone()
    process = world.gateway.process
    assert process is not None
    process.send_signal(signal.SIGSTOP)
    try:
        phone.says("卡住了")
        eventually(lambda: len(world.wechat.deliveries(openid=phone.openid)[-1]["attempts"]) == attempts)
    finally:
        process.send_signal(signal.SIGCONT)
    phone.wait_for("echo: 卡住了")
    assert bubbles(phone, "kf") == ["echo: 卡住了"]
    tried = world.wechat.deliveries(openid=phone.openid)[-1]["attempts"]
    assert [a["reason"] for a in tried] == ["timeout"] * (attempts - 1) + ["success"]
