"""杂务 (zawu): what has to be done soon but by nobody's message: fetch files, tell clerks of clips, throw old things away."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from typing import Any, Dict, Optional

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.adapters.service_center.client import HttpServiceCenter
from bot.adapters.wechat_api.client import TooBig, WeChatClient
from bot.adapters.wechat_api.errors import Cure, Refused, WeChatError
from bot.domain.wechat_menu import Menu
from bot.gateway.claims import Claims
from bot.gateway.context import Gateway
from bot.gateway.logs import log
from bot.gateway.wechat import attachments, ledger
from bot.gateway.wechat.attachments import Wanted
from bot.gateway.wechat.tables import PUSHES
from bot.ports import ServiceCenterError

_LOOK_AGAIN, _AT_ONCE = 1.0, 4
_TIDY_EVERY = 600  # looks
_PUSHES_KEPT = timedelta(days=2)
_LOST = 40007  # the platform keeps files for three days


class Errands:
    """The errands of one gateway."""

    def __init__(
        self, gateway: Gateway, client: WeChatClient, claims: Claims, center: HttpServiceCenter, menu: Menu
    ) -> None:
        self._gateway, self._client, self._claims, self._center = gateway, client, claims, center
        self._menu: Optional[Menu] = menu if gateway.settings.wechat.demo else None  # a real one is pushed by hand
        self._folder = gateway.settings.var / "attachments"

    async def run(self) -> None:
        """Until cancelled."""
        looks = 0
        while True:
            try:
                if looks % _TIDY_EVERY == 0:
                    await self._gateway.store.write(self._tidy)
                await self._push_demo_menu()
                await self._fetch_some()
                await self._tell_some()
            except Exception as error:  # an errand that fails is tried again; the loop must live
                log("errand_failed", logging.ERROR, error)
            looks += 1
            await asyncio.sleep(_LOOK_AGAIN)

    async def _push_demo_menu(self) -> None:
        """The made-up account gets its menu as soon as the simulator is there."""
        if self._menu is None:
            return
        try:
            await self._client.create_menu(self._menu.buttons())
        except WeChatError:
            return  # it is not there yet
        self._menu = None

    async def _fetch_some(self) -> None:
        wanted = await self._gateway.store.read(lambda c: attachments.to_fetch(c, _AT_ONCE))
        await asyncio.gather(*(self._fetch(one) for one in wanted))

    async def _fetch(self, wanted: Wanted) -> None:
        if not await self._claims.take("media", wanted.conversation):
            return
        try:
            media = await self._client.download(wanted.media_id, attachments.MOST_BYTES[wanted.kind])
        except TooBig:
            await self._note(wanted, "too big", final=True)
        except Refused as error:
            await self._note(wanted, f"code {error.code}", final=error.code == _LOST or error.cure is Cure.BUG)
        except WeChatError as error:
            await self._note(wanted, str(error), final=False)
        else:
            store = (self._folder, self._gateway.cipher, wanted.id, media.content)
            await asyncio.get_running_loop().run_in_executor(None, attachments.store, *store)
            await self._gateway.store.write(lambda c: attachments.stored(c, wanted.id, media.content))
            log("attachment_stored", attachment=wanted.id, size=len(media.content))
        finally:
            await self._claims.release("media", wanted.conversation)

    async def _note(self, wanted: Wanted, why: str, final: bool) -> None:
        log("attachment_not_fetched", logging.WARNING, attachment=wanted.id, why=why)
        await self._gateway.store.write(lambda c: attachments.not_fetched(c, wanted, why, final))

    async def _tell_some(self) -> None:
        for clip in await self._gateway.store.read(lambda c: attachments.to_tell(c, _AT_ONCE)):
            try:
                await self._center.hand_off(self._task(clip))
            except ServiceCenterError as error:
                log("clerk_not_told", logging.WARNING, attachment=clip.id, why=str(error))
                return
            await self._gateway.store.write(lambda c, clip=clip: attachments.told(c, clip.id))  # type: ignore[misc]

    def _task(self, clip: Wanted) -> Dict[str, Any]:
        """A clip to be listened to, with the time that the person was promised."""
        packet = {
            "attachment": clip.id,
            "question": self._gateway.texts.wechat["voice_question"],
            "due_at": clip.promised_at,
        }
        return {
            "conversation": clip.conversation,
            "reason": "voice",
            "packet": packet,
            "idempotency_key": f"voice:{clip.id}",
        }

    def _tidy(self, connection: Connection) -> None:
        now = self._gateway.now()
        attachments.purge(connection, self._folder, now)
        ledger.forget_old(connection, now)
        connection.execute(sa.delete(PUSHES).where(PUSHES.c.at < (now - _PUSHES_KEPT).isoformat()))
