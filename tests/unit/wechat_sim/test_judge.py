"""The judge: every legal and illegal answer to a push, with its reason; wechatpy's own replies are legal."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import wechatpy.replies
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.crypto import WeChatCrypto

from bot.wechat_sim.crypto import encrypt, signature
from bot.wechat_sim.judge import Expected, judge
from bot.wechat_sim.pushes import SILENT_EVENTS

KEY, APP, TOKEN = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "wxb11529c136998cb6", "AAAAA"
ME, THEM = "oLiXiaoman0000000000000000000", "gh_0123456789ab"
PLAIN = Expected(ME, THEM, "text", False, "plain", APP, TOKEN, "")
SAFE = replace(PLAIN, mode="safe", aes_key=KEY)
COMPATIBLE = replace(SAFE, mode="compatible")


def event(name: str, base: Expected = PLAIN) -> Expected:
    return replace(base, trigger=name, is_event=True)


def reply(kind: str = "text", inner: str = "<Content><![CDATA[好]]></Content>", to: str = ME, by: str = THEM, at: str = "1714036504") -> str:
    return (
        f"<xml><ToUserName><![CDATA[{to}]]></ToUserName><FromUserName><![CDATA[{by}]]></FromUserName>"
        f"<CreateTime>{at}</CreateTime><MsgType><![CDATA[{kind}]]></MsgType>{inner}</xml>"
    )


def content(text: str) -> str:
    return reply(inner=f"<Content><![CDATA[{text}]]></Content>")


def news(count: int, says: "int | None" = None) -> str:
    item = "<item><Title><![CDATA[告知单]]></Title><Url><![CDATA[http://127.0.0.1/h5]]></Url></item>"
    number = count if says is None else says
    return reply("news", f"<ArticleCount>{number}</ArticleCount><Articles>{item * count}</Articles>")


def envelope(text: str, key: str = KEY, app: str = APP, token: str = TOKEN, **changes: str) -> str:
    sealed = encrypt(key, app, text, b"0123456789abcdef")
    parts = {"Encrypt": sealed, "MsgSignature": signature(token, "1714036504", "77", sealed), "TimeStamp": "1714036504", "Nonce": "77"}
    parts.update(changes)
    return "<xml>" + "".join(f"<{n}><![CDATA[{v}]]></{n}>" for n, v in parts.items() if v != "-") + "</xml>"


GARBLED = encrypt("GFEDCBA9876543210zyxwvutsrqponmlkjihgfedcba", APP, reply(), b"0123456789abcdef")
LONG, LONGER = "好" * 682 + "ab", "好" * 682 + "abc"
assert len(LONG.encode()) == 2048

Case = "tuple[Expected, int, str | bytes]"
LEGAL: "dict[str, list[Case]]" = {
    "success": [(PLAIN, 200, "success"), (SAFE, 200, "success"), (event("LOCATION"), 200, "success"), (SAFE, 200, envelope("success"))],
    "empty": [(PLAIN, 200, ""), (SAFE, 200, b""), (SAFE, 200, envelope(""))],
    "reply": [
        (PLAIN, 200, reply()), (PLAIN, 200, content(LONG)), (PLAIN, 200, "\n" + reply() + "\n"), (event("CLICK"), 200, reply()),
        (event("subscribe"), 200, reply()), (event("SCAN"), 200, reply()), (event("scancode_waitmsg"), 200, reply()),
        (PLAIN, 200, reply(inner="<Content>不用 CDATA</Content>")), (PLAIN, 200, content("]]]]><![CDATA[>")),
        (PLAIN, 200, '<?xml version="1.0" encoding="UTF-8"?>' + reply()),
        (SAFE, 200, envelope(reply())), (COMPATIBLE, 200, envelope(reply())), (COMPATIBLE, 200, reply()),
        (PLAIN, 200, reply("image", "<Image><MediaId>m</MediaId></Image>")),
        (PLAIN, 200, reply("voice", "<Voice><MediaId>m</MediaId></Voice>")),
        (PLAIN, 200, reply("video", "<Video><MediaId>m</MediaId></Video>")),
        (PLAIN, 200, reply("music", "<Music><ThumbMediaId>m</ThumbMediaId></Music>")),
        (PLAIN, 200, news(1)), (PLAIN, 200, news(2)), (event("CLICK"), 200, news(8)),
        (PLAIN, 200, reply("transfer_customer_service", "")),
        (PLAIN, 200, reply("transfer_customer_service", "<TransInfo><KfAccount>a@b</KfAccount></TransInfo>")),
    ],
}  # fmt: skip
ILLEGAL: "dict[str, list[Case]]" = {
    "status_201": [(PLAIN, 201, "success")],
    "status_204": [(PLAIN, 204, "")],
    "status_302": [(PLAIN, 302, "")],
    "status_404": [(PLAIN, 404, "success")],
    "status_500": [(SAFE, 500, envelope(reply()))],
    "success_in_quotes": [(PLAIN, 200, '"success"'), (PLAIN, 200, "'success'")],
    "success_with_whitespace": [(PLAIN, 200, "success\n"), (PLAIN, 200, " success")],
    "json": [(PLAIN, 200, '{"errcode": 0}'), (PLAIN, 200, "[]"), (PLAIN, 200, '"ok"')],
    "html": [(PLAIN, 200, "<!DOCTYPE html><html></html>"), (PLAIN, 200, "<html><body>502</body></html>")],
    "not_xml": [(PLAIN, 200, "SUCCESS"), (PLAIN, 200, "ok"), (PLAIN, 200, reply()[:-3]), (PLAIN, 200, content("a]]>b")),
                (PLAIN, 200, content("\x0b")), (SAFE, 200, envelope("ok"))],
    "bom": [(PLAIN, 200, b"\xef\xbb\xbf" + reply().encode())],
    "not_utf8": [(PLAIN, 200, reply().encode("gbk"))],
    "dtd": [(PLAIN, 200, '<!DOCTYPE xml [<!ENTITY a "b">]>' + reply())],
    "root_not_xml": [(PLAIN, 200, "<reply/>"), (PLAIN, 200, reply().replace("xml>", "XML>"))],
    "too_large": [(PLAIN, 200, "<xml>" + "a" * 1_000_001)],
    "duplicate_field": [(PLAIN, 200, reply(inner="<Content>a</Content><Content>b</Content>"))],
    "no_type": [(PLAIN, 200, "<xml></xml>")],
    "unknown_type": [(PLAIN, 200, reply("TEXT")), (PLAIN, 200, reply("msgmenu", ""))],
    "echoed_event": [(event("CLICK"), 200, reply("event", "<Event>CLICK</Event>", THEM, ME))],
    "wrong_to": [(PLAIN, 200, reply(to="oSomebodyElse")), (PLAIN, 200, reply(to=THEM, by=ME)), (SAFE, 200, envelope(reply(to="oX")))],
    "wrong_from": [(PLAIN, 200, reply(by="gh_other")), (PLAIN, 200, reply(by=APP))],
    "bad_create_time": [(PLAIN, 200, reply(at="2026-11-23")), (PLAIN, 200, reply(at="")), (PLAIN, 200, reply(at="1.5")),
                        (PLAIN, 200, reply(at="１２３"))],
    "empty_content": [(PLAIN, 200, content("")), (PLAIN, 200, content(" \n"))],
    "field_missing": [(PLAIN, 200, reply(inner="")), (PLAIN, 200, reply("image", "")), (PLAIN, 200, reply("image", "<Image/>")),
                      (PLAIN, 200, reply("news", "<ArticleCount>1</ArticleCount>"))],
    "content_too_long": [(PLAIN, 200, content(LONGER)), (SAFE, 200, envelope(content("a" * 2049)))],
    "no_articles": [(PLAIN, 200, news(0))],
    "article_count": [(PLAIN, 200, news(1, says=2)), (PLAIN, 200, news(1, says=-1))],
    "transfer_of_event": [(event("CLICK"), 200, reply("transfer_customer_service", ""))],
    "reply_to_location": [(event("LOCATION"), 200, reply()), (event("LOCATION", SAFE), 200, envelope(reply()))],
    "encrypted_in_plain_mode": [(PLAIN, 200, envelope(reply()))],
    "not_encrypted": [(SAFE, 200, reply())],
    "envelope_incomplete": [(SAFE, 200, envelope(reply(), **{n: v})) for n in ("MsgSignature", "TimeStamp", "Nonce") for v in ("", "-")]
                           + [(SAFE, 200, envelope(reply(), Encrypt=""))],
    "envelope_timestamp": [(SAFE, 200, envelope(reply(), TimeStamp="now"))],
    "bad_signature": [(SAFE, 200, envelope(reply(), token="BBBBB")), (SAFE, 200, envelope(reply(), Nonce="78")),
                      (SAFE, 200, envelope(reply(), MsgSignature="é")), (COMPATIBLE, 200, envelope(reply(), TimeStamp="1"))],
    "wrong_appid": [(SAFE, 200, envelope(reply(), app="wx0000000000000000"))],
    "bad_padding": [(SAFE, 200, envelope("", Encrypt=GARBLED, MsgSignature=signature(TOKEN, "1714036504", "77", GARBLED)))],
    "not_base64": [(SAFE, 200, envelope("", Encrypt="!", MsgSignature=signature(TOKEN, "1714036504", "77", "!")))],
}  # fmt: skip


def cases(table: "dict[str, list[Case]]") -> list[Any]:
    return [pytest.param(reason, *case, id=f"{reason}-{n}") for reason, found in table.items() for n, case in enumerate(found)]


def as_bytes(body: "str | bytes") -> bytes:
    return body.encode() if isinstance(body, str) else body


@pytest.mark.parametrize(("reason", "expected", "status", "body"), cases(LEGAL))
def test_legal_answers(reason: str, expected: Expected, status: int, body: "str | bytes") -> None:
    verdict = judge(status, as_bytes(body), expected)
    assert (verdict.legal, verdict.reason) == (True, reason)
    assert (verdict.reply is not None) == (reason == "reply")


@pytest.mark.parametrize(("reason", "expected", "status", "body"), cases(ILLEGAL))
def test_illegal_answers(reason: str, expected: Expected, status: int, body: "str | bytes") -> None:
    verdict = judge(status, as_bytes(body), expected)
    assert (verdict.legal, verdict.reason, verdict.reply) == (False, reason, None)


@pytest.mark.parametrize("state", ["media_unknown", "media_expired", "media_wrong_type"])
def test_media_must_be_there(state: str) -> None:
    expected = replace(PLAIN, media=lambda media_id, kind: state if (media_id, kind) == ("m", "image") else "ok")
    assert judge(200, reply("image", "<Image><MediaId>m</MediaId></Image>").encode(), expected).reason == state
    assert judge(200, reply("image", "<Image><MediaId>n</MediaId></Image>").encode(), expected).legal


def test_surplus_articles_are_cut_by_what_was_sent() -> None:
    shown = {n: judge(200, news(n).encode(), PLAIN).reply for n in (1, 3)}
    assert [(len(r["articles"]), r["cut"]) for r in shown.values() if r] == [(1, 0), (1, 2)]
    eight = judge(200, news(10).encode(), event("CLICK")).reply
    assert eight and (len(eight["articles"]), eight["cut"]) == (8, 2)


@pytest.mark.parametrize("name", sorted(SILENT_EVENTS - {"LOCATION"}))
@pytest.mark.parametrize(("silent_reply", "legal"), [("illegal", False), ("ignored", True)])
def test_a_reply_to_what_nobody_did_is_illegal_or_ignored_by_knob(name: str, silent_reply: str, legal: bool) -> None:
    verdict = judge(200, reply().encode(), replace(event(name), silent_reply=silent_reply))
    assert (verdict.legal, verdict.reply) == (legal, None)


def wechatpy_replies() -> "list[tuple[str, Any]]":
    to = {"source": THEM, "target": ME}
    articles = wechatpy.replies.ArticlesReply(**to)
    articles.add_article({"title": "告知单", "description": "要带什么", "image": "", "url": "http://127.0.0.1/"})
    return [
        ("text", wechatpy.replies.TextReply(content="好的 <a href='x'>看</a> 😀", **to)),
        ("image", wechatpy.replies.ImageReply(media_id="m", **to)),
        ("voice", wechatpy.replies.VoiceReply(media_id="m", **to)),
        ("video", wechatpy.replies.VideoReply(media_id="m", title="t", description="d", **to)),
        ("music", wechatpy.replies.MusicReply(thumb_media_id="m", title="t", **to)),
        ("news", articles),
        ("transfer_customer_service", wechatpy.replies.TransferCustomerServiceReply(**to)),
    ]


@pytest.mark.parametrize(("kind", "made"), wechatpy_replies(), ids=lambda v: v if isinstance(v, str) else "")
def test_what_wechatpy_renders_is_legal_plain_and_encrypted(kind: str, made: Any) -> None:
    text = made.render()
    sealed = WeChatCrypto(TOKEN, KEY, APP).encrypt_message(text, "77", "1714036504")
    for verdict in (judge(200, text.encode(), PLAIN), judge(200, sealed.encode(), SAFE), judge(200, sealed.encode(), COMPATIBLE)):
        assert verdict.legal and verdict.reply and verdict.reply["kind"] == kind, verdict


def test_what_wechatpy_forgets_is_illegal() -> None:
    text = wechatpy.replies.TextReply(content="a]]>b", source=THEM, target=ME).render()
    assert judge(200, text.encode(), PLAIN).reason == "not_xml"


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_the_text_shown_is_the_text_sent(text: str) -> None:
    safe = text.replace("]]>", "]]]]><![CDATA[>")
    verdict = judge(200, content(safe).encode(), PLAIN)
    if text.strip() and len(text.encode()) <= 2048:
        assert verdict.legal and verdict.reply == {"kind": "text", "text": text}
    else:
        assert not verdict.legal


@given(st.integers(100, 599), st.binary(max_size=200) | st.text(max_size=200).map(lambda t: t.encode("utf8", "ignore")))
def test_no_answer_breaks_the_judge(status: int, body: bytes) -> None:
    for expected in (PLAIN, SAFE, COMPATIBLE):
        verdict = judge(status, body, expected)
        assert verdict.legal == (verdict.reason in ("success", "empty", "reply", "reply_ignored"))


@given(st.data())
def test_a_damaged_envelope_says_nothing_else(data: st.DataObject) -> None:
    sealed = envelope(reply())
    at = data.draw(st.integers(0, len(sealed) - 1))
    letter = data.draw(st.sampled_from("Aa0<&"))
    verdict = judge(200, (sealed[:at] + letter + sealed[at + 1 :]).encode(), SAFE)
    assert not verdict.legal or verdict.reply == {"kind": "text", "text": "好"}
