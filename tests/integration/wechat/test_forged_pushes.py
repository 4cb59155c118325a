"""E1-E7, E10, E12 over real sockets: what is not exactly a push to this account is refused with a clean 4xx and leaves no trace."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List

import pytest

from bot.wechat_sim.crypto import decrypt, signature
from tests.support.forger import Forger, now_in_shanghai, text_xml
from tests.support.gateway import NOW, RunningGateway
from tests.support.stack import free_ports

OLD_KEY = "B" * 42 + "E"


class House:
    """A gateway without platform and without Rasa, in one mode."""

    def __init__(self, folder: Path, mode: str) -> None:
        rasa, center = free_ports(2)
        extra = {"WECHAT_MODE": mode, "BANGBAN_CENTER_PORT": str(center), "WECHAT_AES_KEY_PREVIOUS": OLD_KEY}
        self.gateway = RunningGateway(folder, rasa, extra={**extra, "BANGBAN_NOW": NOW + "!"}).start()
        self.account = self.gateway.settings.wechat
        self.forger = Forger(self.gateway.url, self.account, now_in_shanghai(NOW))

    def traces(self) -> List[Any]:
        with sqlite3.connect(f"file:{self.gateway.folder / 'gateway.db'}?mode=ro", uri=True) as connection:
            tables = ("gateway_inbox", "wechat_pushes", "wechat_people", "wechat_grants", "gateway_outbox")
            return [connection.execute(f"select count(*) from {table}").fetchone()[0] for table in tables]

    def openids(self) -> List[str]:
        with sqlite3.connect(f"file:{self.gateway.folder / 'gateway.db'}?mode=ro", uri=True) as connection:
            return [row[0] for row in connection.execute("select openid from wechat_people")]

    def texts(self) -> List[str]:
        with sqlite3.connect(f"file:{self.gateway.folder / 'gateway.db'}?mode=ro", uri=True) as connection:
            return [row[0] for row in connection.execute("select text from gateway_inbox order by seq, id")]


@pytest.fixture(scope="module")
def houses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], House]]:
    opened: Dict[str, House] = {}

    def of(mode: str) -> House:
        if mode not in opened:
            opened[mode] = House(tmp_path_factory.mktemp(mode), mode)
        return opened[mode]

    yield of
    for house in opened.values():
        house.gateway.stop()


@pytest.fixture(params=["plain", "compatible", "safe"])
def house(request: pytest.FixtureRequest, houses: Callable[[str], House]) -> House:
    return houses(request.param)


@pytest.fixture
def safe(houses: Callable[[str], House]) -> House:
    return houses("safe")


def refused(house: House, query: Any, body: bytes) -> None:
    before = house.traces()
    answer = house.forger.post(query, body)
    assert 400 <= answer.status_code < 500, (query, body[:60], answer.status_code, answer.text)
    assert house.traces() == before


def test_e01_only_a_genuine_check_gets_its_echo_and_byte_for_byte(house: House) -> None:
    good = {**house.forger.query(None), "echostr": "0084<b>39&472 3947"}
    answer = house.forger.get(good)
    assert answer.status_code == 200 and answer.content == b"0084<b>39&472 3947"
    assert answer.headers["content-type"].startswith("text/plain")
    for name in good:
        spoiled: List[Any] = [{k: v for k, v in good.items() if k != name}, {**good, name: ""}, [*good.items(), (name, good[name])],
                              [*good.items(), (name, "")]]  # fmt: skip
        if name != "echostr":
            spoiled += [{**good, name: good[name] + "1"}, {**good, name: "密码"}, {**{k: v for k, v in good.items() if k != name}, f"{name}[]": good[name]}]
        for query in spoiled:
            assert 400 <= house.forger.get(query).status_code < 500, query


@pytest.mark.parametrize("house, name", [
    ("plain", "timestamp"), ("plain", "nonce"), ("plain", "signature"),
    *((mode, name) for mode in ("compatible", "safe") for name in ("timestamp", "nonce", "msg_signature", "encrypt_type")),
], indirect=["house"])  # fmt: skip
def test_e01_a_parameter_that_is_missing_doubled_or_an_array_is_refused(house: House, name: str) -> None:
    query, body = house.forger.good(text_xml(house.account, "oForger", "x", 1))
    rest = [(k, v) for k, v in query.items() if k != name]
    doubled = [[*query.items(), (name, value)] for value in (query[name], "")]
    for spoiled in (rest, [*rest, (name, "")], [*rest, (name + "[]", query[name])], *doubled):
        refused(house, spoiled, body)
    refused(house, [*rest, (name, "签名")], body)


@pytest.mark.parametrize("skew, good", [(-240, True), (240, True), (-301, False), (301, False), (-86_400, False), (10**9, False)])
def test_e03_clocks_may_differ_by_four_minutes(house: House, skew: float, good: bool) -> None:
    xml = text_xml(house.account, "oSkewed", "x", int(abs(skew)) + 7 * (skew > 0))
    sealed = None if house.account.mode == "plain" else house.forger.seal(xml)
    body = xml.encode() if sealed is None else house.forger.body(sealed)
    if good:
        assert house.forger.post(house.forger.query(sealed, skew), body).status_code == 200
    else:
        refused(house, house.forger.query(sealed, skew), body)


def test_e04_a_changed_body_under_a_valid_signature_passes_in_plaintext_only(house: House) -> None:
    """The platform signs no plaintext body (fact sheet, item 6): so the guide says safe mode, and the mode is pinned."""
    query, _ = house.forger.good(text_xml(house.account, "oVictim", "原话", 41))
    forged = text_xml(house.account, "oVictim", "改过的话", 42)
    body = forged.encode() if house.account.mode == "plain" else house.forger.body(house.forger.seal(forged))
    if house.account.mode == "plain":
        assert house.forger.post(query, body).text == "success"
    else:
        refused(house, query, body)


@pytest.mark.parametrize("house", ["compatible", "safe"], indirect=True)
@pytest.mark.parametrize("kind", [None, "raw", "AES", "aes2", ""])
def test_e05_an_account_with_encryption_takes_no_plaintext(house: House, kind: "str | None") -> None:
    query = house.forger.query(None)
    refused(house, query if kind is None else {**query, "encrypt_type": kind}, text_xml(house.account, "oDown", "x", 51).encode())


def spoiled_ciphertexts(house: House) -> "Dict[str, str]":
    forger, xml = house.forger, text_xml(house.account, "oSpoiled", "x", 52)
    good = forger.seal(xml)
    return {
        "foreign appid": forger.seal(xml, app_id="wx0000000000000000"),
        "foreign key": forger.seal(xml, key="Z" * 42 + "E"),
        "truncated": good[: len(good) // 2], "one byte short": good[:-4], "not base64": "！" + good, "spaces": " ",
        "empty": "", "one block": good[:44], "longer": good + good,
    }  # fmt: skip


@pytest.mark.parametrize("how", ["foreign appid", "foreign key", "truncated", "one byte short", "not base64", "spaces", "empty", "one block", "longer"])
def test_e05_what_was_not_sealed_for_us_is_refused_although_it_is_signed(safe: House, how: str) -> None:
    sealed = spoiled_ciphertexts(safe)[how]
    refused(safe, safe.forger.query(sealed), safe.forger.body(sealed))


def test_e05_without_encrypt_nothing_is_read(safe: House) -> None:
    refused(safe, safe.forger.query(""), b"<xml><ToUserName>x</ToUserName></xml>")


def test_e05_the_key_of_before_still_opens_and_closes_while_it_is_configured(safe: House) -> None:
    sealed = safe.forger.seal(text_xml(safe.account, "oRotating", "   ", 53), key=OLD_KEY)
    answer = safe.forger.post(safe.forger.query(sealed), safe.forger.body(sealed))
    assert answer.status_code == 200 and "<Encrypt>" in answer.text  # a passive answer, sealed with that key
    encrypted = answer.text.split("<Encrypt><![CDATA[")[1].split("]]>")[0]
    assert "没看到文字" in decrypt(OLD_KEY, safe.account.app_id, encrypted)


@pytest.mark.parametrize("house", ["compatible"], indirect=True)
def test_e06_in_compatible_mode_the_fields_in_the_clear_count_for_nothing(house: House) -> None:
    sealed = house.forger.seal(text_xml(house.account, "oGenuine", "密封的话", 61))
    clear = text_xml(house.account, "oSomebodyElse", "明文的话", 62)[len("<xml>") : -len("</xml>")]
    assert house.forger.post(house.forger.query(sealed), house.forger.body(sealed, clear)).text == "success"
    assert "密封的话" in house.texts() and "明文的话" not in house.texts()
    assert "oSomebodyElse" not in house.openids()


HEAD = "<xml><ToUserName>{to}</ToUserName>"
SENDER = "<FromUserName>oA</FromUserName>"
REST = "<CreateTime>1</CreateTime><MsgType>text</MsgType><MsgId>1</MsgId></xml>"
HOSTILE = {
    "XXE": '<!DOCTYPE xml [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + HEAD + "<Content>&e;</Content></xml>",
    "billion laughs": '<!DOCTYPE xml [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;">]>' + HEAD + "<Content>&b;</Content></xml>",
    "deep": "<xml>" + "<a>" * 400 + "</a>" * 400 + "</xml>",
    "wide": "<xml>" + "<a/>" * 5000 + "</xml>",
    "MsgType twice": HEAD + SENDER + "<MsgType>event</MsgType>" + REST,
    "no sender": HEAD + REST,
    "not for us": "<xml><ToUserName>gh_other</ToUserName>" + SENDER + REST,
    "odd digits": HEAD + SENDER + REST.replace("1", "１"),
    "no xml": '{"ToUserName": "{to}"}',
    "empty": "",
    "unclosed": HEAD,
    "other root": "<html><ToUserName>{to}</ToUserName></html>",
}


@pytest.mark.parametrize("how", HOSTILE)
def test_e07_hostile_xml_is_refused_even_when_it_is_signed_and_sealed(house: House, how: str) -> None:
    refused(house, *house.forger.good(HOSTILE[how].replace("{to}", house.account.original_id)))


def test_e07_ten_megabytes_are_refused_unread(house: House) -> None:
    refused(house, house.forger.query(None), b"<xml>" + b"a" * (10 << 20))


def test_e07_gbk_and_byte_order_marks_break_nothing(house: House) -> None:
    xml = text_xml(house.account, "oGbk", "你好", 71)
    for body in (xml.encode("gbk"), b"\xff\xfe" + xml.encode("utf-16-le"), b"\xef\xbb\xbf" + xml.encode()):
        if house.account.mode != "plain":
            body = body.decode("latin-1").encode()
        assert house.forger.post(house.forger.query(None), body).status_code < 500


def test_e07_a_message_without_an_id_is_known_by_its_content(safe: House) -> None:
    xml = text_xml(safe.account, "oNoId", "没有编号", 1).replace("<MsgId>1</MsgId>", "")
    assert "MsgId" not in xml
    for _ in range(2):
        assert safe.forger.post(*safe.forger.good(xml)).text == "success"
    assert safe.texts().count("没有编号") == 1


def test_e10_one_message_delivered_ten_times_at_once_is_stored_once(safe: House) -> None:
    query, body = safe.forger.good(text_xml(safe.account, "oParallel", "并发的一条", 101))
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: Forger(safe.gateway.url, safe.account, safe.forger.now).post(query, body).text, range(10)))
    assert answers == ["success"] * 10
    assert safe.texts().count("并发的一条") == 1


def test_e12_one_message_id_of_two_people_is_two_messages(safe: House) -> None:
    for openid in ("oFirst", "oSecond"):
        assert safe.forger.post(*safe.forger.good(text_xml(safe.account, openid, "同号", 121))).text == "success"
    assert safe.texts().count("同号") == 2


def test_e12_two_events_of_one_second_are_two(safe: House) -> None:
    before = safe.traces()[1]
    for event in ("<Event>CLICK</Event><EventKey>consult</EventKey>", "<Event>CLICK</Event><EventKey>file</EventKey>", "<Event>LOCATION</Event>"):
        xml = (
            f"<xml><ToUserName>{safe.account.original_id}</ToUserName><FromUserName>oQuick</FromUserName>"
            f"<CreateTime>1795399200</CreateTime><MsgType>event</MsgType>{event}</xml>"
        )
        for _ in range(2):
            assert safe.forger.post(*safe.forger.good(xml)).status_code == 200
    assert safe.traces()[1] == before + 3


def test_an_openid_in_the_query_counts_for_nothing(safe: House) -> None:
    query, body = safe.forger.good(text_xml(safe.account, "oMyself", "我是谁", 131))
    assert safe.forger.post({**query, "openid": "oSomebodyElse"}, body).text == "success"
    assert "oMyself" in safe.openids() and "oSomebodyElse" not in safe.openids()


def test_a_signature_of_another_token_opens_nothing(house: House) -> None:
    query, body = house.forger.good(text_xml(house.account, "oOther", "x", 141))
    for name in ("signature", "msg_signature"):
        if name in query:
            query[name] = signature("anothertoken", query["timestamp"], query["nonce"])
    refused(house, query, body)
