"""Messages and events as the platform pushes them (fact sheet, sections 3 and 4): field names, order, CDATA, absent fields."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Optional

from bot.wechat_sim.xml import Plain, Value, document

SILENT_EVENTS = frozenset(
    ("unsubscribe", "VIEW", "LOCATION", "TEMPLATESENDJOBFINISH", "subscribe_msg_popup_event", "subscribe_msg_change_event",
     "subscribe_msg_sent_event", "kf_create_session", "kf_close_session", "kf_switch_session")
)  # fmt: skip
"""Events without a visible deed of the person: an answer other than success makes no sense."""


@dataclass
class Push:
    """One message or event on its way to the account.

    `trigger` is the MsgType of a message or the Event of an event; a message has a `msg_id`, an event 0.
    """

    id: str
    openid: str
    trigger: str
    created: int
    xml: str
    msg_id: int = 0
    media: dict[str, Any] = field(default_factory=dict)

    @property
    def is_event(self) -> bool:
        """Events carry no MsgId."""
        return not self.msg_id

    @property
    def silent(self) -> bool:
        """Whether the person did nothing that asks for an answer."""
        return self.is_event and self.trigger in SILENT_EVENTS


def text(content: str, menu_id: Optional[str] = None) -> list[tuple[str, Value]]:
    """A text; `menu_id` when it comes from a tap on a menu message: lower case, as the platform has it."""
    fields: list[tuple[str, Value]] = [("Content", content)]
    return fields + ([("bizmsgmenuid", menu_id)] if menu_id is not None else [])


def image(url: str, media_id: str) -> list[tuple[str, Value]]:
    """A picture; the address is readable without a token."""
    return [("PicUrl", url), ("MediaId", media_id)]


def voice(media_id: str, recognition: Optional[str], wide: bool) -> list[tuple[str, Value]]:
    """A voice message; `recognition` None: switched off, the field is absent; it may also be empty."""
    fields: list[tuple[str, Value]] = [("MediaId", media_id), ("Format", "amr")]
    if recognition is not None:
        fields.append(("Recognition", recognition))
    return fields + ([("MediaId16K", media_id)] if wide else [])


def video(media_id: str, thumb_id: str) -> list[tuple[str, Value]]:
    """A video or short video."""
    return [("MediaId", media_id), ("ThumbMediaId", thumb_id)]


def location(latitude: float, longitude: float, label: str, scale: int = 16) -> list[tuple[str, Value]]:
    """A place sent as a message: X is the latitude."""
    return [
        ("Location_X", Plain(f"{latitude:.6f}")), ("Location_Y", Plain(f"{longitude:.6f}")),
        ("Scale", scale), ("Label", label),
    ]  # fmt: skip


def link(title: str, description: str, url: str) -> list[tuple[str, Value]]:
    """A forwarded article."""
    return [("Title", title), ("Description", description), ("Url", url)]


def file(title: str, size: int, md5: str, key: str) -> list[tuple[str, Value]]:
    """A file: undocumented, no MediaId, cannot be downloaded."""
    return [("Title", title), ("Description", ""), ("FileKey", key), ("FileMd5", md5), ("FileTotalLen", size)]


def subscribe(scene: str, ticket: str, empty_key: bool = True) -> list[tuple[str, Value]]:
    """Follow; with the scene of a QR code if it was scanned. Without one EventKey is empty, or absent."""
    if not scene:
        return [("EventKey", "")] if empty_key else []
    return [("EventKey", "qrscene_" + scene), ("Ticket", ticket)]


def position(latitude: float, longitude: float, precision: float) -> list[tuple[str, Value]]:
    """LOCATION event, on entering the chat or every five seconds."""
    return [
        ("Latitude", Plain(f"{latitude:.6f}")), ("Longitude", Plain(f"{longitude:.6f}")),
        ("Precision", Plain(f"{precision:.6f}")),
    ]  # fmt: skip


def scancode(key: str, result: str) -> list[tuple[str, Value]]:
    """A code scanned by a menu button."""
    return [("EventKey", key), ("ScanCodeInfo", [("ScanType", "qrcode"), ("ScanResult", result)])]


def template_finished(msg_id: int, status: str) -> list[tuple[str, Value]]:
    """TEMPLATESENDJOBFINISH: the field is MsgID here, and the event still has no MsgId."""
    return [("MsgID", msg_id), ("Status", status)]


def consent_list(container: str, items: list[dict[str, str]]) -> list[tuple[str, Value]]:
    """Subscribe-message events: one List element an item, so one parses as a dict and several as a list."""
    lists: list[tuple[str, Value]] = [("List", list(item.items())) for item in items]
    return [(container, lists)]


def _envelope(original_id: str, openid: str, created: int) -> list[tuple[str, Value]]:
    return [("ToUserName", original_id), ("FromUserName", openid), ("CreateTime", created)]


def message(push_id: str, account: str, openid: str, kind: str, fields: list[tuple[str, Value]], created: int, msg_id: int) -> Push:
    """A message of the person."""
    head = [*_envelope(account, openid, created), ("MsgType", kind)]
    return Push(push_id, openid, kind, created, document([*head, *fields, ("MsgId", msg_id)]), msg_id)


def event(push_id: str, account: str, openid: str, name: str, fields: list[tuple[str, Value]], created: int) -> Push:
    """An event."""
    head = [*_envelope(account, openid, created), ("MsgType", "event"), ("Event", name)]
    return Push(push_id, openid, name, created, document([*head, *fields]))
