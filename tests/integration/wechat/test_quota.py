"""E14-E16 and E34: what may be sent is sent once, what may not be sent waits and comes at the next contact."""

from __future__ import annotations

from typing import Callable

import pytest

from tests.support.wechat_world import World, bubbles, eventually, says

LONG = "办理这件事需要带上身份证和户口簿。" * 300  # about 15,000 bytes: eight bubbles


@pytest.mark.parametrize("overlap", ["latest_only", "any_open"])
@pytest.mark.parametrize("again", ["reset", "add"])
def test_e34_no_send_beyond_the_quota_under_any_reading_of_it(world: World, overlap: str, again: str) -> None:
    world.wechat.turn(quota_overlap=overlap, quota_again=again)
    phone = world.phone()
    phone.does("scan", scene="hall")
    for number in range(3):
        phone.says(f"第{number}问")
        phone.wait_for(f"echo: 第{number}问")
        world.pause()
        phone.taps("open_now", wait=5)
        phone.wait_for("echo: 现在开门吗")
        world.pause()
    refused = [c for c in world.wechat.calls(openid=phone.openid) if c["errcode"] in (45015, 45047)]
    assert refused == []


def test_e14_a_long_answer_is_split_and_the_rest_comes_when_the_person_says_go_on(world: World) -> None:
    phone = world.calm_phone()
    world.rasa.reply = says(LONG)
    phone.says("全部告诉我")
    phone.wait_for("回复“继续”", 20)
    parts = bubbles(phone, "kf")
    assert len(parts) == 5 and all(len(p.encode()) <= 2048 for p in parts)
    world.pause()
    phone.says("继续")
    eventually(lambda: "".join(bubbles(phone, "kf")).count("办理这件事需要带上身份证和户口簿。") == 300)
    assert world.rasa.messages(world.conversation(phone)) == ["全部告诉我"]  # 继续 went to nobody
    assert all(c["errcode"] == 0 for c in world.wechat.calls(openid=phone.openid, api="message/custom/send"))


@pytest.mark.parametrize("size", [2048, 2049, 2050])
@pytest.mark.parametrize("edge", ["汉", "👵", '<a href="https://example.cn/h5/n/1">看全文</a>'])
def test_e14_at_the_limit_nothing_is_cut_in_two_and_nothing_is_lost(world: World, size: int, edge: str) -> None:
    begin = "字" * 650  # 1,950 bytes; then single ones until `edge` lies across byte 2,048 or ends on it
    filler = "a" * (size - len((begin + edge).encode()))
    text = begin + filler + edge
    assert len(text.encode()) == size
    phone = world.calm_phone()
    world.rasa.reply = says(text)
    phone.says("问")
    eventually(lambda: "".join(bubbles(phone, "kf")) == text, why="a part is lost or changed")
    parts = bubbles(phone, "kf")
    assert len(parts) == (1 if size <= 2048 else 2) and all(len(part.encode()) <= 2048 for part in parts)
    assert any(edge in part for part in parts)
    assert all(c["errcode"] == 0 for c in world.wechat.calls(openid=phone.openid, api="message/custom/send"))


def test_e15_the_sixth_message_of_a_clerk_waits_for_the_next_contact(world: World) -> None:
    phone = world.calm_phone()
    phone.says("找人")
    phone.wait_for("echo: 找人")
    for number in range(6):
        world.tell(phone, f"通知{number}号。", "notice")
        if number < 4:
            phone.wait_for(f"通知{number}号")
    mine = world.conversation(phone)
    waiting = "select text from gateway_outbox where conversation = ? and state = 'waiting_for_quota' order by seq"
    eventually(lambda: [r[0] for r in world.rows(waiting, mine)] == ["通知4号。", "通知5号。"])
    world.pause()
    phone.says("还有吗")
    phone.wait_for("通知4号")
    eventually(lambda: "echo: 还有吗" in "\n".join(bubbles(phone, "kf")))
    shown = "\n".join(bubbles(phone, "kf"))
    assert shown.index("通知4号") < shown.index("通知5号") < shown.index("echo: 还有吗")
    assert "刚才没发出去的" in shown
    assert shown.count("通知5号") == 1
    assert all(c["errcode"] == 0 for c in world.wechat.calls(openid=phone.openid, api="message/custom/send"))


@pytest.mark.parametrize("seconds, arrives", [(48 * 3600 - 30, True), (48 * 3600 + 1, False)])
def test_e15_after_48_hours_nothing_is_sent_until_the_next_contact(
    make_world: Callable[..., World], seconds: int, arrives: bool
) -> None:
    world = make_world()
    phone = world.calm_phone()
    phone.says("等消息")
    phone.wait_for("echo: 等消息")
    world.jump(seconds=seconds)
    world.tell(phone, "您的件办好了。", "notice")
    if arrives:
        phone.wait_for("您的件办好了")
        return
    states = "select state from gateway_outbox where text = '您的件办好了。'"
    eventually(lambda: [r[0] for r in world.rows(states)] == ["waiting_for_quota"])
    assert [c for c in world.wechat.calls(openid=phone.openid) if c["errcode"]] == []
    phone.says("有消息吗")
    phone.wait_for("您的件办好了")
    assert "\n".join(bubbles(phone, "kf")).count("您的件办好了") == 1


def test_e15_after_a_menu_click_only_three_are_sent_within_the_minute(world: World) -> None:
    phone = world.phone()
    world.rasa.reply = says(LONG)
    phone.taps("my_cases", wait=5)
    phone.wait_for("回复“继续”", 20)
    assert len(bubbles(phone, "kf")) == 3


@pytest.mark.parametrize("follows", [False, True])
def test_e15_after_following_or_a_scan_three_notices_are_sent_and_the_fourth_waits(world: World, follows: bool) -> None:
    phone = world.phone(follows=follows)
    if follows:
        world.jump(seconds=61)  # what following allowed is over
    phone.does("scan", 10, scene="hall")
    mine = world.conversation(phone)
    for number in range(4):
        world.tell(phone, f"通知{number}号。", "notice", key=f"{mine}:{number}")
        if number < 3:
            phone.wait_for(f"通知{number}号")
    waiting = "select text from gateway_outbox where conversation = ? and state = 'waiting_for_quota'"
    eventually(lambda: [r[0] for r in world.rows(waiting, mine)] == ["通知3号。"])
    assert len(bubbles(phone, "kf")) == 3
    assert all(c["errcode"] == 0 for c in world.wechat.calls(openid=phone.openid, api="message/custom/send"))


def test_e14_the_last_send_is_filled_before_it_says_that_there_is_more(world: World) -> None:
    phone = world.phone()
    world.pause()
    text = "a" * 2048 * 2 + "b" * 2040  # a click allows three sends
    world.rasa.reply = says(text)
    phone.taps("my_cases", wait=5)
    eventually(lambda: "".join(bubbles(phone, "kf")) == text, why="the last part had room for all the rest")
    assert len(bubbles(phone, "kf")) == 3


@pytest.mark.parametrize("kind", ["reset_after", "truncated", "slow_after"])
def test_e16_a_send_whose_fate_is_unclear_never_becomes_two_bubbles(world: World, kind: str) -> None:
    phone = world.phone()
    world.wechat.fault("message/custom/send", kind, seconds=12)
    phone.says("只要一次")
    mine = world.conversation(phone)
    states = "select state from gateway_outbox where conversation = ? and origin = 'bot'"
    eventually(lambda: [r[0] for r in world.rows(states, mine)] == ["unknown"], 25)
    phone.says("第二句")
    phone.wait_for("echo: 第二句", 25)
    shown = bubbles(phone, "kf")
    assert sum(b.count("echo: 只要一次") for b in shown) == 1
    assert "再发一次" in shown[-1]  # the person is told that one may be missing


def test_e16_what_never_arrived_comes_once_when_the_person_asks_for_it(world: World) -> None:
    phone = world.phone()
    world.wechat.fault("message/custom/send", "reset")
    phone.says("丢了")
    mine = world.conversation(phone)
    states = "select state from gateway_outbox where conversation = ? and origin = 'bot'"
    eventually(lambda: [r[0] for r in world.rows(states, mine)] == ["unknown"], 25)
    phone.says("在吗")
    phone.wait_for("echo: 在吗", 25)
    phone.says("再发一次")
    phone.wait_for("echo: 丢了")
    assert "\n".join(bubbles(phone, "kf")).count("echo: 丢了") == 1


@pytest.mark.parametrize("code", [-1, 45011])
def test_e17_a_busy_platform_is_asked_again_later(world: World, code: int) -> None:
    phone = world.phone()
    world.wechat.fault("message/custom/send", "errcode", code=code, times=2)
    phone.says("稍后再试")
    phone.wait_for("echo: 稍后再试", 25)
    assert bubbles(phone, "kf") == ["echo: 稍后再试"]


@pytest.mark.parametrize("code", [43004, 48002, 50005, 40003])
def test_e17_who_cannot_be_reached_gets_it_at_the_next_contact(world: World, code: int) -> None:
    phone = world.phone()
    world.wechat.fault("message/custom/send", "errcode", code=code, times=1)
    phone.says("收不到")
    mine = world.conversation(phone)
    states = "select state from gateway_outbox where conversation = ? and origin = 'bot'"
    eventually(lambda: [r[0] for r in world.rows(states, mine)] == ["waiting_for_quota"])
    phone.says("又能收了")
    phone.wait_for("echo: 收不到")
    eventually(lambda: "echo: 又能收了" in "\n".join(bubbles(phone, "kf")))


@pytest.mark.parametrize("kind", ["http", "html", "wrong_content_type"])
def test_e17_rubbish_from_a_proxy_never_ends_in_two_bubbles(world: World, kind: str) -> None:
    phone = world.phone()
    world.wechat.fault("message/custom/send", kind, code=502)
    phone.says("一次就好")
    phone.says("后一句")
    phone.wait_for("echo: 后一句", 25)
    assert "\n".join(bubbles(phone, "kf")).count("echo: 一次就好") <= 1


def test_a_code_that_only_a_mistake_of_ours_can_cause_does_not_block_the_next_message(world: World) -> None:
    phone = world.phone()
    world.wechat.fault("message/custom/send", "errcode", code=40008)
    phone.says("坏的")
    mine = world.conversation(phone)
    states = "select state from gateway_outbox where conversation = ? and origin = 'bot'"
    eventually(lambda: [r[0] for r in world.rows(states, mine)] == ["failed"])
    phone.says("好的")
    phone.wait_for("echo: 好的")
