"""控制台 (kongzhitai): what an administrator does from the command line: push the menu, check the account from end to end.

Works without the gateway's store: a stable token is the same for everybody who asks, so nobody's is spoilt.
"""

from __future__ import annotations

import time
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import AsyncIterator, List, Optional
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import aiohttp

from bot.adapters.wechat_api.client import WeChatClient, open_session, stable_token
from bot.adapters.wechat_api.errors import Refused, WeChatError
from bot.gateway.texts import load_texts
from bot.gateway.wechat.envelope import signature
from bot.gateway.wechat.profile import load_profile
from bot.settings import Settings

_TIMEOUT = aiohttp.ClientTimeout(total=10)


@dataclass(frozen=True)
class Finding:
    """One line of a check."""

    name: str
    ok: bool
    text: str


class _Words:
    """What the administrator reads."""

    def __init__(self, settings: Settings) -> None:
        self._texts = load_texts(settings.centre_dir / "profile.yml").console

    def of(self, name: str, **values: object) -> str:
        """One sentence."""
        return self._texts[name].format(**values)

    def why(self, error: WeChatError) -> str:
        """Why a call failed, and what to do."""
        if not isinstance(error, Refused):
            return self.of("unreached")
        return self.of("refused", code=error.code, hint=self._texts.get(f"code_{error.code}", self._texts["no_hint"]))


class _OneToken:
    """A token for one run."""

    def __init__(self, settings: Settings) -> None:
        self._account = settings.wechat
        self.client: Optional[WeChatClient] = None

    async def get(self) -> str:
        """See `Tokens`."""
        assert self.client is not None
        token, _ = await stable_token(self.client, self._account.app_id, self._account.app_secret)
        return token

    async def renew(self, failed: str) -> str:
        """A fresh one is what `get` has just given: nothing better is to be had."""
        raise Refused(40001)


@asynccontextmanager
async def _client(settings: Settings) -> AsyncIterator[WeChatClient]:
    session, tokens = await open_session(), _OneToken(settings)
    try:
        tokens.client = WeChatClient(settings.wechat.api_base, tokens, session)
        yield tokens.client
    finally:
        await session.close()


async def push_menu(settings: Settings) -> Finding:
    """Replace the account's menu by that of data/centre/wechat.yml.

    Raises:
        BadMenu: the file cannot be used.
    """
    menu, words = load_profile(settings.centre_dir).menu, _Words(settings)
    async with _client(settings) as client:
        try:
            await client.create_menu(menu.buttons())
        except WeChatError as error:
            return Finding("menu", False, words.why(error))
    return Finding("menu", True, words.of("menu_pushed"))


async def check(settings: Settings) -> List[Finding]:
    """Everything that can be seen from this side, in the order in which it is set up.

    Raises:
        BadMenu: the menu's file cannot be used.
    """
    profile, words = load_profile(settings.centre_dir), _Words(settings)
    found = [_address(settings, words), await _answers(settings, words)]
    async with _client(settings) as client:
        try:
            addresses = await client.callback_addresses()
            found.append(Finding("token", True, words.of("token", count=len(addresses))))
        except WeChatError as error:
            return [*found, Finding("token", False, words.why(error))]
        found.append(await _menu(client, profile.menu.buttons(), words))
    if not (profile.subscribe.template_id or profile.template.template_id):
        found.append(Finding("notices", True, words.of("no_notices")))
    return found


def _address(settings: Settings, words: _Words) -> Finding:
    parts = urlsplit(settings.public_url)
    public = settings.wechat.demo or (parts.scheme == "https" and not (parts.hostname or "").startswith("127."))
    text = settings.public_url if public else words.of("not_public", url=settings.public_url)
    return Finding("public_url", public, text)


async def _answers(settings: Settings, words: _Words) -> Finding:
    """The console's own check of the address, done by us."""
    account, echo, stamp = settings.wechat, str(uuid4().int)[:19], str(int(time.time()))
    query = {
        "signature": signature(account.token, stamp, "check"),
        "timestamp": stamp,
        "nonce": "check",
        "echostr": echo,
    }
    url = f"{settings.public_url}/wechat"
    try:
        async with (
            aiohttp.ClientSession(timeout=_TIMEOUT) as session,
            session.get(f"{url}?{urlencode(query)}", allow_redirects=False) as answer,
        ):
            good = answer.status == 200 and await answer.text() == echo
            text = words.of("answers" if good else "answers_wrongly", url=url, status=answer.status)
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        good, text = False, words.of("answers_not", url=url, why=type(error).__name__)
    return Finding("address", good, text)


async def _menu(client: WeChatClient, wanted: "List[dict[str, object]]", words: _Words) -> Finding:
    try:
        now = await client.read_menu()
    except Refused as error:
        if error.code == 46003:
            return Finding("menu", False, words.of("no_menu"))
        return Finding("menu", False, words.why(error))
    except WeChatError as error:
        return Finding("menu", False, words.why(error))
    if _keys(now.get("menu")) == _keys({"button": wanted}):
        return Finding("menu", True, words.of("menu_same"))
    return Finding("menu", False, words.of("menu_differs"))


def _keys(menu: object) -> "List[tuple[str, str]]":
    """(name, key) of every entry; the platform adds empty lists of its own."""
    buttons = menu.get("button", []) if isinstance(menu, dict) else []
    entries = [entry for top in buttons for entry in [top, *(top.get("sub_button") or [])]]
    return [(str(entry.get("name", "")), str(entry.get("key", ""))) for entry in entries]
