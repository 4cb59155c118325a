"""网页授权 (shòuquán): codes, and the tokens of users (fact sheet, items 58-59)."""

from __future__ import annotations

import random
import re
import string
from dataclasses import dataclass, field
from typing import Any, Callable
from urllib.parse import parse_qsl

from bot.wechat_sim.account import host_of
from bot.wechat_sim.errors import ApiError

ORDER = ("appid", "redirect_uri", "response_type", "scope", "state")
SCOPES = ("snsapi_base", "snsapi_userinfo")
CODE_SECONDS, TOKEN_SECONDS, REFRESH_SECONDS = 300, 7200, 30 * 24 * 3600
_STATE = re.compile(r"[A-Za-z0-9]{0,128}")


class BadAuthorize(Exception):
    """The page shows an error instead; the text is a reason for machines."""


@dataclass
class Grant:
    """What a code or a user's token stands for."""

    openid: str
    scope: str
    expires: float
    snapshot: bool = False
    used: bool = False


def check_authorize(query: str, app_id: str, domain: str) -> dict[str, str]:
    """The parameters of /connect/oauth2/authorize.

    Raises:
        BadAuthorize: parameter_order, appid, response_type, scope, state or redirect_domain.
    """
    pairs = parse_qsl(query, keep_blank_values=True)
    given = dict(pairs)
    known = [name for name, _ in pairs if name in ORDER]
    if known != [name for name in ORDER if name in given] or not {"appid", "redirect_uri", "response_type", "scope"} <= set(given):
        raise BadAuthorize("parameter_order")
    if given["appid"] != app_id:
        raise BadAuthorize("appid")
    if given["response_type"] != "code":
        raise BadAuthorize("response_type")
    if given["scope"] not in SCOPES:
        raise BadAuthorize("scope")
    if not _STATE.fullmatch(given.get("state", "")):
        raise BadAuthorize("state")
    if host_of(given["redirect_uri"]) != domain.lower():
        raise BadAuthorize("redirect_domain")
    return given


@dataclass
class OAuth:
    """Codes and user tokens in force."""

    now: Callable[[], float]
    rng: random.Random
    codes: dict[str, Grant] = field(default_factory=dict)
    access: dict[str, Grant] = field(default_factory=dict)
    refresh: dict[str, Grant] = field(default_factory=dict)

    def _secret(self, length: int) -> str:
        return "".join(self.rng.choices(string.ascii_letters + string.digits + "-_", k=length))

    def code(self, openid: str, scope: str, snapshot: bool) -> str:
        """A code for the redirect; a snapshot page has a made-up user."""
        if snapshot:
            openid = "o" + self._secret(27)
        code = "0" + self._secret(31)
        self.codes[code] = Grant(openid, scope, self.now() + CODE_SECONDS, snapshot)
        return code

    def exchange(self, code: str) -> dict[str, Any]:
        """/sns/oauth2/access_token.

        Raises:
            ApiError: 40029 unknown or too old, 40163 used.
        """
        grant = self.codes.get(code)
        if grant is None:
            raise ApiError(40029)
        if grant.used:
            raise ApiError(40163)
        if self.now() >= grant.expires:
            raise ApiError(40029)
        grant.used = True
        return self._tokens(grant, self._secret(107))

    def _tokens(self, grant: Grant, refresh: str) -> dict[str, Any]:
        access = self._secret(107)
        now = self.now()
        self.access[access] = Grant(grant.openid, grant.scope, now + TOKEN_SECONDS, grant.snapshot)
        self.refresh.setdefault(refresh, Grant(grant.openid, grant.scope, now + REFRESH_SECONDS, grant.snapshot))
        answer: dict[str, Any] = {
            "access_token": access,
            "expires_in": TOKEN_SECONDS,
            "refresh_token": refresh,
            "openid": grant.openid,
            "scope": grant.scope,
        }
        return {**answer, "is_snapshotuser": 1} if grant.snapshot else answer

    def renew(self, refresh: str) -> dict[str, Any]:
        """/sns/oauth2/refresh_token.

        Raises:
            ApiError: 40030 unknown, 42002 expired.
        """
        grant = self.refresh.get(refresh)
        if grant is None:
            raise ApiError(40030)
        if self.now() >= grant.expires:
            raise ApiError(42002)
        return self._tokens(grant, refresh)

    def user(self, access: str, openid: str) -> Grant:
        """Whose token this is.

        Raises:
            ApiError: 41001, 40001, 42001, 40003 of somebody else.
        """
        if not access:
            raise ApiError(41001)
        grant = self.access.get(access)
        if grant is None:
            raise ApiError(40001)
        if self.now() >= grant.expires:
            raise ApiError(42001)
        if grant.openid != openid:
            raise ApiError(40003)
        return grant
