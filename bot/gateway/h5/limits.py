"""页面限速 (yemian xiansu): how often one address may send a form."""

from __future__ import annotations

from sanic.request import Request

from bot.gateway.errors import Refused
from bot.gateway.limits import Buckets

_LOOPBACK = ("127.0.0.1", "::1", "::ffff:127.0.0.1")


def address(request: Request) -> str:
    """The caller's address; a proxy on this machine speaks for others."""
    forwarded = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    return str(forwarded if forwarded and request.ip in _LOOPBACK else request.ip)


def check(request: Request) -> None:
    """Take one from the bucket.

    Raises:
        Refused: too many forms in a short time.
    """
    buckets: Buckets = request.app.ctx.page_limits
    wait = buckets.take(address(request))
    if wait:
        raise Refused(429, "too_fast", retry_after=wait)
