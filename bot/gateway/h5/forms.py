"""表单 (biaodan): every form carries a token for its person, its address and this one showing of it."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Sequence

from sanic.request import Request

from bot.gateway.context import Gateway
from bot.gateway.errors import Refused
from bot.gateway.h5.visitor import links_of
from bot.gateway.links import BadLink, ExpiredLink, Purpose

_GOOD_FOR = timedelta(hours=12)
FIELD = "form"


def token(request: Request, conversation: str, address: str) -> str:
    """The hidden field of a form that is sent to `address`."""
    gateway: Gateway = request.app.ctx.gateway
    subject = f"{address} {secrets.token_urlsafe(9)}"
    return links_of(request).make(Purpose.FORM, conversation, subject, gateway.now(), _GOOD_FOR)


def check(request: Request, given: str, conversations: Sequence[str]) -> str:
    """The conversation for which the form was shown, if it comes from our own page.

    Raises:
        Refused: foreign, changed, for somebody else, or too old.
    """
    gateway: Gateway = request.app.ctx.gateway
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise Refused(403, "foreign_form")
    try:
        link = links_of(request).read(given, Purpose.FORM, gateway.now())
    except ExpiredLink as error:
        raise Refused(410, "form_expired") from error
    except BadLink as error:
        raise Refused(403, "foreign_form") from error
    if link.conversation not in conversations or link.subject.partition(" ")[0] != request.path:
        raise Refused(403, "foreign_form")
    return link.conversation


def once(given: str, *contents: str) -> str:
    """A key for what was sent: the same for a form sent twice by a double tap, another after a change."""
    return "h5-" + hashlib.sha256("\n".join((given, *contents)).encode()).hexdigest()[:40]
