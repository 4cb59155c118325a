"""Builds the simulator's Sanic app. Nothing happens at import."""

from __future__ import annotations

import asyncio
from typing import Any, Optional

from sanic import Sanic
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response

from bot.settings import Settings
from bot.wechat_sim import control, page
from bot.wechat_sim.account import LOOPBACK, Account, host_of
from bot.wechat_sim.api import routes as api_routes
from bot.wechat_sim.clock import SimClock
from bot.wechat_sim.phones import Phones
from bot.wechat_sim.platform import Platform
from bot.wechat_sim.state import State

SAVE_EVERY_SECONDS = 1.0
MAX_BODY = 24 * 1024 * 1024


def account_of(settings: Settings) -> Account:
    """The account of the settings; its server is the gateway."""
    given = settings.wechat
    return Account(
        app_id=given.app_id,
        app_secret=given.app_secret,
        original_id=given.original_id,
        token=given.token,
        aes_key=given.aes_key,
        mode=given.mode,
        urls=[f"{settings.gateway_url}/wechat"],
        oauth_domain=host_of(settings.public_url) or "127.0.0.1",
    )


def create_app(settings: Settings, seed: Optional[int] = None) -> Sanic:
    """The app of both halves, the control API and the page."""
    app = Sanic("bangban-wechat-sim", configure_logging=False)
    app.config.update(
        REQUEST_MAX_SIZE=MAX_BODY, REQUEST_TIMEOUT=60, RESPONSE_TIMEOUT=120, KEEP_ALIVE_TIMEOUT=30,
        GRACEFUL_SHUTDOWN_TIMEOUT=1.0, ACCESS_LOG=False, FALLBACK_ERROR_FORMAT="json",
    )  # fmt: skip
    state = State(account_of(settings), SimClock(settings.now), settings.sim_url)
    if seed is not None:
        state.rng.seed(seed)
    platform = Platform(state)
    app.ctx.state, app.ctx.platform, app.ctx.phones = state, platform, Phones(platform)
    app.blueprint(api_routes.build())
    app.blueprint(control.build())
    app.blueprint(page.build())
    app.add_route(_health, "/health", methods=["GET"], name="health")
    app.register_middleware(_only_this_machine, "request")
    app.error_handler.add(Exception, _on_error)
    _add_life_cycle(app, platform)
    return app


async def _health(request: Request) -> HTTPResponse:
    return json_response({"status": "ok", "saved": request.app.ctx.state.account.saved})


async def _only_this_machine(request: Request) -> Optional[HTTPResponse]:
    """Names that lead here from elsewhere are refused, and so are pages of other sites that would steer the phones."""
    host = host_of("http://" + request.headers.get("host", ""))
    foreign = request.headers.get("sec-fetch-site") == "cross-site" and request.path.startswith("/sim/")
    if host not in LOOPBACK or (foreign and request.method != "GET"):
        return json_response({"error": "this machine only"}, 403)
    return None


async def _on_error(request: Request, error: Exception) -> HTTPResponse:
    status = error.status_code if isinstance(error, SanicException) else 500
    return json_response({"error": f"{type(error).__name__}: {error}"}, status or 500, ensure_ascii=False)


def _add_life_cycle(app: Sanic, platform: Platform) -> None:
    tasks: list[asyncio.Task[None]] = []

    async def start(_: Sanic, __: Any) -> None:
        await platform.poster.open()
        tasks.append(asyncio.ensure_future(_save_until_saved(platform)))

    async def stop(_: Sanic, __: Any) -> None:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await platform.stop()

    app.register_listener(start, "before_server_start")
    app.register_listener(stop, "before_server_stop")


async def _save_until_saved(platform: Platform) -> None:
    """At the start somebody enters the address in the console and tries until the gateway is up."""
    while not platform.state.account.saved and not platform.state.counters["configured"]:
        await platform.save()
        await asyncio.sleep(SAVE_EVERY_SECONDS if not platform.state.account.saved else 0)
