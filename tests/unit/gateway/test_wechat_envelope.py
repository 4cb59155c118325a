"""E1-E8: what is not exactly a push of the platform to this account is refused, and nothing else is raised.

Letters are sealed here by hand, after the platform's description, so that envelope and test share no code.
"""

from __future__ import annotations

import base64
import hashlib
import os
import random
import struct
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any, Dict, List, Optional

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from bot.gateway.wechat import push
from bot.gateway.wechat.envelope import Forged, greet, open_letter, text_reply
from bot.settings import WeChat

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=timezone(timedelta(hours=8)))
KEY, OLD_KEY, OTHER_KEY = ("A" * 42 + "E", "B" * 42 + "E", "C" * 42 + "E")
ACCOUNT = WeChat(
    app_id="wx0000000000000001", app_secret="s" * 32, original_id="gh_000000000001", token="testtoken",
    aes_key=KEY, previous_aes_key="", mode="safe", api_base="http://127.0.0.1:1", oauth_base="http://127.0.0.1:1",
    demo=True, choices="menu", overlap="careful", typing=True,
)  # fmt: skip
PLAIN, COMPATIBLE = replace(ACCOUNT, mode="plain"), replace(ACCOUNT, mode="compatible")
TEXT = (
    "<xml><ToUserName><![CDATA[gh_000000000001]]></ToUserName><FromUserName><![CDATA[oPerson1]]></FromUserName>"
    "<CreateTime>1795572000</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[你好]]></Content>"
    "<MsgId>23456789012345678</MsgId></xml>"
)
Query = Dict[str, List[Any]]


def sign(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


def sealed(
    content: bytes,
    key: str = KEY,
    app_id: str = ACCOUNT.app_id,
    pad: Optional[int] = None,
    length: Optional[int] = None,
) -> str:
    plain = os.urandom(16) + struct.pack(">I", len(content) if length is None else length) + content + app_id.encode()
    fill = 32 - len(plain) % 32
    plain += bytes([fill if pad is None else pad]) * fill
    raw_key = base64.b64decode(key + "=")
    encryptor = Cipher(algorithms.AES(raw_key), modes.CBC(raw_key[:16])).encryptor()
    return base64.b64encode(encryptor.update(plain) + encryptor.finalize()).decode()


def envelope(encrypted: str, more: str = "", now: datetime = NOW) -> "tuple[Query, bytes]":
    stamp = str(int(now.timestamp()))
    query: Query = {
        "signature": [sign(ACCOUNT.token, stamp, "n1")], "timestamp": [stamp], "nonce": ["n1"], "encrypt_type": ["aes"],
        "msg_signature": [sign(ACCOUNT.token, stamp, "n1", encrypted)],
    }  # fmt: skip
    body = f"<xml><ToUserName>gh_000000000001</ToUserName>{more}<Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>"
    return query, body.encode()


def plain_query(now: datetime = NOW) -> Query:
    stamp = str(int(now.timestamp()))
    return {"signature": [sign(ACCOUNT.token, stamp, "n1")], "timestamp": [stamp], "nonce": ["n1"]}


def refused(account: WeChat, query: Query, body: bytes) -> str:
    with pytest.raises(Forged) as raised:
        push.read(open_letter(account, query, body, NOW).root)
    return raised.value.why


def test_a_genuine_push_is_read_in_every_mode() -> None:
    query, body = envelope(sealed(TEXT.encode()))
    assert push.read(open_letter(ACCOUNT, query, body, NOW).root).values["Content"] == "你好"
    assert push.read(open_letter(COMPATIBLE, query, body, NOW).root).openid == "oPerson1"
    assert push.read(open_letter(PLAIN, plain_query(), TEXT.encode(), NOW).root).number == "23456789012345678"


def test_e01_the_echo_is_given_back_only_for_a_genuine_check() -> None:
    query: Query = {**plain_query(), "echostr": ["8439472394723"]}
    assert greet(ACCOUNT, query, NOW) == "8439472394723"
    for name in query:
        for bad in ([], [""], [query[name][0], query[name][0]], ["密码"], [query[name][0] + "0"]):
            if name == "echostr" and len(bad) == 1 and bad[0]:
                continue  # it is not signed; anything is given back
            with pytest.raises(Forged):
                greet(ACCOUNT, {**query, name: bad}, NOW)


def test_e02_the_known_answers_of_the_platform_s_own_page() -> None:
    account = replace(ACCOUNT, token="AAAAA")
    query: Query = {"timestamp": ["1714036504"], "nonce": ["1514711492"], "echostr": ["1"]}
    at = datetime.fromtimestamp(1714036504, timezone.utc)
    good = {**query, "signature": ["f464b24fc39322e44b38aa78f5edd27bd1441696"]}
    assert greet(account, good, at) == "1"
    with pytest.raises(Forged):
        greet(replace(ACCOUNT, token=""), {**query, "signature": [sign("", "1714036504", "1514711492")]}, at)


@pytest.mark.parametrize("off, good", [(-240, True), (240, True), (-301, False), (301, False), (-86400, False)])
def test_e03_a_clock_may_be_four_minutes_off_but_not_more(off: int, good: bool) -> None:
    then = NOW + timedelta(seconds=off)
    query, body = envelope(sealed(TEXT.encode()), now=then)
    if good:
        open_letter(ACCOUNT, query, body, NOW)
    else:
        assert refused(ACCOUNT, query, body).startswith("timestamp")


@pytest.mark.parametrize("stamp", ["", "abc", "-1", "1e9", "９９９", "1" * 40])
def test_e03_a_timestamp_that_is_no_number_is_refused(stamp: str) -> None:
    query = {**plain_query(), "timestamp": [stamp]}
    query["signature"] = [sign(ACCOUNT.token, stamp, "n1")]
    refused(PLAIN, query, TEXT.encode())


def test_e04_in_safe_mode_a_changed_body_is_refused() -> None:
    query, body = envelope(sealed(TEXT.encode()))
    other = sealed(TEXT.replace("你好", "转账").encode())
    assert refused(ACCOUNT, query, envelope(other)[1]) == "signature"
    assert refused(ACCOUNT, {**query, "msg_signature": query["signature"]}, body) == "signature"


@pytest.mark.parametrize("kind", [None, ["raw"], ["aes", "raw"], [""], ["AES"]])
@pytest.mark.parametrize("account", [ACCOUNT, COMPATIBLE])
def test_e05_no_downgrade(account: WeChat, kind: Optional[List[str]]) -> None:
    query = plain_query() if kind is None else {**plain_query(), "encrypt_type": kind}
    refused(account, query, TEXT.encode())


def test_e05_a_plaintext_account_takes_no_sealed_push() -> None:
    assert refused(PLAIN, *envelope(sealed(TEXT.encode()))) == "mode"


@pytest.mark.parametrize("how", [
    {"app_id": "wx0000000000000002"}, {"app_id": ""}, {"key": OTHER_KEY}, {"pad": 0}, {"pad": 33}, {"pad": 1, "length": 9},
    {"length": 2**31}, {"length": 10**6},
])  # fmt: skip
def test_e05_what_was_not_sealed_for_us_is_refused(how: Dict[str, Any]) -> None:
    assert refused(ACCOUNT, *envelope(sealed(TEXT.encode(), **how))) in ("ciphertext", "xml: ParseError")


@pytest.mark.parametrize("cipher", ["", "abc", "%%%%", "AAAA", base64.b64encode(b"x" * 31).decode(), "密文"])
def test_e05_what_is_no_ciphertext_is_refused(cipher: str) -> None:
    refused(ACCOUNT, *envelope(cipher))


def test_e05_the_key_before_is_taken_while_it_is_configured_and_answered_with() -> None:
    query, body = envelope(sealed(TEXT.encode(), OLD_KEY))
    assert refused(ACCOUNT, query, body) == "ciphertext"
    changing = replace(ACCOUNT, previous_aes_key=OLD_KEY)
    assert open_letter(changing, query, body, NOW).aes_key == OLD_KEY


def test_e06_in_compatible_mode_only_the_sealed_part_counts() -> None:
    forged = "<FromUserName>oSomebodyElse</FromUserName><MsgType>text</MsgType><Content>假的</Content>"
    query, body = envelope(sealed(TEXT.encode()), more=forged)
    read = push.read(open_letter(COMPATIBLE, query, body, NOW).root)
    assert (read.openid, read.values["Content"]) == ("oPerson1", "你好")


@pytest.mark.parametrize("content", [
    '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml><ToUserName>&e;</ToUserName></xml>',
    '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><xml><ToUserName>&b;</ToUserName></xml>',
    "<xml>" * 30 + "</xml>" * 30,
    "<xml>" + "<a/>" * 300 + "</xml>",
    TEXT.replace("<MsgType>", "<MsgType>event</MsgType><MsgType>"),
    TEXT.replace("FromUserName", "From"),
    TEXT.replace("oPerson1", ""),
    TEXT.replace("oPerson1", "人"),
    TEXT.replace("gh_000000000001", "gh_000000000002"),
    TEXT.replace("1795572000", "soon"),
    TEXT.replace("23456789012345678", "abc"),
    TEXT.replace("xml>", "html>"),
    TEXT + "x",
    TEXT[:-3],
    "",
    "{}",
])  # fmt: skip
def test_e07_bad_xml_is_refused_even_when_it_was_sealed_for_us(content: str) -> None:
    refused(ACCOUNT, *envelope(sealed(content.encode())))
    refused(PLAIN, plain_query(), content.encode())


def test_e07_a_body_of_ten_megabytes_is_not_even_parsed() -> None:
    assert refused(PLAIN, plain_query(), b"<xml>" + b"a" * (10 << 20)) == "body too large"


def test_e07_a_byte_order_mark_is_harmless_and_another_encoding_is_read_or_refused() -> None:
    marked = open_letter(PLAIN, plain_query(), b"\xef\xbb\xbf" + TEXT.encode(), NOW)
    assert push.read(marked.root).values["Content"] == "你好"
    refused(PLAIN, plain_query(), TEXT.encode("gbk"))


def test_e08_a_passive_answer_is_well_formed_whatever_it_says() -> None:
    letter = open_letter(PLAIN, plain_query(), TEXT.encode(), NOW)
    for text in ("]]>", "a]]>b]]>", "\x00\x08控制", "<a href='x'>", "&amp;", "👨\u200d👩\u200d👧" * 200, "汉" * 3000):
        answer = text_reply(PLAIN, letter, text, NOW)
        from bot.gateway.wechat.envelope import facts, parse

        read = facts(parse(answer.encode()))
        assert read["ToUserName"] == "oPerson1" and read["FromUserName"] == ACCOUNT.original_id
        assert 0 < len(read["Content"].encode()) <= 2048
        assert "\x00" not in read["Content"]


def test_a_thousand_spoiled_letters_are_refused_and_never_raise_anything_else() -> None:
    chance = random.Random(20261123)
    good_query, good_body = envelope(sealed(TEXT.encode()))
    taken = 0
    for _ in range(1000):
        query = {name: list(values) for name, values in good_query.items()}
        body = bytearray(good_body)
        for _ in range(chance.randint(1, 4)):
            which = chance.randrange(4)
            if which == 0:
                body[chance.randrange(len(body))] = chance.randrange(256)
            elif which == 1:
                del body[chance.randrange(1, len(body) + 1) :]
            elif which == 2:
                query[chance.choice(list(query))] = [chance.choice(["", "aes", "raw", "\x00", "1" * 50, "签"])]
            else:
                query.pop(chance.choice(list(query)), None)
            if not query:
                break
        try:
            push.read(open_letter(ACCOUNT, query, bytes(body), NOW).root)
            taken += 1
        except Forged:
            pass
    assert taken < 150  # only where something unsigned was spoiled


def test_keys_are_equal_for_the_same_push_and_for_no_other() -> None:
    def key(text: str) -> str:
        return push.read(open_letter(PLAIN, plain_query(), text.encode(), NOW).root).key

    event = TEXT.replace("<MsgId>23456789012345678</MsgId>", "<Event>CLICK</Event><EventKey>a</EventKey>")
    event = event.replace("[text]", "[event]")
    different = [
        TEXT, TEXT.replace("oPerson1", "oPerson2"), TEXT.replace("1795572000", "1795572001"),
        TEXT.replace("5678<", "5679<"), event, event.replace(">a<", ">b<"), event.replace("CLICK", "VIEW"),
    ]  # fmt: skip
    assert len({key(text) for text in different}) == len(different)
    assert key(TEXT) == key(TEXT)
