"""The people with phones: made up, each with one openid for this account."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from typing import Any, Optional

from bot.wechat_sim.quota import Ledger


class NoSuchPerson(Exception):
    """Nobody has this openid here."""


@dataclass
class Person:
    """One follower or stranger. `oauth` is what they do on a consent page: ask, approve, refuse or snapshot."""

    openid: str
    name: str
    follows: bool = False
    followed_at: float = 0.0
    scene: str = ""
    rejects: bool = False  # switched the account's messages off: 48002
    oauth: str = "ask"
    ledger: Ledger = field(default_factory=Ledger)
    last_deed: float = 0.0  # for typing: an interaction within 30 s
    typing_until: float = 0.0
    with_staff_until: float = 0.0  # 多客服 session: messages bypass the account's server
    consents: dict[str, int] = field(default_factory=dict)  # template id → messages still allowed
    menu: Optional[dict[str, Any]] = None  # the copy on the phone
    menu_pulled: float = 0.0

    def view(self) -> dict[str, Any]:
        """JSON shape."""
        return {
            "openid": self.openid,
            "name": self.name,
            "follows": self.follows,
            "scene": self.scene,
            "rejects": self.rejects,
            "oauth": self.oauth,
            "consents": self.consents,
            "typing_until": self.typing_until,
            "with_staff_until": self.with_staff_until,
        }


def openid_of(app_id: str, name: str) -> str:
    """28 characters that begin with o; the same for the same name, as a real one stays when people follow again."""
    digest = hashlib.sha256(f"{app_id}/{name}".encode()).digest()
    account = base64.urlsafe_b64encode(hashlib.sha256(app_id.encode()).digest())[:5].decode()
    return "o" + account + base64.urlsafe_b64encode(digest)[:22].decode()


@dataclass
class People:
    """Everybody, by openid."""

    app_id: str
    by_openid: dict[str, Person] = field(default_factory=dict)

    def create(self, name: str) -> Person:
        """The person of this name, made if new."""
        openid = openid_of(self.app_id, name)
        return self.by_openid.setdefault(openid, Person(openid, name))

    def get(self, openid: str) -> Person:
        """Raises NoSuchPerson."""
        try:
            return self.by_openid[openid]
        except KeyError:
            raise NoSuchPerson(openid) from None
