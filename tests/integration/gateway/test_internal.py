"""What our other processes may ask, and who may not."""

from __future__ import annotations

from uuid import uuid4

import pytest
import requests

from tests.integration.gateway.conftest import House

CALLS = [
    ("POST", "/internal/vault/seal"),
    ("POST", "/internal/vault/reveal"),
    ("POST", "/internal/outbox"),
    ("GET", "/internal/leases/c1"),
    ("POST", "/internal/leases/c1"),
]


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_internal_calls_need_the_token(house: House, method: str, path: str) -> None:
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer ｘ".encode().decode("latin1")}):
        answer = requests.request(method, house.gateway.url + path, json={}, headers=headers, timeout=5)
        assert answer.status_code == 401
        assert answer.json()["error"]["message"]


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_internal_calls_through_a_proxy_are_not_there(house: House, method: str, path: str) -> None:
    headers = {"X-Forwarded-For": "203.0.113.9"}
    assert house.gateway.internal(method, path.removeprefix("/internal"), {}, headers=headers).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"conversation": "c"},
        {"conversation": 1, "message_id": "m", "text": "x"},
        {"conversation": "c", "message_id": "m", "text": None},
        {"conversation": "c" * 201, "message_id": "m", "text": "x"},
        {"conversation": "c", "message_id": "m", "text": "x" * 20001},
    ],
)
def test_a_bad_seal_request_is_refused_with_a_sentence(house: House, body: object) -> None:
    answer = house.gateway.internal("POST", "/vault/seal", body)  # type: ignore[arg-type]
    assert answer.status_code == 400
    assert answer.json()["error"]["message"]


def put(house: House, conversation: str, **extra: object) -> requests.Response:
    body = {"conversation": conversation, "text": "请来取证", "origin": "notice", "idempotency_key": uuid4().hex}
    return house.gateway.internal("POST", "/outbox", {**body, **extra})


def test_a_notice_reaches_the_page_once(house: House) -> None:
    page = house.page().listen()
    key = uuid4().hex
    assert put(house, page.conversation, idempotency_key=key, buttons=[{"title": "知道了"}]).json() == {"written": True}
    assert put(house, page.conversation, idempotency_key=key).json() == {"written": False}
    page.wait_for("请来取证")
    put(house, page.conversation, text="第二条")
    page.wait_for("第二条")
    assert page.texts("notice") == ["请来取证", "第二条"]
    assert page.events[0]["buttons"] == [{"title": "知道了", "payload": "知道了"}]


def test_a_clerk_on_an_old_epoch_is_told_so_and_says_nothing(house: House) -> None:
    page = house.page().listen()
    house.gateway.move(page.conversation, "claim", 0, holder="li")
    house.gateway.move(page.conversation, "queue", 1)
    answer = put(house, page.conversation, origin="clerk", epoch=1)
    assert answer.status_code == 409
    assert answer.json()["lease"]["epoch"] == 2
    put(house, page.conversation, text="完")
    page.wait_for("完")
    assert page.texts() == ["完"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "bot"},
        {"origin": None},
        {"text": ""},
        {"epoch": "1"},
        {"epoch": True},
        {"buttons": "x"},
        {"buttons": [{"payload": "x"}]},
    ],
)
def test_a_bad_outgoing_message_is_refused(house: House, wrong: "dict[str, object]") -> None:
    assert put(house, "c1", **wrong).status_code == 400


def test_a_token_in_an_outgoing_text_is_shown_masked(house: House) -> None:
    page = house.page().listen()
    token = house.gateway.seal("电话19900001234", page.conversation)["numbers"][0]["token"]
    foreign = house.gateway.seal("电话19900005678", "somebody-else")["numbers"][0]["token"]
    put(house, page.conversation, text=f"您的电话{token}和{foreign}")
    page.wait_for("您的电话")
    assert page.texts() == ["您的电话199****1234和（号码已保密）"]


def test_custody_moves_and_each_move_is_seen(house: House) -> None:
    gateway, conversation = house.gateway, uuid4().hex
    assert gateway.internal("GET", f"/leases/{conversation}").json()["owner"] == "bot"
    assert gateway.move(conversation, "queue", 0).json()["epoch"] == 1
    taken = gateway.move(conversation, "claim", 1, holder="li", until="2026-11-23T10:10:00+08:00").json()
    assert (taken["owner"], taken["holder"], taken["epoch"]) == ("clerk", "li", 2)
    assert gateway.internal("GET", f"/leases/{conversation}").json() == taken
    renewed = gateway.move(conversation, "renew", 2, holder="li", until="2026-11-23T10:20:00+08:00").json()
    assert (renewed["epoch"], renewed["until"]) == (2, "2026-11-23T10:20:00+08:00")
    assert gateway.move(conversation, "release", 2).json()["owner"] == "bot"


def test_a_move_on_an_old_epoch_or_against_the_rules_is_a_conflict(house: House) -> None:
    gateway, conversation = house.gateway, uuid4().hex
    gateway.move(conversation, "claim", 0, holder="li")
    stale = gateway.move(conversation, "claim", 0, holder="wang")
    assert (stale.status_code, stale.json()["error"]["code"], stale.json()["lease"]["holder"]) == (
        409,
        "stale_epoch",
        "li",
    )
    illegal = gateway.move(conversation, "claim", 1, holder="wang")
    assert (illegal.status_code, illegal.json()["error"]["code"]) == (409, "illegal_transfer")


@pytest.mark.parametrize(
    "body",
    [
        {"action": "steal", "epoch": 0},
        {"action": "queue"},
        {"action": "queue", "epoch": "0"},
        {"action": "claim", "epoch": 0},
        {"action": "claim", "epoch": 0, "holder": "li", "until": "soon"},
        {"action": "claim", "epoch": 0, "holder": "li", "until": "2026-11-23T10:00"},
    ],
)
def test_a_bad_move_is_refused(house: House, body: "dict[str, object]") -> None:
    assert house.gateway.internal("POST", f"/leases/{uuid4().hex}", body).status_code == 400


def test_only_one_of_two_clerks_gets_a_person(house: House) -> None:
    from concurrent.futures import ThreadPoolExecutor

    conversation = uuid4().hex
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(lambda n: house.gateway.move(conversation, "claim", 0, holder=f"c{n}").status_code, range(8))
        )
    assert sorted(answers) == [200] + [409] * 7


def test_health_and_readiness_tell_whether_rasa_is_there(house: House) -> None:
    assert requests.get(house.gateway.url + "/health", timeout=5).json() == {"status": "ok"}
    assert requests.get(house.gateway.url + "/ready", timeout=5).json()["rasa"] is True
    house.rasa.stop()
    try:
        answer = requests.get(house.gateway.url + "/ready", timeout=5)
        assert (answer.status_code, answer.json()["rasa"]) == (200, False)
    finally:
        house.rasa.start()
