"""进度通知 (jindu tongzhi): tells a person outside the send window, by subscribe notice or template, that there is news.

The full text stays where it is and is shown at the next contact; the notice only says that it is there. One notice per
message, never two, and none where the town has configured no template.
"""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any, Dict, Mapping, Optional, Tuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.adapters.wechat_api.client import WeChatClient
from bot.adapters.wechat_api.errors import Cure, NotSent, Refused, Unclear
from bot.gateway import outbox
from bot.gateway.context import Gateway
from bot.gateway.logs import log
from bot.gateway.tables import OUTBOX
from bot.gateway.wechat import consents, people
from bot.gateway.wechat.profile import NoticeTemplate, WeChatProfile
from bot.gateway.wechat.tables import NOTICES

_LONGEST_THING = 20  # characters of a `thing` field
_Job = Tuple[int, str, int, str, NoticeTemplate, Dict[str, str]]  # notice, openid, outbox id, kind, template, fields


class ProgressNotices:
    """Notices of one gateway."""

    def __init__(self, gateway: Gateway, client: WeChatClient, profile: WeChatProfile) -> None:
        self._gateway, self._client, self._profile = gateway, client, profile

    async def offer(self, conversation: str) -> None:
        """Send a notice for what waits for a contact, if there is a way."""
        if not (self._profile.subscribe.template_id or self._profile.template.template_id):
            return
        job = await self._gateway.store.write(lambda c: self._next(c, conversation))
        if job is None:
            return
        notice, openid, outbox_id, kind, template, fields = job
        page, state, number, note = f"{self._gateway.settings.public_url}/h5/p", consents.SENT, None, None
        try:
            if kind == "subscribe":
                await self._client.subscribe_notice(openid, template.template_id, page, fields)
            else:
                key = f"notice-{outbox_id}"
                number = await self._client.template(openid, template.template_id, page, fields, key)
        except Refused as error:
            state, note = consents.FAILED, f"code {error.code}"
            if error.cure is Cure.CONSENT:
                await self._gateway.store.write(
                    lambda c: consents.spend(c, conversation, template.template_id, everything=True)
                )
        except (NotSent, Unclear) as error:
            state, note = consents.UNKNOWN, str(error)
        log("progress_notice", logging.INFO, kind=kind, state=state, note=note)
        await self._gateway.store.write(lambda c: consents.settle(c, notice, state, number, note))

    def _next(self, connection: Connection, conversation: str) -> Optional[_Job]:
        waiting = sa.select(OUTBOX).where(
            OUTBOX.c.conversation == conversation,
            OUTBOX.c.state == outbox.WAITING_FOR_QUOTA,
            OUTBOX.c.origin.in_(("notice", "clerk")),
            OUTBOX.c.id.not_in(sa.select(NOTICES.c.outbox_id).where(NOTICES.c.conversation == conversation)),
        )
        row = connection.execute(waiting.order_by(OUTBOX.c.seq).limit(1)).mappings().first()
        person = people.of_conversation(connection, conversation)
        if row is None or person is None:
            return None
        now = self._gateway.now()
        subscribe = self._profile.subscribe
        if subscribe.template_id and consents.left(connection, conversation, subscribe.template_id):
            consents.spend(connection, conversation, subscribe.template_id)
            kind, template = "subscribe", subscribe
        elif self._profile.template.template_id:
            kind, template = "template", self._profile.template
        else:
            return None
        notice = consents.begin(connection, conversation, row["id"], kind, now)
        if notice is None:
            return None
        return notice, person.openid, row["id"], kind, template, _fields(template, row, now)


def _fields(template: NoticeTemplate, row: Mapping[str, Any], now: datetime) -> Dict[str, str]:
    """The template's fields; a `thing` takes 20 characters and no line break."""
    what = " ".join(row["text"].split())
    what = what if len(what) <= _LONGEST_THING else what[: _LONGEST_THING - 1] + "…"
    when = f"{now:%Y年%m月%d日 %H:%M}"
    return {name: text.replace("{what}", what).replace("{when}", when) for name, text in template.fields.items()}
