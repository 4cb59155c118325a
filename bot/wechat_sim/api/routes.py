"""All addresses of the API, and the consent page of OAuth."""

from __future__ import annotations

from functools import partial
from typing import Any

from sanic import Blueprint

from bot.wechat_sim.api import authorize, media, menus, messages, notices, sns, tokens
from bot.wechat_sim.api.call import ApiCall, Endpoint, serve
from bot.wechat_sim.errors import ApiError

_ALL = [part.ENDPOINTS for part in (tokens, messages, media, notices, menus, sns)]


async def _unknown(call: ApiCall) -> dict[str, Any]:
    raise ApiError(40066)


def address(endpoint: Endpoint) -> str:
    """Where an API is."""
    return "/" + endpoint.api if endpoint.api.startswith(("sns/", "wxaapi/")) else "/cgi-bin/" + endpoint.api


def build() -> Blueprint:
    """The blueprint of the API half."""
    routes = Blueprint("api")
    for endpoint in (e for part in _ALL for e in part):
        name = endpoint.api.replace("/", "_")
        routes.add_route(partial(serve, endpoint), address(endpoint), methods=["GET", "POST"], name=name)
    unknown = Endpoint("unknown", "POST", _unknown, token=False)
    routes.add_route(partial(serve, unknown), "/cgi-bin/<rest:path>", methods=["GET", "POST"], name="unknown")
    authorize.add(routes)
    return routes
