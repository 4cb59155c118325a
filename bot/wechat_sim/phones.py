"""What people do with their phones: follow, write, send pictures, tap menus. Each deed leaves a bubble and a push."""

from __future__ import annotations

import hashlib
from typing import Any, Callable, Optional

from bot.wechat_sim import pushes
from bot.wechat_sim.delivery import Delivery
from bot.wechat_sim.media import amr_clip
from bot.wechat_sim.menus import leaves
from bot.wechat_sim.people import Person
from bot.wechat_sim.platform import Platform
from bot.wechat_sim.xml import Value

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
CLIP = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"


class Impossible(Exception):
    """A phone cannot do that now; the text says why."""


class Phones:
    """The deeds; each gives the delivery it started, None if nothing went to the account's server."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.state = platform.state

    def _must_follow(self, person: Person) -> None:
        if not person.follows:
            raise Impossible("only a follower can do that; follow first")

    def _bubble(self, person: Person, kind: str, delivery: Optional[Delivery], **content: Any) -> Optional[Delivery]:
        self.state.line(person.openid, "user", kind, content, delivery.push.id if delivery else None)
        return delivery

    def _system(self, person: Person, text: str) -> None:
        self.state.line(person.openid, "system", "text", {"text": self.state.texts[text]})

    # following

    def follow(self, person: Person, scene: str = "", ticket: str = "") -> Optional[Delivery]:
        """Follow, with the scene of a code if one was scanned."""
        if person.follows:
            return None
        person.follows, person.followed_at, person.scene = True, self.state.clock.now(), scene
        self._system(person, "followed")
        self.pull_menu(person, force=True)
        return self.platform.event(person, "subscribe", pushes.subscribe(scene, ticket, self.state.knobs.empty_event_key), "follow")

    def unfollow(self, person: Person) -> Optional[Delivery]:
        """Unfollow: all windows close."""
        if not person.follows:
            return None
        person.follows = False
        person.ledger.close()
        person.with_staff_until = person.typing_until = 0.0
        self._system(person, "unfollowed")
        return self.platform.event(person, "unsubscribe", [("EventKey", "")])

    def scan(self, person: Person, ticket: str = "", scene: str = "") -> Optional[Delivery]:
        """Scan a code by its ticket, or a made-up one by its scene."""
        if ticket:
            code = self.state.scenes.scan(ticket)
            if code is None:
                raise Impossible("this code is unknown or has expired")
            scene = code.scene
        ticket = ticket or "TICKET_" + scene
        if not person.follows:
            return self.follow(person, scene, ticket)
        return self.platform.event(person, "SCAN", [("EventKey", scene), ("Ticket", ticket)], "scan")

    # writing

    def text(self, person: Person, text: str) -> Optional[Delivery]:
        """A typed text."""
        self._must_follow(person)
        return self._bubble(person, "text", self.platform.message(person, "text", pushes.text(text)), text=text)

    def menu_link(self, person: Person, menu_id: str, content: str) -> Optional[Delivery]:
        """A tap on a choice of a menu message: arrives as a text, with the choice's id if that is a number."""
        self._must_follow(person)
        given: Optional[str] = menu_id
        if not menu_id.isdecimal():
            given = {"zero": "0", "missing": None, "kept": menu_id}[self.state.knobs.msgmenu_letter_id]
        delivery = self.platform.message(person, "text", pushes.text(content, given), "msgmenu")
        return self._bubble(person, "text", delivery, text=content, menu_id=menu_id)

    def sticker(self, person: Person) -> Optional[Delivery]:
        """An animated sticker, which accounts get as a fixed text."""
        self._must_follow(person)
        content = self.state.texts["sticker"]
        return self._bubble(person, "sticker", self.platform.message(person, "text", pushes.text(content)))

    # media

    def _keep(self, kind: str, content: bytes, format: str) -> str:
        return self.state.media.put(kind, content, format, self.state.knobs.media_seconds).media_id

    def image(self, person: Person, content: bytes, format: str = "jpg") -> Optional[Delivery]:
        """A photo."""
        self._must_follow(person)
        media_id = self._keep("image", content or PIXEL, format if content else "png")
        fields = pushes.image(f"{self.state.url}/sim/pictures/{media_id}", media_id)
        return self._bubble(person, "image", self.platform.message(person, "image", fields), media_id=media_id)

    def voice(self, person: Person, recognition: Optional[str], content: bytes = b"") -> Optional[Delivery]:
        """A voice message; recognition None: the account gets no such field."""
        self._must_follow(person)
        media_id = self._keep("voice", content or amr_clip(), "amr")
        fields = pushes.voice(media_id, recognition, self.state.knobs.voice_16k)
        delivery = self.platform.message(person, "voice", fields)
        return self._bubble(person, "voice", delivery, media_id=media_id, recognition=recognition)

    def video(self, person: Person, content: bytes = b"", short: bool = False) -> Optional[Delivery]:
        """A video or short video."""
        self._must_follow(person)
        media_id, thumb = self._keep("video", content or CLIP, "mp4"), self._keep("thumb", b"\xff\xd8\xff\xd9", "jpg")
        kind = "shortvideo" if short else "video"
        return self._bubble(person, kind, self.platform.message(person, kind, pushes.video(media_id, thumb)), media_id=media_id)

    def location(self, person: Person, latitude: float, longitude: float, label: str) -> Optional[Delivery]:
        """A place."""
        self._must_follow(person)
        delivery = self.platform.message(person, "location", pushes.location(latitude, longitude, label))
        return self._bubble(person, "location", delivery, latitude=latitude, longitude=longitude, label=label)

    def link(self, person: Person, title: str, description: str, url: str) -> Optional[Delivery]:
        """A forwarded article."""
        self._must_follow(person)
        delivery = self.platform.message(person, "link", pushes.link(title, description, url))
        return self._bubble(person, "link", delivery, title=title, url=url)

    def file(self, person: Person, title: str, content: bytes = b"x") -> Optional[Delivery]:
        """A file, which no account can download."""
        self._must_follow(person)
        md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()
        fields = pushes.file(title, len(content), md5, "@crypt_" + md5)
        return self._bubble(person, "file", self.platform.message(person, "file", fields), title=title)

    # menus and entering

    def pull_menu(self, person: Person, force: bool = False) -> None:
        """The phone looks for a new menu when its copy is older than five minutes."""
        now = self.state.clock.now()
        if force or person.menu is None or now - person.menu_pulled > self.state.knobs.menu_refresh:
            person.menu, person.menu_pulled = self.state.menu, now

    def tap(self, person: Person, key: str, scanned: str = "") -> Optional[Delivery]:
        """Tap a menu button by key or address; it may be one that the account has deleted since."""
        self._must_follow(person)
        self.pull_menu(person)
        button = next((b for b in leaves(person.menu) if key in (b.get("key"), b.get("url"))), None)
        if button is None:
            raise Impossible("no such button on this phone's menu")
        kind = button["type"]
        send: Callable[..., Delivery] = self.platform.event
        if kind == "view":
            menu_id: list[tuple[str, Value]] = [("MenuId", 430000000)] if self.state.knobs.view_menu_id else []
            return send(person, "VIEW", [("EventKey", button["url"]), *menu_id])
        if kind == "click":
            return send(person, "CLICK", [("EventKey", key)], "menu_click")
        if kind in ("scancode_push", "scancode_waitmsg"):
            return send(person, kind, pushes.scancode(key, scanned), "menu_click")
        return send(person, kind, [("EventKey", key)])

    def enter(self, person: Person, latitude: float, longitude: float) -> Optional[Delivery]:
        """Open the chat with position reporting allowed."""
        self._must_follow(person)
        self.pull_menu(person)
        return self.platform.event(person, "LOCATION", pushes.position(latitude, longitude, 65.0))

    def unknown(self, person: Person, kind: str, name: str, fields: "list[tuple[str, Value]]") -> Optional[Delivery]:
        """A message or event of a kind that the account cannot know yet."""
        if kind == "event":
            return self.platform.event(person, name, fields)
        return self._bubble(person, kind, self.platform.message(person, kind, fields))

    def consent(self, person: Person, choices: dict[str, str]) -> Optional[Delivery]:
        """Answer the pop-up for subscribe messages: template id → accept or reject."""
        items = []
        for template_id, choice in choices.items():
            self.state.notices.find("subscribe", template_id)
            if choice == "accept":
                person.consents[template_id] = person.consents.get(template_id, 0) + 1
            items.append({"TemplateId": template_id, "SubscribeStatusString": choice, "PopupScene": "2"})
        return self.platform.event(
            person, "subscribe_msg_popup_event", pushes.consent_list("SubscribeMsgPopupEvent", items)
        )
