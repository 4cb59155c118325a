"""Pushes have the platform's fields; wechatpy reads all of them, plain and encrypted."""

from __future__ import annotations

import random
from typing import Any
from xml.etree import ElementTree

import pytest
import xmltodict
from hypothesis import given
from hypothesis import strategies as st
from wechatpy import parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import check_signature

from bot.wechat_sim import pushes
from bot.wechat_sim.account import Account
from bot.wechat_sim.pushes import Push, event, message
from bot.wechat_sim.wire import wire

KEY, APP, TOKEN = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "wxb11529c136998cb6", "AAAAA"
ME, THEM = "oLiXiaoman0000000000000000000", "gh_0123456789ab"
MSG_ID = 2**60 + 1
NOW = 1714036504


def account(mode: str) -> Account:
    return Account(APP, "secret", THEM, TOKEN, KEY, mode)


def a_message(kind: str, fields: Any) -> Push:
    return message("p1", THEM, ME, kind, fields, NOW, MSG_ID)


def an_event(name: str, fields: Any) -> Push:
    return event("p1", THEM, ME, name, fields, NOW)


MESSAGES: "list[tuple[str, Any, str, dict[str, Any]]]" = [
    ("text", pushes.text("你好/::)😀"), "text", {"content": "你好/::)😀"}),
    ("text", pushes.text("]]> & <a href='x'>"), "text", {"content": "]]> & <a href='x'>"}),
    ("image", pushes.image("http://127.0.0.1:8001/sim/pictures/m", "m"), "image",
     {"media_id": "m", "image": "http://127.0.0.1:8001/sim/pictures/m"}),
    ("voice", pushes.voice("m", "我要办证", False), "voice", {"media_id": "m", "format": "amr", "recognition": "我要办证"}),
    ("voice", pushes.voice("m", None, False), "voice", {"recognition": None}),
    ("video", pushes.video("m", "t"), "video", {"media_id": "m", "thumb_media_id": "t"}),
    ("shortvideo", pushes.video("m", "t"), "shortvideo", {"media_id": "m", "thumb_media_id": "t"}),
    ("location", pushes.location(30.5, 110.25, "青山镇"), "location",
     {"location_x": "30.500000", "location_y": "110.250000", "scale": "16", "label": "青山镇"}),
    ("link", pushes.link("t", "d", "http://127.0.0.1/"), "link", {"title": "t", "description": "d", "url": "http://127.0.0.1/"}),
    ("file", pushes.file("表.docx", 7, "md5", "key"), "unknown", {}),
]  # fmt: skip
EVENTS: "list[tuple[str, Any, str, dict[str, Any]]]" = [
    ("subscribe", pushes.subscribe("", ""), "subscribe", {}),
    ("subscribe", pushes.subscribe("7", "T"), "subscribe_scan", {"scene_id": "7", "ticket": "T"}),
    ("SCAN", [("EventKey", "7"), ("Ticket", "T")], "scan", {"scene_id": "7", "ticket": "T"}),
    ("unsubscribe", [("EventKey", "")], "unsubscribe", {}),
    ("CLICK", [("EventKey", "MY_CASES")], "click", {"key": "MY_CASES"}),
    ("VIEW", [("EventKey", "http://127.0.0.1/h5")], "view", {"url": "http://127.0.0.1/h5"}),
    ("LOCATION", pushes.position(30.5, 110.25, 65), "location", {"latitude": 30.5, "longitude": 110.25, "precision": 65.0}),
    ("scancode_waitmsg", pushes.scancode("K", "R"), "scancode_waitmsg", {"key": "K", "scan_type": "qrcode", "scan_result": "R"}),
    ("TEMPLATESENDJOBFINISH", pushes.template_finished(5, "failed:user block"), "templatesendjobfinish",
     {"status": "failed:user block"}),
    ("subscribe_msg_popup_event", pushes.consent_list("SubscribeMsgPopupEvent", [{"TemplateId": "a"}]), "unknown", {}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "fields", "name", "expected"), MESSAGES)
def test_wechatpy_reads_messages(kind: str, fields: Any, name: str, expected: "dict[str, Any]") -> None:
    read = parse_message(a_message(kind, fields).xml)
    assert (read.type, read.id, read.source, read.target) == (name, MSG_ID, ME, THEM)
    assert int(read._data["CreateTime"]) == NOW
    assert {n: getattr(read, n) for n in expected} == expected


@pytest.mark.parametrize(("name", "fields", "read_as", "expected"), EVENTS)
def test_wechatpy_reads_events(name: str, fields: Any, read_as: str, expected: "dict[str, Any]") -> None:
    push = an_event(name, fields)
    read = parse_message(push.xml)
    found = read.event if hasattr(read, "event") else "unknown"
    assert found == read_as and "MsgId" not in push.xml and push.msg_id == 0 and push.is_event
    assert {n: getattr(read, n) for n in expected} == expected


def test_a_tapped_choice_has_its_number_in_lower_case() -> None:
    assert "<bizmsgmenuid><![CDATA[3]]></bizmsgmenuid>" in a_message("text", pushes.text("办证", "3")).xml
    assert "menuid" not in a_message("text", pushes.text("办证")).xml


def test_recognition_is_absent_or_empty() -> None:
    assert "Recognition" not in a_message("voice", pushes.voice("m", None, False)).xml
    assert "<Recognition><![CDATA[]]></Recognition>" in a_message("voice", pushes.voice("m", "", False)).xml


def test_one_consent_parses_as_a_dict_and_two_as_a_list() -> None:
    def parsed(count: int) -> Any:
        fields = pushes.consent_list("SubscribeMsgPopupEvent", [{"TemplateId": str(n)} for n in range(count)])
        return xmltodict.parse(an_event("subscribe_msg_popup_event", fields).xml)["xml"]["SubscribeMsgPopupEvent"]["List"]

    assert parsed(1) == {"TemplateId": "0"} and parsed(2) == [{"TemplateId": "0"}, {"TemplateId": "1"}]


def test_a_message_id_needs_64_bits() -> None:
    assert float(MSG_ID) != MSG_ID and f"<MsgId>{MSG_ID}</MsgId>" in a_message("text", pushes.text("x")).xml


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=100))
def test_every_text_gives_xml_that_says_it(text: str) -> None:
    root = ElementTree.fromstring(a_message("text", pushes.text(text)).xml)
    legal = "".join(c for c in text if c in "\t\n\r" or c >= " " and c not in "\ufffe\uffff")
    assert root.findtext("Content") == legal.replace("\r\n", "\n").replace("\r", "\n")


def test_the_plain_mode_sends_the_xml_and_signs_only_the_query() -> None:
    push = a_message("text", pushes.text("好"))
    sent = wire(push, account("plain"), NOW, random.Random(1))
    assert sent.body == push.xml.encode() and list(sent.query) == ["signature", "timestamp", "nonce", "openid"]
    check_signature(TOKEN, sent.query["signature"], sent.query["timestamp"], sent.query["nonce"])


@pytest.mark.parametrize("mode", ["safe", "compatible"])
def test_wechatpy_opens_what_is_pushed_encrypted(mode: str) -> None:
    push = a_message("text", pushes.text("好"))
    sent = wire(push, account(mode), NOW, random.Random(1))
    q = sent.query
    assert q["encrypt_type"] == "aes" and q["openid"] == ME
    check_signature(TOKEN, q["signature"], q["timestamp"], q["nonce"])
    opened = WeChatCrypto(TOKEN, KEY, APP).decrypt_message(sent.body.decode(), q["msg_signature"], q["timestamp"], q["nonce"])
    assert (opened.decode() if isinstance(opened, bytes) else opened) == push.xml
    names = [element.tag for element in ElementTree.fromstring(sent.body)]
    assert names == (["ToUserName", "Encrypt"] if mode == "safe" else [e.tag for e in ElementTree.fromstring(push.xml)] + ["Encrypt"])


@pytest.mark.parametrize("name", ["unsubscribe", "VIEW", "LOCATION", "TEMPLATESENDJOBFINISH"])
def test_events_without_a_visible_deed_are_silent(name: str) -> None:
    assert an_event(name, []).silent and not an_event("CLICK", []).silent and not a_message("text", []).silent
