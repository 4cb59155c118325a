"""A push as it goes over the line: query with signatures, body plain or encrypted by mode (fact sheet, items 5-11)."""

from __future__ import annotations

import random
from dataclasses import dataclass
from urllib.parse import urlencode

from bot.wechat_sim.account import Account
from bot.wechat_sim.crypto import encrypt, signature
from bot.wechat_sim.pushes import Push
from bot.wechat_sim.xml import document, element


@dataclass(frozen=True)
class Wire:
    """Query and body of one attempt; `aes_key` is the key that was used, "" in plain mode."""

    query: dict[str, str]
    body: bytes
    aes_key: str = ""

    def address(self, url: str) -> str:
        """The whole address."""
        return url + ("&" if "?" in url else "?") + urlencode(self.query)


def signed(account: Account, now: float, rng: random.Random) -> dict[str, str]:
    """signature, timestamp and nonce, in the platform's order."""
    timestamp, nonce = str(int(now)), str(rng.randrange(10**8, 2 * 10**9))
    return {"signature": signature(account.token, timestamp, nonce), "timestamp": timestamp, "nonce": nonce}


def wire(push: Push, account: Account, now: float, rng: random.Random) -> Wire:
    """Sign, and encrypt as the account's mode says."""
    query = {**signed(account, now, rng), "openid": push.openid}
    if account.mode == "plain":
        return Wire(query, push.xml.encode())
    random16 = "".join(rng.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=16)).encode()
    encrypted = encrypt(account.aes_key, account.app_id, push.xml, random16)
    query["encrypt_type"] = "aes"
    query["msg_signature"] = signature(account.token, query["timestamp"], query["nonce"], encrypted)
    if account.mode == "compatible":
        body = push.xml.removesuffix("</xml>") + element("Encrypt", encrypted) + "\n</xml>"
    else:
        body = document([("ToUserName", account.original_id), ("Encrypt", encrypted)])
    return Wire(query, body.encode(), account.aes_key)
