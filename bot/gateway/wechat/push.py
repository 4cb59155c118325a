"""推送 (tuisong): what a push says, in our own words: a message, an event, or something we do not know.

Not wechatpy's parser: it strips texts, loses the id of a menu message and gives all events the id 0.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any, Dict, List, Optional
from xml.etree.ElementTree import Element

from bot.domain.quota import Trigger
from bot.gateway.wechat.envelope import Forged, facts

_LONGEST_ID = 128
_SCENE_PREFIX = "qrscene_"
_MENU_EVENTS = ("CLICK", "scancode_push", "scancode_waitmsg")


@dataclass(frozen=True)
class Push:
    """One push. `created` in seconds; `number` is the platform's id of a message; an event has none."""

    openid: str
    kind: str  # text, image, voice, ... or event
    event: str
    created: int
    number: str
    values: Dict[str, str] = field(default_factory=dict)
    popups: List[Dict[str, str]] = field(default_factory=list)  # the List of a subscribe event

    @property
    def key(self) -> str:
        """Equal for re-deliveries and for nothing else.

        MsgIds were seen twice with different people, and one person's events can share a second.
        """
        if self.kind != "event" and self.number:
            parts = ["message", self.kind, self.number]
        else:  # an event has no number, nor may a message of a kind we do not know: they are known by what they say
            told = [*self.values.items(), *(pair for popup in self.popups for pair in popup.items())]
            parts = [self.kind, *(f"{name}={value}" for name, value in told)]
        whole = "\n".join([self.openid, str(self.created), *parts])
        return hashlib.sha256(whole.encode("utf8", "replace")).hexdigest()

    @property
    def scene(self) -> str:
        """The scene of a code that was scanned."""
        key = self.values.get("EventKey", "")
        return key[len(_SCENE_PREFIX) :] if key.startswith(_SCENE_PREFIX) else key

    @property
    def menu_id(self) -> Optional[int]:
        """The id of a clicked entry of a menu message; None when it is no such click."""
        if "bizmsgmenuid" not in self.values:
            return None
        text = self.values["bizmsgmenuid"].strip()
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0

    @property
    def trigger(self) -> Optional[Trigger]:
        """Which send grant this opens; None for what is no contact (entering the chat, following a link, leaving)."""
        if self.kind != "event":
            return Trigger.MENU if self.menu_id is not None else Trigger.MESSAGE
        if self.event == "subscribe":
            return Trigger.FOLLOW
        if self.event == "SCAN":
            return Trigger.SCAN
        return Trigger.MENU if self.event in _MENU_EVENTS else None


def read(root: Element) -> Push:
    """The push in a verified letter.

    Raises:
        Forged: a field that every push has is missing.
    """
    values = facts(root)
    openid, kind = values.get("FromUserName", ""), values.get("MsgType", "")
    created = values.get("CreateTime", "")
    if not openid or len(openid) > _LONGEST_ID or not openid.isascii():
        raise Forged("FromUserName", 400)
    if not kind or len(kind) > _LONGEST_ID:
        raise Forged("MsgType", 400)
    if not (created.isascii() and created.isdigit() and len(created) <= 12):
        raise Forged("CreateTime", 400)
    number = values.get("MsgId", "")
    if number and not (number.isascii() and number.isdigit() and len(number) <= 20):
        raise Forged("MsgId", 400)
    event = values.get("Event", "") if kind == "event" else ""
    return Push(openid, kind, event, int(created), number, values, _popups(root))


def _popups(root: Element) -> List[Dict[str, str]]:
    """The entries of a subscribe event, one or several."""
    found: List[Dict[str, str]] = []
    for holder in root:
        for entry in holder.iter("List"):
            found.append(_flat(entry))
    return found[:20]


def _flat(entry: Any) -> Dict[str, str]:
    return {child.tag: child.text or "" for child in entry}
