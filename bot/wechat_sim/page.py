"""The phone-like page at / and the small pages of the consent, from templates."""

from __future__ import annotations

import json
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from sanic import Blueprint
from sanic.exceptions import NotFound
from sanic.request import Request
from sanic.response import HTTPResponse, html, raw

from bot.wechat_sim.people import Person
from bot.wechat_sim.state import State

_HERE = Path(__file__).parent
_STATIC = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}
_POLICY = "default-src 'self'; img-src 'self' blob:; frame-ancestors 'none'; base-uri 'none'; form-action 'self' http://127.0.0.1:*"
_templates = Environment(loader=FileSystemLoader(_HERE / "templates"), autoescape=True, trim_blocks=True)


_texts = json.loads((_HERE / "data" / "page.json").read_text(encoding="utf8"))


def _page(name: str, **values: object) -> HTTPResponse:
    headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return html(_templates.get_template(name).render(**values), headers=headers)


def message(text: str, reason: str = "") -> HTTPResponse:
    """A page that says why there is nothing else."""
    return _page("message.html", text=text, reason=reason)


def consent(state: State, person: Person, query: str) -> HTTPResponse:
    """Asks whether the account may know the person's name."""
    return _page("consent.html", person=person, query=query)


async def phone(request: Request) -> HTTPResponse:
    """The phone."""
    return _page("phone.html", t=_texts)


async def static(_: Request, name: str) -> HTTPResponse:
    """Styles and scripts."""
    path = _HERE / "static" / name
    if path.parent != _HERE / "static" or not path.is_file():
        raise NotFound(name)
    return raw(path.read_bytes(), content_type=_STATIC[path.suffix[1:]], headers={"Cache-Control": "no-cache"})


def build() -> Blueprint:
    """The blueprint of the page."""
    routes = Blueprint("page")
    routes.add_route(phone, "/", methods=["GET"], name="phone")
    routes.add_route(static, "/static/<name>", methods=["GET"], name="static")
    return routes
