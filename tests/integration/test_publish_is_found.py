"""A change published at the centre is found by a Rasa process that was running before (B5)."""

from __future__ import annotations

import time
from typing import Any, Dict, Iterator

import pytest
import requests

from bot.adapters.yaml_catalogue import to_json
from tests.support.builders import an_item, local_facts
from tests.support.stack import Stack

SECONDS = 5.0
CODE, NAME = "QS-990", "萤火虫观赏园备案"


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Centre and Rasa alone."""
    stack = Stack(tmp_path_factory.mktemp("publish"))
    try:
        stack.launch("center")
        stack.wait_ready("center")
        stack.launch("rasa")
        stack.wait_ready("rasa")
        yield stack
    finally:
        stack.stop()


def parse(stack: Stack, text: str) -> Dict[str, Any]:
    answer = requests.post(
        f"{stack.config.rasa_url}/model/parse", params={"token": stack.config.rasa_token}, json={"text": text}, timeout=10
    )
    answer.raise_for_status()
    return dict(answer.json())


def publish(stack: Stack, name: str, *questions: str) -> None:
    item = an_item(CODE, name, aliases=("看萤火虫",), questions=questions)
    saved = stack.center("PUT", f"items/{CODE}", {"item": to_json(item), "local": to_json(local_facts(CODE))})
    assert saved.ok, saved.text
    done = stack.center("POST", f"items/{CODE}/publish", {"version": saved.json()["version"]["version"]})
    assert done.ok, done.text


def seconds_until_first(stack: Stack, text: str, name: str) -> float:
    start = time.monotonic()
    while time.monotonic() - start < 2 * SECONDS:
        ranking = parse(stack, text)["item_ranking"]
        if ranking and (ranking[0]["code"], ranking[0]["name"]) == (CODE, name):
            return time.monotonic() - start
        time.sleep(0.1)
    return float("inf")


def test_a_new_item_and_its_new_name_are_found_within_five_seconds_by_the_same_process(two: Stack) -> None:
    asked = "晚上看萤火虫的园子要备案吗"
    pid = two.processes["rasa"].pid
    assert CODE not in [ranked["code"] for ranked in parse(two, asked)["item_ranking"]]
    questions = [f"看萤火虫的园子{n}怎么备案" for n in "甲乙丙丁戊己庚辛"]
    publish(two, NAME, *questions)
    assert seconds_until_first(two, asked, NAME) <= SECONDS
    publish(two, "萤火虫夜游园备案", *questions)
    assert seconds_until_first(two, asked, "萤火虫夜游园备案") <= SECONDS
    assert two.processes["rasa"].pid == pid and two.processes["rasa"].poll() is None
    assert parse(two, asked)["item_decision"] in ("answer", "choose")
