"""网页授权 (wangye shouquan): asks WeChat who opened a page (snsapi_base: silent, gives the openid and nothing else).

A state is good once, for ten minutes, in the browser that began. Back it goes to our own pages only.
"""

from __future__ import annotations

import hashlib
import logging
import re
import secrets
from datetime import datetime, timedelta
from typing import Optional
from urllib.parse import quote

import sqlalchemy as sa
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, redirect
from sqlalchemy.engine import Connection

from bot.adapters.wechat_api.client import exchange_code
from bot.adapters.wechat_api.errors import WeChatError
from bot.gateway.context import Gateway
from bot.gateway.errors import Refused
from bot.gateway.logs import log
from bot.gateway.pages_auth import page_cookie, set_session
from bot.gateway.tables import OAUTH_STATES

_BROWSER_COOKIE = "bangban_oauth"
_LASTS = timedelta(minutes=10)
_OWN_PATH = re.compile(r"/h5/[A-Za-z0-9/_.\-]*(\?[A-Za-z0-9_.\-=&%]*)?")
_STATE = re.compile(r"[0-9a-f]{32}")
_CODE = re.compile(r"[A-Za-z0-9_\-]{1,256}")


def build() -> Blueprint:
    """The route that WeChat sends people back to."""
    routes = Blueprint("oauth", url_prefix="/h5")
    routes.add_route(callback, "/oauth", methods=["GET"], name="callback")
    return routes


def own_path(path: str) -> bool:
    """Whether a path leads to one of our pages and nowhere else."""
    return len(path) <= 1000 and _OWN_PATH.fullmatch(path) is not None and "//" not in path and ".." not in path


async def begin(request: Request, return_to: str) -> HTTPResponse:
    """Send the browser to WeChat; it comes back to `return_to`, a path of ours with its query.

    Raises:
        Refused: not a path of ours.
    """
    gateway: Gateway = request.app.ctx.gateway
    if not own_path(return_to):
        raise Refused(400, "bad_request")
    state, browser = secrets.token_hex(16), secrets.token_hex(16)
    values = {
        "state": state,
        "browser": _hash(browser),
        "return_to": return_to,
        "expires": (gateway.now() + _LASTS).isoformat(),
    }
    await gateway.store.write(lambda c: _remember(c, values, gateway.now()))
    account = gateway.settings.wechat
    back = quote(f"{gateway.settings.public_url}/h5/oauth", safe="")
    # the platform checks the order of these
    response = redirect(
        f"{account.oauth_base}/connect/oauth2/authorize?appid={account.app_id}&redirect_uri={back}"
        f"&response_type=code&scope=snsapi_base&state={state}#wechat_redirect"
    )
    response.cookies[_BROWSER_COOKIE] = browser
    page_cookie(request, response, _BROWSER_COOKIE, int(_LASTS.total_seconds()))
    response.headers["Cache-Control"] = "no-store"
    return response


def _remember(connection: Connection, values: "dict[str, str]", now: datetime) -> None:
    connection.execute(sa.delete(OAUTH_STATES).where(OAUTH_STATES.c.expires < (now - _LASTS).isoformat()))
    connection.execute(sa.insert(OAUTH_STATES).values(**values))


async def callback(request: Request) -> HTTPResponse:
    """Back from WeChat with a code, or without one if the person said no."""
    gateway: Gateway = request.app.ctx.gateway
    states, codes = request.args.getlist("state") or [], request.args.getlist("code") or []
    if len(states) != 1 or not _STATE.fullmatch(states[0]):
        raise Refused(403, "oauth_failed")
    browser = _hash(request.cookies.get(_BROWSER_COOKIE, ""))
    return_to = await gateway.store.write(lambda c: _use_up(c, states[0], browser, gateway.now()))
    if return_to is None:
        raise Refused(403, "oauth_failed")
    if not codes:
        raise Refused(403, "oauth_refused")
    if len(codes) != 1 or not _CODE.fullmatch(codes[0]):
        raise Refused(403, "oauth_failed")
    account = gateway.settings.wechat
    try:
        person = await exchange_code(request.app.ctx.wechat_client, account.app_id, account.app_secret, codes[0])
    except WeChatError as error:
        log("oauth_failed", logging.WARNING, why=str(error))
        raise Refused(403, "oauth_failed") from None
    if person.snapshot:
        raise Refused(403, "snapshot_user")
    response = redirect(return_to)
    set_session(request, response, person.openid)
    response.headers["Cache-Control"] = "no-store"
    return response


def _use_up(connection: Connection, state: str, browser: str, now: datetime) -> Optional[str]:
    """Where to go back to; None for a state that is unknown, used, over, or of another browser."""
    known = OAUTH_STATES.c.state == state
    row = connection.execute(sa.select(OAUTH_STATES).where(known).with_for_update()).mappings().first()
    if row is None:
        return None
    connection.execute(sa.delete(OAUTH_STATES).where(known))
    if not secrets.compare_digest(row["browser"], browser) or datetime.fromisoformat(row["expires"]) <= now:
        return None
    return str(row["return_to"])


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf8", "replace")).hexdigest()
