"""路由表 (luyoubiao): one description per route, from which both the web server and the OpenAPI document are made."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Awaitable, Callable, Mapping, Optional

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response

from bot.center.context import Centre as CentreContext
from bot.center.errors import ApiError
from bot.center.shapes import parse_json, read

API = "/api/v1"


@dataclass(frozen=True)
class Param:
    """A query parameter: a text, or a whole number with a range."""

    name: str
    about: str
    number: bool = False
    required: bool = False
    least: int = 1
    most: int = 1_000_000
    longest: int = 200
    default: Any = None


@dataclass(frozen=True)
class Answer:
    """What a handler gives back."""

    body: Any
    status: int = 200


@dataclass(frozen=True)
class Call:
    """What a handler gets: everything already checked for shape."""

    center: CentreContext
    path: Mapping[str, str]
    query: Mapping[str, Any]
    body: Any = None
    raw: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


Handler = Callable[[Call], Awaitable[Answer]]


@dataclass(frozen=True)
class Route:
    """One address and method.

    `path` is relative to /api/v1, its parameters in braces. `answers` maps good statuses to the shape of the body;
    `errors` names the codes (of `errors.CODES`) that the handler itself can raise.
    """

    method: str
    path: str
    handler: Handler
    about: str
    answers: Mapping[int, Any]
    body: Optional[type] = None
    query: tuple[Param, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    errors: tuple[str, ...] = ()
    test_only: bool = False

    @property
    def name(self) -> str:
        return re.sub(r"\W+", "_", f"{self.method.lower()}{self.path}").strip("_")

    @property
    def parameters(self) -> list[str]:
        return re.findall(r"{(\w+)}", self.path)


def _read_param(param: Param, values: list[str]) -> Any:
    if not values:
        if param.required:
            raise ApiError("bad_value", f"缺少参数 {param.name}。")
        return param.default
    text = values[-1]
    if not param.number:
        if len(text) > param.longest or not text.isprintable():
            raise ApiError("bad_value", f"参数 {param.name} 太长或含有不能用的字符。")
        return text
    if not re.fullmatch(r"[0-9]{1,9}", text) or not param.least <= int(text) <= param.most:
        raise ApiError("bad_value", f"参数 {param.name} 应当是 {param.least} 到 {param.most} 的整数。")
    return int(text)


def _clean_path(values: Mapping[str, Any]) -> dict[str, str]:
    """Path values as text; what cannot be a code or number names nothing."""
    clean = {name: str(value) for name, value in values.items()}
    if any(len(value) > 64 or not value.isprintable() for value in clean.values()):
        raise ApiError("not_found")
    return clean


def _endpoint(route: Route, center: CentreContext) -> Callable[..., Awaitable[HTTPResponse]]:
    async def endpoint(request: Request, **path: Any) -> HTTPResponse:
        raw = parse_json(request.body) if route.body is not None else None
        call = Call(
            center=center,
            path=_clean_path(path),
            query={p.name: _read_param(p, request.args.getlist(p.name) or []) for p in route.query},
            body=read(raw, route.body) if route.body is not None else None,
            raw=raw,
            headers={name: request.headers.get(name, "") for name in route.headers},
        )
        await center.publisher.follow_the_day()
        answer = await route.handler(call)
        return json_response(answer.body, status=answer.status, ensure_ascii=False)

    return endpoint


class Addresses:
    """Which addresses exist, whatever the method."""

    def __init__(self, routes: tuple[Route, ...]) -> None:
        self._patterns = [re.compile(API + re.sub(r"{\w+}", "[^/]+", route.path)) for route in routes]

    def has(self, path: str) -> bool:
        return any(pattern.fullmatch(path) for pattern in self._patterns)


def add_routes(app: Sanic, routes: tuple[Route, ...], center: CentreContext) -> None:
    """Put the table on the server."""
    for route in routes:
        uri = API + re.sub(r"{(\w+)}", r"<\1>", route.path)
        app.add_route(_endpoint(route, center), uri, methods=[route.method], name=route.name)
