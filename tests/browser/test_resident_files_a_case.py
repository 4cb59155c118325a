"""A resident files a case on the telephone page: browser, gateway, Rasa, action server and centre, all real."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.support.autopilot import ITEMS, Filing
from tests.support.browser import PHONE, browser  # noqa: F401 - a fixture
from tests.support.stack import Person, Stack

pytestmark = [pytest.mark.browser, pytest.mark.stack]

SHOTS = Path(os.environ.get("BANGBAN_SHOTS", "var/screenshots"))
BOT = "#lines .line.other:not(.first)"


def test_a_new_user_files_a_case_in_the_web_chat(browser: Any, stack: Stack) -> None:  # noqa: F811
    SHOTS.mkdir(parents=True, exist_ok=True)
    context = browser.new_context(viewport=PHONE, device_scale_factor=2, locale="zh-CN", is_mobile=True, has_touch=True)
    context.set_default_timeout(20_000)
    page = context.new_page()
    page.goto(f"{stack.config.gateway_url}/chat")
    page.screenshot(path=SHOTS / "chat-start.png")

    def say(text: str) -> str:
        before = page.locator(BOT).count()
        page.fill("#text", text)
        page.keyboard.press("Enter")
        page.locator(BOT).nth(before).wait_for()  # polling in the page is what the content security policy forbids
        page.wait_for_selector("#typing", state="hidden")
        page.wait_for_timeout(150)
        return str(page.locator(BOT).last.locator(".bubble").inner_text())

    filing = Filing(Person(stack), ITEMS["QS-057"], {})
    last = say("村里老人过了八十有没有钱领")
    for _ in range(25):
        if "说“帮我办”就开始" in last:
            page.locator(".bubble .title").first.evaluate("title => title.scrollIntoView()")
            page.screenshot(path=SHOTS / "chat-notice.png")
            last = say("帮我办")
            continue
        answer = filing.answer_to(last)
        if answer is None:
            break
        last = say(answer)
    assert "您看看对不对" in last
    page.screenshot(path=SHOTS / "chat-read-back.png")
    last = say("提交")
    assert "办件编号" in last
    page.screenshot(path=SHOTS / "chat-receipt.png")
    number = last.split("办件编号")[1].strip("：: ").split()[0]
    cookie = next(c["value"] for c in context.cookies() if c["name"] == "bangban_chat").partition(".")[0]
    cases = stack.center("GET", f"cases?conversation={cookie}").json()["cases"]
    assert [case["number"] for case in cases] == [number]
    context.close()
