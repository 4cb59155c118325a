"""E2, E17-E19, E26-E29, E31-E32, E34: tokens, outages, notices, and the settings and knobs of an account."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Callable

import pytest
import requests

from bot import settings as environment
from tests.support.gateway import ROOT, RunningGateway
from tests.support.stack import free_ports
from tests.support.wechat_world import World, bubbles, eventually

TEMPLATES = """
menu:
  - name: 咨询
    buttons:
      - {name: 问办事, key: consult, answers: greeting}
notices:
  subscribe: {template_id: SUBlongTerm00000000000000000000000000000003, fields: {thing1: "{what}", phrase2: "有消息"}}
  template: {template_id: TPLold00000000000000000000000000000000000003, fields: {keyword1: "{what}", keyword2: "{when}"}}
"""


def test_e02_an_account_with_a_part_missing_refuses_to_start() -> None:
    with pytest.raises(environment.SettingsError, match="WECHAT_TOKEN"):
        environment.load({**os.environ, "WECHAT_APP_ID": "wx1", "WECHAT_APP_SECRET": "s", "WECHAT_ORIGINAL_ID": "gh_1"})


@pytest.mark.parametrize("token", ["", "  ", "ab", "有中文的"])
def test_e02_a_gateway_with_an_empty_or_bad_token_does_not_start(tmp_path: Path, token: str) -> None:
    account = {"WECHAT_APP_ID": "wx1", "WECHAT_APP_SECRET": "s" * 32, "WECHAT_ORIGINAL_ID": "gh_1", "WECHAT_AES_KEY": "A" * 43}
    rasa, port = free_ports(2)
    gateway = RunningGateway(tmp_path, rasa, port=port, extra={**account, "WECHAT_TOKEN": token})
    command = [sys.executable, "-m", "bot.processes.gateway"]
    ended = subprocess.run(command, cwd=ROOT, env=gateway.environment, capture_output=True, text=True, timeout=30)
    assert ended.returncode != 0 and "WECHAT_TOKEN" in ended.stderr and "Traceback" not in ended.stderr
    assert "s" * 32 not in ended.stderr


@pytest.mark.parametrize("mode", ["plain", "compatible", "safe"])
def test_each_mode_works_from_the_follow_to_the_answer(make_world: Callable[..., World], mode: str) -> None:
    world = make_world(env={"WECHAT_MODE": mode})
    phone = world.phone()
    phone.says("你好")
    phone.wait_for("echo: 你好")
    assert world.wechat.failure_notices() == []


@pytest.mark.parametrize("knobs", [
    {"attempts": 3}, {"attempts": 4}, {"token_overlap": 0}, {"token_overlap": 300}, {"quota_overlap": "latest_only"}, {"quota_overlap": "any_open"},
    {"quota_again": "add"}, {"unicode_escapes": "literal"}, {"msgmenu_letter_id": "missing", "msgmenu_grant": "message"},
    {"future_fields": True, "push_content_type": "application/octet-stream", "empty_event_key": False, "retry_same_envelope": False},
    {"passive_reply_costs": True, "typing_costs": True, "quota_overlap": "latest_only", "unfollowed_code": 43004},
])  # fmt: skip
def test_e34_the_gateway_does_well_with_every_knob(world: World, knobs: "dict[str, object]") -> None:
    world.wechat.turn(**knobs)
    world.wechat.clock(pace=3)
    phone = world.calm_phone()
    world.wechat.fault("push", "lose_answer", openid=phone.openid)
    world.wechat.fault("message/custom/send", "token_revoked")
    phone.says("你好", wait=20)
    phone.wait_for("echo: 你好")
    assert bubbles(phone, "kf") == ["echo: 你好"]


def test_e18_the_typing_sign_is_shown_while_the_answer_is_worked_out(world: World) -> None:
    phone = world.calm_phone()
    world.rasa.delay = 2.5
    phone.says("想一想")
    phone.wait_for("echo: 想一想")
    assert any(line["source"] == "typing" for line in phone.transcript())


def test_e18_an_account_without_the_sign_is_not_asked_again(world: World) -> None:
    phone = world.calm_phone()
    world.rasa.delay = 1.6
    world.wechat.fault("message/custom/typing", "errcode", code=45080, times=2)
    for text in ("一", "二"):
        phone.says(text)
        phone.wait_for(f"echo: {text}")


def test_e19_a_token_revoked_in_between_costs_one_refresh_and_nothing_is_lost(world: World) -> None:
    phone = world.phone()
    world.wechat.fault("message/custom/send", "token_revoked")
    phone.says("换一个")
    phone.wait_for("echo: 换一个", 30)
    assert bubbles(phone, "kf") == ["echo: 换一个"]


def test_e19_a_token_refused_for_ever_ends_in_a_pause_not_in_a_loop(world: World) -> None:
    phone = world.phone()
    before = len([c for c in world.wechat.calls() if c["api"] == "stable_token"])
    world.wechat.fault("message/custom/send", "errcode", code=40001, times=50)
    phone.says("一直不行")
    time.sleep(6)
    fetched = len([c for c in world.wechat.calls() if c["api"] == "stable_token"]) - before
    sends = [c for c in world.wechat.calls(openid=phone.openid) if c["api"] == "message/custom/send"]
    assert fetched <= 6 and len(sends) <= 12
    world.wechat.call("DELETE", "/faults")
    phone.wait_for("echo: 一直不行", 45)


def test_e19_no_secret_and_no_token_ever_stands_in_the_log(world: World) -> None:
    phone = world.phone()
    world.wechat.fault("message/custom/send", "reset")
    world.wechat.fault("message/custom/send", "http", code=502)
    phone.says("出错", wait=5)
    phone.says("再出错", wait=5)
    time.sleep(2)
    account, log = world.gateway.settings.wechat, world.all_logs()
    for secret in (account.app_secret, account.token, account.aes_key, "access_token="):
        assert secret not in log


def test_e26_a_result_for_an_unknown_message_is_acknowledged(world: World) -> None:
    phone = world.phone()
    for status in ("success", "failed:user block", "failed: system failed"):
        fields = [["MsgID", 987654321], ["Status", status]]
        delivery = phone.does("unknown", 10, kind="event", event="TEMPLATESENDJOBFINISH", fields=fields)
        assert delivery is not None and [a["reason"] for a in delivery["attempts"]] == ["success"]


def test_e15_e27_outside_the_window_a_notice_goes_out_by_consent_and_the_text_waits(
    make_world: Callable[..., World], tmp_path_factory: pytest.TempPathFactory
) -> None:
    centre = tmp_path_factory.mktemp("centre")
    (centre / "wechat.yml").write_text(TEMPLATES, encoding="utf8")
    (centre / "profile.yml").write_bytes((ROOT / "data" / "centre" / "profile.yml").read_bytes())
    world = make_world(env={"BANGBAN_CENTRE_DIR": str(centre)})
    phone = world.calm_phone()
    phone.says("等通知")
    phone.wait_for("echo: 等通知")
    phone.does("consent", 10, choices={"SUBlongTerm00000000000000000000000000000003": "accept"})
    mine = world.conversation(phone)
    eventually(lambda: world.rows('select "left" from wechat_consents where conversation = ?', mine) == [(1,)])
    world.jump(hours=49)
    world.tell(phone, "您的高龄补贴审核通过了，下月发放。", "notice")
    eventually(lambda: any(line["source"] == "subscribe" for line in phone.received()))
    world.tell(phone, "还有一件事告诉您。", "notice")  # the consent is used up: now by template
    eventually(lambda: any(line["source"] == "template" for line in phone.received()))
    states = "select kind, state from wechat_notices where conversation = ? order by id"
    eventually(lambda: world.rows(states, mine)[1:] == [("template", "delivered")])
    waiting = "select count(*) from gateway_outbox where conversation = ? and state = 'waiting_for_quota'"
    assert world.rows(waiting, mine) == [(2,)]
    phone.says("来看看")
    phone.wait_for("echo: 来看看")
    assert "\n".join(bubbles(phone, "kf")).count("下月发放") == 1


def test_e27_a_refused_consent_is_spent_and_the_text_waits(
    make_world: Callable[..., World], tmp_path_factory: pytest.TempPathFactory
) -> None:
    centre = tmp_path_factory.mktemp("centre")
    (centre / "wechat.yml").write_text(TEMPLATES.rsplit("  template", 1)[0], encoding="utf8")
    (centre / "profile.yml").write_bytes((ROOT / "data" / "centre" / "profile.yml").read_bytes())
    world = make_world(env={"BANGBAN_CENTRE_DIR": str(centre)})
    phone = world.calm_phone()
    phone.says("等通知")
    phone.wait_for("echo: 等通知")
    phone.does("consent", 10, choices={"SUBlongTerm00000000000000000000000000000003": "accept"})
    mine = world.conversation(phone)
    eventually(lambda: world.rows('select "left" from wechat_consents where conversation = ?', mine) == [(1,)])
    world.wechat.fault("message/subscribe/bizsend", "errcode", code=43101, times=9)
    world.jump(hours=49)
    world.tell(phone, "您的件办好了。", "notice")
    states = "select state, note from wechat_notices where conversation = ?"
    eventually(lambda: world.rows(states, mine) == [("failed", "code 43101")])
    phone.says("来看看")
    phone.wait_for("您的件办好了")


def test_e28_after_an_outage_the_first_message_works_and_nothing_is_answered_twice(
    make_world: Callable[..., World],
) -> None:
    world = make_world()
    phone = world.phone()
    world.gateway.kill()
    phone.says("没人接")
    time.sleep(1)
    world.gateway.start()
    delivery = phone.says("有人了", wait=20)
    assert delivery is not None
    phone.wait_for("echo: 有人了", 20)
    assert "\n".join(bubbles(phone, "kf")).count("echo: 有人了") == 1


def test_e29_while_the_platform_s_own_staff_serve_nothing_reaches_the_bot(world: World) -> None:
    phone = world.phone()
    phone.does("staff_enters", 5)
    phone.says("给人工的")
    phone.does("staff_leaves", 5)
    phone.says("给机器人的")
    phone.wait_for("echo: 给机器人的")
    assert "给人工的" not in world.rasa.messages(world.conversation(phone))


def test_e31_a_restart_with_a_full_inbox_loses_nothing_and_repeats_nothing(make_world: Callable[..., World]) -> None:
    world = make_world()
    phone = world.calm_phone()
    world.rasa.delay = 1.0
    for number in range(4):
        phone.says(f"第{number}句", wait=5)
    world.gateway.stop()
    world.gateway.start()
    eventually(lambda: "echo: 第3句" in "\n".join(bubbles(phone, "kf")), 40)
    shown = "\n".join(bubbles(phone, "kf"))
    assert [shown.count(f"echo: 第{n}句") for n in range(4)] == [1, 1, 1, 1]


def test_e32_every_refusal_of_a_forged_push_is_a_clean_4xx(world: World) -> None:
    chance = random.Random(5)
    count = world.rows("select count(*) from gateway_inbox")
    pushes = world.rows("select count(*) from wechat_pushes")
    session = requests.Session()
    for number in range(300):
        query = {name: chance.choice(["", "1", "aes", "raw", "中", "x" * 200]) for name in
                 chance.sample(["signature", "timestamp", "nonce", "encrypt_type", "msg_signature", "openid"], chance.randint(0, 6))}  # fmt: skip
        body = chance.choice(
            [
                b"",
                b"<xml>",
                b"\x00" * 50,
                b"<xml><Encrypt>AAAA</Encrypt></xml>",
                os.urandom(chance.randint(1, 500)),
                b"{}",
            ]
        )
        answer = session.post(world.gateway.url + "/wechat", params=query, data=body, timeout=10)
        assert 400 <= answer.status_code < 500, (number, query, body[:40], answer.status_code)
    assert session.post(world.gateway.url + "/wechat", data=b"a" * (80 << 10), timeout=10).status_code in (
        400,
        403,
        413,
    )
    assert world.rows("select count(*) from gateway_inbox") == count
    assert world.rows("select count(*) from wechat_pushes") == pushes


def command(world: World, *arguments: str) -> "subprocess.CompletedProcess[str]":
    env = {**world.gateway.environment, "BANGBAN_NOW": ""}
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", "wechat", *arguments],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_the_menu_is_pushed_and_the_account_checked_from_the_command_line(world: World) -> None:
    pushed = command(world, "menu", "push")
    assert pushed.returncode == 0, pushed.stdout + pushed.stderr
    stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(time.time() + 8 * 3600))
    world.set_clock(stamp)  # the check signs with the machine's own time
    checked = command(world, "check", "--json")
    found = json.loads(checked.stdout)
    assert checked.returncode == 0 and found["ok"], found
    assert {f["name"] for f in found["findings"]} == {"public_url", "address", "token", "menu", "notices"}
    world.wechat.turn(ip_allowlist=["10.9.9.9"])
    refused = command(world, "menu", "push")
    assert (
        refused.returncode == 1
        and "40164" in refused.stdout
        and world.gateway.settings.wechat.app_secret not in refused.stdout
    )
