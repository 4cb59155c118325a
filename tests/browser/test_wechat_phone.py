"""The simulated phone in a real browser; screenshots go to var/screenshots."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any, Iterator, List

import pytest

from tests.integration.wechat_sim.conftest import Api
from tests.support.browser import PHONE, browser  # noqa: F401 - a fixture
from tests.support.scripted_account import Said, ScriptedAccount
from tests.support.wechat_sim import Phone, Simulator

pytestmark = pytest.mark.browser

SHOTS = Path(os.environ.get("BANGBAN_VAR", "var")) / "screenshots"
DESKTOP = {"width": 1280, "height": 860}


@pytest.fixture(scope="module")
def account() -> Iterator[ScriptedAccount]:
    server = ScriptedAccount().start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def wechat(account: ScriptedAccount, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    env = {"BANGBAN_VAR": str(tmp_path_factory.mktemp("sim")), "BANGBAN_GATEWAY_PORT": str(account.port)}
    with Simulator(env, markfail_after=0).start() as running:
        running.wait_saved()
        page = {"type": "view", "name": "我的办件", "url": f"http://127.0.0.1:{account.port}/h5/cases"}
        ask = {"name": "咨询", "sub_button": [{"type": "click", "name": "常办事项", "key": "COMMON"}]}
        menu = {"button": [ask, {"type": "click", "name": "办理", "key": "FILE"}, page]}
        assert Api(running).post("menu/create", menu)["errcode"] == 0
        yield running


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
def page(browser: Any, wechat: Simulator, request: pytest.FixtureRequest) -> Iterator[Any]:  # noqa: F811
    context = browser.new_context(viewport=request.param, locale="zh-CN")
    page = context.new_page()
    page.troubles = []
    page.on("pageerror", lambda error: page.troubles.append(str(error)))
    page.on("console", lambda line: page.troubles.append(f"{line.text} {line.location}") if line.type in ("error", "warning") else None)
    page.on("request", lambda r: page.troubles.append(r.url) if not r.url.startswith(("http://127.0.0.1", "blob:")) else None)
    page.goto(wechat.url)
    yield page
    assert page.troubles == []
    context.close()


def become(page: Any, wechat: Simulator, name: str) -> Phone:
    """A new person takes the phone and follows."""
    page.get_by_label("另一个编出来的人").fill(name)
    page.get_by_role("button", name="用这部手机").click()
    page.get_by_role("button", name="关注公众号").click()
    page.get_by_text("您已关注该公众号").wait_for()
    return wechat.phone(name)


def shoot(page: Any, name: str) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    size = "phone" if page.viewport_size["width"] == PHONE["width"] else "desktop"
    page.screenshot(path=SHOTS / f"wechat-{name}-{size}.png")


def until(page: Any, condition: str, seconds: float = 10) -> None:
    """Ask again and again: waiting inside the page needs eval, which its policy forbids."""
    deadline = time.monotonic() + seconds
    while not page.evaluate(condition):
        assert time.monotonic() < deadline, condition
        page.wait_for_timeout(50)


def triggers(wechat: Simulator, phone: Phone) -> List[str]:
    return [delivery["trigger"] for delivery in wechat.deliveries(openid=phone.openid)]


def write(page: Any, text: str) -> None:
    if page.get_by_role("button", name="打字").is_visible():
        page.get_by_role("button", name="打字").click()
    page.get_by_label("消息", exact=True).fill(text)
    page.keyboard.press("Enter")
    page.locator(".mine").get_by_text(text).wait_for()


def test_a_person_follows_writes_and_taps_a_choice(page: Any, wechat: Simulator) -> None:
    phone, api = become(page, wechat, f"写字的人{page.viewport_size['width']}"), Api(wechat)
    write(page, "我要办高龄津贴")
    page.locator(".mine .mark").get_by_text("第1次推送").wait_for()
    api.post("message/custom/typing", {"touser": phone.openid, "command": "Typing"})
    page.get_by_role("heading", name="对方正在输入…").wait_for()
    choices = {"head_content": "要不要我帮您办？", "list": [{"id": "1", "content": "帮我办"}, {"id": "2", "content": "先不办"}], "tail_content": ""}
    api.post("message/custom/send", {"touser": phone.openid, "msgtype": "msgmenu", "msgmenu": choices})
    page.get_by_role("heading", name="青山镇帮办模拟").wait_for()
    page.get_by_role("button", name="帮我办").click()
    page.locator(".mine").get_by_text("帮我办").wait_for()
    assert "<bizmsgmenuid><![CDATA[1]]></bizmsgmenuid>" in wechat.deliveries(openid=phone.openid)[-1]["xml"]
    shoot(page, "chat")


def test_text_of_the_account_is_shown_as_wechat_does_and_is_never_html(page: Any, wechat: Simulator) -> None:
    phone, api = become(page, wechat, f"读字的人{page.viewport_size['width']}"), Api(wechat)
    link = f"{wechat.url}/static/icon.svg"
    content = f'<b>粗</b><img src=x onerror=alert(1)> <a href="{link}">告知单</a> <a href="javascript:alert(1)">坏的</a> {link} <i>末尾</i>'
    assert api.send(phone, content) == 0
    bubble = page.locator(".theirs .bubble")
    bubble.wait_for()
    assert "<b>粗</b><img" in bubble.inner_text() and bubble.locator("b, img, i").count() == 0
    links = bubble.get_by_role("link")
    assert links.all_inner_texts() == ["告知单", link]
    assert f"/sim/people/{phone.openid}/open?url=" in links.first.get_attribute("href")
    with page.expect_popup() as opened:
        links.first.click()
    opened.value.wait_for_load_state()
    assert opened.value.url == link
    assert {c["name"]: c["value"] for c in page.context.cookies()}["sim_phone"] == phone.openid


def test_menu_photo_voice_and_the_other_tools(page: Any, wechat: Simulator) -> None:
    phone = become(page, wechat, f"拍照的人{page.viewport_size['width']}")
    page.get_by_role("button", name="咨询").click()
    shoot(page, "menu")
    page.get_by_role("button", name="常办事项").click()
    page.get_by_role("button", name="办理", exact=True).click()
    page.get_by_role("button", name="打字").click()
    page.get_by_role("button", name="更多").click()
    page.get_by_role("button", name="照片").click()
    page.get_by_role("button", name="发一张示例材料").click()
    page.locator(".mine img").wait_for()
    until(page, "document.querySelector('.mine img').naturalWidth === 640")
    page.get_by_role("button", name="说语音").click()
    page.get_by_label("说的话").fill("我妈八十二了")
    page.get_by_role("button", name="发送语音").click()
    page.get_by_text("识别：我妈八十二了").wait_for()
    for tool in ("位置", "文件", "表情", "扫一扫"):
        page.get_by_role("button", name="更多").click()
        page.get_by_role("button", name=tool, exact=True).click()
        if tool in ("位置", "扫一扫"):
            page.get_by_role("dialog").get_by_role("button", name={"位置": "发送位置", "扫一扫": "扫描"}[tool], exact=True).click()
    page.get_by_text("动画表情").wait_for()
    page.wait_for_timeout(300)
    expected = ["subscribe", "CLICK", "CLICK", "image", "voice", "location", "file", "text", "SCAN"]
    assert sorted(triggers(wechat, phone)) == sorted(expected)


def test_five_seconds_tick_and_a_failure_is_seen(page: Any, wechat: Simulator, account: ScriptedAccount) -> None:
    phone = become(page, wechat, f"等着的人{page.viewport_size['width']}")
    account.scripts[phone.openid] = [Said(after=2), Said('"success"')]
    write(page, "在吗")
    until(page, "document.getElementById('wait').value > 1")
    assert "第1次，已等" in page.locator("#wait-words").inner_text()
    page.get_by_text("没有等待中的推送").wait_for()
    write(page, "还在吗")
    page.get_by_text("该公众号提供的服务出现故障").wait_for()
    page.locator(".mine .mark").get_by_text("推送3次都失败（success_in_quotes）").wait_for()
    assert page.locator("#quota-words").inner_text() == "还可发 8 条"
    assert page.locator("#window-words").inner_text().startswith("还剩 47:59:")
    shoot(page, "failure")


def test_unfollowing_shows_the_card_again_and_another_person_has_another_chat(page: Any, wechat: Simulator) -> None:
    become(page, wechat, f"走了的人{page.viewport_size['width']}")
    write(page, "只有我看得到")
    page.get_by_role("button", name="更多").click()
    page.get_by_role("button", name="取消关注").click()
    page.get_by_role("button", name="关注公众号").wait_for()
    page.get_by_role("button", name="换一个人").click()
    page.get_by_role("button", name="周大山").click()
    page.get_by_role("button", name="关注公众号").wait_for()
    page.get_by_text("只有我看得到").wait_for(state="detached")


def test_the_phone_works_by_keyboard_and_has_no_accessibility_fault(page: Any, wechat: Simulator) -> None:
    from axe_playwright_python.sync_playwright import Axe

    phone = become(page, wechat, f"用键盘的人{page.viewport_size['width']}")
    page.get_by_role("button", name="咨询").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.textContent") == "常办事项"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.textContent") == "咨询"
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    assert triggers(wechat, phone) == ["subscribe", "CLICK"]
    write(page, "您好")
    report = Axe().run(page)
    assert report.violations_count == 0, report.generate_report()
    for opener in ("说语音", "换一个人"):
        page.get_by_role("button", name=opener).click()
        assert Axe().run(page).violations_count == 0
        page.keyboard.press("Escape")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_consent_page_asks(page: Any, wechat: Simulator, account: ScriptedAccount) -> None:
    become(page, wechat, f"授权的人{page.viewport_size['width']}")
    back = f"http%3A%2F%2F127.0.0.1%3A{account.port}%2Fh5"
    query = f"appid={wechat.config.wechat.app_id}&redirect_uri={back}&response_type=code&scope=snsapi_userinfo&state=a1"
    name = f"授权的人{page.viewport_size['width']}"
    openid = wechat.phone(name).openid
    address = f"{wechat.url}/connect/oauth2/authorize?{query}"
    page.goto(f"{wechat.url}/sim/people/{openid}/open?url=" + page.evaluate("encodeURIComponent", address))
    page.get_by_text("允许公众号获取你的昵称和头像？").wait_for()
    shoot(page, "consent")
    assert "choice=refuse" in page.get_by_role("link", name="拒绝").get_attribute("href")
    page.get_by_role("link", name="允许").click()
    page.wait_for_url("**/h5?code=*&state=a1")
