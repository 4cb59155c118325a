"""E18, E26: the typing sign by its rules, and what the platform says later about a template message."""

from __future__ import annotations

from pathlib import Path
from typing import Callable, Iterator, List, Optional, Tuple

import pytest

from tests.support.gateway import ROOT
from tests.support.wechat_sim import Phone
from tests.support.wechat_world import World, bubbles, eventually, says

TEMPLATES = """
menu:
  - name: 咨询
    buttons:
      - {name: 问办事, key: consult, answers: greeting}
      - {name: 现在开门吗, key: open_now, says: 现在开门吗}
notices:
  template: {template_id: TPLold00000000000000000000000000000000000003, fields: {keyword1: "{what}", keyword2: "{when}"}}
"""


def signs(world: World, phone: Phone) -> List[int]:
    """What the platform said to each attempt to show the sign."""
    return [c["errcode"] for c in world.wechat.calls(openid=phone.openid) if c["api"] == "message/custom/typing"]


def test_e18_a_message_ends_the_sign_and_the_next_answer_may_show_it_again(world: World) -> None:
    phone = world.calm_phone()
    world.rasa.delay = 1.3
    for text in ("一", "二"):
        phone.says(text)
        phone.wait_for(f"echo: {text}")
    assert signs(world, phone) == [0, 0]


def test_e18_one_long_answer_shows_the_sign_once(world: World) -> None:
    phone = world.calm_phone()
    world.rasa.delay = 2.0
    phone.says("想很久")
    phone.says("还在吗")
    phone.wait_for("echo: 还在吗")
    assert set(signs(world, phone)) == {0} and len(signs(world, phone)) <= 2


def test_e18_without_a_grant_nobody_asks_for_the_sign(world: World) -> None:
    world.rasa.reply = says("字" * 3000)
    phone = world.calm_phone()
    world.rasa.delay = 2.5
    phone.taps("open_now", wait=5)
    world.jump(seconds=61)  # the minute of the click is over before the sign comes
    waiting = "select 1 from gateway_outbox where conversation = ? and state = 'waiting_for_quota'"
    eventually(lambda: world.rows(waiting, world.conversation(phone)))
    assert [code for code in signs(world, phone) if code] == []
    assert bubbles(phone, "kf") == []


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A world whose centre has a template for notices."""
    folder: Path = tmp_path_factory.mktemp("templates")
    (folder / "wechat.yml").write_text(TEMPLATES, encoding="utf8")
    (folder / "profile.yml").write_bytes((ROOT / "data" / "centre" / "profile.yml").read_bytes())
    world = World.open(folder / "var", env={"BANGBAN_CENTRE_DIR": str(folder)})
    yield world
    world.close()


def noticed(world: World, before: Callable[[Phone], None]) -> Tuple[Phone, str]:
    """A person who gets a notice after 48 hours: (phone, conversation)."""
    world.fresh()
    phone = world.calm_phone()
    phone.says("等通知")
    phone.wait_for("echo: 等通知")
    before(phone)
    world.jump(hours=49)
    mine = world.conversation(phone)
    world.tell(phone, "您的高龄补贴审核通过了。", "notice", key=f"passed:{mine}")
    return phone, mine


def notices(world: World, conversation: str) -> List[Tuple[str, Optional[str], Optional[str]]]:
    return world.rows("select state, note, platform_id from wechat_notices where conversation = ?", conversation)


def test_e26_a_result_that_comes_before_its_call_has_returned_is_kept(town: World) -> None:
    def slow(_: Phone) -> None:
        town.wechat.fault("message/template/send", "slow_after", seconds=2.5)

    phone, mine = noticed(town, slow)
    events = lambda: [d for d in town.wechat.deliveries(openid=phone.openid) if "TEMPLATESENDJOBFINISH" in d["xml"]]  # noqa: E731
    eventually(lambda: [d["state"] for d in events()] == ["answered"])
    call = eventually(lambda: [c for c in town.wechat.calls(openid=phone.openid, api="message/template/send")])
    assert len(call) == 1
    eventually(lambda: [row[0] for row in notices(town, mine)] == ["delivered"])
    number = notices(town, mine)[0][2]
    assert number and f"<MsgID>{number}</MsgID>" in events()[0]["xml"]


def test_e26_who_has_switched_the_account_off_counts_as_not_reached(town: World) -> None:
    def off(phone: Phone) -> None:
        town.wechat.call("PATCH", f"/people/{phone.openid}", {"rejects": True})

    phone, mine = noticed(town, off)
    eventually(lambda: [row[:2] for row in notices(town, mine)] == [("failed", "failed:userblock")])
    town.wechat.call("PATCH", f"/people/{phone.openid}", {"rejects": False})
    phone.says("来看看")
    phone.wait_for("审核通过")  # the text itself has waited


@pytest.mark.parametrize("status", ["failed: system failed", "failed:system failed", "failed:freq limit"])
def test_e26_every_spelling_of_a_failure_is_one(town: World, status: str) -> None:
    phone, mine = noticed(town, lambda _: None)
    number = eventually(lambda: [row[2] for row in notices(town, mine) if row[0] == "delivered"])[0]
    phone.does("unknown", 10, kind="event", event="TEMPLATESENDJOBFINISH", fields=[["MsgID", int(number)], ["Status", status]])
    assert notices(town, mine)[0][:2] == ("failed", status.replace(" ", ""))
