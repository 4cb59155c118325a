"""服务中心 (fuwu zhongxin): builds the Sanic app of the embedded service centre. Nothing happens at import."""

from __future__ import annotations

import asyncio
import hmac
import logging
import time
from typing import Any, Optional, Sequence
from uuid import uuid4

import sqlalchemy as sa
from httptools.parser.errors import HttpParserInvalidURLError
from sanic import Sanic
from sanic.exceptions import NotFound, SanicException
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response

from bot.adapters.gateway_api import GatewayClient
from bot.adapters.seal import PlaceholderSeal
from bot.adapters.sms import FileSms
from bot.adapters.sql.engine import async_engine
from bot.adapters.templates import Templates
from bot.adapters.working_days import published_calendar
from bot.adapters.yaml_catalogue import load_centre, load_items, load_local_facts
from bot.center import catalogue_store, migrations
from bot.center.api import all_routes
from bot.center.context import Centre
from bot.center.errors import ApiError
from bot.center.keepers import Keepers
from bot.center.logs import log
from bot.center.publication import Hook, Publisher
from bot.center.routing import API, Addresses, Call, add_routes
from bot.center.shapes import parse_json, read
from bot.center.system_api import ClockBody, set_clock
from bot.ports import Clock
from bot.settings import ROOT, Settings

MAX_BODY = 1_000_000
POOL = 15
"""Transactions at once on PostgreSQL; some fewer than the pool of the engine has."""
WORDING = ROOT / "data" / "dialogue"
_BY_STATUS = {400: "bad_request", 404: "not_found", 405: "method_not_allowed", 413: "too_large", 503: "unavailable"}


def build_centre(settings: Settings, clock: Clock, hooks: Sequence[Hook] = ()) -> Centre:
    """Migrate the store and read what the centre needs from files.

    Raises:
        CatalogueError: the centre profile cannot be read; the text names the place.
    """
    settings.var.mkdir(parents=True, exist_ok=True)
    url = settings.store_url("center")
    migrations.upgrade(url)
    profile = load_centre(settings.centre_dir / "profile.yml")
    engine = async_engine(url)

    def hook_failed(name: str, error: Exception) -> None:
        log("publication_hook_failed", logging.ERROR, error, hook=name)

    publisher = Publisher(engine, settings.publication_dir, profile, clock, hooks, hook_failed)
    gateway = GatewayClient(settings.gateway_url, settings.internal_token)
    sms = FileSms(settings.var / "sms.jsonl", clock)
    words = Templates(WORDING)
    turns = asyncio.Semaphore(1 if engine.dialect.name == "sqlite" else POOL)
    return Centre(
        settings, clock, engine, publisher, profile, published_calendar(), log, words, PlaceholderSeal(), gateway, sms, turns
    )


async def seed_and_publish(center: Centre) -> None:
    """Version 1 from the YAML files if there is no item yet; then the snapshot for the other processes.

    Raises:
        CatalogueError: the files cannot be read; the text lists every place.
    """
    async with center.begin() as connection:
        if await catalogue_store.is_empty(connection):
            items = load_items(center.settings.catalogue_dir)
            facts = load_local_facts(center.settings.centre_dir / "facts")
            await catalogue_store.seed(connection, items, facts, center.now())
            log("catalogue_seeded", items=len(items))
    current = await center.publisher.refresh()
    log("catalogue_published", publication=current.version, items=len(current.items))


class TolerantRequest(Request):  # type: ignore[misc]
    """A request whose address may hold anything: raw UTF-8 is read as such, and what cannot be read names nothing.

    Sanic 21.12 closes the connection without an answer on such an address.
    """

    def __init__(self, url_bytes: bytes, *rest: Any, **named: Any) -> None:
        readable = b"".join(bytes([b]) if 0x21 <= b < 0x7F else b"%%%02X" % b for b in url_bytes)
        try:
            super().__init__(readable, *rest, **named)
        except HttpParserInvalidURLError:
            super().__init__(b"/unreadable-address", *rest, **named)


def _as_api_error(error: Exception, request: Request, known: Addresses) -> ApiError:
    if isinstance(error, ApiError):
        return error
    if isinstance(error, NotFound):
        # Sanic's router also says "not found" for some addresses that exist under another method.
        return ApiError("method_not_allowed" if known.has(request.path) else "not_found")
    if isinstance(error, SanicException):
        return ApiError(_BY_STATUS.get(error.status_code, "bad_request"))
    if isinstance(error, (sa.exc.OperationalError, sa.exc.TimeoutError, ConnectionError)):
        return ApiError("unavailable")
    return ApiError("internal_error")


def _error_answer(failure: ApiError, error: Optional[Exception] = None) -> HTTPResponse:
    if failure.status >= 500:
        log("request_failed", logging.ERROR, error, code=failure.code)
    headers = {}
    if failure.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if "retry_after" in failure.extra:
        headers["Retry-After"] = str(failure.extra["retry_after"])
    return json_response(failure.body(), status=failure.status, headers=headers, ensure_ascii=False)


def _guard(app: Sanic, settings: Settings) -> None:
    """Every address under /api/v1 wants the token."""
    expected = f"Bearer {settings.api_token}".encode()

    async def check_token(request: Request) -> Optional[HTTPResponse]:
        request.ctx.started = time.perf_counter()
        if request.path.startswith(API):
            given = request.headers.get("authorization", "").encode("utf8", "replace")
            if not hmac.compare_digest(given, expected):
                return _error_answer(ApiError("unauthorized"))
        return None

    async def write_log(request: Request, response: HTTPResponse) -> None:
        started = getattr(request.ctx, "started", None)
        ms = round((time.perf_counter() - started) * 1000, 1) if started else None
        route = request.route.name.rpartition(".")[2] if request.route else None
        log("request", method=request.method, route=route, status=response.status, ms=ms)

    app.register_middleware(check_token, "request")
    app.register_middleware(write_log, "response")


def create_app(settings: Settings, clock: Clock, hooks: Sequence[Hook] = ()) -> Sanic:
    """The centre's app; `hooks` run at each publication (see `publication.Hook`)."""
    app = Sanic(f"center_{uuid4().hex[:8]}", configure_logging=False, request_class=TolerantRequest)
    app.config.REQUEST_MAX_SIZE = MAX_BODY
    app.config.ACCESS_LOG = False
    app.config.FALLBACK_ERROR_FORMAT = "json"
    center = build_centre(settings, clock, hooks)
    app.ctx.center = center
    _guard(app, settings)
    routes = all_routes(settings.test_mode)
    add_routes(app, routes, center)
    known = Addresses(routes)

    async def answer_error(request: Request, error: Exception) -> HTTPResponse:
        return _error_answer(_as_api_error(error, request, known), error)

    async def health(request: Request) -> HTTPResponse:
        await center.publisher.follow_the_day()
        current = center.publisher.current
        return json_response({"status": "ok", "publication": current.version, "items": len(current.items)})

    async def move_clock(request: Request) -> HTTPResponse:
        body = read(parse_json(request.body), ClockBody)
        return json_response((await set_clock(Call(center, {}, {}, body))).body)

    async def start(app: Sanic, loop: Any) -> None:
        await seed_and_publish(center)
        app.ctx.keepers = Keepers(center)

    async def stop(app: Sanic, loop: Any) -> None:
        await app.ctx.keepers.stop()
        await center.engine.dispose()

    app.error_handler.add(Exception, answer_error)
    app.add_route(health, "/health", name="health")
    if settings.test_mode:  # the same address as on the other processes
        app.add_route(move_clock, "/test/clock", methods=["POST"], name="clock")
    app.register_listener(start, "before_server_start")
    app.register_listener(stop, "after_server_stop")
    return app
