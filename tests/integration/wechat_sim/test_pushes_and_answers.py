"""Pushes over real sockets to a scripted account: every legal and illegal answer, with verdict and transcript."""

from __future__ import annotations

import time
from typing import Any, Callable, Dict, List, Optional

import pytest
import requests
import wechatpy.replies
from wechatpy import parse_message
from wechatpy.crypto import WeChatCrypto

from tests.support.scripted_account import Push, Said, Script, ScriptedAccount
from tests.support.wechat_sim import Phone, Simulator, words

NOTICE = "该公众号提供的服务出现故障，请稍后再试"
Person = Callable[..., Phone]


def crypto(wechat: Simulator, app_id: str = "") -> WeChatCrypto:
    account = wechat.config.wechat
    return WeChatCrypto(account.token, account.aes_key, app_id or account.app_id)


def open_push(wechat: Simulator, push: Push) -> str:
    q = push.query
    opened = crypto(wechat).decrypt_message(push.body.decode(), q["msg_signature"], q["timestamp"], q["nonce"])
    return opened.decode() if isinstance(opened, bytes) else str(opened)


def replying(wechat: Simulator, make: Callable[[Any], str], app_id: str = "") -> Script:
    """Encrypts what `make` renders for the message that came."""

    def script(push: Push) -> Said:
        text = make(parse_message(open_push(wechat, push)))
        return Said(crypto(wechat, app_id).encrypt_message(text, "77", str(int(time.time()))))

    return script


def a_text(content: str = "好的", **changes: Any) -> Callable[[Any], str]:
    return lambda m: str(wechatpy.replies.TextReply(content=content, **{"source": m.target, "target": m.source, **changes}).render())


def some_news(count: int) -> Callable[[Any], str]:
    def make(message: Any) -> str:
        reply = wechatpy.replies.ArticlesReply(message=message)
        for number in range(count):
            reply.add_article({"title": f"告知单{number}", "description": "", "image": "", "url": "http://127.0.0.1/h5"})
        return str(reply.render())

    return make


def reasons(delivery: Optional[Dict[str, Any]]) -> List[str]:
    assert delivery
    return [attempt["reason"] for attempt in delivery["attempts"]]


def from_account(phone: Phone) -> List[str]:
    return [words(line) for line in phone.transcript() if line["source"] not in ("user", "system", "suppressed")]


@pytest.mark.parametrize(("body", "reason"), [("success", "success"), ("", "empty")])
def test_an_answer_without_words_is_taken_at_once(
    wechat: Simulator, account: ScriptedAccount, person: Person, body: str, reason: str
) -> None:
    phone = person()
    account.scripts[phone.openid] = [Said(body)]
    assert reasons(phone.says("你好", wait=5)) == [reason] and from_account(phone) == []


def test_a_passive_reply_is_shown_once(wechat: Simulator, account: ScriptedAccount, person: Person) -> None:
    phone = person()
    account.scripts[phone.openid] = replying(wechat, a_text("请带身份证"))
    delivery = phone.says("要带什么", wait=5)
    assert reasons(delivery) == ["reply"] and from_account(phone) == ["请带身份证"]
    assert [line["source"] for line in phone.transcript()] == ["system", "user", "passive"]
    assert phone.ledger()["left"] == 8  # three of the follow, five of the message: a passive reply uses none


ILLEGAL = [
    ("success_in_quotes", Said('"success"')),
    ("success_with_whitespace", Said("success\n")),
    ("status_201", Said("success", 201)),
    ("status_204", Said(raw=b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")),
    ("status_302", Said(raw=b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")),
    ("status_404", Said("success", 404)),
    ("status_500", Said("", 500)),
    ("json", Said('{"errcode":0}')),
    ("html", Said("<html><body>502 Bad Gateway</body></html>")),
    ("not_xml", Said("ok")),
    ("bom", Said(b"\xef\xbb\xbfsuccess")),
    ("not_encrypted", Said("<xml><MsgType>text</MsgType></xml>")),
]


@pytest.mark.parametrize(("reason", "said"), ILLEGAL, ids=[reason for reason, _ in ILLEGAL])
def test_an_illegal_answer_is_sent_again_at_once_and_then_shown_as_a_failure(
    wechat: Simulator, account: ScriptedAccount, person: Person, reason: str, said: Said
) -> None:
    phone = person()
    account.scripts[phone.openid] = [said]
    delivery = phone.says("你好", wait=5)
    assert delivery and delivery["state"] == "failed" and reasons(delivery) == [reason] * 3
    assert from_account(phone) == [NOTICE]
    attempts = account.of(phone.openid)[1:]
    assert len(attempts) == 3 and attempts[2].at - attempts[0].at < 2
    assert len({(p.body, p.query["timestamp"], p.query["nonce"]) for p in attempts}) == 1


BAD_REPLIES: "list[tuple[str, Callable[[Any], str], str]]" = [
    ("wrong_to", a_text(target="oSomebodyElse"), ""),
    ("wrong_to", lambda m: a_text(target=m.target, source=m.source)(m), ""),
    ("wrong_from", a_text(source="gh_other"), ""),
    ("content_too_long", a_text("好" * 683), ""),
    ("empty_content", a_text(""), ""),
    ("not_xml", a_text("a]]>b"), ""),
    ("bad_create_time", lambda m: a_text()(m).replace("<CreateTime>", "<CreateTime>x"), ""),
    ("unknown_type", lambda m: a_text()(m).replace("[text]", "[msgmenu]"), ""),
    ("wrong_appid", a_text(), "wx0000000000000000"),
    ("media_unknown", lambda m: str(wechatpy.replies.ImageReply(media_id="nothing", message=m).render()), ""),
]


@pytest.mark.parametrize(("reason", "make", "app_id"), BAD_REPLIES, ids=[f"{b[0]}-{n}" for n, b in enumerate(BAD_REPLIES)])
def test_an_illegal_reply_is_not_shown(
    wechat: Simulator, account: ScriptedAccount, person: Person, reason: str, make: Callable[[Any], str], app_id: str
) -> None:
    phone = person()
    account.scripts[phone.openid] = replying(wechat, make, app_id)
    assert reasons(phone.says("你好", wait=5)) == [reason] * 3 and from_account(phone) == [NOTICE]


def test_bad_padding_and_a_bad_signature_are_illegal(wechat: Simulator, account: ScriptedAccount, person: Person) -> None:
    phone, foreign = person(), WeChatCrypto(wechat.config.wechat.token, "a" * 43, wechat.config.wechat.app_id)
    account.scripts[phone.openid] = [Said(foreign.encrypt_message("<xml/>", "77", "1714036504"))]
    assert reasons(phone.says("你好", wait=5)) == ["bad_padding"] * 3
    other = WeChatCrypto("otherToken", wechat.config.wechat.aes_key, wechat.config.wechat.app_id)
    account.scripts[phone.openid] = [Said(other.encrypt_message("<xml/>", "77", "1714036504"))]
    assert reasons(phone.says("你好", wait=5)) == ["bad_signature"] * 3


def test_a_legal_answer_to_a_later_attempt_counts(wechat: Simulator, account: ScriptedAccount, person: Person) -> None:
    phone = person()
    good = replying(wechat, a_text("请带身份证"))
    account.scripts[phone.openid] = lambda push: Said("x") if len(account.of(phone.openid)) < 4 else good(push)
    assert reasons(phone.says("要带什么", wait=5)) == ["not_xml", "not_xml", "reply"]
    assert from_account(phone) == ["请带身份证"]


def test_a_message_gets_one_article_and_an_event_eight(wechat: Simulator, account: ScriptedAccount, person: Person) -> None:
    phone = person()
    account.scripts[phone.openid] = replying(wechat, some_news(2))
    assert reasons(phone.says("你好", wait=5)) == ["reply"]
    shown, cut = phone.transcript()[-2:]
    assert len(shown["content"]["articles"]) == 1
    assert (cut["source"], cut["content"]) == ("suppressed", {"reason": "surplus_articles", "count": 1})
    assert reasons(phone.does("scan", 5, scene="7")) == ["reply"]
    assert len(phone.transcript()[-1]["content"]["articles"]) == 2


def test_a_reply_to_a_position_is_illegal_and_nobody_notices(wechat: Simulator, account: ScriptedAccount, person: Person) -> None:
    phone = person()
    before = phone.ledger()
    account.scripts[phone.openid] = replying(wechat, a_text())
    delivery = phone.does("enter", 5, latitude=30.5, longitude=110.25)
    assert reasons(delivery) == ["reply_to_location"] * 3 and from_account(phone) == []
    assert phone.ledger()["grants"] == before["grants"]


def test_an_answer_at_4_9_seconds_is_in_time_and_one_at_5_1_is_late(
    wechat: Simulator, account: ScriptedAccount, person: Person
) -> None:
    early, late = person(), person()
    wechat.clock(pace=2)
    account.scripts[early.openid] = [Said(after=4.9 / 2)]
    account.scripts[late.openid] = [Said(after=5.1 / 2), Said()]
    early.says("早")
    delivery = late.says("晚", wait=20)
    assert reasons(delivery) == ["timeout", "success"]
    assert reasons(wechat.deliveries(openid=early.openid)[-1]) == ["success"]
    assert delivery and 4.9 <= delivery["attempts"][0]["seconds"] <= 5.3
    time.sleep(0.5)  # until the late answer finds nobody on the line
    assert late.openid in account.hung_up and early.openid not in account.hung_up


def test_silence_is_tried_at_0_5_and_10_seconds_and_late_words_are_lost(
    wechat: Simulator, account: ScriptedAccount, person: Person
) -> None:
    phone = person()
    wechat.clock(pace=5)
    slow = replying(wechat, a_text("太晚了"))
    account.scripts[phone.openid] = lambda push: Said(slow(push).body, after=1.4)
    delivery = phone.says("你好", wait=30)
    assert delivery and reasons(delivery) == ["timeout"] * 3 and from_account(phone) == [NOTICE]
    times = [push.at for push in account.of(phone.openid)[1:]]
    assert [round((at - times[0]) * 5) for at in times] == pytest.approx([0, 5, 10], abs=1)
    time.sleep(0.6)
    assert from_account(phone) == [NOTICE]


def test_words_in_time_but_a_slow_end_are_lost(wechat: Simulator, account: ScriptedAccount, person: Person) -> None:
    phone = person()
    wechat.clock(pace=10)
    account.scripts[phone.openid] = [Said(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nsuccess"), Said()]
    assert reasons(phone.says("你好", wait=10)) == ["cut", "success"]


def test_a_closed_connection_and_a_closed_port_are_silence(wechat: Simulator, account: ScriptedAccount, person: Person) -> None:
    phone = person()
    wechat.clock(pace=20)
    account.scripts[phone.openid] = [Said(cut=True)]
    assert reasons(phone.says("你好", wait=10)) == ["cut"] * 3
    wechat.call("POST", "/account", {"urls": ["http://127.0.0.1:9/wechat"]})
    assert reasons(phone.says("你好", wait=10)) == ["no_connection"] * 3


def test_four_attempts_by_knob(wechat: Simulator, account: ScriptedAccount, person: Person) -> None:
    phone = person()
    wechat.turn(attempts=4)
    account.scripts[phone.openid] = [Said("x")]
    assert len(reasons(phone.says("你好", wait=5))) == 4


def test_five_failures_in_a_minute_stop_pushes_for_a_minute(wechat: Simulator, account: ScriptedAccount, person: Person) -> None:
    phone, other = person(), person()
    wechat.turn(markfail_after=5)
    account.scripts[phone.openid] = [Said("x")]
    for _ in range(5):
        phone.says("你好", wait=5)
    account.scripts[phone.openid] = [Said()]
    marked = other.says("在吗", wait=5)
    assert marked and (marked["state"], marked["attempts"]) == ("marked", [])
    wechat.clock(advance=61)
    assert reasons(other.says("在吗", wait=5)) == ["success"]
    assert len(account.of(other.openid)) == 2  # the follow and this one: nothing is caught up


@pytest.mark.parametrize("mode", ["plain", "compatible", "safe"])
def test_three_modes(wechat: Simulator, account: ScriptedAccount, person: Person, mode: str) -> None:
    wechat.configure(mode=mode)
    phone = person()
    phone.says("你好", wait=5)
    push = account.of(phone.openid)[-1]
    assert ("encrypt_type" in push.query) == (mode != "plain")
    plain = push.body.decode() if mode == "plain" else open_push(wechat, push)
    assert parse_message(plain).content == "你好" and (b"FromUserName" in push.body) == (mode != "safe")
    assert push.headers["content-type"] == "text/xml"


def test_messages_of_one_person_are_delivered_side_by_side(wechat: Simulator, account: ScriptedAccount, person: Person) -> None:
    phone = person()
    account.scripts[phone.openid] = lambda push: Said(after=1.0 if "第一" in open_push(wechat, push) else 0.0)
    first, second = phone.says("第一"), phone.says("第二", wait=5)
    assert first and second and second["state"] == "answered" and second["age"] < 0.9
    assert wechat.deliveries(openid=phone.openid)[-2]["state"] == "open"


def test_two_workers_get_the_attempts_of_one_message_in_turn(wechat: Simulator, account: ScriptedAccount, person: Person) -> None:
    other = ScriptedAccount().start()
    phone, firsts = person(), []
    wechat.configure(urls=[account.url, other.url])
    for worker in (account, other):
        worker.scripts[phone.openid] = [Said("x"), Said("success")]
    for tries in (3, 1):
        delivery = phone.says("你好", wait=5)
        assert delivery and len(delivery["attempts"]) == tries
        firsts.append(delivery["attempts"][0]["url"])
    assert len(set(firsts)) == 2  # and the next message begins with the other one
    seen = [{(push.body, push.query["nonce"]) for push in worker.of(phone.openid)} for worker in (account, other)]
    assert seen[0] & seen[1]  # the same body and nonce at both
    other.stop()


@pytest.mark.parametrize("kind", ["duplicate", "delay", "lose_answer", "lose_request"])
def test_faults_of_pushes(wechat: Simulator, account: ScriptedAccount, person: Person, kind: str) -> None:
    phone = person()
    wechat.clock(pace=20)
    wechat.fault("push", kind, openid=phone.openid, seconds=8.0)
    account.scripts[phone.openid] = replying(wechat, a_text("好的"))
    began = time.monotonic()
    found = reasons(phone.says("你好", wait=10))
    expected = {"duplicate": ["reply"] * 2, "delay": ["reply"], "lose_answer": ["lost", "reply"], "lose_request": ["lost", "reply"]}
    assert found == expected[kind] and from_account(phone) == ["好的"]
    assert len(account.of(phone.openid)) - 1 == {"duplicate": 2, "delay": 1, "lose_answer": 2, "lose_request": 1}[kind]
    assert (time.monotonic() - began > 0.2) == (kind != "duplicate")


def test_a_push_can_be_sent_once_more(wechat: Simulator, account: ScriptedAccount, person: Person) -> None:
    phone = person()
    delivery = phone.says("你好", wait=5)
    assert delivery
    wechat.call("POST", "/push_again", {"delivery": delivery["id"]})
    deadline = time.monotonic() + 5
    while len(account.of(phone.openid)) < 3 and time.monotonic() < deadline:
        time.sleep(0.02)
    one, two = account.of(phone.openid)[1:]
    assert open_push(wechat, one) == open_push(wechat, two) and one.query["nonce"] != two.query["nonce"]


CHECKS: "list[tuple[Callable[[Dict[str, str]], Said], str]]" = [
    (lambda q: Said(q["echostr"]), ""),
    (lambda q: Said(q["echostr"] + "\n"), "not_the_echostr"),
    (lambda q: Said(f'"{q["echostr"]}"'), "not_the_echostr"),
    (lambda q: Said("\ufeff" + q["echostr"]), "not_the_echostr"),
    (lambda q: Said("success"), "not_the_echostr"),
    (lambda q: Said(q["echostr"], 201), "status_201"),
    (lambda q: Said(q["echostr"], 403), "status_403"),
    (lambda q: Said(raw=b"HTTP/1.1 301 X\r\nLocation: /wechat/\r\nContent-Length: 0\r\n\r\n"), "status_301"),
    (lambda q: Said(cut=True), "cut"),
]


@pytest.mark.parametrize(("echo", "failure"), CHECKS, ids=[f"{f or 'good'}-{n}" for n, (_, f) in enumerate(CHECKS)])
def test_an_address_is_saved_only_with_its_echostr_byte_for_byte(
    wechat: Simulator, account: ScriptedAccount, echo: Callable[[Dict[str, str]], Said], failure: str
) -> None:
    account.echo = echo
    saved = wechat.configure(urls=[account.url])
    assert (saved["saved"], saved["save_failure"]) == (not failure, failure)


def test_nothing_is_pushed_before_the_address_is_saved(wechat: Simulator, account: ScriptedAccount, person: Person) -> None:
    phone = person()
    account.echo = lambda q: Said("no")
    wechat.configure(urls=[account.url])
    delivery = phone.says("你好", wait=5)
    assert delivery and (delivery["state"], delivery["attempts"]) == ("not_saved", [])
    assert "还没有接上服务器" in words(phone.transcript()[-1])


def test_other_machines_and_other_sites_are_refused(wechat: Simulator) -> None:
    assert requests.get(f"{wechat.url}/", headers={"Host": "sim.evil.test"}, timeout=5).status_code == 403
    steer = requests.post(f"{wechat.url}/sim/people", json={"name": "x"}, headers={"Sec-Fetch-Site": "cross-site"}, timeout=5)
    assert steer.status_code == 403
    refused = requests.post(f"{wechat.url}/sim/account", json={"urls": ["http://example.com/"]}, timeout=5)
    assert refused.status_code == 400 and "this machine only" in refused.text
