"""/sns: codes to tokens of users (fact sheet, item 59)."""

from __future__ import annotations

from typing import Any

from bot.wechat_sim.api.call import ApiCall, Endpoint
from bot.wechat_sim.api.tokens import OK, check_account
from bot.wechat_sim.errors import ApiError


async def access_token(call: ApiCall) -> dict[str, Any]:
    """A code for a token of its user."""
    check_account(call, call.query("appid"), call.query("secret"))
    if not call.query("code"):
        raise ApiError(41008)
    if call.query("grant_type") != "authorization_code":
        raise ApiError(40002)
    return call.state.oauth.exchange(call.query("code"))


async def refresh_token(call: ApiCall) -> dict[str, Any]:
    """A fresh token of a user."""
    if call.query("appid") != call.state.account.app_id:
        raise ApiError(40013)
    if call.query("grant_type") != "refresh_token":
        raise ApiError(40002)
    if not call.query("refresh_token"):
        raise ApiError(41003)
    return call.state.oauth.renew(call.query("refresh_token"))


async def userinfo(call: ApiCall) -> dict[str, Any]:
    """Name and picture, for snsapi_userinfo only."""
    grant = call.state.oauth.user(call.query("access_token"), call.query("openid"))
    if grant.scope != "snsapi_userinfo":
        raise ApiError(48001)
    person = call.state.people.by_openid.get(grant.openid)
    answer = {"openid": grant.openid, "nickname": person.name if person else "", "sex": 0, "headimgurl": "", "privilege": []}
    return {**answer, "is_snapshotuser": 1} if grant.snapshot else answer


async def auth(call: ApiCall) -> dict[str, Any]:
    """Whether a user's token still works."""
    call.state.oauth.user(call.query("access_token"), call.query("openid"))
    return dict(OK)


ENDPOINTS = [
    Endpoint("sns/oauth2/access_token", "GET", access_token, token=False),
    Endpoint("sns/oauth2/refresh_token", "GET", refresh_token, token=False),
    Endpoint("sns/userinfo", "GET", userinfo, token=False),
    Endpoint("sns/auth", "GET", auth, token=False),
]
