"""The web chat over HTTP: cookie, event stream, limits, and a kind sentence for everything that is not right."""

from __future__ import annotations

import time
from uuid import uuid4

import pytest
import requests

from tests.integration.gateway.conftest import House
from tests.support.gateway import Page
from tests.support.numbers import id_number

STORES = ("sqlite",)  # what differs between stores is in test_delivery, test_vault and test_internal


def test_the_page_sets_a_cookie_that_scripts_and_foreign_pages_do_not_get(house: House) -> None:
    answer = requests.get(house.gateway.url + "/chat", timeout=5)
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/;" in cookie + ";"
    assert "secure" not in cookie.lower()
    proxied = requests.get(house.gateway.url + "/chat", headers={"X-Forwarded-Proto": "https"}, timeout=5)
    assert "secure" in proxied.headers["Set-Cookie"].lower()


def test_the_page_runs_nothing_that_is_not_ours(house: House) -> None:
    answer = requests.get(house.gateway.url + "/chat", timeout=5)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "http" not in policy
    assert "<style" not in answer.text and " style=" not in answer.text and " onclick=" not in answer.text
    assert "http://" not in answer.text and "https://" not in answer.text
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_root_leads_to_the_chat(house: House) -> None:
    assert requests.get(house.gateway.url + "/", timeout=5).url.endswith("/chat")


def test_a_page_that_is_loaded_again_keeps_the_conversation(house: House) -> None:
    page = house.page()
    before = page.conversation
    page.session.get(house.gateway.url + "/chat", timeout=5)
    assert page.conversation == before


@pytest.mark.parametrize(
    "forge",
    [
        lambda c: c[:-1] + ("0" if c[-1] != "0" else "1"),
        lambda c: c.partition(".")[0],
        lambda c: "web-x." + "0" * 64,
        lambda c: "",
    ],
)
def test_a_forged_cookie_opens_no_conversation(house: House, forge: "object") -> None:
    page = house.page()
    mine = page.conversation
    forged = {"bangban_chat": forge(page.session.cookies["bangban_chat"])}  # type: ignore[operator]
    body = {"text": "x", "client_id": "1"}
    for answer in (
        requests.post(house.gateway.url + "/chat/messages", json=body, cookies=forged, timeout=5),
        requests.get(house.gateway.url + "/chat/events", cookies=forged, timeout=5),
        requests.post(house.gateway.url + "/chat/forget", cookies=forged, timeout=5),
    ):
        assert answer.status_code == 401
        assert "刷新" in answer.json()["error"]["message"]
    fresh = requests.get(house.gateway.url + "/chat", cookies=forged, timeout=5)
    assert mine not in fresh.headers["Set-Cookie"]


def test_another_persons_signature_does_not_fit(house: House) -> None:
    one, two = house.page(), house.page()
    mixed = one.conversation + "." + two.session.cookies["bangban_chat"].partition(".")[2]
    answer = requests.get(house.gateway.url + "/chat/events", cookies={"bangban_chat": mixed}, timeout=5)
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"text": None, "client_id": "1"}, "bad_text"),
        ({"client_id": "1"}, "bad_text"),
        ({"text": "x"}, "bad_client_id"),
        ({"text": "x", "client_id": "a b"}, "bad_client_id"),
        ({"text": "x", "client_id": "a" * 65}, "bad_client_id"),
        ({"text": "x", "client_id": 5}, "bad_client_id"),
        (["x"], "bad_json"),
        (None, "bad_json"),
    ],
)
def test_bad_input_gets_a_kind_sentence(house: House, body: object, code: str) -> None:
    answer = house.page().session.post(house.gateway.url + "/chat/messages", json=body, timeout=5)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)
    assert len(answer.json()["error"]["message"]) > 5


@pytest.mark.parametrize("raw", [b"{", b"\xff\xfe", b"text=x"])
def test_a_body_that_is_no_json_gets_a_kind_sentence(house: House, raw: bytes) -> None:
    answer = house.page().session.post(house.gateway.url + "/chat/messages", data=raw, timeout=5)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_json")


def test_a_body_beyond_all_measure_is_refused(house: House) -> None:
    answer = house.page().session.post(
        house.gateway.url + "/chat/messages", json={"text": "长" * 40_000, "client_id": "1"}, timeout=5
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")


def test_a_long_message_goes_on_with_its_beginning_and_a_word(house: House) -> None:
    page = house.page().listen()
    page.send("长" * 3000)
    page.wait_for("前面 2000 个字")
    page.wait_for("echo: 长")
    assert house.rasa.messages(page.conversation) == ["长" * 2000]
    assert page.texts("me") == ["长" * 2000]


def test_a_number_at_the_cut_is_not_halved(house: House) -> None:
    page = house.page().listen()
    page.send("长" * 1990 + id_number() + "完")
    page.wait_for("echo: 长")
    assert house.rasa.messages(page.conversation) == ["长" * 1990]


@pytest.mark.parametrize(
    ("text", "flag"),
    [("👍🎉", True), ("   ", True), ("", True), ("。。。", True), ("？？", False), ("👍好", False), ("1️⃣", False)],
)
def test_emoji_and_blanks_go_through_with_a_mark(house: House, text: str, flag: bool) -> None:
    page = house.page()
    page.send(text)
    page.listen().wait_for("echo:")
    call = next(c for c in house.rasa.calls if c["sender"] == page.conversation)
    assert call["metadata"]["emoji_only"] is flag


@pytest.mark.parametrize(
    "text",
    ["\x00\x01", "\ud800", "a\u202eb", "<script>alert(1)</script>", "'; drop table vault; --", "{{7*7}}", "%00", "𠮷"],
)
def test_strange_texts_are_only_texts(house: House, text: str) -> None:
    page = house.page()
    body = '{"text": ' + __import__("json").dumps(text) + ', "client_id": "1"}'
    assert page.session.post(house.gateway.url + "/chat/messages", data=body, timeout=5).status_code == 202
    page.listen().wait_for("echo:")


def test_whoever_sends_too_fast_is_asked_to_wait(house: House) -> None:
    page = house.page()
    codes = [
        page.session.post(house.gateway.url + "/chat/messages", json={"text": "x", "client_id": str(n)}, timeout=5)
        for n in range(30)
    ]
    refused = [c for c in codes if c.status_code == 429]
    assert codes[19].status_code == 202
    assert refused and int(refused[0].headers["Retry-After"]) >= 1
    assert "稍等" in refused[0].json()["error"]["message"]
    time.sleep(1.2)
    page.send("慢慢来")


def test_an_address_has_a_limit_too(house: House) -> None:
    headers = {"X-Forwarded-For": "203.0.113.77"}
    codes = []
    for _ in range(15):
        session = requests.Session()
        session.get(house.gateway.url + "/chat", timeout=5)
        for _ in range(18):
            body = {"text": 1, "client_id": uuid4().hex}  # refused after the limit, so that Rasa is left in peace
            codes.append(
                session.post(house.gateway.url + "/chat/messages", json=body, headers=headers, timeout=5).status_code
            )
    assert set(codes) == {400, 429}
    assert house.page().send("别人不受影响")


def test_a_call_from_a_foreign_page_is_refused(house: House) -> None:
    page = house.page()
    headers = {"Sec-Fetch-Site": "cross-site"}
    for path in ("/chat/messages", "/chat/forget"):
        answer = page.session.post(
            house.gateway.url + path, json={"text": "x", "client_id": "1"}, headers=headers, timeout=5
        )
        assert answer.status_code == 403


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nothing", 404), ("GET", "/chat/messages", 405), ("GET", "/chat/static/../app.py", 404)],
)
def test_what_is_not_there_says_so_without_a_stack_trace(house: House, method: str, path: str, status: int) -> None:
    answer = requests.request(method, house.gateway.url + path, timeout=5)
    assert answer.status_code == status
    assert set(answer.json()) == {"error"}
    assert "Traceback" not in answer.text


# ---- the stream ----


def test_a_page_that_reconnects_gets_what_it_missed_and_nothing_twice(house: House) -> None:
    page = house.page().listen()
    page.send("一")
    page.wait_for("echo: 一")
    page.hang_up()
    seen = page.events[-1]["sse_id"]
    page.send("二")
    page.send("三")
    time.sleep(1)
    page.listen(after=seen)
    page.wait_for("echo: 三")
    ids = [e["sse_id"] for e in page.events]
    assert ids == list(range(1, len(ids) + 1))


def test_a_stream_cut_again_and_again_shows_every_number_once(house: House) -> None:
    page = house.page()
    house.rasa.delay = 0.05
    for turn in range(6):
        seen = page.events[-1]["sse_id"] if page.events else 0
        page.listen(after=seen)
        page.send(f"第{turn}句")
        if turn % 2:
            page.wait(lambda p: len(p.events) > 0)
        page.hang_up()
        time.sleep(0.15)
    page.listen(after=page.events[-1]["sse_id"] if page.events else 0).wait_for("echo: 第5句")
    ids = [e["sse_id"] for e in page.events]
    assert sorted(set(ids)) == list(range(1, 13))
    assert page.texts("bot") == [f"echo: 第{n}句" for n in range(6)]


def test_a_new_page_shows_the_whole_conversation_with_masked_numbers(house: House) -> None:
    page = house.page()
    page.send(f"身份证{id_number('19400315')}，对吗？")
    page.listen().wait_for("echo:")
    again = Page.__new__(Page)
    again.__dict__.update(url=page.url, session=page.session, events=[], states=[])
    again.listen().wait_for("echo:")
    assert again.texts() == ["身份证110000**********39，对吗？", "echo: 身份证110000**********39,对吗?"]


def test_the_page_is_told_while_an_answer_is_due(house: House) -> None:
    page = house.page().listen()
    house.rasa.delay = 0.5
    page.send("你好")
    page.wait_for("echo: 你好")
    page.wait(lambda p: [s["due"] for s in p.states] == [False, True, False])


def test_a_new_conversation_shows_nothing_of_the_old_one(house: House) -> None:
    page = house.page()
    page.send("旧的")
    old = page.conversation
    assert page.session.post(house.gateway.url + "/chat/forget", timeout=5).status_code == 200
    assert page.conversation != old
    page.listen().send("新的")
    page.wait_for("echo: 新的")
    assert page.texts("me") == ["新的"]


@pytest.mark.parametrize("after", ["-1", "x", "1e9", "9" * 30, "٣"])
def test_a_bad_position_in_the_stream_is_refused(house: House, after: str) -> None:
    page = house.page()
    answer = page.session.get(house.gateway.url + "/chat/events", params={"after": after}, timeout=5)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_cursor")


def test_one_conversation_holds_only_so_many_pages_open(house: House) -> None:
    page = house.page()
    streams = [page.session.get(house.gateway.url + "/chat/events", stream=True, timeout=5) for _ in range(7)]
    assert [s.status_code for s in streams] == [200] * 6 + [429]
    for stream in streams:
        stream.close()


def test_the_gateway_stops_quickly_with_pages_open(own_house: House) -> None:
    page = own_house.page().listen()
    page.send("在")
    page.wait_for("echo: 在")
    began = time.monotonic()
    own_house.gateway.stop()
    assert time.monotonic() - began < 6
