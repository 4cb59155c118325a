"""E9-E13: re-deliveries, order, several people; each message is worked once and answered once."""

from __future__ import annotations

import os
import time

from tests.support.wechat_world import QUICK, World, bubbles, eventually, says

LATE = (4.9, 5.1, 11.0, 60.0) if os.environ.get("BANGBAN_LONG") == "1" else (4.9, 5.1, 11.0)


def test_e09_a_slow_answer_comes_once_and_never_as_a_failure_notice(world: World) -> None:
    phones = {seconds: world.calm_phone() for seconds in LATE}
    world.rasa.delay_of = lambda body: float(body["message"].rpartition(" ")[2])
    for seconds, phone in phones.items():
        delivery = phone.says(f"慢慢查 {seconds}", wait=10)
        assert delivery is not None and len(delivery["attempts"]) == 1
    for seconds, phone in phones.items():
        phone.wait_for(f"echo: 慢慢查 {seconds}", 90)
        *patience, answer = bubbles(phone, "kf")
        assert answer == f"echo: 慢慢查 {seconds}"
        assert len(patience) == (seconds > QUICK["wait_line_after"])  # one word of patience to who waits long


def test_e10_the_same_push_again_is_worked_once(world: World) -> None:
    phone = world.phone()
    world.wechat.fault("push", "duplicate", openid=phone.openid)
    delivery = phone.says("同一条", wait=10)
    assert delivery is not None
    phone.wait_for("echo: 同一条")
    for _ in range(3):
        world.wechat.call("POST", "/push_again", {"delivery": delivery["id"]})
    phone.says("下一条")
    phone.wait_for("echo: 下一条")
    assert bubbles(phone, "kf") == ["echo: 同一条", "echo: 下一条"]
    mine = world.rasa.messages(world.conversation(phone))
    assert mine == ["同一条", "下一条"]


def test_e10_a_lost_acknowledgement_leads_to_a_redelivery_and_one_answer(world: World) -> None:
    phone = world.phone()
    world.wechat.fault("push", "lose_answer", openid=phone.openid)
    delivery = phone.says("确认丢了", wait=20)
    assert delivery is not None and len(delivery["attempts"]) == 2
    phone.wait_for("echo: 确认丢了")
    assert bubbles(phone, "kf") == ["echo: 确认丢了"]


def test_e11_a_message_lost_before_it_was_stored_is_taken_at_the_second_delivery(world: World) -> None:
    phone = world.phone()
    world.wechat.fault("push", "lose_request", openid=phone.openid)
    phone.says("第一次没到", wait=20)
    phone.wait_for("echo: 第一次没到")
    assert bubbles(phone, "kf") == ["echo: 第一次没到"]


def test_e12_a_code_scanned_and_a_text_in_one_second_are_both_taken(world: World) -> None:
    phone = world.phone()
    phone.does("scan", scene="hall")
    phone.says("扫了码")
    phone.wait_for("便民服务大厅")
    eventually(lambda: "echo: 扫了码" in bubbles(phone, "kf"))


def test_e13_ten_messages_in_a_row_are_worked_in_order(world: World) -> None:
    phone = world.calm_phone()  # who followed within the same second has three sends, not five
    world.rasa.delay = 0.3  # so slow that no six answers fall into one second, the quota's grain
    for number in range(10):
        phone.says(f"第{number}句", wait=5)
    mine = world.conversation(phone)
    eventually(lambda: len(world.rasa.messages(mine)) == 10)
    assert world.rasa.messages(mine) == [f"第{n}句" for n in range(10)]
    wanted = "".join(f"echo: 第{n}句" for n in range(10))
    eventually(lambda: "".join(bubbles(phone, "kf")).replace("\n", "") == wanted)


def test_e13_messages_of_one_person_that_overtake_each_other_are_answered_as_they_were_said(world: World) -> None:
    phone = world.phone()
    world.rasa.delay = 3.0
    phone.says("先忙着", wait=5)
    world.wechat.fault("push", "delay", seconds=1.4, openid=phone.openid)
    phone.says("早说的")
    time.sleep(1.1)  # the platform counts in whole seconds
    phone.says("晚说的", wait=5)
    mine = world.conversation(phone)
    eventually(lambda: len(world.rasa.messages(mine)) == 3)
    said = world.rasa.messages(mine)
    assert said == ["先忙着", "早说的", "晚说的"]


def test_e13_leaving_midway_stops_every_send_and_asks_for_deletion(world: World) -> None:
    phone = world.phone()
    phone.says("先问一句")
    phone.wait_for("echo: 先问一句")
    mine = world.conversation(phone)
    world.rasa.delay = 1.5
    phone.says("再问一句", wait=5)
    phone.unfollow(wait=5)
    eventually(lambda: world.rows("select state from gateway_deletions where conversation = ?", mine))
    states = eventually(
        lambda: [r for r in world.rows("select state, reason from gateway_inbox where conversation = ?", mine)]
    )
    assert ("failed", "unfollowed") in [tuple(s) for s in states]
    assert world.rows("select * from wechat_people where openid = ?", phone.openid) == []
    time.sleep(2.0)  # longer than the answer takes
    sends = [c for c in world.wechat.calls(openid=phone.openid) if c["api"] == "message/custom/send"]
    assert len(sends) == 1
    open_rows = world.rows(
        "select state from gateway_outbox where conversation = ? and state in ('ready', 'sending', 'waiting_for_quota')",
        mine,
    )
    assert open_rows == []


def test_e23_who_comes_back_begins_anew(world: World) -> None:
    phone = world.phone()
    phone.says("以前的话")
    phone.wait_for("echo: 以前的话")
    before = world.conversation(phone)
    phone.unfollow(wait=5)
    world.jump(seconds=5)
    phone.follow(wait=5)
    phone.wait_for("帮办助手")
    phone.says("又来了")
    phone.wait_for("echo: 又来了")
    assert world.conversation(phone) != before


def test_several_short_answers_share_one_bubble(world: World) -> None:
    phone = world.phone()
    world.rasa.reply = says("第一段。", "第二段。", "第三段。")
    phone.says("问")
    phone.wait_for("第三段。")
    assert len(bubbles(phone, "kf")) == 1
