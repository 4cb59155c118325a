"""E15, E17-E20, E22, E24-E28, E30: the cases that come once a year and must not go wrong then."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Callable

import pytest

from bot.gateway.oauth import own_path
from tests.support.gateway import RunningGateway
from tests.support.rasa_stand_in import RasaStandIn
from tests.support.stack import free_ports
from tests.support.wechat_sim import Simulator
from tests.support.wechat_world import QUICK, World, bubbles, echo, eventually, says

SUBSCRIBE = "SUBlongTerm00000000000000000000000000000003"


def test_e15_a_talk_of_clicks_alone_never_runs_out(world: World) -> None:
    phone = world.calm_phone()
    world.rasa.reply = says("哪一件？", buttons=["老年证", "高龄补贴"])
    phone.says("我要办")
    for _ in range(4):  # 8 answers: with clicks on menu messages alone the sixth could not be sent a minute later
        phone.wait_for("哪一件")
        world.jump(seconds=70)
        phone.says("1", wait=10)
    phone.wait_for("哪一件")
    assert [c["errcode"] for c in world.wechat.calls(openid=phone.openid) if c["errcode"]] == []


def test_e17_the_day_s_calls_used_up_is_an_alarm_and_a_pause_and_nothing_is_lost(make_world: Callable[..., World]) -> None:
    world = make_world()
    phone = world.calm_phone()
    world.wechat.fault("message/custom/send", "errcode", code=45009, times=100)
    phone.says("额度用完", wait=10)
    eventually(lambda: "wechat_needs_attention" in world.all_logs())
    phone.says("第二句", wait=10)
    time.sleep(2)
    assert len([c for c in world.wechat.calls() if c["api"] == "message/custom/send"]) == 1
    world.wechat.call("DELETE", "/faults")
    world.gateway.stop()
    world.gateway.start()  # the next day, or an administrator who has cleared the count
    phone.wait_for("echo: 额度用完")
    eventually(lambda: "echo: 第二句" in "\n".join(bubbles(phone, "kf")))


def test_e18_the_typing_sign_is_never_set_twice_and_never_without_a_grant(world: World) -> None:
    phone = world.calm_phone()
    world.rasa.delay = 1.2
    for text in ("一", "二", "三"):
        phone.says(text)
        phone.wait_for(f"echo: {text}")
    calls = [c for c in world.wechat.calls(openid=phone.openid) if c["api"] == "message/custom/typing"]
    assert calls and [c["errcode"] for c in calls] == [0] * len(calls)


@pytest.mark.parametrize("ahead", [7000, 7260, 3 * 86400])
def test_e19_a_clock_that_jumps_finds_a_token_again(world: World, ahead: int) -> None:
    phone = world.calm_phone()
    phone.says("先说一句")
    phone.wait_for("echo: 先说一句")
    world.jump(seconds=ahead)  # the stable token is in its last minutes, over, or long over
    phone.says("又说一句")
    phone.wait_for("echo: 又说一句", 30)
    assert bubbles(phone, "kf").count("echo: 又说一句") == 1


def test_e19_a_clock_set_back_sends_all_the_same(world: World) -> None:
    phone = world.calm_phone()
    phone.says("先说一句")
    phone.wait_for("echo: 先说一句")
    world.jump(seconds=-120)
    phone.says("又说一句")
    phone.wait_for("echo: 又说一句")


@pytest.mark.parametrize("seconds, attempts", [(2.0, 1), (7.0, 2)])
def test_e19_a_store_that_is_blocked_delays_a_message_and_loses_none(world: World, seconds: float, attempts: int) -> None:
    phone = world.calm_phone()
    blocker = sqlite3.connect(world.gateway.folder / "gateway.db", timeout=10, isolation_level=None)
    blocker.execute("begin immediate")
    phone.says("存不进去")
    time.sleep(seconds)
    blocker.execute("rollback")
    blocker.close()
    phone.wait_for("echo: 存不进去", 30)
    assert bubbles(phone, "kf") == ["echo: 存不进去"]
    assert len(world.wechat.deliveries(openid=phone.openid)[-1]["attempts"]) <= attempts


def test_e19_an_address_that_is_not_allowed_at_the_start_is_an_alarm_and_heals(tmp_path: Path) -> None:
    rasa_port, sim_port, center_port, port = free_ports(4)
    extra = {"BANGBAN_SIM_PORT": str(sim_port), "BANGBAN_CENTER_PORT": str(center_port)}
    gateway = RunningGateway(tmp_path, rasa_port, None, dict(QUICK), port=port, extra=extra)
    rasa = RasaStandIn(rasa_port, gateway.settings.internal_token, reply=echo).start()
    with Simulator(gateway.environment, ip_allowlist=["10.9.9.9"]).start() as wechat:
        gateway.start()
        try:
            wechat.configure(urls=[f"{gateway.url}/wechat"])
            phone = wechat.phone("早到的人")
            phone.follow(wait=10)
            phone.says("在吗", wait=10)
            eventually(lambda: "40164" in (tmp_path / "gateway.log").read_text(encoding="utf8"))
            fetched = [c for c in wechat.calls() if c["api"] == "stable_token"]
            assert fetched and len(fetched) <= 4
            wechat.call("DELETE", "/knobs")
            phone.wait_for("echo: 在吗", 40)
            assert wechat.failure_notices() == []
        finally:
            gateway.stop()
            rasa.stop()


def attachment(world: World, phone: object) -> "list[tuple[str, str, int]]":
    query = "select state, coalesce(note, ''), size from wechat_attachments where conversation = ?"
    return world.rows(query, world.conversation(phone))  # type: ignore[arg-type]


def test_e20_a_picture_of_eleven_megabytes_is_not_kept(world: World) -> None:
    phone = world.phone()
    phone.sends_photo(b"\xff\xd8\xff" + b"0" * (11 << 20), wait=10)
    phone.wait_for("照片收到了")
    eventually(lambda: attachment(world, phone) == [("failed", "too big", None)])


def test_e20_a_film_is_fetched_from_where_the_platform_says(world: World) -> None:
    phone = world.phone()
    film = b"\x00\x00\x00\x18ftypmp42" + b"film" * 100
    import base64

    phone.does("video", 10, content=base64.b64encode(film).decode())
    phone.wait_for("视频收到了")
    eventually(lambda: [row[0] for row in attachment(world, phone)] == ["stored"])
    assert attachment(world, phone)[0][2] == len(film)


def test_e22_an_hour_of_positions_costs_nothing(world: World) -> None:
    phone = world.calm_phone()
    left = phone.ledger()["left"]
    for _ in range(60):
        phone.does("enter", 10, latitude=29.5, longitude=124.5)
    assert phone.ledger()["left"] == left
    assert world.rows("select count(*) from gateway_inbox where conversation = ?", world.conversation(phone)) == [(0,)]
    assert world.wechat.failure_notices() == []


def test_e24_a_page_opened_from_the_menu_is_acknowledged(world: World) -> None:
    phone = world.phone()
    fields = [["EventKey", "https://example.cn/page"], ["MenuId", "123456"]]
    delivery = phone.does("unknown", 10, kind="event", event="VIEW", fields=fields)
    assert delivery is not None and [a["reason"] for a in delivery["attempts"]] == ["success"]


def test_e25_a_choice_clicked_twice_is_worked_once_and_the_second_click_explained(world: World) -> None:
    phone = world.calm_phone()
    world.rasa.reply = says("哪一件？", buttons=["老年证", "高龄补贴"])
    phone.says("我要办")
    first = phone.wait_for("哪一件")["content"]["list"][0]
    for _ in range(2):
        phone.does("menu_link", 10, id=first["id"], content="老年证")
        world.pause()
    phone.wait_for("之前的选项")
    assert world.rasa.messages(world.conversation(phone)).count("payload of 老年证") == 1


def test_e25_the_same_label_in_two_menus_means_the_menu_that_was_clicked(world: World) -> None:
    phone = world.calm_phone()
    for number in (1, 2):
        world.rasa.reply = says(f"第{number}问？", buttons=["是", "不是"])
        phone.says("问我")
        phone.wait_for(f"第{number}问")
    menus = [line for line in phone.transcript() if line["kind"] == "msgmenu"]
    phone.does("menu_link", 10, id=menus[0]["content"]["list"][0]["id"], content="是")
    phone.wait_for("之前的选项")  # the older one is over although its label is the same
    phone.does("menu_link", 10, id=menus[1]["content"]["list"][0]["id"], content="是")


def test_e25_a_label_typed_by_hand_arrives_as_words(world: World) -> None:
    phone = world.calm_phone()
    world.rasa.reply = says("哪一件？", buttons=["老年证", "高龄补贴"])
    phone.says("我要办")
    phone.wait_for("哪一件")
    phone.says("高龄补贴", wait=10)
    eventually(lambda: world.rasa.messages(world.conversation(phone))[-1] == "高龄补贴")


def test_e27_one_answer_or_several_and_a_change_of_mind(world: World) -> None:
    phone = world.calm_phone()
    mine = world.conversation(phone)

    def left() -> "list[tuple[str, int]]":
        return world.rows('select template_id, "left" from wechat_consents where conversation = ? order by 1', mine)

    phone.does("consent", 10, choices={SUBSCRIBE: "accept"})
    eventually(lambda: left() == [(SUBSCRIBE, 1)])
    names = [t["template_id"] for t in world.wechat.call("GET", "/templates")["templates"] if t["template_id"].startswith("SUB")]
    other = next(name for name in names if name != SUBSCRIBE)
    phone.does("consent", 10, choices={SUBSCRIBE: "accept", other: "accept"})
    eventually(lambda: dict(left()) == {SUBSCRIBE: 2, other: 1})
    phone.does("consent", 10, choices={other: "reject"})  # of this one offer; an earlier yes still stands
    assert dict(left()) == {SUBSCRIBE: 2, other: 1}


def test_e28_after_markfail_the_first_message_works_and_the_backlog_is_not_replayed(make_world: Callable[..., World]) -> None:
    world = make_world(markfail_after=2, after_no_connection="at_once")
    phone = world.calm_phone()
    world.gateway.kill()
    for text in ("没人接一", "没人接二"):
        phone.says(text, wait=10)
    world.gateway.start()
    marked = phone.says("还在停推", wait=10)
    assert marked is not None and marked["state"] == "marked"
    world.jump(seconds=61)
    phone.says("又通了", wait=10)
    phone.wait_for("echo: 又通了")
    assert world.rasa.messages(world.conversation(phone)) == ["又通了"]


@pytest.mark.parametrize("path", [
    "//evil.example/h5/x", "https://evil.example/h5/p", "/h5/../admin", "/h5//evil.example", "/h5/p\r\nLocation: x", "/chat", "",
    "/\\evil.example", "/h5/p#@evil.example/" + "x" * 1000,
])  # fmt: skip
def test_e30_signing_in_never_leads_to_somebody_else_s_page(path: str) -> None:
    assert not own_path(path)
