"""The judge of answers to pushes (S4; fact sheet, items 19-28): legal or not, with a reason for machines."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable, Optional
from xml.etree.ElementTree import Element

from bot.wechat_sim.crypto import CryptoError, decrypt, same, signature
from bot.wechat_sim.pushes import SILENT_EVENTS
from bot.wechat_sim.replies import REPLIES, Illegal
from bot.wechat_sim.xml import BadXml, only, read, read_text

MAX_BODY = 1_000_000


@dataclass(frozen=True)
class Expected:
    """What the answer is an answer to, and what the account is."""

    openid: str
    original_id: str
    trigger: str
    is_event: bool
    mode: str
    app_id: str
    token: str
    aes_key: str
    media: Callable[[str, str], str] = field(default=lambda media_id, kind: "ok")
    """(media_id, kind) → ok, media_unknown, media_expired or media_wrong_type."""
    silent_reply: str = "illegal"  # knob reply_to_silent_event


@dataclass(frozen=True)
class Verdict:
    """`reply` is what the person would see: {"kind", ...}; None for an answer without words."""

    legal: bool
    reason: str
    reply: Optional[dict[str, Any]] = None
    detail: str = ""


def judge(status: int, body: bytes, expected: Expected) -> Verdict:
    """Judge an answer that came in time.

    Reasons of legal answers: success, empty, reply, reply_ignored. All others are illegal and sent again.
    """
    if status != 200:
        return Verdict(False, f"status_{status}")
    if body == b"success":
        return Verdict(True, "success")
    if not body:
        return Verdict(True, "empty")
    if len(body) > MAX_BODY:
        return Verdict(False, "too_large")
    looks = _not_xml_at_all(body)
    if looks:
        return Verdict(False, looks)
    try:
        return _judge_xml(read(body), expected)
    except (BadXml, CryptoError, Illegal) as error:
        return Verdict(False, str(error), detail=getattr(error, "detail", ""))


def _not_xml_at_all(body: bytes) -> str:
    start = body.strip()
    if start == b"success":
        return "success_with_whitespace"
    if start in (b'"success"', b"'success'"):
        return "success_in_quotes"
    if start[:1] in (b"{", b"[", b'"'):
        return "json"
    if start[:9].lower() == b"<!doctype" and b"html" in start[:40].lower() or start[:5].lower() == b"<html":
        return "html"
    return ""


def _judge_xml(root: Element, expected: Expected) -> Verdict:
    encrypted = only(root, "Encrypt")
    if expected.mode == "plain" and encrypted is not None:
        raise Illegal("encrypted_in_plain_mode")
    if expected.mode == "safe" and encrypted is None:
        raise Illegal("not_encrypted")
    if encrypted is not None:
        inner = _open(root, encrypted, expected)
        if inner in ("", "success"):
            return Verdict(True, inner or "empty")
        root = read_text(inner)
    return _judge_reply(root, expected)


def _open(root: Element, encrypted: str, expected: Expected) -> str:
    stamp, nonce, given = only(root, "TimeStamp"), only(root, "Nonce"), only(root, "MsgSignature")
    if not stamp or not nonce or not given or not encrypted:
        raise Illegal("envelope_incomplete")
    if not stamp.isdecimal():
        raise Illegal("envelope_timestamp")
    if not same(signature(expected.token, stamp, nonce, encrypted), given):
        raise Illegal("bad_signature")
    return decrypt(expected.aes_key, expected.app_id, encrypted)


def _judge_reply(root: Element, expected: Expected) -> Verdict:
    kind = only(root, "MsgType")
    if kind is None:
        raise Illegal("no_type")
    if kind == "event":
        raise Illegal("echoed_event")
    if kind not in REPLIES:
        raise Illegal("unknown_type", kind)
    if only(root, "ToUserName") != expected.openid:
        raise Illegal("wrong_to")
    if only(root, "FromUserName") != expected.original_id:
        raise Illegal("wrong_from")
    created = only(root, "CreateTime")
    if created is None or not (created.isascii() and created.isdecimal()):
        raise Illegal("bad_create_time")
    if expected.is_event and expected.trigger == "LOCATION":
        raise Illegal("reply_to_location")
    reply = REPLIES[kind](root, expected.trigger, expected.is_event, expected.media)
    if expected.is_event and expected.trigger in SILENT_EVENTS:
        if expected.silent_reply == "illegal":
            raise Illegal("reply_to_silent_event")
        return Verdict(True, "reply_ignored")
    return Verdict(True, "reply", {"kind": kind, **reply})
