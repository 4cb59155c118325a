"""/connect/oauth2/authorize: the consent page, as the browser inside the phone opens it (fact sheet, items 58-60)."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, redirect

from bot.wechat_sim import page
from bot.wechat_sim.oauth import BadAuthorize, check_authorize
from bot.wechat_sim.people import Person
from bot.wechat_sim.state import State

PHONE_COOKIE = "sim_phone"
"""Whose phone the browser is: the openid. Without it the page says that it must be opened in WeChat."""


def _person(request: Request) -> "Person | None":
    state: State = request.app.ctx.state
    return state.people.by_openid.get(request.cookies.get(PHONE_COOKIE, ""))


def _back(target: str, state: str, code: str = "") -> HTTPResponse:
    """To the account's page, with a code or without one."""
    parts = urlsplit(target)
    query = parse_qsl(parts.query, keep_blank_values=True) + ([("code", code)] if code else []) + [("state", state)]
    return redirect(urlunsplit(parts._replace(query=urlencode(query), fragment="")))


async def authorize(request: Request) -> HTTPResponse:
    """Silent for snsapi_base; asks for snsapi_userinfo unless the person's mind is made up (`oauth`)."""
    state: State = request.app.ctx.state
    person = _person(request)
    if person is None:
        return page.message(state.texts["open_in_wechat"])
    try:
        given = check_authorize(request.query_string, state.account.app_id, state.account.oauth_domain)
    except BadAuthorize as error:
        state.count(f"authorize_{error}")
        return page.message(state.texts["oauth_error"], str(error))
    choice = request.args.get("choice") or person.oauth
    if given["scope"] == "snsapi_userinfo" and choice == "ask":
        return page.consent(state, person, request.query_string)
    if choice == "refuse":
        return _back(given["redirect_uri"], given.get("state", ""))
    code = state.oauth.code(person.openid, given["scope"], choice == "snapshot")
    return _back(given["redirect_uri"], given.get("state", ""), code)


def add(routes: Blueprint) -> None:
    """The page's address."""
    routes.add_route(authorize, "/connect/oauth2/authorize", methods=["GET"], name="authorize")
