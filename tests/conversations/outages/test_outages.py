"""Processes die: nothing is lost, nothing is done twice."""

from __future__ import annotations

import time

from tests.support.autopilot import file_item
from tests.support.numbers import id_number
from tests.support.stack import Person, Stack


def test_the_centre_is_down_during_filing_and_the_case_appears_once(stack: Stack, person: Person) -> None:
    person.says("老人满八十岁的高龄津贴怎么领")
    stack.kill("center")
    try:
        filing = file_item(person, "QS-057", "高龄津贴申领要带什么材料")
        receipt = filing.replies[-1].text
        assert "收下了" in receipt and "BJ-" in receipt
        number = receipt.split("办件编号：")[1].split("\n")[0]
        assert "正在送往" in person.says("我的件到哪了") or "连不上" in person.last
    finally:
        stack.restart("center")
    deadline = time.monotonic() + 90
    while not person.cases():
        assert time.monotonic() < deadline, "the queued filing never arrived"
        time.sleep(0.5)
    assert [c["number"] for c in person.cases()] == [number]
    assert number in person.says("我的件到哪了")


def test_a_draft_survives_the_restart_of_every_process(stack: Stack, person: Person) -> None:
    person.says("老人满八十岁的高龄津贴怎么领", "1", "帮我办", "同意", "给自己办", "李秀英", id_number())
    question = person.last.messages[-1]["text"]
    assert "存好了" in person.says("先存着，明天再说")
    stack.restart()
    reply = person.says("继续")
    assert reply.messages[-1]["text"] == question


def test_a_form_in_progress_survives_the_restart_of_every_process(stack: Stack, person: Person) -> None:
    person.says("老人满八十岁的高龄津贴怎么领", "1", "帮我办", "同意", "给自己办", "李秀英")
    stack.restart()
    before = person.last.messages[-1]["text"]
    assert person.says(id_number()).messages[-1]["text"] != before


def test_a_dead_action_server_gets_an_apology_and_the_form_goes_on(stack: Stack, person: Person) -> None:
    person.says("老人满八十岁的高龄津贴怎么领", "1", "帮我办", "同意", "给自己办")
    stack.kill("actions")
    try:
        assert "没有丢" in person.says("李秀英")
    finally:
        stack.launch("actions")
        stack.wait_ready("actions")
    assert person.says("李秀英").messages[-1]["text"]
