"""微信接口 (weixin jiekou): the calls to the platform that the gateway makes, with time limits on each."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Optional, Protocol, Sequence, Tuple
from urllib.parse import urlsplit

import aiohttp

from bot.adapters.wechat_api.errors import Cure, NotSent, Refused, Unclear

_TIMEOUT = aiohttp.ClientTimeout(total=10, sock_connect=3)
_DOWNLOAD_TIMEOUT = aiohttp.ClientTimeout(total=60, sock_connect=3)
MAX_ANSWER = 2 * 1024 * 1024
_FILE_HOSTS = (".qq.com", ".qpic.cn")  # where the platform keeps films


class Tokens(Protocol):
    """Where a call gets its access token."""

    async def get(self) -> str:
        """A token that should be good.

        Raises:
            WeChatError: there is none now.
        """
        ...

    async def renew(self, failed: str) -> str:
        """Another token than the one that the platform has just refused."""
        ...


@dataclass(frozen=True)
class Media:
    """A downloaded file."""

    content: bytes
    mime: str


class TooBig(Exception):
    """A file above the limit; it was not read to its end."""


class WeChatClient:
    """One official account. Every method raises WeChatError kinds only, and no address or secret is in their texts."""

    def __init__(self, base: str, tokens: Tokens, session: aiohttp.ClientSession) -> None:
        self._base, self._tokens, self._session = base.rstrip("/"), tokens, session

    # messages to one person

    async def send(self, openid: str, content: Mapping[str, Any]) -> None:
        """custom/send; `content` is {"msgtype": ..., ...}."""
        await self._call("/cgi-bin/message/custom/send", {"touser": openid, **content})

    async def typing(self, openid: str, on: bool) -> None:
        """The typing sign: 15 s, or until a message is sent."""
        command = "Typing" if on else "CancelTyping"
        await self._call("/cgi-bin/message/custom/typing", {"touser": openid, "command": command})

    async def subscribe_notice(self, openid: str, template_id: str, page: str, data: Mapping[str, str]) -> None:
        """订阅通知: one consent, one notice."""
        await self._call("/cgi-bin/message/subscribe/bizsend", _templated(openid, template_id, "page", page, data))

    async def template(self, openid: str, template_id: str, page: str, data: Mapping[str, str], key: str) -> str:
        """模板消息; the platform's id of the message, whose end is told by an event. `key` lets it drop a repeat."""
        body = {**_templated(openid, template_id, "url", page, data), "client_msg_id": key}
        answer = await self._call("/cgi-bin/message/template/send", body)
        return str(answer.get("msgid", ""))

    # account

    async def create_menu(self, buttons: Sequence[Mapping[str, Any]]) -> None:
        """Replace the menu."""
        await self._call("/cgi-bin/menu/create", {"button": list(buttons)})

    async def read_menu(self) -> Mapping[str, Any]:
        """The menu as it is now."""
        return await self._call("/cgi-bin/menu/get")

    async def callback_addresses(self) -> List[str]:
        """Addresses that pushes come from; also the cheapest way to see that the platform answers."""
        answer = await self._call("/cgi-bin/getcallbackip")
        found = answer.get("ip_list")
        return [str(ip) for ip in found] if isinstance(found, list) else []

    async def download(self, media_id: str, limit: int) -> Media:
        """A file that a person sent.

        Raises:
            TooBig: more than `limit` bytes.
        """
        return await self._with_token(lambda token: self._download(token, media_id, limit))

    async def _download(self, token: str, media_id: str, limit: int) -> Media:
        params = {"access_token": token, "media_id": media_id}
        media = await self._fetch(self._base + "/cgi-bin/media/get", params, limit)
        if media.content[:1] != b"{":  # errors, and where a film is, come as JSON with any content type
            return media
        address = _checked(_object(media.content)).get("video_url")
        if not isinstance(address, str) or not self._is_platform_s(address):
            raise NotSent("no file in the answer")
        return await self._fetch(address, {}, limit)

    def _is_platform_s(self, address: str) -> bool:
        """Whether a file may be fetched from there: never from an address that somebody else chose."""
        try:
            parts, own = urlsplit(address), urlsplit(self._base)
            there = (parts.scheme, parts.hostname or "", parts.port)
        except ValueError:
            return False
        is_platform = there[0] in ("http", "https") and there[1].endswith(_FILE_HOSTS) and there[2] in (None, 80, 443)
        return is_platform or there == (own.scheme, own.hostname or "", own.port)

    async def _fetch(self, address: str, params: Mapping[str, str], limit: int) -> Media:
        try:
            async with self._session.get(
                address, params=params, timeout=_DOWNLOAD_TIMEOUT, allow_redirects=False
            ) as answer:
                mime = answer.content_type
                content = await _read(answer, limit)
                status = answer.status
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
            raise NotSent(type(error).__name__) from None
        if status != 200:
            raise NotSent(f"status {status}")
        return Media(content, mime)

    # calls

    async def _call(self, path: str, body: Optional[Mapping[str, Any]] = None) -> Dict[str, Any]:
        return await self._with_token(lambda token: self.raw(path, {"access_token": token}, body))

    async def _with_token(self, work: Any) -> Any:
        token = await self._tokens.get()
        try:
            return await work(token)
        except Refused as refused:
            if refused.cure is not Cure.TOKEN:
                raise
        return await work(await self._tokens.renew(token))  # once: a token that is refused for ever must not loop

    async def raw(
        self, path: str, params: Mapping[str, str], body: Optional[Mapping[str, Any]] = None
    ) -> Dict[str, Any]:
        """A call without a token of ours: {…} of the answer, POST when there is a body."""
        data = None if body is None else json.dumps(body, ensure_ascii=False).encode("utf8", "replace")
        headers = {"Content-Type": "application/json; charset=utf-8"} if data else {}
        method = "GET" if data is None else "POST"
        try:
            async with self._session.request(
                method, self._base + path, params=params, data=data, headers=headers, timeout=_TIMEOUT, allow_redirects=False
            ) as answer:  # fmt: skip
                status, content = answer.status, await _read(answer, MAX_ANSWER)
        except aiohttp.ClientConnectorError as error:
            raise NotSent(type(error).__name__) from None  # the cause would carry the address with the token
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError, TooBig) as error:
            raise Unclear(type(error).__name__) from None
        if status != 200:
            raise Unclear(f"status {status}")
        return _checked(_object(content))


async def open_session() -> aiohttp.ClientSession:
    """The session that the client works on; no proxies, no cookies."""
    return aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), connector=aiohttp.TCPConnector(limit=64))


def _templated(openid: str, template_id: str, link: str, page: str, data: Mapping[str, str]) -> Dict[str, Any]:
    values = {name: {"value": value} for name, value in data.items()}
    return {"touser": openid, "template_id": template_id, link: page, "data": values}


async def _read(answer: aiohttp.ClientResponse, limit: int) -> bytes:
    content = bytearray()
    async for part in answer.content.iter_chunked(64 * 1024):
        content += part
        if len(content) > limit:
            raise TooBig
    return bytes(content)


def _object(content: bytes) -> Dict[str, Any]:
    try:
        read = json.loads(content)
    except ValueError:
        raise Unclear("not JSON") from None
    if not isinstance(read, dict):
        raise Unclear("no JSON object")
    return read


def _checked(answer: Dict[str, Any]) -> Dict[str, Any]:
    code = answer.get("errcode", 0)
    if not isinstance(code, int) or isinstance(code, bool):
        raise Unclear("errcode is no number")
    if code:
        raise Refused(code)
    return answer


TokenAnswer = Tuple[str, int]


async def stable_token(client: WeChatClient, app_id: str, secret: str) -> TokenAnswer:
    """(token, seconds it is good for); asking again gives the same one, so several askers do each other no harm."""
    body = {"grant_type": "client_credential", "appid": app_id, "secret": secret, "force_refresh": False}
    answer = await client.raw("/cgi-bin/stable_token", {}, body)
    return _token(answer)


async def forced_token(client: WeChatClient, app_id: str, secret: str) -> TokenAnswer:
    """A new token although the old one should still be good; twenty a day, thirty seconds apart."""
    body = {"grant_type": "client_credential", "appid": app_id, "secret": secret, "force_refresh": True}
    return _token(await client.raw("/cgi-bin/stable_token", {}, body))


def _token(answer: Mapping[str, Any]) -> TokenAnswer:
    token, seconds = answer.get("access_token"), answer.get("expires_in")
    if not isinstance(token, str) or not token or not isinstance(seconds, int):
        raise Unclear("no token in the answer")
    return token, seconds


@dataclass(frozen=True)
class OAuthPerson:
    """Who opened a page; a snapshot visitor is a made-up account."""

    openid: str
    snapshot: bool


async def exchange_code(client: WeChatClient, app_id: str, secret: str, code: str) -> OAuthPerson:
    """The openid behind an OAuth code; a code is good once, for five minutes."""
    params = {"appid": app_id, "secret": secret, "code": code, "grant_type": "authorization_code"}
    answer = await client.raw("/sns/oauth2/access_token", params)
    openid = answer.get("openid")
    if not isinstance(openid, str) or not openid:
        raise Unclear("no openid in the answer")
    return OAuthPerson(openid, answer.get("is_snapshotuser") == 1)
