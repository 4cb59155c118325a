"""A whole filing on the simulated WeChat phone: follow, menu, notice, filing with a photo, receipt, its page; everything real."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, List

import pytest

from tests.support.autopilot import ITEMS, Filing
from tests.support.browser import PHONE, browser  # noqa: F401 - a fixture
from tests.support.stack import Person, Stack
from tests.support.wechat_sim import Phone, Simulator, words
from tests.support.wechat_world import eventually

pytestmark = [pytest.mark.browser, pytest.mark.stack]

SHOTS = Path(os.environ.get("BANGBAN_SHOTS", "var/screenshots"))


class Chat:
    """The page, and the transcript to know when an answer is complete."""

    def __init__(self, page: Any, phone: Phone) -> None:
        self.page, self.phone = page, phone

    def shoot(self, name: str) -> None:
        self.page.wait_for_timeout(400)
        self.page.screenshot(path=SHOTS / f"wechat-{name}.png")

    def new_words(self, after: int) -> str:
        """What the account has said since a line; waits until nothing more is on its way."""
        heard: List[str] = []
        for _ in range(60):
            lines = [line for line in self.phone.transcript(after, wait=1) if line["source"] in ("kf", "passive")]
            if lines and len(lines) == len(heard):
                return "\n".join(heard)
            heard = [words(line) for line in lines]
            self.page.wait_for_timeout(700)
        raise AssertionError(f"no answer; {[words(line) for line in self.phone.transcript()]}")

    def say(self, text: str) -> str:
        after = self.phone.transcript()[-1]["seq"]
        if self.page.get_by_role("button", name="打字").is_visible():
            self.page.get_by_role("button", name="打字").click()
        self.page.get_by_label("消息", exact=True).fill(text)
        self.page.keyboard.press("Enter")
        return self.new_words(after)


def test_a_follower_files_a_case_with_a_photo_and_reads_its_progress(browser: Any, stack: Stack) -> None:  # noqa: F811
    SHOTS.mkdir(parents=True, exist_ok=True)
    wechat = Simulator(stack.env)
    wechat.wait_saved()
    eventually(lambda: any(call["api"] == "menu/create" and not call["errcode"] for call in wechat.calls()))
    context = browser.new_context(viewport=PHONE, device_scale_factor=2, locale="zh-CN", is_mobile=True, has_touch=True)
    context.set_default_timeout(20_000)
    page = context.new_page()
    page.goto(wechat.url)
    page.get_by_label("另一个编出来的人").fill("林小满")
    page.get_by_role("button", name="用这部手机").click()
    page.get_by_role("button", name="关注公众号").click()
    page.get_by_text("您可以这样问").wait_for()
    phone = wechat.phone("林小满")
    chat = Chat(page, phone)
    page.locator("#menu").get_by_text("办理", exact=True).wait_for()
    chat.shoot("follow")
    chat.say("村里老人过了八十有没有钱领")
    last = chat.say("老人自己来")
    chat.shoot("notice")
    assert "帮我办" in last and "h5/" in last  # the rest of the long notice stands on its page
    filing = Filing(Person(stack), ITEMS["QS-057"], {})
    last = chat.say("帮我办")
    for step in range(25):
        answer = filing.answer_to(last)
        if answer is None:
            break
        if step == 2:
            send_photo(chat)
        last = chat.say(answer)
    assert "您看看对不对" in last
    chat.shoot("read-back")
    last = chat.say("提交")
    number = last.split("办件编号")[1].strip("：: ").split()[0]
    chat.shoot("receipt")
    filed = stack.center("GET", f"cases/{number}").json()
    assert filed["case"]["number"] == number
    with page.expect_popup() as opened:
        page.locator(".theirs").last.get_by_role("link").last.click()
    progress = opened.value
    progress.get_by_text(number).first.wait_for()  # opened by WeChat's own sign-in
    progress.set_viewport_size(PHONE)
    progress.screenshot(path=SHOTS / "wechat-progress.png")
    assert wechat.failure_notices() == []
    assert [c for c in wechat.calls(openid=phone.openid) if c["errcode"] in (45015, 45047)] == []
    context.close()


def send_photo(chat: Chat) -> None:
    """A photo in the midst of a question: it is kept, and the question stays open."""
    page = chat.page
    after = chat.phone.transcript()[-1]["seq"]
    page.get_by_role("button", name="更多").click()
    page.get_by_role("button", name="照片").click()
    page.get_by_role("button", name="发一张示例材料").click()
    page.locator(".mine img").wait_for()
    assert "照片收到了" in chat.new_words(after)
    chat.shoot("photo")
