"""信封 (xinfeng): proves that a push comes from the platform, and opens it; and seals what we answer.

Anything that is not exactly right is refused with one word that says why. The mode is pinned: an account in safe mode
takes nothing that only a plaintext account would be sent. In compatible mode the readable fields are ignored; only the
encrypted part is signed. Facts: the platform's pages on pushes and on encryption.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import struct
from dataclasses import dataclass
from datetime import datetime
from typing import Dict, Mapping, Sequence
from uuid import uuid4
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from wechatpy.crypto import WeChatCrypto
from wechatpy.crypto.base import WeChatCipher
from wechatpy.replies import TextReply

from bot.domain.wechat_text import LIMIT, clean, cut
from bot.settings import WeChat

MAX_BODY = 64 * 1024
_WINDOW = 300.0  # seconds that a timestamp may be off; re-deliveries keep the old one for 15 s
_DEEPEST, _MOST_NODES = 6, 200
_BLOCK = 32  # of the padding, in bytes
_RANDOM, _LENGTH = 16, 4

Query = Mapping[str, Sequence[str]]


class Forged(Exception):
    """A request that the platform has not sent, or that cannot be read; `why` is one word for the log."""

    def __init__(self, why: str, status: int = 403) -> None:
        super().__init__(why)
        self.why, self.status = why, status


@dataclass(frozen=True)
class Letter:
    """A verified push: its fields, and the key that it was sealed with (empty in plaintext)."""

    root: Element
    aes_key: str


def signature(*parts: str) -> str:
    """SHA-1 over the sorted parts, as the platform signs."""
    return hashlib.sha1("".join(sorted(parts)).encode("utf8", "replace")).hexdigest()


def _one(query: Query, name: str) -> str:
    values = query.get(name) or ()
    if len(values) != 1 or not isinstance(values[0], str) or not values[0]:
        raise Forged(f"{name} missing or twice", 400)
    return values[0]


def _check_signature(given: str, *parts: str) -> None:
    if not all(parts) or not hmac.compare_digest(given.encode("utf8", "replace"), signature(*parts).encode()):
        raise Forged("signature")


def _check_time(timestamp: str, now: datetime) -> None:
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        raise Forged("timestamp", 400)
    if abs(now.timestamp() - int(timestamp)) > _WINDOW:
        raise Forged("timestamp too old or in the future")


def greet(account: WeChat, query: Query, now: datetime) -> str:
    """The echostr of a genuine URL check, to be given back as it is.

    Raises:
        Forged: it is not genuine.
    """
    timestamp, nonce, echo = _one(query, "timestamp"), _one(query, "nonce"), _one(query, "echostr")
    _check_signature(_one(query, "signature"), account.token, timestamp, nonce)
    _check_time(timestamp, now)
    return echo


def open_letter(account: WeChat, query: Query, body: bytes, now: datetime) -> Letter:
    """The verified content of a push.

    Raises:
        Forged: not genuine, not for this account, not in its mode, or not readable.
    """
    if len(body) > MAX_BODY:
        raise Forged("body too large", 413)
    sealed = query.get("encrypt_type", ["raw"])
    if len(sealed) != 1 or sealed[0] not in ("raw", "aes"):
        raise Forged("encrypt_type", 400)
    timestamp, nonce = _one(query, "timestamp"), _one(query, "nonce")
    if account.mode == "plain":
        if sealed[0] != "raw":
            raise Forged("mode")
        _check_signature(_one(query, "signature"), account.token, timestamp, nonce)
        _check_time(timestamp, now)
        return Letter(_for_us(account, parse(body)), "")
    if sealed[0] != "aes":
        raise Forged("mode")  # no downgrade
    # our own signature is checked before anything of the body but this one element is looked at
    outer = parse(body)
    encrypted = field(outer, "Encrypt")
    if not encrypted:
        raise Forged("Encrypt missing", 400)
    _check_signature(_one(query, "msg_signature"), account.token, timestamp, nonce, encrypted)
    _check_time(timestamp, now)
    content, key = _decrypted(account, encrypted)
    return Letter(_for_us(account, parse(content)), key)


def _for_us(account: WeChat, root: Element) -> Element:
    if field(root, "ToUserName") != account.original_id:
        raise Forged("not for this account")
    return root


def field(root: Element, name: str) -> str:
    """The text of a field, as it is; empty when it is missing."""
    found = root.find(name)
    return (found.text or "") if found is not None else ""


def parse(content: bytes) -> Element:
    """The root of a small, flat XML text without entities.

    Raises:
        Forged: anything else.
    """
    try:
        root: Element = fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError) as error:
        raise Forged(f"xml: {type(error).__name__}", 400) from None
    if root.tag != "xml":
        raise Forged("xml: root", 400)
    names = [child.tag for child in root]
    if len(names) != len(set(names)):
        raise Forged("xml: a field twice", 400)
    nodes, level = 0, [root]
    for depth in range(_DEEPEST + 1):
        nodes += len(level)
        level = [child for node in level for child in node]
        if nodes > _MOST_NODES or (level and depth == _DEEPEST):
            raise Forged("xml: too deep or too long", 400)
    return root


def _decrypted(account: WeChat, encrypted: str) -> "tuple[bytes, str]":
    """The content, and the key that opened it: the present one, or the one before while a key is being changed."""
    for key in filter(None, (account.aes_key, account.previous_aes_key)):
        content = _opened(key, encrypted, account.app_id)
        if content is not None:
            return content, key
    raise Forged("ciphertext")


def _opened(key: str, encrypted: str, app_id: str) -> "bytes | None":
    try:
        raw = base64.b64decode(encrypted.strip().encode("ascii"), validate=True)
        if not raw or len(raw) % _BLOCK:
            return None
        plain: bytes = WeChatCipher(base64.b64decode(key + "=")).decrypt(raw)
    except (binascii.Error, ValueError, UnicodeEncodeError):
        return None
    pad = plain[-1]
    if not 1 <= pad <= _BLOCK or plain[-pad:] != bytes([pad]) * pad:
        return None
    framed = plain[_RANDOM:-pad]
    if len(framed) < _LENGTH:
        return None
    length = struct.unpack(">I", framed[:_LENGTH])[0]
    content, sender = framed[_LENGTH : _LENGTH + length], framed[_LENGTH + length :]
    if len(content) != length or not hmac.compare_digest(sender, app_id.encode()):
        return None
    return bytes(content)


def text_reply(account: WeChat, letter: Letter, text: str, now: datetime) -> str:
    """A passive answer as XML, sealed with the key that the push came with."""
    fitting, _ = cut(clean(text), LIMIT)
    harmless = fitting.replace("]]>", "]]]]><![CDATA[>")
    moment = int(now.timestamp())
    reply = TextReply(
        source=account.original_id, target=field(letter.root, "FromUserName"), time=moment, content=harmless
    )
    rendered: str = reply.render()
    if not letter.aes_key:
        return rendered
    crypto = WeChatCrypto(account.token, letter.aes_key, account.app_id)
    sealed: str = crypto.encrypt_message(rendered, uuid4().hex[:10], str(moment))
    return sealed


def facts(root: Element) -> Dict[str, str]:
    """The flat fields of a push by name."""
    return {child.tag: child.text or "" for child in root if len(child) == 0}
