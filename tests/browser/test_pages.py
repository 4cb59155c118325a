"""The pages in a real browser, without script: read by axe, by keyboard, large, on a telephone and printed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Iterator, List

import pytest
from axe_playwright_python.sync_playwright import Axe

from bot.gateway.links import Purpose
from tests.integration.pages.test_uploads import picture
from tests.support.browser import PHONE, browser  # noqa: F401 - a fixture
from tests.support.pages_house import STEPS, PagesHouse, Resident, pages_house  # noqa: F401 - a fixture

pytestmark = pytest.mark.browser

SHOTS = Path(os.environ.get("BANGBAN_VAR", "var")) / "screenshots" / "pages"
DESKTOP = {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def owner(pages_house: PagesHouse) -> Resident:  # noqa: F811
    return pages_house.resident()


@pytest.fixture(scope="module")
def addresses(pages_house: PagesHouse, owner: Resident) -> "dict[str, str]":  # noqa: F811
    """One page of each kind, opened by link as in a messenger's browser."""
    person, finished, waiting = owner.conversation, owner.case(*STEPS), owner.case("accept", "ask_supplement")
    house = pages_house
    paper = str(house.centre.get(f"cases/{finished}").json["papers"][0]["id"])
    return {
        "notice": house.link(Purpose.NOTICE, person, owner.notice()),
        "progress": house.link(Purpose.PROGRESS, person),
        "case": house.link(Purpose.PROGRESS, person, waiting),
        "rating": house.link(Purpose.RATING, person, finished),
        "upload": house.link(Purpose.UPLOAD, person, owner.draft()),
        "paper": house.link(Purpose.PAPER, person, paper),
        "closed": f"{house.url}/h5/n/GZ-261123-0001-0",
        "missing": f"{house.url}/h5/nothing",
    }


@pytest.fixture
def phone(browser: Any) -> Iterator[Any]:  # noqa: F811
    """A telephone without script."""
    context = browser.new_context(viewport=PHONE, java_script_enabled=False, locale="zh-CN", has_touch=True)
    yield context.new_page()
    context.close()


def shoot(page: Any, name: str) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(SHOTS / f"{name}.png"), full_page=True)


def serious(page: Any) -> List[str]:
    """What axe finds that keeps people out."""
    found = Axe().run(page).response["violations"]
    return [f"{v['id']}: {n['html'][:120]}" for v in found if v["impact"] in ("serious", "critical") for n in v["nodes"]]


@pytest.mark.parametrize("name", ["notice", "progress", "case", "rating", "upload", "paper", "closed", "missing"])
def test_axe_finds_nothing_serious_and_nothing_is_small_or_wide(browser: Any, addresses: "dict[str, str]", name: str) -> None:  # noqa: F811
    for size, viewport in (("phone", PHONE), ("desktop", DESKTOP)):
        context = browser.new_context(viewport=viewport, locale="zh-CN", bypass_csp=True)  # axe is a script
        page = context.new_page()
        page.goto(addresses[name])
        assert "?" not in page.url, "the key stays in no address"
        shoot(page, f"{name}-{size}")
        assert serious(page) == []
        wide, smallest, low = page.evaluate(
            """() => {
              const seen = [...document.querySelectorAll('body *')].filter(e => e.checkVisibility() && [...e.childNodes]
                .some(n => n.nodeType === 3 && n.data.trim()));
              const hit = [...document.querySelectorAll('button, .button, summary, input:not([type=hidden]):not([type=radio]):not([type=checkbox]), .pick')]
                .filter(e => e.checkVisibility()).map(e => e.getBoundingClientRect().height);
              const scale = e => e.closest('svg') ? e.closest('svg').getScreenCTM().a : 1;
              return [document.documentElement.scrollWidth - innerWidth,
                Math.min(...seen.map(e => parseFloat(getComputedStyle(e).fontSize) * scale(e))), Math.min(99, ...hit)];
            }"""
        )
        assert wide <= 0 and smallest >= 17.9 and low >= 44, (size, wide, smallest, low)
        context.close()


def test_at_twice_the_letters_nothing_is_cut_off(browser: Any, addresses: "dict[str, str]") -> None:  # noqa: F811
    context = browser.new_context(viewport=PHONE, locale="zh-CN", bypass_csp=True)
    page = context.new_page()
    for name in ("notice", "progress", "rating", "upload", "closed"):
        page.goto(addresses[name])
        page.add_style_tag(content="html { font-size: 250% !important; }")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        shoot(page, f"{name}-large")
    context.close()


def test_a_rating_is_given_by_keyboard_alone_and_without_script(phone: Any, addresses: "dict[str, str]") -> None:
    phone.goto(addresses["rating"])
    phone.keyboard.press("Tab")
    assert phone.locator(":focus").inner_text() == "跳到正文"
    phone.keyboard.press("Enter")
    phone.keyboard.press("Tab")
    phone.keyboard.press("ArrowDown")
    phone.keyboard.press("ArrowUp")
    phone.keyboard.press("ArrowDown")
    assert phone.locator("input:checked").get_attribute("value") == "good"
    phone.keyboard.press("Tab")
    phone.keyboard.type("办得快，谢谢。")
    phone.keyboard.press("Tab")
    assert phone.locator(":focus").inner_text() == "交评价"
    phone.keyboard.press("Enter")
    phone.wait_for_load_state()
    assert "您的评价收到了" in phone.locator("[role=status]").inner_text()
    shoot(phone, "rating-done")


def test_a_photograph_is_uploaded_and_removed_without_script(phone: Any, addresses: "dict[str, str]", tmp_path: Path) -> None:
    photo, text = tmp_path / "photo.jpg", tmp_path / "letter.txt"
    photo.write_bytes(picture(size=(600, 400)))
    text.write_text("你好")
    phone.goto(addresses["upload"])
    phone.get_by_label("选“居民身份证”的照片").set_input_files([str(photo), str(text)])
    phone.get_by_role("button", name="把“居民身份证”传上去").click()
    assert "letter.txt：不是照片，也不是 PDF" in phone.locator("[role=alert]").inner_text()
    shoot(phone, "upload-refused")
    phone.get_by_role("button", name="删掉“居民身份证”的照片 1").click()
    assert "删掉了" in phone.locator("[role=status]").inner_text()


def test_a_case_is_looked_up_without_being_known(phone: Any, pages_house: PagesHouse, owner: Resident) -> None:  # noqa: F811
    number = owner.case("accept", code="97531246")
    phone.goto(pages_house.url + "/h5/p")
    phone.get_by_label("办件编号").fill(number)
    phone.get_by_label("查询码").fill("97531246")
    phone.get_by_role("button", name="查一查").click()
    assert "已受理" in phone.locator("main").inner_text()


def test_a_printed_notice_is_a_sheet_without_buttons(phone: Any, addresses: "dict[str, str]") -> None:
    phone.goto(addresses["notice"])
    phone.emulate_media(media="print")
    assert not phone.get_by_text("下载、打印（PDF）").is_visible()
    assert phone.locator(".qr svg").is_visible()
    shoot(phone, "notice-print")
