"""网关 (wangguan): builds the Sanic app of the public process. Nothing happens at import."""

from __future__ import annotations

import asyncio
from typing import List, Optional

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, redirect
from sanic.response import json as json_response

from bot.adapters.service_center.client import HttpServiceCenter
from bot.adapters.sql.store import open_store
from bot.adapters.vault.cipher import Cipher
from bot.adapters.vault.sql_vault import SqlVault
from bot.gateway import inbox, internal, migrations, oauth, web_chat
from bot.gateway.claims import Claims
from bot.gateway.context import Gateway, Options
from bot.gateway.errors import Refused, answer_error, json_body, text_value
from bot.gateway.h5 import routes as pages
from bot.gateway.h5.pages import is_page, problem_page
from bot.gateway.hub import Hub
from bot.gateway.pages_auth import NeedsOAuth
from bot.gateway.patience import Patience
from bot.gateway.rasa_client import RasaClient
from bot.gateway.texts import load_texts
from bot.gateway.wechat import routes as wechat_routes
from bot.gateway.wechat.account import Account
from bot.gateway.wechat.profile import load_profile
from bot.gateway.worker import Worker
from bot.ports import Clock
from bot.settings import Settings

MAX_BODY = 64 * 1024
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def create_app(settings: Settings, clock: Clock, options: Optional[Options] = None) -> Sanic:
    """The gateway's app; its store is brought up to date first."""
    settings.var.mkdir(parents=True, exist_ok=True)
    migrations.upgrade(settings.store_url("gateway"))
    app = Sanic("bangban-gateway", configure_logging=False)
    app.config.update(
        REQUEST_MAX_SIZE=MAX_BODY, REQUEST_TIMEOUT=20, RESPONSE_TIMEOUT=30, KEEP_ALIVE_TIMEOUT=30,
        GRACEFUL_SHUTDOWN_TIMEOUT=3.0, ACCESS_LOG=False, FALLBACK_ERROR_FORMAT="json",
    )  # fmt: skip
    app.ctx.texts = load_texts(settings.centre_dir / "profile.yml")
    app.blueprint(internal.build(settings.internal_token))
    app.blueprint(web_chat.build())
    app.blueprint(oauth.build())
    app.blueprint(wechat_routes.build())
    pages.install(app, settings)
    _add_own_routes(app, settings)
    _add_life_cycle(app, settings, clock, options or Options())

    async def on_error(request: Request, error: Exception) -> HTTPResponse:
        if isinstance(error, NeedsOAuth):
            return await oauth.begin(request, error.return_to)
        if is_page(request):
            return problem_page(request, error)
        return answer_error(request, error, app.ctx.texts.errors)

    async def add_headers(request: Request, response: HTTPResponse) -> None:
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)

    app.error_handler.add(Exception, on_error)
    app.register_middleware(add_headers, "response")
    return app


def _add_life_cycle(app: Sanic, settings: Settings, clock: Clock, options: Options) -> None:
    tasks: "List[asyncio.Future[None]]" = []
    profile = load_profile(settings.centre_dir)  # read now: a file with a fault must stop the start

    async def open_all(app: Sanic, _: object) -> None:
        cipher = Cipher(settings.vault_key)
        vault = SqlVault(cipher, settings.hash_key, clock)
        rasa = RasaClient(settings.rasa_url, settings.internal_token, options.rasa_timeout)
        store = open_store(settings.store_url("gateway"))
        center = HttpServiceCenter(settings.center_url, settings.api_token)
        claims = Claims(settings, store)
        gateway = Gateway(settings, clock, options, app.ctx.texts, store, cipher, vault, Hub(), rasa, center, claims)
        app.ctx.gateway, app.ctx.worker = gateway, Worker(gateway)
        app.ctx.wechat = await Account.open(gateway, profile)
        app.ctx.wechat_client, app.ctx.reception = app.ctx.wechat.client, app.ctx.wechat.reception
        await claims.begin()

    async def start(app: Sanic, _: object) -> None:
        tasks.append(asyncio.ensure_future(app.ctx.worker.run()))
        tasks.append(asyncio.ensure_future(Patience(app.ctx.gateway).run()))
        tasks.append(asyncio.ensure_future(app.ctx.gateway.claims.run()))
        tasks.extend(asyncio.ensure_future(loop) for loop in app.ctx.wechat.loops())

    async def close_all(app: Sanic, _: object) -> None:
        app.ctx.gateway.hub.close()
        await _end(tasks)
        await app.ctx.worker.stop()
        await app.ctx.wechat.close()
        await app.ctx.gateway.claims.end()
        await app.ctx.gateway.rasa.close()
        await app.ctx.gateway.center.close()
        await app.ctx.gateway.store.close()

    app.register_listener(open_all, "before_server_start")
    app.register_listener(start, "after_server_start")
    app.register_listener(close_all, "before_server_stop")


async def _end(tasks: "List[asyncio.Future[None]]") -> None:
    """Cancel until all are gone: in Python 3.10 `wait_for` swallows a cancel that comes together with what it waits for."""
    running = set(tasks)
    while running:
        for task in running:
            task.cancel()
        _, running = await asyncio.wait(running, timeout=0.2)


def _add_own_routes(app: Sanic, settings: Settings) -> None:
    app.add_route(_home, "/", methods=["GET"], name="home")
    app.add_route(_health, "/health", methods=["GET"], name="health")
    app.add_route(_ready, "/ready", methods=["GET"], name="ready")
    if settings.test_mode:
        app.add_route(_move_clock, "/test/clock", methods=["POST"], name="clock")


async def _home(_: Request) -> HTTPResponse:
    return redirect("/chat")


async def _health(_: Request) -> HTTPResponse:
    return json_response({"status": "ok"})


async def _ready(request: Request) -> HTTPResponse:
    """Ready to take messages; Rasa may still be starting, messages wait for it."""
    gateway: Gateway = request.app.ctx.gateway
    waiting = await gateway.store.read(inbox.open_ids)
    count = sum(len(ids) for ids in waiting.values())
    return json_response({"ready": True, "rasa": await gateway.rasa.ready(), "waiting": count})


async def _move_clock(request: Request) -> HTTPResponse:
    """For tests: {"now": ISO time}, with a trailing `!` the clock then stands still."""
    gateway: Gateway = request.app.ctx.gateway
    move = getattr(gateway.clock, "set", None)
    if not internal.from_this_machine(request) or move is None:
        raise Refused(404, "not_found")
    try:
        move(text_value(json_body(request), "now", 40))
    except (ValueError, OverflowError) as error:
        raise Refused(400, "bad_value", field="now") from error
    return json_response({"now": gateway.now().isoformat()})
