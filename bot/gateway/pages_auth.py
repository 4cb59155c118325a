"""网页身份 (wangye shenfen): what WeChat says about who opened a page, kept for half an hour in a cookie of the pages.

A link can be forwarded, so for a follower it only says for whom it was made: before a page with personal content is
shown, the openid that WeChat gives must belong to that person (`bot/gateway/h5/visitor.py`).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from datetime import datetime, timedelta
from typing import Any, Dict, Optional

from sanic.request import Request
from sanic.response import HTTPResponse

from bot.adapters.vault.cipher import CannotDecrypt
from bot.gateway.context import Gateway
from bot.gateway.sessions import is_https
from bot.gateway.wechat import people

SESSION_COOKIE = "bangban_page"
SESSION_LASTS = timedelta(minutes=30)
_LONGEST = 1200
_USE = "page session"


class NeedsOAuth(Exception):
    """The browser has to go to WeChat first and come back to this path of ours."""

    def __init__(self, return_to: str) -> None:
        super().__init__()
        self.return_to = return_to


class _NoSession(Exception):
    """Forged, cut off, or over."""


def in_wechat(request: Request) -> bool:
    """Whether the page is open in WeChat's own browser, which signs people in without a question."""
    return "MicroMessenger" in request.headers.get("user-agent", "")


def is_follower(conversation: str) -> bool:
    """Whether a conversation is one of the official account."""
    return conversation.startswith("wechat-")


async def wechat_session(request: Request) -> Optional[str]:
    """The conversation of the follower that WeChat has named to this browser."""
    gateway: Gateway = request.app.ctx.gateway
    openid = openid_of(request)
    if openid is None:
        return None
    follower = await gateway.store.read(lambda c: people.find(c, gateway.settings.hash_key, openid))
    return follower.conversation if follower else None


def openid_of(request: Request) -> Optional[str]:
    """The openid that the page session proves; None without a genuine one that still holds."""
    gateway: Gateway = request.app.ctx.gateway
    try:
        content = _opened(gateway.settings.cookie_key, request.cookies.get(SESSION_COOKIE, ""), gateway.now())
        sealed = base64.urlsafe_b64decode(content["o"])
        return gateway.cipher.open_bytes_joined(sealed, _USE).decode()
    except (_NoSession, CannotDecrypt, ValueError, KeyError):
        return None


def set_session(request: Request, response: HTTPResponse, openid: str) -> None:
    """The browser is this person's for half an hour; the openid itself is not readable in the cookie."""
    gateway: Gateway = request.app.ctx.gateway
    sealed = gateway.cipher.seal_bytes_joined(openid.encode(), _USE)
    expires = int((gateway.now() + SESSION_LASTS).timestamp())
    content = {"o": base64.urlsafe_b64encode(sealed).decode(), "e": expires}
    response.cookies[SESSION_COOKIE] = _signed(gateway.settings.cookie_key, content)
    page_cookie(request, response, SESSION_COOKIE, int(SESSION_LASTS.total_seconds()))


def page_cookie(request: Request, response: HTTPResponse, name: str, seconds: int) -> None:
    """Limits of a cookie of pages."""
    cookie = response.cookies[name]
    cookie["path"], cookie["max-age"], cookie["httponly"], cookie["samesite"] = "/h5", seconds, True, "Lax"
    if is_https(request):
        cookie["secure"] = True


def _signed(key: bytes, content: Dict[str, Any]) -> str:
    body = base64.urlsafe_b64encode(json.dumps(content, separators=(",", ":")).encode()).decode().rstrip("=")
    return f"{body}.{_signature(key, body)}"


def _signature(key: bytes, body: str) -> str:
    digest = hmac.new(key, f"{_USE} {body}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _opened(key: bytes, token: str, now: datetime) -> Dict[str, Any]:
    """The content of a cookie.

    Raises:
        _NoSession: it proves nothing.
    """
    body, _, signature = token.partition(".")
    if len(token) > _LONGEST or not hmac.compare_digest(
        signature.encode("utf8", "replace"), _signature(key, body).encode()
    ):
        raise _NoSession
    try:
        content = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    except (ValueError, binascii.Error) as error:
        raise _NoSession from error
    if content["e"] <= now.timestamp():
        raise _NoSession
    return dict(content)
