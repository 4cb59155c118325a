"""网页身份 (wangye shenfen): the signed cookie that ties a browser to its conversation, and nothing else."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
from typing import Optional

from sanic.request import Request
from sanic.response import HTTPResponse

COOKIE = "bangban_chat"
_DAYS = 30
_CONVERSATION = re.compile(r"web-[a-z2-7]{26}")


def new_conversation() -> str:
    """An id that nobody can guess."""
    return "web-" + base64.b32encode(os.urandom(16)).decode().lower().rstrip("=")


def _signature(key: bytes, conversation: str) -> str:
    return hmac.new(key, b"web chat cookie " + conversation.encode(), hashlib.sha256).hexdigest()


def conversation_of(request: Request, key: bytes) -> Optional[str]:
    """The conversation that the cookie proves, or None for no cookie or a forged one."""
    conversation, _, signature = request.cookies.get(COOKIE, "").partition(".")
    if not _CONVERSATION.fullmatch(conversation):
        return None
    genuine = hmac.compare_digest(signature.encode("utf8", "replace"), _signature(key, conversation).encode())
    return conversation if genuine else None


def set_cookie(request: Request, response: HTTPResponse, key: bytes, conversation: str) -> None:
    """Give the browser its conversation for a month."""
    response.cookies[COOKIE] = f"{conversation}.{_signature(key, conversation)}"
    cookie = response.cookies[COOKIE]
    cookie["path"], cookie["max-age"] = "/", _DAYS * 86400  # the pages of the conversation are under /h5
    cookie["httponly"], cookie["samesite"] = True, "Lax"
    if is_https(request):
        cookie["secure"] = True


def is_https(request: Request) -> bool:
    """Whether the browser sees https, also behind a proxy that ends it."""
    return bool(request.scheme == "https" or request.headers.get("x-forwarded-proto") == "https")
