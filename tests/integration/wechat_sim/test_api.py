"""The API half over HTTP: as wechatpy's client calls it, and in every way it must refuse."""

from __future__ import annotations

import io
import json
import time
from typing import Any, Callable, Dict, List, Tuple
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st
from wechatpy import WeChatClient
from wechatpy.exceptions import WeChatClientException
from wechatpy.oauth import WeChatOAuth

from tests.integration.wechat_sim.conftest import Api
from tests.support.scripted_account import ScriptedAccount
from tests.support.wechat_sim import Phone, Simulator, words

Person = Callable[..., Phone]
PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 100
HOUR = 3600


def client(wechat: Simulator) -> WeChatClient:
    """wechatpy's client, pointed at the simulator; it never tries again by itself."""
    account = wechat.config.wechat

    class Client(WeChatClient):  # type: ignore[misc]
        API_BASE_URL = f"{wechat.url}/cgi-bin/"

        def fetch_access_token(self) -> Any:
            params = {"grant_type": "client_credential", "appid": self.appid, "secret": self.secret}
            return self._fetch_access_token(url=f"{wechat.url}/cgi-bin/token", params=params)

    return Client(account.app_id, account.app_secret, timeout=10, auto_retry=False)


def refused(call: Callable[..., Any], *args: Any, **kwargs: Any) -> int:
    """The errcode wechatpy raises."""
    with pytest.raises(WeChatClientException) as error:
        call(*args, **kwargs)
    return int(error.value.errcode)


def shown(phone: Phone) -> List[Tuple[str, str, str]]:
    return [(line["source"], line["kind"], words(line)) for line in phone.transcript() if line["source"] not in ("user", "system")]


# wechatpy as an independent caller

def test_wechatpy_sends_every_kind_of_message(wechat: Simulator, person: Person) -> None:
    phone, api = person(), client(wechat)
    phone.does("scan", 5, scene="1")
    phone.says("你好", wait=5)
    image = api.media.upload("image", ("a.png", io.BytesIO(PNG)))["media_id"]
    voice = api.media.upload("voice", ("a.amr", io.BytesIO(b"#!AMR\n" + b"\x7c" + b"\0" * 31)))["media_id"]
    thumb = api.media.upload("thumb", ("a.jpg", io.BytesIO(b"\xff\xd8\xff" + b"x" * 50)))["thumb_media_id"]
    api.message.send_text(phone.openid, "您好，“”😀")
    api.message.send_image(phone.openid, image)
    api.message.send_voice(phone.openid, voice)
    api.message.send_music(phone.openid, "http://127.0.0.1/a", "http://127.0.0.1/b", thumb, "曲", "词")
    article = {"title": "告知单", "description": "要带什么", "url": "http://127.0.0.1/h5", "image": ""}
    api.message.send_articles(phone.openid, [article])
    menu = {"head_content": "想办哪件", "list": [{"id": "1", "content": "办证"}, {"id": "2", "content": "补证"}], "tail_content": "点一下"}
    api.message.send_msg_menu(phone.openid, menu)
    kinds = ["text", "image", "voice", "music", "news", "msgmenu"]
    assert [(source, kind) for source, kind, _ in shown(phone)] == [("kf", kind) for kind in kinds]
    assert shown(phone)[0][2] == "您好，“”😀" and shown(phone)[-1][2] == "想办哪件\n办证\n补证\n点一下"


def test_wechatpy_keeps_a_menu(wechat: Simulator, person: Person) -> None:
    api = client(wechat)
    api.menu.delete()
    assert api.menu.get() is None  # 46003
    buttons = [{"type": "click", "name": "咨询", "key": "ASK"}, {"type": "view", "name": "我的", "url": "http://127.0.0.1/h5"}]
    api.menu.create({"button": buttons})
    assert [b["name"] for b in api.menu.get()["menu"]["button"]] == ["咨询", "我的"]
    phone = person()
    clicked, viewed = phone.taps("ASK", wait=5), phone.taps("http://127.0.0.1/h5", wait=5)
    assert clicked and viewed and (clicked["trigger"], viewed["trigger"]) == ("CLICK", "VIEW")
    api.menu.delete()
    stale = phone.taps("ASK", wait=5)  # the phone has its copy for five minutes
    assert stale and "ASK" in stale["xml"]
    wechat.clock(advance=301)
    answer = requests.post(f"{wechat.url}/sim/people/{phone.openid}/tap", json={"key": "ASK"}, timeout=5)
    assert answer.status_code == 409


def test_wechatpy_makes_codes_and_reads_people(wechat: Simulator, person: Person) -> None:
    api, phone = client(wechat), person(follows=False)
    assert api.user.get(phone.openid)["subscribe"] == 0
    ticket = api.qrcode.create({"action_name": "QR_STR_SCENE", "action_info": {"scene": {"scene_str": "窗口3"}}})["ticket"]
    delivery = phone.does("scan", 5, ticket=ticket)
    assert delivery and delivery["trigger"] == "subscribe" and "qrscene_窗口3" in delivery["xml"]
    about = api.user.get(phone.openid)
    assert (about["subscribe"], about["qr_scene_str"], about["nickname"]) == (1, "窗口3", "")
    again = phone.does("scan", 5, ticket=ticket)
    assert again and again["trigger"] == "SCAN" and "[窗口3]" in again["xml"]
    assert phone.openid in api.user.get_followers()["data"]["openid"]
    assert refused(api.user.get, "oNobody") == 40003
    assert api.misc.get_wechat_ips() == ["127.0.0.1"]


def test_wechatpy_fetches_what_people_send(wechat: Simulator, person: Person, account: ScriptedAccount) -> None:
    api, phone = client(wechat), person()
    phone.sends_photo(PNG, wait=5)
    media_id = phone.transcript()[-1]["content"]["media_id"]
    fetched = api.media.download(media_id)
    assert fetched.content == PNG and "attachment" in fetched.headers["Content-disposition"]
    assert requests.get(f"{wechat.url}/sim/pictures/{media_id}", timeout=5).content == PNG
    phone.does("video", 5)
    video = api.media.download(phone.transcript()[-1]["content"]["media_id"])
    assert video["video_url"].startswith(wechat.url)
    wechat.clock(advance=3 * 24 * HOUR)
    assert refused(client(wechat).media.download, media_id) == 40007


def test_wechatpy_signs_people_in(wechat: Simulator, person: Person) -> None:
    phone = person(follows=False)
    account = wechat.config.wechat

    class OAuth(WeChatOAuth):  # type: ignore[misc]
        API_BASE_URL = f"{wechat.url}/"
        OAUTH_BASE_URL = f"{wechat.url}/connect/"

    oauth = OAuth(account.app_id, account.app_secret, "http://127.0.0.1:9/h5", state="a1")
    code = landed(phone, oauth.authorize_url)["code"]
    assert oauth.fetch_access_token(code)["openid"] == phone.openid
    with pytest.raises(Exception, match="40163"):
        oauth.fetch_access_token(code)


# customer-service messages

def message(phone: Phone, kind: str = "text", **content: Any) -> Dict[str, Any]:
    return {"touser": phone.openid, "msgtype": kind, kind: content}


def choices(count: int, number: Any = "1") -> Dict[str, Any]:
    return {"head_content": "h", "list": [{"id": number, "content": "c"}] * count, "tail_content": "t"}


BAD_BODIES: "list[tuple[int, Any]]" = [
    (44002, b""), (47001, b"{"), (47001, b"[]"), (47001, b"[" * 100_000), (40033, '{"touser": "好"}'.encode("gbk")),
    (40033, lambda p: json.dumps(message(p, content="好")).encode()),
    (40003, lambda p: {**message(p, content="好"), "touser": "oNobody"}), (40003, lambda p: {**message(p), "touser": 7}),
    (40008, lambda p: {"touser": p.openid}), (40008, lambda p: message(p, "voicemail")),
    (44004, lambda p: message(p)), (44004, lambda p: message(p, content="")), (44004, lambda p: message(p, content=" \n")),
    (45002, lambda p: message(p, content="好" * 682 + "abc")), (40007, lambda p: message(p, "image", media_id="nothing")),
    (41006, lambda p: message(p, "image")), (44003, lambda p: message(p, "news", articles=[])),
    (45008, lambda p: message(p, "news", articles=[{"title": "a"}] * 2)), (45162, lambda p: message(p, "news", articles={"title": "a"})),
    (45098, lambda p: message(p, "msgmenu", **choices(11))), (47001, lambda p: message(p, "msgmenu", **choices(0))),
    (47001, lambda p: message(p, "msgmenu", **choices(1, None))), (47001, lambda p: message(p, "msgmenu", list={"id": "1"})),
]  # fmt: skip


@pytest.mark.parametrize(("code", "body"), BAD_BODIES, ids=[f"{code}-{n}" for n, (code, _) in enumerate(BAD_BODIES)])
def test_a_bad_message_is_refused_and_costs_nothing(api: Api, person: Person, code: int, body: Any) -> None:
    phone = person()
    left = phone.ledger()["left"]
    answer = api.post("message/custom/send", body(phone) if callable(body) else body)
    assert answer["errcode"] == code and " rid: " in answer["errmsg"]
    assert phone.ledger()["left"] == left and shown(phone) == []


def test_2048_bytes_and_ten_choices_are_taken(api: Api, person: Person) -> None:
    phone = person()
    assert api.send(phone, "好" * 682 + "ab") == 0
    assert api.post("message/custom/send", message(phone, "msgmenu", **choices(10)))["errcode"] == 0


def test_the_mark_of_a_machine_is_shown(api: Api, person: Person) -> None:
    phone = person()
    api.post("message/custom/send", {**message(phone, content="您好"), "aimsgcontext": {"is_ai_msg": 1}})
    assert phone.transcript()[-1]["content"]["ai_mark"] == "内容由第三方AI生成"


def test_the_sixth_message_is_45047_and_after_48_hours_45015(wechat: Simulator, api: Api, person: Person) -> None:
    phone = person()
    wechat.clock(advance=61)
    assert api.send(phone) == 45015  # the minute of the follow is over
    phone.says("你好", wait=5)
    assert [api.send(phone, str(n)) for n in range(6)] == [0] * 5 + [45047]
    assert [text for _, _, text in shown(phone)] == [str(n) for n in range(5)]
    phone.says("还有吗", wait=5)
    wechat.clock(advance=48 * HOUR - 2)
    fresh = Api(wechat)
    assert fresh.send(phone) == 0
    wechat.clock(advance=3)
    assert fresh.send(phone) == 45015


@pytest.mark.parametrize("overlap", ["any_open", "latest_only"])
def test_a_talk_by_menu_messages_alone_runs_out_after_a_minute(
    wechat: Simulator, api: Api, person: Person, overlap: str
) -> None:
    wechat.turn(quota_overlap=overlap)
    phone = person()
    wechat.clock(advance=61)
    tapped = phone.does("menu_link", 5, id="1", content="办证")
    assert tapped and "<bizmsgmenuid><![CDATA[1]]></bizmsgmenuid>" in tapped["xml"] and "[text]" in tapped["xml"]
    assert [api.send(phone) for _ in range(4)] == [0, 0, 0, 45047]
    wechat.clock(advance=61)
    assert api.send(phone) == 45015


def test_letters_as_the_number_of_a_choice_come_back_as_zero(api: Api, person: Person) -> None:
    phone = person()
    api.post("message/custom/send", message(phone, "msgmenu", **choices(1, "yes")))
    tapped = phone.chooses("c", wait=5)
    assert tapped and "<bizmsgmenuid><![CDATA[0]]></bizmsgmenuid>" in tapped["xml"]


def test_who_left_or_switched_messages_off_gets_none(api: Api, person: Person) -> None:
    gone, quiet = person(), person(rejects=True)
    gone.says("你好", wait=5)
    gone.unfollow(wait=5)
    assert (api.send(gone), api.send(quiet)) == (45015, 48002)
    assert shown(gone) == shown(quiet) == []


@pytest.mark.parametrize(("kind", "text", "menu"), [("service_unverified", 48001, 48001), ("subscription", 0, 40200), ("test", 0, 40200)])
def test_what_an_account_may_do_depends_on_its_kind(
    wechat: Simulator, api: Api, person: Person, kind: str, text: int, menu: int
) -> None:
    phone = person()
    wechat.turn(account_type=kind)
    assert api.send(phone) == text
    assert api.post("message/custom/send", message(phone, "msgmenu", **choices(1)))["errcode"] == menu


def test_typing(wechat: Simulator, api: Api, person: Person) -> None:
    phone = person()
    wechat.clock(advance=61)

    def typing(command: str = "Typing") -> int:
        return int(api.post("message/custom/typing", {"touser": phone.openid, "command": command})["errcode"])

    assert (typing(), typing("Type")) == (45015, 45072)
    phone.says("你好", wait=5)
    assert (typing(), typing(), typing("CancelTyping"), typing()) == (0, 45081, 0, 0)
    api.send(phone)
    assert [line["kind"] for line in phone.transcript() if line["source"] == "typing"] == ["on", "off", "on", "off"]
    wechat.clock(advance=16)
    assert typing() == 0
    wechat.clock(advance=16)
    assert typing() == 45080 and phone.ledger()["left"] == 4


# tokens

def test_each_wrong_credential_has_its_own_error(wechat: Simulator, api: Api) -> None:
    changes = [{"appid": ""}, {"secret": ""}, {"appid": "wx0"}, {"secret": "x"}, {"grant_type": "x"}, {"force_refresh": "yes"}]
    assert [api.fetch(**change)["errcode"] for change in changes] == [41002, 41004, 40013, 40125, 40002, 47001]
    wechat.turn(ip_allowlist=["192.0.2.1"])
    assert api.fetch()["errcode"] == 40164
    answer = requests.post(f"{wechat.url}/cgi-bin/token", timeout=5)
    assert (answer.status_code, answer.json()["errcode"]) == (200, 43001)


def test_each_wrong_token_has_its_own_error(wechat: Simulator, api: Api) -> None:
    codes = [api.get("menu/get", access_token=value)["errcode"] for value in ("", "short", "x" * 512)]
    assert codes == [41001, 40014, 40001]
    wechat.clock(advance=7201)
    assert api.get("menu/get")["errcode"] == 42001


@pytest.mark.parametrize(("overlap", "code"), [(300, 0), (0, 40001)])
def test_a_forced_token_ends_the_old_one_and_a_plain_one_after_the_overlap(wechat: Simulator, overlap: int, code: int) -> None:
    wechat.turn(token_overlap=overlap)
    one, two = client(wechat), client(wechat)
    first, second = one.fetch_access_token()["access_token"], two.fetch_access_token()["access_token"]
    api = Api(wechat)
    assert api.get("getcallbackip", access_token=first).get("errcode", 0) == code
    assert "errcode" not in api.get("getcallbackip", access_token=second)


def test_limits_of_a_day_and_their_clearing(wechat: Simulator, api: Api) -> None:
    wechat.turn(daily_limits={"getcallbackip": 0})
    assert api.get("getcallbackip")["errcode"] == 45009
    wechat.turn(daily_limits={"getcallbackip": 1_000_000})
    codes = [api.post("clear_quota", {"appid": wechat.config.wechat.app_id})["errcode"] for _ in range(11)]
    assert codes == [0] * 10 + [48006] and api.get("getcallbackip")["ip_list"]


def test_unknown_apis_and_wrong_methods(api: Api) -> None:
    assert api.post("message/mass/send", {})["errcode"] == 40066
    assert api.get("message/custom/send")["errcode"] == 43002 and api.post("menu/get", {})["errcode"] == 43001


# notices

CASE = {"character_string1": {"value": "QS-1"}, "thing2": {"value": "果树补贴"}, "phrase3": {"value": "已受理"}, "time4": {"value": "10:00"}}
TEMPLATE, SUBSCRIPTION = "TPLcaseProgress0000000000000000000000000001", "SUBcaseProgress0000000000000000000000000001"


def wait_for_push(wechat: Simulator, phone: Phone, trigger: str) -> Dict[str, Any]:
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        for delivery in wechat.deliveries(openid=phone.openid):
            if delivery["trigger"] == trigger and delivery["state"] != "open":
                return delivery
        time.sleep(0.05)
    raise AssertionError(f"no {trigger}")


@pytest.mark.parametrize(("rejects", "status"), [(False, "success"), (True, "failed:user block")])
def test_a_template_message_ends_with_an_event(
    wechat: Simulator, api: Api, person: Person, rejects: bool, status: str
) -> None:
    phone = person(rejects=rejects)
    answer = api.post("message/template/send", {"touser": phone.openid, "template_id": TEMPLATE, "data": CASE, "client_msg_id": "c1"})
    ended = wait_for_push(wechat, phone, "TEMPLATESENDJOBFINISH")
    assert f"<MsgID>{answer['msgid']}</MsgID>" in ended["xml"] and status in ended["xml"]
    again = api.post("message/template/send", {"touser": phone.openid, "template_id": TEMPLATE, "data": CASE, "client_msg_id": "c1"})
    assert again["msgid"] == answer["msgid"] and len(shown(phone)) == (0 if rejects else 1)


def test_the_end_of_a_template_message_may_come_before_the_answer_to_its_call(wechat: Simulator, api: Api, person: Person) -> None:
    phone = person()
    wechat.turn(event_delay=0)
    wechat.fault("message/template/send", "slow_after", seconds=0.7)
    began = time.monotonic()
    api.post("message/template/send", {"touser": phone.openid, "template_id": TEMPLATE, "data": CASE})
    answered = time.monotonic() - began
    ended = wait_for_push(wechat, phone, "TEMPLATESENDJOBFINISH")
    assert answered >= 0.7 and ended["age"] >= 0.3 and len(shown(phone)) == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [({"touser": "oX"}, 40003), ({"template_id": "x"}, 40037), ({"data": {**CASE, "phrase3": {"value": "已经受理了"}}}, 0),
     ({"data": {**CASE, "phrase3": {"value": "已经受理了呀"}}}, 47003), ({"data": {}}, 47003)],
)  # fmt: skip
def test_a_template_message_is_checked(api: Api, person: Person, change: Any, code: int) -> None:
    body = {"touser": person().openid, "template_id": TEMPLATE, "data": CASE, **change}
    assert api.post("message/template/send", body)["errcode"] == code


def test_a_template_message_needs_a_follower(api: Api, person: Person) -> None:
    body = {"touser": person(follows=False).openid, "template_id": TEMPLATE, "data": CASE}
    assert api.post("message/template/send", body)["errcode"] == 43004


def test_one_consent_is_one_subscribe_message(wechat: Simulator, api: Api, person: Person) -> None:
    phone = person(follows=False)
    body = {"touser": phone.openid, "template_id": SUBSCRIPTION, "data": CASE}
    assert api.post("message/subscribe/bizsend", body)["errcode"] == 43101
    phone.does("consent", 5, choices={SUBSCRIPTION: "accept"})
    assert [api.post("message/subscribe/bizsend", body)["errcode"] for _ in range(2)] == [0, 43101]
    assert [(source, text.split("\n")[0]) for source, _, text in shown(phone)] == [("subscribe", "办理进度提醒")]
    assert "<ErrorStatus><![CDATA[success]]>" in wait_for_push(wechat, phone, "subscribe_msg_sent_event")["xml"]
    phone.does("consent", 5, choices={SUBSCRIPTION: "reject"})
    assert api.post("message/subscribe/bizsend", body)["errcode"] == 43101


# staff

def test_while_staff_talk_messages_bypass_the_account(wechat: Simulator, person: Person, account: ScriptedAccount) -> None:
    phone = person()
    phone.does("staff_enters")
    assert phone.says("在吗") is None
    phone.does("staff_leaves")
    assert phone.says("在吗", wait=5) is not None
    phone.does("staff_enters")
    wechat.clock(advance=30 * 60)
    assert phone.says("在吗", wait=5) is not None


# OAuth

def landed(phone: Phone, url: str) -> Dict[str, str]:
    """Where the phone's browser is sent back to: the query."""
    answer = requests.get(url, cookies={"sim_phone": phone.openid}, allow_redirects=False, timeout=5)
    assert answer.status_code == 302, answer.text
    back = urlsplit(answer.headers["location"])
    assert back.netloc == "127.0.0.1:9"
    return dict(parse_qsl(back.query))


def authorize(wechat: Simulator, scope: str = "snsapi_base", query: str = "") -> str:
    given = f"appid={wechat.config.wechat.app_id}&redirect_uri=http%3A%2F%2F127.0.0.1%3A9%2Fh5&response_type=code&scope={scope}&state=a1"
    return f"{wechat.url}/connect/oauth2/authorize?{query or given}#wechat_redirect"


def exchange(wechat: Simulator, code: str) -> Dict[str, Any]:
    account = wechat.config.wechat
    params = {"appid": account.app_id, "secret": account.app_secret, "code": code, "grant_type": "authorization_code"}
    found: Dict[str, Any] = requests.get(f"{wechat.url}/sns/oauth2/access_token", params=params, timeout=5).json()
    return found


def test_snsapi_base_is_silent_and_the_code_lives_five_minutes(wechat: Simulator, person: Person) -> None:
    phone = person(follows=False)
    query = landed(phone, authorize(wechat))
    assert query["state"] == "a1"
    wechat.clock(advance=301)
    assert exchange(wechat, query["code"])["errcode"] == 40029
    answer = exchange(wechat, landed(phone, authorize(wechat))["code"])
    assert (answer["openid"], answer["scope"]) == (phone.openid, "snsapi_base")
    info = requests.get(f"{wechat.url}/sns/userinfo", params={"access_token": answer["access_token"], "openid": phone.openid}, timeout=5)
    assert info.json()["errcode"] == 48001


def test_who_refuses_comes_back_without_a_code_and_a_snapshot_is_nobody(wechat: Simulator, person: Person) -> None:
    assert landed(person(oauth="refuse"), authorize(wechat)) == {"state": "a1"}
    phone = person(oauth="snapshot")
    answer = exchange(wechat, landed(phone, authorize(wechat))["code"])
    assert answer["is_snapshotuser"] == 1 and answer["openid"] != phone.openid


def test_userinfo_asks_the_person(wechat: Simulator, person: Person) -> None:
    phone = person()
    page = phone.opens(authorize(wechat, "snsapi_userinfo"))
    assert page.status_code == 200 and "允许" in page.text and "choice=refuse" in page.text
    wechat.call("PATCH", f"/people/{phone.openid}", {"oauth": "approve"})
    answer = exchange(wechat, landed(phone, authorize(wechat, "snsapi_userinfo"))["code"])
    info = requests.get(f"{wechat.url}/sns/userinfo", params={"access_token": answer["access_token"], "openid": phone.openid}, timeout=5)
    assert info.json()["nickname"] == phone.name and info.content.decode().count("\\u") == 0


def test_outside_of_wechat_and_with_a_bad_address_nobody_is_sent_back(wechat: Simulator, person: Person) -> None:
    assert "请在微信客户端打开链接" in requests.get(authorize(wechat), timeout=5).text
    page = person().opens(authorize(wechat, query="scope=snsapi_base&appid=x"))
    assert 'data-reason="parameter_order"' in page.text and not page.history


# faults

def test_a_busy_platform_answers_minus_one_and_does_nothing(wechat: Simulator, api: Api, person: Person) -> None:
    phone = person()
    wechat.fault("message/custom/send", "errcode", code=-1, times=2)
    assert [api.send(phone, str(n)) for n in range(3)] == [-1, -1, 0] and [t for _, _, t in shown(phone)] == ["2"]


@pytest.mark.parametrize(("kind", "done"), [("reset", False), ("reset_after", True), ("truncated", True)])
def test_a_broken_connection_may_or_may_not_have_sent(
    wechat: Simulator, api: Api, person: Person, kind: str, done: bool
) -> None:
    phone = person()
    wechat.fault("message/custom/send", kind)
    with pytest.raises(requests.RequestException):
        api.send(phone)
    assert bool(shown(phone)) == done
    assert api.send(phone) == 0


@pytest.mark.parametrize(("kind", "status", "start"), [("http", 502, b"<html>"), ("html", 200, b"<html>"), ("empty", 200, b"")])
def test_answers_that_are_no_json(wechat: Simulator, api: Api, person: Person, kind: str, status: int, start: bytes) -> None:
    wechat.fault("message/custom/send", kind, code=502)
    answer = requests.post(f"{wechat.url}/cgi-bin/message/custom/send?access_token={api.token}", data=b"{}", timeout=5)
    assert answer.status_code == status and answer.content.startswith(start)


def test_a_token_can_end_under_a_call_and_a_call_can_be_slow(wechat: Simulator, api: Api, person: Person) -> None:
    phone = person()
    wechat.fault("message/custom/send", "token_revoked")
    assert api.send(phone) == 40001
    fresh = Api(wechat)
    wechat.fault("message/custom/send", "slow", seconds=0.6)
    began = time.monotonic()
    assert fresh.send(phone) == 0 and time.monotonic() - began >= 0.6
    calls = wechat.calls(api="message/custom/send", openid=phone.openid)
    assert [(call["errcode"], call["fault"]) for call in calls] == [(0, "slow")]


POSTS = ["message/custom/send", "message/custom/typing", "message/template/send", "message/subscribe/bizsend", "menu/create",
         "qrcode/create", "clear_quota", "stable_token"]  # fmt: skip
_KEYS = st.sampled_from(["touser", "msgtype", "text", "content", "msgmenu", "list", "id", "news", "articles", "image", "media_id", "button",
                         "name", "type", "sub_button", "action_name", "action_info", "scene", "scene_id", "template_id", "data", "command",
                         "thing1", "value", "appid", "grant_type", "expire_seconds", "customservice", "aimsgcontext"])  # fmt: skip
_VALUES = st.sampled_from(["text", "msgmenu", "news", "image", "Typing", "QR_SCENE", "click", TEMPLATE, SUBSCRIPTION, "ME", "", "好" * 700])
_BODIES = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 10**12) | st.floats(allow_nan=False) | _VALUES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=6),
    max_leaves=12,
)
_KINDS = st.sampled_from(["text", "image", "voice", "video", "music", "news", "msgmenu", "wxcard", "mpnews", "other"])


def nearly_right(kind: str, box: Any, template: str) -> Dict[str, Any]:
    """A body that gets past the first checks of every API."""
    return {
        "touser": "ME", "msgtype": kind, kind: box, "command": "Typing", "template_id": template, "data": box, "client_msg_id": box,
        "button": box, "action_name": "QR_STR_SCENE", "action_info": box, "expire_seconds": 60, "customservice": box, "aimsgcontext": box,
        "grant_type": "client_credential", "force_refresh": box,
    }  # fmt: skip


@pytest.fixture(scope="module")
def fuzzed(platform: Simulator) -> Tuple[Api, Phone]:
    phone = platform.phone("somebody")
    phone.follow(wait=5)
    return Api(platform), phone


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(POSTS), st.builds(nearly_right, _KINDS, _BODIES, st.sampled_from([TEMPLATE, SUBSCRIPTION])) | _BODIES)
def test_no_body_breaks_the_api(fuzzed: Tuple[Api, Phone], path: str, body: Any) -> None:
    api, phone = fuzzed
    text = json.dumps(body, ensure_ascii=False).replace('"ME"', json.dumps(phone.openid))
    answer = api.post(path, text.encode())
    assert "errcode" in answer or path == "stable_token" or "ticket" in answer


# people and unknown things

def test_odd_messages_and_events_reach_the_account(wechat: Simulator, person: Person) -> None:
    phone = person()
    deeds: "list[tuple[str, Dict[str, Any]]]" = [
        ("sticker", {}), ("file", {"title": "申请表.docx"}), ("link", {"title": "t", "url": "http://127.0.0.1/"}), ("video", {"short": True}),
        ("voice", {"recognition": ""}), ("location", {"latitude": 30.5, "longitude": 110.25, "label": "青山镇"}),
        ("unknown", {"kind": "hologram", "fields": [["Depth", 3], ["Parts", [["Item", "a"], ["Item", "b"]]]]}),
        ("unknown", {"kind": "event", "event": "user_waved", "fields": []}),
    ]  # fmt: skip
    triggers = [delivery["trigger"] for delivery in (phone.does(deed, 5, **body) for deed, body in deeds) if delivery]
    assert triggers == ["text", "file", "link", "shortvideo", "voice", "location", "hologram", "user_waved"]
    assert "<Parts><Item><![CDATA[a]]></Item><Item><![CDATA[b]]></Item></Parts>" in wechat.deliveries(openid=phone.openid)[-2]["xml"]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/people", {}, 400), ("POST", "/people/oNobody/text", {"text": "x"}, 404), ("POST", "/people/{0}/fly", {}, 404),
        ("POST", "/people/{0}/text", {"text": 7}, 400), ("POST", "/people/{0}/tap", {"key": "none"}, 409),
        ("POST", "/people/{0}/image", {"content": "!"}, 400), ("POST", "/knobs", {"attempts": "x"}, 400),
        ("POST", "/clock", {"pace": 0}, 400), ("POST", "/clock", {"set": "now"}, 400), ("POST", "/faults", {"where": "push"}, 400),
        ("POST", "/push_again", {"delivery": "p0"}, 404), ("GET", "/people/{0}/open?url=http://example.com/", None, 400),
        ("GET", "/pictures/none", None, 404), ("POST", "/people/{0}/unknown", {"kind": "x", "fields": [["<", 1]]}, 400),
    ],
)  # fmt: skip
def test_wrong_calls_of_the_control_api_say_why(
    wechat: Simulator, person: Person, method: str, path: str, body: Any, status: int
) -> None:
    answer = requests.request(method, f"{wechat.url}/sim{path.format(person().openid)}", json=body, timeout=5)
    assert answer.status_code == status and answer.json()["error"]


def test_everything_can_be_exported(wechat: Simulator, person: Person) -> None:
    phone = person()
    phone.says("你好", wait=5)
    kept = wechat.call("GET", "/export", openid=phone.openid)
    assert [line["kind"] for line in kept["lines"]] == ["text", "text"] and len(kept["deliveries"]) == 2
    assert [p["name"] for p in kept["people"]] == [phone.name]
    secrets = (wechat.config.wechat.app_secret, wechat.config.wechat.token, wechat.config.wechat.aes_key)
    assert not any(secret in json.dumps(kept) for secret in secrets)
