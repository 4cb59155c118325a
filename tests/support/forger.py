"""Posts to the gateway that no platform sent: signed or not, sealed or not, spoiled in one place; built with the simulator's crypto."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Callable, Dict, List, Optional, Tuple
from zoneinfo import ZoneInfo

import requests

from bot.settings import WeChat
from bot.wechat_sim.crypto import encrypt, signature
from bot.wechat_sim.xml import document

Query = List[Tuple[str, str]]


def text_xml(account: WeChat, openid: str, content: str, number: int, created: int = 1795399200, kind: str = "text") -> str:
    """A text message as the platform writes it."""
    fields: "List[tuple[str, Any]]" = [
        ("ToUserName", account.original_id), ("FromUserName", openid), ("CreateTime", created), ("MsgType", kind),
        ("Content", content), ("MsgId", number),
    ]  # fmt: skip
    return document(fields)


def now_in_shanghai(iso: str) -> Callable[[], float]:
    """A clock that stands at an ISO time without a zone."""
    moment = datetime.fromisoformat(iso).replace(tzinfo=ZoneInfo("Asia/Shanghai")).timestamp()
    return lambda: moment


@dataclass
class Forger:
    """Knows the account's secrets, as an attacker must not, so that each spoiled post differs from a good one in one thing."""

    url: str  # of the gateway
    account: WeChat
    now: Callable[[], float]
    session: requests.Session = field(default_factory=requests.Session)
    chance: random.Random = field(default_factory=lambda: random.Random(11))

    def query(self, sealed: Optional[str], skew: float = 0) -> Dict[str, str]:
        """The query of a good post; `sealed`: the Encrypt element's text."""
        stamp, nonce = str(int(self.now() + skew)), str(self.chance.randrange(10**8, 10**9))
        found = {"signature": signature(self.account.token, stamp, nonce), "timestamp": stamp, "nonce": nonce}
        if sealed is not None:
            found["encrypt_type"] = "aes"
            found["msg_signature"] = signature(self.account.token, stamp, nonce, sealed)
        return found

    def seal(self, xml: str, key: str = "", app_id: str = "") -> str:
        """The text of an Encrypt element."""
        return encrypt(key or self.account.aes_key, app_id or self.account.app_id, xml, self.chance.randbytes(16))

    def body(self, sealed: str, plain: str = "") -> bytes:
        """An envelope; `plain`: fields in the clear, as in compatible mode."""
        to = "" if plain else f"<ToUserName>{self.account.original_id}</ToUserName>"
        return f"<xml>{to}{plain}<Encrypt><![CDATA[{sealed}]]></Encrypt></xml>".encode()

    def good(self, xml: str) -> "tuple[Dict[str, str], bytes]":
        """Query and body as the platform would send them in the account's mode."""
        if self.account.mode == "plain":
            return self.query(None), xml.encode()
        sealed = self.seal(xml)
        return self.query(sealed), self.body(sealed, xml[len("<xml>") : -len("</xml>")] if self.account.mode == "compatible" else "")

    def post(self, query: "Dict[str, str] | Query | str", body: bytes) -> requests.Response:
        """One post; a query that is a text goes out as it is."""
        if isinstance(query, str):
            return self.session.post(f"{self.url}/wechat?{query}", data=body, timeout=15)
        return self.session.post(f"{self.url}/wechat", params=query, data=body, timeout=15)

    def get(self, query: "Dict[str, str] | Query") -> requests.Response:
        return self.session.get(f"{self.url}/wechat", params=query, timeout=15)
