"""接收 (jieshou): takes one verified push in one transaction: known already?, who, what it allows, what is stored, what is said.

The platform is told "success" only after the commit. A re-delivery finds the first one's row and gets the same answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, Dict, Optional

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.adapters.sql.insert import insert_once
from bot.domain.listening_time import in_words
from bot.gateway import conversations, inbox, outbox
from bot.gateway.context import Gateway
from bot.gateway.inbox import Incoming
from bot.gateway.outbox import Outgoing
from bot.gateway.tables import OUTBOX
from bot.gateway.wechat import attachments, choices, consents, kinds, ledger, people
from bot.gateway.wechat.profile import WeChatProfile
from bot.gateway.wechat.push import Push
from bot.gateway.wechat.tables import PUSHES

_GO_ON = frozenset({"继续", "接着说", "继续说", "接着"})
_ONCE_MORE = frozenset({"再发一次", "再发一遍", "再发"})


@dataclass(frozen=True)
class Taken:
    """What became of a push. `line`: the passive answer. `conversation`: whose sender has something to do."""

    new: bool
    line: Optional[str] = None
    conversation: Optional[str] = None
    left: Optional[str] = None  # the conversation of somebody who unfollowed


class Reception:
    """The rules of taking pushes, for one gateway."""

    def __init__(self, gateway: Gateway, profile: WeChatProfile) -> None:
        self._gateway, self._profile = gateway, profile
        self._texts = gateway.texts

    def take(self, connection: Connection, push: Push, depth: int) -> Taken:
        """Take a push; `depth`: how many messages wait already."""
        now = self._gateway.now()
        if not insert_once(connection, PUSHES, {"key": push.key, "at": now.isoformat()}):
            known = connection.execute(sa.select(PUSHES.c.reply).where(PUSHES.c.key == push.key)).scalar()
            return Taken(False, known)
        taken = self._take_new(connection, push, depth, now)
        if taken.line is not None:
            connection.execute(sa.update(PUSHES).where(PUSHES.c.key == push.key).values(reply=taken.line))
        return taken

    def _take_new(self, connection: Connection, push: Push, depth: int, now: datetime) -> Taken:
        hash_key = self._gateway.settings.hash_key
        said = datetime.fromtimestamp(push.created, timezone.utc).astimezone(now.tzinfo)
        if push.event == "unsubscribe":
            left = people.leave(connection, hash_key, push.openid, said, now)
            if left is not None:
                attachments.give_up(connection, left, now)
            return Taken(True, left=left)
        if push.event == "TEMPLATESENDJOBFINISH":
            person = people.find(connection, hash_key, push.openid)
            consents.note_result(connection, push, person.conversation if person else None)
            return Taken(True)
        trigger = push.trigger
        if trigger is None:
            self._silent_event(connection, push)
            return Taken(True)
        if people.left_since(connection, hash_key, push.openid, said) and push.event != "subscribe":
            return Taken(True)
        scene = push.scene if push.event in ("subscribe", "SCAN") else ""
        person = people.bind(connection, hash_key, push.openid, now, scene)
        row = conversations.lock(connection, person.conversation, now)
        owed = self._wake_waiting(connection, person.conversation)
        ledger.open_grant(connection, person.conversation, trigger, said, now)
        if push.kind == "event":
            answer = self._event(connection, push, row, now)
        else:
            answer = self._message(connection, push, row, owed, depth, now)
        if answer is None:
            return Taken(True, None, person.conversation)
        outbox.put(connection, self._gateway.vault, row, answer, now, state=outbox.REPLIED)
        return Taken(True, answer.text, person.conversation)

    def _say(self, push: Push, text: str) -> Outgoing:
        return Outgoing("system", text, f"reply:{push.key}")

    def _silent_event(self, connection: Connection, push: Push) -> None:
        """LOCATION, VIEW, consents, sessions of the platform's own customer service, and what we do not know."""
        person = people.find(connection, self._gateway.settings.hash_key, push.openid)
        if person is not None and push.event.startswith("subscribe_msg_"):
            consents.note_consents(connection, person.conversation, push)

    def _wake_waiting(self, connection: Connection, conversation: str) -> int:
        """What could not be sent may be sent now; how many messages that are."""
        waiting = sa.update(OUTBOX).where(
            OUTBOX.c.conversation == conversation, OUTBOX.c.state == outbox.WAITING_FOR_QUOTA
        )
        return int(connection.execute(waiting.values(state=outbox.READY, reason="late")).rowcount)

    def _event(self, connection: Connection, push: Push, row: Dict[str, Any], now: datetime) -> Optional[Outgoing]:
        if push.event == "subscribe":
            return self._say(push, kinds.greeting(self._texts, self._profile, push.scene))
        if push.event == "SCAN":
            return self._say(push, kinds.greeting(self._texts, self._profile, push.scene, followed=False))
        if push.event != "CLICK":
            return None
        entry = self._profile.menu.entry(push.values.get("EventKey", ""))
        if entry is None:
            return self._say(push, self._texts.wechat["old_menu"])
        if entry.says is None:
            return self._say(push, kinds.greeting(self._texts, self._profile))
        self._store(connection, push, row, entry.says, now)
        return None

    def _message(
        self, connection: Connection, push: Push, row: Dict[str, Any], owed: int, depth: int, now: datetime
    ) -> Optional[Outgoing]:
        text = kinds.spoken_text(push)
        if text is None or text.startswith(kinds.UNSUPPORTED_STICKER):
            return self._no_text(connection, push, row, text, now)
        conversation = row["conversation"]
        if not text.strip():
            return self._say(push, self._texts.wechat["blank"])
        if push.menu_id is not None:
            chosen = choices.clicked(connection, conversation, push.menu_id, text)
            if chosen.stale:
                return self._say(push, self._texts.wechat["stale_choice"].format(title=chosen.title))
            text = chosen.words
        elif text.strip() in _GO_ON and owed:
            return None  # being here is what was needed; the rest follows
        elif text.strip() in _ONCE_MORE and self._repeat_unclear(connection, conversation):
            return None
        else:
            number = choices.numbered(connection, conversation, text)
            text = number.words if number else text
        first = not inbox.open_ids(connection, conversation)
        self._store(connection, push, row, text, now)
        if depth >= self._gateway.options.busy_depth and first:
            return self._busy_line(connection, row, depth)
        return None

    def _store(self, connection: Connection, push: Push, row: Dict[str, Any], text: str, now: datetime) -> None:
        metadata = {"voice": True} if push.kind == "voice" else {}
        message = Incoming(row["conversation"], "wechat", _message_id(push), text, push.created, metadata)
        inbox.put(connection, self._gateway.vault, message, self._texts.messages["too_long"], now)
        row.update(conversations.lock(connection, row["conversation"], now))  # it has counted one more

    def _no_text(
        self, connection: Connection, push: Push, row: Dict[str, Any], text: Optional[str], now: datetime
    ) -> Optional[Outgoing]:
        """A photo, clip, place, link, file, sticker, or something new. With a clerk it only stands in the talk."""
        with_bot = conversations.lease_of(row).with_bot
        kind = kinds.MEDIA.get(push.kind)
        promised = kinds.voice_promise(self._profile, now) if kind == "voice" and with_bot else None
        if kind is not None:
            media_id = push.values.get("MediaId", "")
            attachments.note(connection, row["conversation"], _message_id(push), kind, media_id, now, promised)
        if not with_bot:
            self._store(connection, push, row, kinds.word_for(push, self._texts), now)
            return None
        if text is not None:
            return self._say(push, self._texts.wechat["sticker"])
        due = in_words(promised, now) if promised else None
        return self._say(push, kinds.line_for(push, self._texts, self._profile, due))

    def _busy_line(self, connection: Connection, row: Dict[str, Any], depth: int) -> Outgoing:
        oldest = inbox.open_ids(connection, row["conversation"])[row["conversation"]][0]
        # under the key of the usual word of patience, so that it is not said twice
        return Outgoing("system", self._texts.wechat["busy"].format(count=depth), f"wait:{oldest}")

    def _repeat_unclear(self, connection: Connection, conversation: str) -> bool:
        """What may not have arrived is sent once more, because the person asks for it."""
        unclear = ledger.in_state(connection, conversation, ledger.UNKNOWN, ledger.ANNOUNCED)
        for send, covers in unclear:
            ledger.mark(connection, send, ledger.REPEATED)
            for outbox_id, start, _ in covers:
                again = sa.update(OUTBOX).where(OUTBOX.c.id == outbox_id, OUTBOX.c.done >= start)
                connection.execute(again.values(state=outbox.READY, done=start, reason=None))
        return bool(unclear)


def _message_id(push: Push) -> str:
    return f"wx-{push.key[:40]}"
