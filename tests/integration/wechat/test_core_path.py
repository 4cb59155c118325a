"""The way of a message: pushed, stored, acknowledged, worked, sent, and each only once."""

from __future__ import annotations

from tests.support.wechat_world import World, bubbles, eventually


def test_a_message_is_acknowledged_at_once_and_answered_by_a_send(world: World) -> None:
    phone = world.phone()
    delivery = phone.says("老年证怎么办", wait=10)
    assert delivery is not None and [a["reason"] for a in delivery["attempts"]] == ["success"]
    phone.wait_for("echo: 老年证怎么办")
    assert bubbles(phone, "kf") == ["echo: 老年证怎么办"]


def test_e12_the_same_event_twice_is_one_event(world: World) -> None:
    phone = world.phone(follows=False)
    world.wechat.fault("push", "duplicate", openid=phone.openid)
    phone.follow(wait=10)
    phone.says("在吗")
    phone.wait_for("echo: 在吗")
    grants = world.rows("select trigger from wechat_grants where conversation = ?", world.conversation(phone))
    assert sorted(g[0] for g in grants) == ["follow", "message"]
    eventually(lambda: len([b for b in bubbles(phone) if "帮办助手" in b]) == 1)
