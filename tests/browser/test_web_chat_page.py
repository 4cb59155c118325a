"""The web chat page in a real browser, as a resident uses it; screenshots go to var/screenshots."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any, Dict, Iterator, List

import pytest

from tests.support.browser import PHONE, browser  # noqa: F401 - a fixture
from tests.support.gateway import RunningGateway
from tests.support.numbers import id_number
from tests.support.rasa_stand_in import RasaStandIn
from tests.support.stack import free_ports

pytestmark = pytest.mark.browser

SHOTS = Path(os.environ.get("BANGBAN_VAR", "var")) / "screenshots"
NOTICE = """【一次性告知】高龄津贴申领
年满80周岁的老人，可以按月领取高龄津贴。

▍要带的材料
• 居民身份证：原件1份，必要，公安机关发
• 居民户口簿：复印件1份，必要。复印户主页和本人页

▍要花的钱
• 不收费

▍要等多久
• 承诺时限（本镇）：10个工作日

▍去哪办
• 青山镇便民服务中心，民政残联窗口（2号窗口）
• 青山县青山镇文昌街1号
• 星期一到星期五 08:30—12:00，14:00—17:30
• 咨询：0000-8000001，政务热线：12345"""


def answer(body: Dict[str, Any]) -> List[Dict[str, Any]]:
    said = body["message"]
    if "高龄" in said:
        buttons = [{"title": "帮我办", "payload": "帮我办"}, {"title": "先不办", "payload": "先不办"}]
        return [{"text": NOTICE, "buttons": []}, {"text": "要不要我现在帮您办？", "buttons": buttons}]
    if "帮我办" in said:
        return [{"text": "请告诉我老人的身份证号（18位）。", "buttons": []}]
    return [{"text": f"记下了：{len(said)}个字。", "buttons": []}]


@pytest.fixture(scope="module")
def rasa() -> Iterator[RasaStandIn]:
    standing = RasaStandIn(free_ports(1)[0], "", reply=answer)
    yield standing
    standing.stop()


@pytest.fixture(scope="module")
def gateway(rasa: RasaStandIn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningGateway]:
    running = RunningGateway(
        tmp_path_factory.mktemp("page"), rasa.port, options={"heartbeat": 1.0, "longest_pause": 0.5}
    )
    rasa.token = running.settings.internal_token
    rasa.start()
    yield running.start()
    running.stop()


@pytest.fixture
def page(browser: Any, gateway: RunningGateway, rasa: RasaStandIn) -> Iterator[Any]:  # noqa: F811
    """A telephone with the page open; errors of the page fail the test."""
    rasa.delay = 0.0
    SHOTS.mkdir(parents=True, exist_ok=True)
    context = browser.new_context(
        viewport=PHONE,
        device_scale_factor=2,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        has_touch=True,
        is_mobile=True,
    )
    context.set_default_timeout(10_000)
    opened = context.new_page()
    errors: List[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda m: errors.append(m.text) if "Content Security Policy" in m.text else None)
    opened.goto(gateway.url + "/chat")
    yield opened
    context.close()
    assert errors == []


def write(page: Any, text: str) -> None:
    page.fill("#text", text)
    page.keyboard.press("Enter")


def bubbles(page: Any) -> List[str]:
    return [b.strip() for b in page.locator("#lines .line:not(.first) .bubble").all_inner_texts()]


def conversation(page: Any) -> str:
    return str(next(c["value"] for c in page.context.cookies() if c["name"] == "bangban_chat")).partition(".")[0]


def test_a_resident_asks_by_a_button_reads_the_notice_and_goes_on_by_a_button(page: Any) -> None:
    page.screenshot(path=SHOTS / "web-chat-1-greeting.png")
    page.tap("text=老人满80岁")
    page.wait_for_selector("text=要不要我现在帮您办")
    page.screenshot(path=SHOTS / "web-chat-2-notice.png")
    assert page.locator(".bubble .title").inner_text() == "【一次性告知】高龄津贴申领"
    assert page.locator(".bubble ul li").count() == 8
    page.tap("button.choice:text-is('帮我办')")
    page.wait_for_selector("text=身份证号（18位）")
    assert page.locator(".me .bubble").last.inner_text() == "帮我办"


def test_a_number_is_masked_on_the_screen_as_soon_as_it_is_stored(page: Any, rasa: RasaStandIn) -> None:
    rasa.delay = 1.5
    number = id_number("19400315")
    write(page, number)
    page.wait_for_selector("text=110000**********39")
    page.wait_for_selector("text=✓ 已送到")
    assert page.locator("#typing").is_visible()
    page.screenshot(path=SHOTS / "web-chat-3-number.png")
    page.wait_for_selector("text=记下了")
    assert not page.locator("#typing").is_visible()
    assert number not in page.content()


def test_a_reload_keeps_the_conversation(page: Any) -> None:
    write(page, "你好")
    page.wait_for_selector("text=记下了：2个字")
    before = bubbles(page)
    page.reload()
    page.wait_for_selector("text=记下了：2个字")
    assert bubbles(page) == before == ["你好", "记下了：2个字。"]


def test_buttons_of_old_messages_are_quiet_and_still_work(page: Any) -> None:
    page.tap("text=老人满80岁")
    page.wait_for_selector("text=要不要我现在帮您办")
    write(page, "等一下")
    page.wait_for_selector("text=记下了：3个字")
    old = page.locator(".quiet button.choice:text-is('先不办')")
    assert old.count() == 1
    old.tap()
    page.wait_for_selector(".me .bubble:has-text('先不办')")


def test_everything_can_be_done_with_the_keyboard(page: Any) -> None:
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "text"
    page.keyboard.type("键盘上写的")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=记下了：5个字")
    assert page.evaluate("document.activeElement.id") == "text"
    reached = []
    page.evaluate("document.activeElement.blur(); document.querySelector('.skip').focus()")
    for _ in range(8):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                "document.activeElement.id || document.activeElement.dataset.payload || document.activeElement.className"
            )
        )
    assert reached[:4] == ["size", "forget", "log", "老人满80岁，高龄补贴怎么领？"]
    assert reached[-2:] == ["text", "send"]
    page.evaluate("document.querySelector('.choice').focus()")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=要不要我现在帮您办")


def test_enter_that_belongs_to_the_input_method_does_not_send(page: Any) -> None:
    page.fill("#text", "gaoling")
    page.evaluate(
        "document.getElementById('text').dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true}))"
    )
    assert page.input_value("#text") == "gaoling"
    page.locator("#text").press("Shift+Enter")
    assert bubbles(page) == []


def test_a_screen_reader_finds_names_roles_and_new_messages(page: Any) -> None:
    log = page.get_by_role("log", name="对话内容")
    assert log.get_attribute("aria-live") == "polite"
    assert page.get_by_role("textbox", name="请在这里写您想问的事").count() == 1
    assert page.get_by_role("group", name="您可以这样问").get_by_role("button").count() == 3
    assert page.get_by_role("button", name="切换大字显示").get_attribute("aria-pressed") == "false"
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    assert page.get_by_role("heading", level=1).inner_text() == "帮办助手"
    page.tap("text=老人满80岁")
    page.wait_for_selector("text=要不要我现在帮您办")
    assert log.get_by_role("group", name="请选择，也可以自己写").count() == 1


def test_all_text_is_large_and_all_buttons_are_easy_to_hit(page: Any) -> None:
    page.tap("text=老人满80岁")
    page.wait_for_selector("text=要不要我现在帮您办")

    def smallest() -> float:
        return float(page.evaluate(
            "Math.min(...[...document.querySelectorAll('body *')].filter(e => e.offsetParent && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))"
            ".map(e => parseFloat(getComputedStyle(e).fontSize)))"
        ))  # fmt: skip

    def lowest() -> float:
        return float(
            page.evaluate(
                "Math.min(...[...document.querySelectorAll('button')].filter(e => e.offsetParent).map(e => e.offsetHeight))"
            )
        )

    assert smallest() >= 18 and lowest() >= 48
    page.click("#size")
    assert smallest() >= 21
    page.screenshot(path=SHOTS / "web-chat-4-large.png")
    page.reload()
    assert page.get_attribute("#size", "aria-pressed") == "true"


def test_nothing_sticks_out_of_a_narrow_screen(page: Any) -> None:
    page.tap("text=老人满80岁")
    page.wait_for_selector("text=要不要我现在帮您办")
    for width in (320, 390, 768):
        page.set_viewport_size({"width": width, "height": 700})
        for _ in range(2):
            assert page.evaluate(
                "document.documentElement.scrollWidth <= innerWidth && document.getElementById('log').scrollWidth <= innerWidth"
            )
            assert page.evaluate("document.documentElement.scrollTop") == 0
            assert page.evaluate("document.getElementById('form').getBoundingClientRect().bottom <= innerHeight + 1")
            page.click("#size")


def contrast(first: str, second: str) -> float:
    def light(colour: str) -> float:
        parts = [int(x) / 255 for x in re.findall(r"\d+", colour)[:3]]
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    high, low = sorted((light(first), light(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_all_words_stand_out_from_their_ground(page: Any) -> None:
    page.tap("text=老人满80岁")
    page.wait_for_selector("text=要不要我现在帮您办")
    write(page, "好")
    page.wait_for_selector("text=记下了：1个字")
    pairs = page.evaluate(
        """() => [...document.querySelectorAll('body *')]
          .filter(e => e.offsetParent && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
          .map(e => { let g = e; while (/rgba\\(0, 0, 0, 0\\)|transparent/.test(getComputedStyle(g).backgroundColor) && g.parentElement) g = g.parentElement;
                      return [getComputedStyle(e).color, getComputedStyle(g).backgroundColor, e.textContent.trim().slice(0, 12)] })"""
    )
    assert [(p, round(contrast(p[0], p[1]), 1)) for p in pairs if contrast(p[0], p[1]) < 4.5] == []


def test_a_clerks_message_is_told_apart(page: Any, gateway: RunningGateway) -> None:
    write(page, "我要找人")
    page.wait_for_selector("text=记下了")
    person = conversation(page)
    gateway.move(person, "claim", 0, holder="li")
    body = {
        "conversation": person,
        "text": "您好，我是窗口的小李。",
        "origin": "clerk",
        "idempotency_key": person,
        "epoch": 1,
    }
    assert gateway.internal("POST", "/outbox", body).status_code == 200
    page.wait_for_selector(".clerk .bubble:has-text('我是窗口的小李')")
    page.wait_for_selector("#notice:has-text('工作人员正在为您服务')")
    assert page.locator(".clerk .who").inner_text() == "工作人员"
    page.screenshot(path=SHOTS / "web-chat-5-clerk.png")


def test_a_broken_line_is_told_and_what_was_written_goes_out_later(page: Any, gateway: RunningGateway) -> None:
    write(page, "在吗")
    page.wait_for_selector("text=记下了：2个字")
    gateway.kill()
    write(page, "断网时写的")
    page.wait_for_selector("#notice:has-text('网络断开了')")
    page.wait_for_selector("text=没发出去，网络好了会自动再发")
    page.screenshot(path=SHOTS / "web-chat-6-offline.png")
    gateway.start()
    page.wait_for_selector("text=记下了：5个字", timeout=20_000)
    page.wait_for_selector("#notice", state="hidden", timeout=20_000)
    assert bubbles(page) == ["在吗", "记下了：2个字。", "断网时写的", "记下了：5个字。"]


def test_a_new_conversation_is_asked_once_and_begins_empty(page: Any) -> None:
    write(page, "旧的话")
    page.wait_for_selector("text=记下了：3个字")
    before = conversation(page)
    page.tap("#forget")
    page.screenshot(path=SHOTS / "web-chat-7-ask.png")
    page.tap("#ask button[value=no]")
    assert conversation(page) == before
    page.tap("#forget")
    with page.expect_navigation():
        page.tap("#ask button[value=yes]")
    assert conversation(page) != before
    assert bubbles(page) == []


def test_whatever_comes_is_shown_as_text(page: Any) -> None:
    write(page, "<img src=x onerror=alert(1)><b>粗</b>")
    page.wait_for_selector("text=记下了")
    assert page.locator(".bubble img, .bubble b").count() == 0


def test_a_telephone_number_in_an_answer_can_be_tapped(page: Any) -> None:
    page.tap("text=老人满80岁")
    page.wait_for_selector("text=要不要我现在帮您办")
    links = page.eval_on_selector_all(".bubble a", "all => all.map(a => a.getAttribute('href'))")
    assert links == ["tel:0000-8000001", "tel:12345"]


def test_on_a_computer_the_page_stays_narrow_and_calm(page: Any) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.tap("text=老人满80岁")
    page.wait_for_selector("text=要不要我现在帮您办")
    page.screenshot(path=SHOTS / "web-chat-8-computer.png")
    assert page.evaluate("document.body.offsetWidth") <= 46 * 20
