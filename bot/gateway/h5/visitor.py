"""来访者 (laifangzhe): whose conversations a browser may see on a page. Never by an id alone.

In order: the link just followed, the link followed before (kept in a cookie of its own, so that the address stays
clean), the conversation of the chat page in this browser, the follower that WeChat has named. Whether one of them owns
what the page shows is asked where the thing is kept.

A link may be forwarded. One of a follower to something personal therefore counts only together with WeChat's own word
that this browser is that follower's.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Awaitable, Callable, List, Optional, Sequence

from sanic.request import Request
from sanic.response import HTTPResponse, redirect

from bot.gateway.context import Gateway
from bot.gateway.errors import Refused
from bot.gateway.h5.ways_in import KEY
from bot.gateway.links import BadLink, ExpiredLink, Link, Links, Purpose
from bot.gateway.pages_auth import NeedsOAuth, in_wechat, is_follower, openid_of, wechat_session
from bot.gateway.sessions import conversation_of, is_https

_KEPT = timedelta(days=8)
"""Longer than any link is good, so that a page can still say that it was good once."""

Identity = Callable[[Request], Awaitable[Optional[str]]]
"""Reads a conversation from what a browser proves about itself; None when it proves nothing."""


async def chat_session(request: Request) -> Optional[str]:
    """The conversation of the web chat in this browser."""
    gateway: Gateway = request.app.ctx.gateway
    return conversation_of(request, gateway.settings.cookie_key)


IDENTITIES: List[Identity] = [chat_session, wechat_session]
"""Channels with a proof of their own add theirs."""


@dataclass(frozen=True)
class Visitor:
    """Conversations that the browser proves, the most particular first; `expired`: it came with a link that was good once."""

    conversations: Sequence[str]
    expired: bool = False

    def closed(self) -> Refused:
        """The same for a foreign page, a wrong number, and nobody at all; only an own old link is told apart."""
        return Refused(410, "link_expired") if self.expired else Refused(403, "page_closed")


def links_of(request: Request) -> Links:
    """The maker of links of this process."""
    links: Links = request.app.ctx.links
    return links


async def visitor(request: Request, purpose: Purpose, subject: str) -> Visitor:
    """Who looks at this page.

    Raises:
        NeedsOAuth: only WeChat can say.
    """
    found: List[str] = []
    expired = False
    for token in (request.args.get(KEY, ""), request.cookies.get(_cookie_name(purpose, subject), "")):
        try:
            link = _read(request, token, purpose, subject)
        except ExpiredLink:
            expired = True
        except BadLink:
            pass
        else:
            found.append(link.conversation)
    proven = [conversation for identity in IDENTITIES if (conversation := await identity(request))]
    if purpose is not Purpose.NOTICE:
        forwarded = [c for c in found if is_follower(c) and c not in proven]
        nobody = not found and not proven and not expired and in_wechat(request)
        if (forwarded or nobody) and request.method == "GET" and openid_of(request) is None:
            raise NeedsOAuth(request.path)
        found = [c for c in found if c not in forwarded]
    found += proven
    return Visitor(list(dict.fromkeys(found)), expired)


def _read(request: Request, token: str, purpose: Purpose, subject: str) -> Link:
    gateway: Gateway = request.app.ctx.gateway
    link = links_of(request).read(token, purpose, gateway.now())
    if link.subject != subject:
        raise BadLink
    return link


def clean_address(request: Request, purpose: Purpose, subject: str) -> Optional[HTTPResponse]:
    """After a link was followed: the same page without the key, which moves into a cookie; None when there is none.

    Also for a link that is no good: nothing that looks like a key stays in an address.
    """
    if KEY not in request.args:
        return None
    response = redirect(request.path, status=303)
    token = request.args.get(KEY, "")
    try:
        _read(request, token, purpose, subject)
    except ExpiredLink:
        pass  # kept too: it tells an own old link from a foreign one
    except BadLink:
        return response
    name = _cookie_name(purpose, subject)
    response.cookies[name] = token
    cookie = response.cookies[name]
    cookie["path"], cookie["max-age"] = "/h5", int(_KEPT.total_seconds())
    cookie["httponly"], cookie["samesite"] = True, "Lax"
    if is_https(request):
        cookie["secure"] = True
    return response


def _cookie_name(purpose: Purpose, subject: str) -> str:
    """One cookie a page, so that two links open in one browser do not push each other out."""
    digest = hashlib.sha256(f"{purpose.value}\n{subject}".encode()).hexdigest()[:10]
    return f"bangban_h5_{digest}"
