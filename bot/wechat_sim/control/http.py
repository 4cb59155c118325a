"""Reading bodies and queries of the control API, and answering in JSON."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from sanic.exceptions import InvalidUsage, NotFound
from sanic.request import Request
from sanic.response import HTTPResponse, raw

from bot.wechat_sim.people import NoSuchPerson, Person
from bot.wechat_sim.state import State


def answer(content: Any, status: int = 200) -> HTTPResponse:
    """JSON in real UTF-8."""
    return raw(json.dumps(content, ensure_ascii=False).encode(), status, content_type="application/json")


def body_of(request: Request) -> dict[str, Any]:
    """The JSON object of the body, {} if there is none; 400 for anything else."""
    if not request.body:
        return {}
    try:
        body = json.loads(request.body)
    except ValueError:
        raise InvalidUsage("the body is a JSON object") from None
    if not isinstance(body, dict):
        raise InvalidUsage("the body is a JSON object")
    return body


def field(body: dict[str, Any], name: str, kind: Any, default: Any = ...) -> Any:
    """A field of a kind; 400 if it is missing without a default, or of another kind."""
    value = body.get(name, default)
    if value is ... or (value is not default and not isinstance(value, kind)):
        raise InvalidUsage(f"{name} is missing or of the wrong kind")
    return value


def content_of(body: dict[str, Any], name: str = "content") -> bytes:
    """Bytes given as base64; b"" if not given."""
    try:
        return base64.b64decode(field(body, name, str, ""), validate=True)
    except binascii.Error:
        raise InvalidUsage(f"{name} is base64") from None


def number(request: Request, name: str, default: float = 0.0) -> float:
    """A number of the query; 400 if it is none."""
    try:
        return float(request.args.get(name, default))
    except ValueError:
        raise InvalidUsage(f"{name} is a number") from None


def state_of(request: Request) -> State:
    """The simulator's state."""
    state: State = request.app.ctx.state
    return state


def person_of(request: Request, openid: str) -> Person:
    """Who is meant; 404 if nobody is."""
    try:
        return state_of(request).people.get(openid)
    except NoSuchPerson:
        raise NotFound(f"nobody has the openid {openid}") from None
