"""E30: who opens a page: a link counts only together with WeChat's own word, states and codes only once."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Iterator
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
import requests

from bot.gateway.h5 import ways_in
from bot.gateway.links import Links, Purpose
from tests.support.builders import HASH_KEY, a_filing, an_item, write_catalogue
from tests.support.center import TOKEN, RunningCentre
from tests.support.wechat_sim import Phone
from tests.support.wechat_world import World

PHONE_BROWSER = {"User-Agent": "Mozilla/5.0 (Linux; Android 14) MicroMessenger/8.0.50"}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[tuple[World, RunningCentre]]":
    folder: Path = tmp_path_factory.mktemp("pages_on_wechat")
    files = write_catalogue(folder / "files", an_item())
    centre = RunningCentre(folder / "center", files, now="2026-11-23T10:00").start()
    world = World.open(
        folder / "var",
        env={
            "BANGBAN_CENTER_PORT": centre.url.rpartition(":")[2],
            "BANGBAN_API_TOKEN": TOKEN,
            "BANGBAN_HASH_KEY": HASH_KEY.hex(),
            "BANGBAN_CENTRE_DIR": str(files / "centre"),
        },
    )
    yield world, centre
    world.close()
    centre.stop()


def case_link(world: World, centre: RunningCentre, phone: Phone) -> "tuple[str, str]":
    """(number, link) of a case that this person filed."""
    conversation = world.conversation(phone)
    number = str(centre.file(a_filing(conversation, "12345678")).json["number"])
    now = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai")) + timedelta(minutes=1)
    links = Links(world.gateway.settings.cookie_key)
    return number, world.gateway.url + ways_in.link(links, Purpose.PROGRESS, conversation, number, now)


def test_e30_the_person_of_the_link_sees_the_page(town: "tuple[World, RunningCentre]") -> None:
    world, centre = town
    phone = world.phone()
    number, link = case_link(world, centre, phone)
    answer = phone.opens(link)
    assert answer.status_code == 200 and number in answer.text
    assert phone.openid not in answer.url and "k=" not in answer.url
    assert all(phone.openid not in (value or "") for value in phone._browser.cookies.get_dict(path="/h5").values())  # type: ignore[union-attr]


def test_e30_a_link_forwarded_to_somebody_else_opens_nothing(town: "tuple[World, RunningCentre]") -> None:
    world, centre = town
    phone, other = world.phone(), world.phone()
    number, link = case_link(world, centre, phone)
    answer = other.opens(link)
    assert answer.status_code == 403 and number not in answer.text
    assert phone.opens(link).status_code == 200  # and it still does for the one it was made for


def test_e30_outside_wechat_a_follower_s_link_leads_to_wechat_and_shows_nothing(
    town: "tuple[World, RunningCentre]",
) -> None:
    world, centre = town
    number, link = case_link(world, centre, world.phone())
    browser = requests.Session()
    first = browser.get(link, allow_redirects=False, timeout=10)
    second = browser.get(world.gateway.url + first.headers["location"], allow_redirects=False, timeout=10)
    assert second.status_code == 302 and "/connect/oauth2/authorize?appid=" in second.headers["location"]
    assert number not in second.text


def test_e30_a_notice_s_link_needs_no_sign_in(town: "tuple[World, RunningCentre]") -> None:
    world, _ = town
    mine = world.conversation(world.phone())
    now = datetime(2026, 11, 23, 10, 1, tzinfo=ZoneInfo("Asia/Shanghai"))
    link = ways_in.link(Links(world.gateway.settings.cookie_key), Purpose.NOTICE, mine, "GZ-202611-0001-5", now)
    answer = requests.get(world.gateway.url + link, timeout=10)
    assert "/connect/oauth2" not in answer.url


def authorize_url(world: World, browser: requests.Session, link: str) -> str:
    first = browser.get(link, allow_redirects=False, headers=PHONE_BROWSER, timeout=10)
    second = browser.get(
        world.gateway.url + first.headers["location"], allow_redirects=False, headers=PHONE_BROWSER, timeout=10
    )
    return str(second.headers["location"])


def callback_url(phone: Phone, authorize: str) -> str:
    """Where WeChat sends this person's browser back to, not yet followed."""
    cookies = {"sim_phone": phone.openid}
    answer = requests.get(
        authorize.partition("#")[0], allow_redirects=False, cookies=cookies, headers=PHONE_BROWSER, timeout=10
    )
    while answer.is_redirect and "/h5/oauth" not in answer.headers["location"]:
        answer = requests.get(
            answer.headers["location"], allow_redirects=False, cookies=cookies, headers=PHONE_BROWSER, timeout=10
        )
    return str(answer.headers["location"])


def test_e30_state_and_code_are_good_once_and_in_one_browser(town: "tuple[World, RunningCentre]") -> None:
    world, centre = town
    phone = world.phone()
    number, link = case_link(world, centre, phone)
    browser, thief = requests.Session(), requests.Session()
    back = callback_url(phone, authorize_url(world, browser, link))
    assert thief.get(back, allow_redirects=False, timeout=10).status_code == 403  # another browser
    assert browser.get(back, allow_redirects=False, timeout=10).status_code == 403  # and so the state is used up
    back = callback_url(phone, authorize_url(world, browser, link))
    assert number in browser.get(back, timeout=10).text
    again = browser.get(back, allow_redirects=False, timeout=10)
    assert again.status_code == 403


def test_e30_a_code_of_another_sign_in_does_not_pass_under_our_state(town: "tuple[World, RunningCentre]") -> None:
    world, centre = town
    phone = world.phone()
    _, link = case_link(world, centre, phone)
    browser = requests.Session()
    back = callback_url(phone, authorize_url(world, browser, link))
    used = parse_qs(urlsplit(back).query)["code"][0]
    assert browser.get(back, timeout=10).status_code == 200
    other_browser = requests.Session()
    fresh = callback_url(phone, authorize_url(world, other_browser, link))
    state = parse_qs(urlsplit(fresh).query)["state"][0]
    answer = other_browser.get(
        f"{world.gateway.url}/h5/oauth?code={used}&state={state}", allow_redirects=False, timeout=10
    )
    assert answer.status_code == 403  # 40163: the code has been used


def test_e30_a_code_that_is_older_than_five_minutes_opens_nothing(town: "tuple[World, RunningCentre]") -> None:
    world, centre = town
    phone = world.phone()
    number, link = case_link(world, centre, phone)
    browser = requests.Session()
    back = callback_url(phone, authorize_url(world, browser, link))
    now = world.wechat.call("GET", "/clock")["iso"]
    try:
        world.jump(seconds=301)  # our state lasts ten minutes: it is WeChat who says no
        answer = browser.get(back, timeout=10)
        assert answer.status_code == 403 and number not in answer.text
        assert [c["errcode"] for c in world.wechat.calls() if "oauth2/access_token" in c["api"]][-1] == 40029
    finally:
        world.set_clock(now[:19])


@pytest.mark.parametrize(
    "query", ["", "?state=x", "?code=1&state=" + "0" * 32, "?state=" + "0" * 32 + "&state=" + "1" * 32]
)
def test_e30_a_callback_nobody_asked_for_is_refused(town: "tuple[World, RunningCentre]", query: str) -> None:
    world, _ = town
    assert requests.get(world.gateway.url + "/h5/oauth" + query, allow_redirects=False, timeout=10).status_code == 403


@pytest.mark.parametrize("mind", ["refuse", "snapshot"])
def test_e30_who_refuses_or_only_previews_sees_nothing(town: "tuple[World, RunningCentre]", mind: str) -> None:
    world, centre = town
    phone = world.phone(oauth=mind)
    number, link = case_link(world, centre, phone)
    answer = phone.opens(link)
    assert answer.status_code == 403 and number not in answer.text
    assert ("同意" if mind == "refuse" else "预览") in answer.text


def test_own_cases_open_from_the_menu_without_a_link(town: "tuple[World, RunningCentre]") -> None:
    world, centre = town
    phone = world.phone()
    number, _ = case_link(world, centre, phone)
    answer = phone.opens(world.gateway.url + "/h5/p")
    assert answer.status_code == 200 and number in answer.text


def test_a_receipt_in_the_chat_ends_with_a_link_of_one_s_own(town: "tuple[World, RunningCentre]") -> None:
    world, centre = town
    phone = world.calm_phone()
    number, _ = case_link(world, centre, phone)
    world.rasa.reply = lambda body: [{"text": f"交上了。办件编号：{number}", "buttons": []}]
    phone.says("交吧")
    line = phone.wait_for("看进度")
    link = line["content"]["text"].rpartition("：")[2]
    answer = phone.opens(link)
    assert answer.status_code == 200 and number in answer.text


def test_a_clip_without_words_becomes_a_clerk_s_task_with_the_promised_time(
    town: "tuple[World, RunningCentre]",
) -> None:
    from tests.support.wechat_world import eventually

    world, centre = town
    phone = world.phone()
    phone.sends_voice(None, wait=10)
    phone.wait_for("前回复您")
    mine = world.conversation(phone)
    found = eventually(lambda: [h for h in centre.get("handoffs").json["handoffs"] if h["conversation"] == mine])
    assert found[0]["reason"] == "voice" and found[0]["packet"]["due_at"].startswith("2026-11-23T12:")
