"""The control API under /sim/: what people do with their phones, what they see, and what a test may change. Described in
docs/wechat-simulator.md."""

from __future__ import annotations

from sanic import Blueprint

from bot.wechat_sim.control import console, deeds, watch


def build() -> Blueprint:
    """The blueprint; all answers are JSON but the pictures and the stream."""
    routes = Blueprint("control", url_prefix="/sim")
    for part in (deeds, watch, console):
        for path, methods, handler in part.ROUTES:
            routes.add_route(handler, path, methods=methods, name=handler.__name__)
    return routes
