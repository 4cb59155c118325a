"""/cgi-bin/token, stable_token, clear_quota, getcallbackip."""

from __future__ import annotations

from bot.wechat_sim.api.call import ApiCall, Endpoint
from bot.wechat_sim.clock import iso
from bot.wechat_sim.crypto import same
from bot.wechat_sim.errors import ApiError

OK = {"errcode": 0, "errmsg": "ok"}
CLEARS_PER_MONTH = 10


def check_account(call: ApiCall, app_id: object, secret: object) -> None:
    """Raises ApiError 41002, 41004, 40013, 40125."""
    account = call.state.account
    if not app_id:
        raise ApiError(41002)
    if not secret:
        raise ApiError(41004)
    if app_id != account.app_id:
        raise ApiError(40013)
    if not isinstance(secret, str) or not same(secret, account.app_secret):
        raise ApiError(40125)


def _check_address(call: ApiCall) -> None:
    allowed = call.state.knobs.ip_allowlist
    if allowed and call.request.ip not in allowed:
        raise ApiError(40164, f"ip {call.request.ip}")


async def token(call: ApiCall) -> dict[str, object]:
    """A new token; the one before lives on for the overlap."""
    if call.query("grant_type") != "client_credential":
        raise ApiError(40002)
    check_account(call, call.query("appid"), call.query("secret"))
    _check_address(call)
    value, seconds = call.state.tokens.fetch()
    return {"access_token": value, "expires_in": seconds}


async def stable_token(call: ApiCall) -> dict[str, object]:
    """The same token for everybody until its last five minutes."""
    body = call.json()
    if body.get("grant_type") != "client_credential":
        raise ApiError(40002)
    check_account(call, body.get("appid"), body.get("secret"))
    _check_address(call)
    force = body.get("force_refresh", False)
    if not isinstance(force, bool):
        raise ApiError(47001)
    value, seconds = call.state.tokens.fetch_stable(force)
    return {"access_token": value, "expires_in": seconds}


async def clear_quota(call: ApiCall) -> dict[str, object]:
    """Start the day's counts again; ten times a month."""
    if call.json().get("appid") != call.state.account.app_id:
        raise ApiError(40013)
    month = iso(call.state.clock.now())[:7]
    call.state.cleared[month] += 1
    if call.state.cleared[month] > CLEARS_PER_MONTH:
        raise ApiError(48006)
    call.state.daily.clear()
    return dict(OK)


async def callback_ip(call: ApiCall) -> dict[str, object]:
    """Where pushes come from."""
    return {"ip_list": ["127.0.0.1"]}


ENDPOINTS = [
    Endpoint("token", "GET", token, token=False),
    Endpoint("stable_token", "POST", stable_token, token=False),
    Endpoint("clear_quota", "POST", clear_quota),
    Endpoint("getcallbackip", "GET", callback_ip),
    Endpoint("get_api_domain_ip", "GET", callback_ip),
]
