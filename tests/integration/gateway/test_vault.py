"""Personal numbers: sealed before anything is stored, bound to the conversation, shown only against a line in the log."""

from __future__ import annotations

import re
import sqlite3
import time
from pathlib import Path

import psycopg2
import pytest

from tests.integration.gateway.conftest import House
from tests.support.numbers import id_number, mobile, wrong_check_digit
from tests.support.written_forms import plain_forms

TOKEN = re.compile(r"⟦(身份证|手机|电话|银行卡|信用代码|号码片段):[a-z2-7]{10}⟧")


def test_a_number_becomes_a_token_with_what_the_form_may_know(house: House) -> None:
    answer = house.gateway.seal(f"我的身份证是{id_number('19400315')}，谢谢")
    assert TOKEN.sub("▢", answer["text"]) == "我的身份证是▢,谢谢"
    (number,) = answer["numbers"]
    assert number["token"] in answer["text"]
    assert (number["kind"], number["verdict"], number["masked"], number["birth"]) == (
        "id_number",
        "ok",
        "110000**********39",
        "1940-03-15",
    )
    assert re.fullmatch("[0-9a-f]{64}", number["fingerprint"])
    assert answer["lease"] == {"owner": "bot", "epoch": 0}


def test_the_same_number_has_the_same_token_in_one_conversation_and_another_in_the_next(house: House) -> None:
    number = mobile(7)
    one = house.gateway.seal(f"电话{number}", "same-1")["numbers"][0]
    again = house.gateway.seal(f"是{' '.join(number)}", "same-1")["numbers"][0]
    other = house.gateway.seal(f"电话{number}", "same-2")["numbers"][0]
    assert one["token"] == again["token"] != other["token"]
    assert one["fingerprint"] == again["fingerprint"] == other["fingerprint"]


def test_a_wrong_number_is_sealed_too_and_says_why(house: House) -> None:
    number = house.gateway.seal(wrong_check_digit(id_number()))["numbers"][0]
    assert (number["verdict"], number["birth"]) == ("check_digit", None)


def test_a_token_typed_by_a_person_is_text(house: House) -> None:
    token = house.gateway.seal(f"电话{mobile(8)}", "typed")["numbers"][0]["token"]
    answer = house.gateway.seal(f"我打一个{token}试试", "typed")
    assert answer["numbers"] == []
    assert "⟦" not in answer["text"] and token[1:-1] in answer["text"]


def test_our_own_numbers_stay_readable(house: House) -> None:
    text = "BJ-261123-0001-7到哪了?2025年3月8日交的300元"
    assert house.gateway.seal(text) == {
        "text": text, "numbers": [], "lease": {"owner": "bot", "epoch": 0}, "emoji_only": False, "cut": False,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "sealed"),
    [("/restart", "／restart"), ("  ／inform{}", "／inform{}"), ("a\u200bb\x07", "ab"), ("１２３", "123")],
)
def test_texts_are_normalised_before_rasa_sees_them(house: House, typed: str, sealed: str) -> None:
    assert house.gateway.seal(typed)["text"] == sealed


def test_a_number_in_two_messages_is_joined_in_the_second(house: House) -> None:
    number = id_number("19900101")
    first = house.gateway.seal(f"我的身份证是{number[:12]}", "halves")
    second = house.gateway.seal(number[12:], "halves", "m2")
    assert number[:12] not in first["text"]
    assert first["numbers"][0]["kind"] == "partial"
    assert TOKEN.fullmatch(second["text"])
    assert (second["numbers"][0]["kind"], second["numbers"][0]["verdict"]) == ("id_number", "ok")
    assert house.gateway.seal(number[12:], "halves", "m2") == second  # delivered again


def test_the_rest_of_a_number_is_awaited_for_five_minutes_only(house: House) -> None:
    import requests

    def clock(moment: str) -> None:
        assert requests.post(house.gateway.url + "/test/clock", json={"now": moment}, timeout=5).status_code == 200

    number = id_number("19900101")
    clock("2026-11-23T10:00!")
    house.gateway.seal(f"身份证{number[:12]}", "late")
    clock("2026-11-23T10:05:01!")
    assert house.gateway.seal(number[12:], "late")["text"] == number[12:]
    clock("2026-11-23T10:00")


def test_halves_of_different_people_are_never_joined(house: House) -> None:
    number = id_number("19900101")
    house.gateway.seal(f"身份证{number[:12]}", "person-a")
    assert house.gateway.seal(number[12:], "person-b")["numbers"] == []


def test_a_short_beginning_is_sealed_when_the_bot_asked_for_it(house: House) -> None:
    answer = house.gateway.seal("1990000", "asked", asked="请说一下您的手机号")
    assert answer["numbers"][0]["kind"] == "partial"
    assert house.gateway.seal("1234", "asked")["numbers"][0]["kind"] == "mobile"


def test_in_the_web_chat_the_last_question_is_known(house: House) -> None:
    house.rasa.reply = lambda body: [{"text": "请问您的手机号是多少？", "buttons": []}]
    page = house.page().listen()
    page.send("帮我办")
    page.wait_for("手机号是多少")
    page.send("1990000")
    page.wait(lambda p: len(p.texts("bot")) == 2)
    page.send("1234")
    page.wait(lambda p: len(p.texts("bot")) == 3)
    numbers = [c["metadata"]["numbers"] for c in house.rasa.calls if c["sender"] == page.conversation]
    assert [n[0]["kind"] for n in numbers[1:]] == ["partial", "mobile"]
    assert page.texts("me")[1:] == ["199****", "199****1234"]


# ---- revealing ----


def test_a_number_is_revealed_to_a_named_person_with_a_reason(house: House) -> None:
    token = house.gateway.seal(f"电话{mobile(9)}")["numbers"][0]["token"]
    answer = house.gateway.internal("POST", "/vault/reveal", {"token": token, "who": "li", "reason": "核对申请"})
    assert answer.json() == {"kind": "mobile", "number": mobile(9)}


@pytest.mark.parametrize("missing", ["who", "reason", "token"])
def test_without_name_or_reason_nothing_is_revealed(house: House, missing: str) -> None:
    token = house.gateway.seal(f"电话{mobile(9)}")["numbers"][0]["token"]
    body = {"token": token, "who": "li", "reason": "核对"}
    assert house.gateway.internal("POST", "/vault/reveal", {**body, missing: " "}).status_code == 400


def test_an_unknown_token_is_not_found(house: House) -> None:
    body = {"token": "⟦手机:aaaaaaaaaa⟧", "who": "li", "reason": "核对"}
    assert house.gateway.internal("POST", "/vault/reveal", body).status_code == 404
    assert house.gateway.internal("POST", "/vault/reveal", {**body, "token": mobile()}).status_code == 404


def rows(house: House, query: str) -> "list[tuple[object, ...]]":
    if house.gateway.database_url:
        connection = psycopg2.connect(house.gateway.database_url)
    else:
        connection = sqlite3.connect(house.gateway.folder / "gateway.db")
    try:
        cursor = connection.cursor()
        cursor.execute(query)
        return list(cursor.fetchall())
    finally:
        connection.close()


def test_each_reveal_stands_in_the_log_also_when_there_was_nothing_to_see(own_house: House) -> None:
    token = own_house.gateway.seal(f"电话{mobile(9)}")["numbers"][0]["token"]
    for asked in (token, "⟦手机:aaaaaaaaaa⟧"):
        own_house.gateway.internal("POST", "/vault/reveal", {"token": asked, "who": "li", "reason": "核对申请"})
    found = rows(own_house, "select token, who, reason from vault_log order by id")
    assert found == [(token[-11:-1], "li", "核对申请"), ("aaaaaaaaaa", "li", "核对申请")]


# ---- nothing in plain text ----


def traces(folder: Path, numbers: "list[str]") -> "list[str]":
    """Files below a folder in which a number can be read, in the usual encodings of text."""
    found = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        content = path.read_bytes()
        for number in numbers:
            if any(number.encode(code) in content for code in ("utf8", "utf-16-le", "utf-16-be")):
                found.append(f"{number} in {path.name}")
    return found


def test_no_file_holds_a_number_in_plain_text(own_house: House) -> None:
    """Every written form through the chat, then a search through database, write-ahead log and logs."""
    numbers = [
        id_number("19410203", "456"),
        wrong_check_digit(id_number("19520607", "135")),
        mobile(4321),
        "6222021234567890128",
    ]
    forms = [form for number in numbers for form in plain_forms(number)]
    page = None
    for index, form in enumerate(forms):
        if index % 10 == 0:  # a bucket holds twenty
            page = own_house.page()
        assert page is not None
        page.send(f"我的号码是{form}，请记一下")
    half = id_number("19630708", "246")
    page = own_house.page().listen()
    page.send(f"身份证号{half[:13]}")  # more than a mask shows
    page.send(half[13:])
    page.wait_for(":", 30)
    page.wait(lambda p: len(p.texts("bot")) == 2)
    deadline = time.monotonic() + 30
    while len(own_house.rasa.worked) < len(forms) + 2 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert len(own_house.rasa.worked) == len(forms) + 2
    for body in own_house.rasa.calls:
        assert TOKEN.search(body["message"]), body["message"]
    everything = [*forms, *numbers, half, half[:13]]
    assert traces(own_house.gateway.folder, everything) == []
    if own_house.gateway.database_url:
        stored = str(
            [
                rows(own_house, f"select * from {t}")
                for t in ("gateway_inbox", "gateway_outbox", "vault", "vault_pending", "vault_log")
            ]
        )
        assert [n for n in everything if n in stored] == []
