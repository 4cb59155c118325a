"""E10, E11, E19, E31: two gateways over one PostgreSQL: one processing, one order, one token; one killed, the other goes on."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import Iterator

import pytest

from tests.support.gateway import ROOT, RunningGateway
from tests.support.stack import free_ports
from tests.support.wechat_world import World, bubbles, eventually


@pytest.fixture
def two(tmp_path: Path) -> Iterator[World]:
    world = World.open(tmp_path / "var", gateways=2)
    yield world
    assert world.wechat.failure_notices() == []
    assert world.rasa.complaints == []
    world.close()


def test_e10_deliveries_to_both_gateways_are_worked_once_and_in_order(two: World) -> None:
    # calm: whoever followed within the same second has three sends, not five, and the last answers wait for a contact
    phones = [two.calm_phone() for _ in range(3)]
    two.rasa.delay = 0.15
    for number in range(5):
        for phone in phones:
            two.wechat.fault("push", "duplicate", openid=phone.openid)
            phone.says(f"第{number}句", wait=10)
    wanted = [f"第{n}句" for n in range(5)]
    for phone in phones:
        joined = "\n".join(f"echo: {w}" for w in wanted)
        eventually(
            lambda phone=phone, joined=joined: "\n".join(bubbles(phone, "kf")).replace("\n\n", "\n") == joined, 30
        )  # type: ignore[misc]
    assert len(two.rasa.worked) == 15  # each message id once
    assert len(two.rasa.calls) == 15


def test_e11_e31_a_killed_gateway_s_people_are_served_by_the_other(two: World) -> None:
    phones = [two.phone() for _ in range(4)]
    two.rasa.delay = 2.0
    for phone in phones:
        phone.says("要紧的事", wait=10)
    time.sleep(0.3)
    two.gateways[1].kill()  # in the midst of it
    two.wechat.configure(urls=[f"{two.gateway.url}/wechat"])
    for phone in phones:
        phone.wait_for("echo: 要紧的事", 40)
        assert "\n".join(bubbles(phone, "kf")).count("echo: 要紧的事") == 1


def test_e19_two_gateways_fetch_one_token(two: World) -> None:
    phones = [two.phone() for _ in range(4)]
    two.wechat.fault("message/custom/send", "token_revoked")
    for phone in phones:
        phone.says("换令牌", wait=10)
    for phone in phones:
        phone.wait_for("echo: 换令牌", 30)
        assert "\n".join(bubbles(phone, "kf")).count("echo: 换令牌") == 1
    fetched = [c for c in two.wechat.calls() if c["api"] == "stable_token"]
    assert len(fetched) <= 6  # at the start, and once or twice for the revoked one; not once for each send


def test_without_a_shared_database_several_gateways_refuse_to_start(tmp_path: Path) -> None:
    port, rasa = free_ports(2)
    gateway = RunningGateway(tmp_path, rasa, port=port, extra={"BANGBAN_GATEWAYS": "2"})
    command = [sys.executable, "-m", "bot.processes.gateway"]
    ended = subprocess.run(command, cwd=ROOT, env=gateway.environment, capture_output=True, text=True, timeout=30)
    assert ended.returncode != 0 and "DATABASE_URL" in ended.stderr


def test_a_second_gateway_on_the_same_sqlite_store_refuses_to_start(tmp_path: Path) -> None:
    first_port, second_port, rasa = free_ports(3)
    first = RunningGateway(tmp_path, rasa, port=first_port).start()
    try:
        second = RunningGateway(tmp_path, rasa, port=second_port)
        command = [sys.executable, "-m", "bot.processes.gateway"]
        ended = subprocess.run(command, cwd=ROOT, env=second.environment, capture_output=True, text=True, timeout=30)
        assert ended.returncode != 0 and "DATABASE_URL" in ended.stderr
    finally:
        first.stop()
