"""公众号 (gongzhonghao): joins the parts of the WeChat side for one gateway."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Coroutine, List

import aiohttp

from bot.adapters.wechat_api.client import WeChatClient, open_session
from bot.adapters.wechat_api.tokens import SharedTokens
from bot.gateway.context import Gateway
from bot.gateway.wechat.errands import Errands
from bot.gateway.wechat.profile import WeChatProfile
from bot.gateway.wechat.progress_notices import ProgressNotices
from bot.gateway.wechat.reception import Reception
from bot.gateway.wechat.sender import Sender
from bot.gateway.wechat.typing_sign import TypingSign


@dataclass
class Account:
    """One official account within one gateway."""

    client: WeChatClient
    reception: Reception
    sender: Sender
    errands: Errands
    session: aiohttp.ClientSession

    @classmethod
    async def open(cls, gateway: Gateway, profile: WeChatProfile) -> "Account":
        """Build the parts; nothing is called yet."""
        account = gateway.settings.wechat
        session = await open_session()
        tokens = SharedTokens(gateway.store, gateway.cipher, gateway.clock, account.app_id, account.app_secret)
        client = WeChatClient(account.api_base, tokens, session)
        tokens.use(client)
        gateway.typing = TypingSign(gateway, client)
        notices = ProgressNotices(gateway, client, profile)
        return cls(
            client,
            Reception(gateway, profile),
            Sender(gateway, client, gateway.claims, notices),
            Errands(gateway, client, gateway.claims, gateway.center, profile.menu),
            session,
        )

    def loops(self) -> "List[Coroutine[None, None, None]]":
        """What runs until the gateway ends."""
        return [self.sender.run(), self.errands.run()]

    async def close(self) -> None:
        """Let sends end, then let go of the line."""
        await self.sender.stop()
        await self.session.close()
