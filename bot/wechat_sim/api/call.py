"""One call of the account: method, token, daily quota, faults, and the log that tests read."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import struct
from dataclasses import dataclass
from typing import Any, Awaitable, Callable, Optional, Union

from sanic.request import Request
from sanic.response import HTTPResponse, raw

from bot.wechat_sim.clock import iso
from bot.wechat_sim.errors import ApiError, error_body
from bot.wechat_sim.faults import Fault
from bot.wechat_sim.people import NoSuchPerson, Person
from bot.wechat_sim.platform import Platform
from bot.wechat_sim.state import Call, State

DAILY = {
    "token": 2000, "stable_token": 500_000, "menu/create": 1000, "media/upload": 100_000, "media/get": 200_000,
    "message/custom/send": 500_000, "message/template/send": 100_000, "qrcode/create": 100_000,
}  # fmt: skip
"""Calls a day (fact sheet, item 42); the knob `daily_limits` overrides."""
_ESCAPE = re.compile(rb"(?<!\\)(?:\\\\)*\\u([0-9a-fA-F]{4})")

Result = Union[dict[str, Any], HTTPResponse]
Handler = Callable[["ApiCall"], Awaitable[Result]]


@dataclass
class ApiCall:
    """What a handler gets."""

    request: Request
    platform: Platform
    openid: str = ""

    @property
    def state(self) -> State:
        """Short for platform.state."""
        return self.platform.state

    def query(self, name: str) -> str:
        """A query parameter, "" if missing."""
        value = self.request.args.get(name)
        return value if isinstance(value, str) else ""

    def json(self) -> dict[str, Any]:
        """The JSON object of the body.

        Raises:
            ApiError: 44002 empty, 47001 no JSON object, 40033 not UTF-8 or with escapes of non-ASCII letters.
        """
        body = self.request.body
        if not body:
            raise ApiError(44002)
        try:
            text = body.decode()
        except UnicodeDecodeError:
            raise ApiError(40033) from None
        if any(int(found, 16) > 0x7F for found in _ESCAPE.findall(body)):
            if self.state.knobs.unicode_escapes == "refuse":
                raise ApiError(40033)
            text = text.replace("\\u", "\\\\u")
        try:
            parsed = json.loads(text)
        except (ValueError, RecursionError):
            raise ApiError(47001) from None
        if not isinstance(parsed, dict):
            raise ApiError(47001)
        return parsed

    def person(self, openid: Any) -> Person:
        """The person of an openid of this account.

        Raises:
            ApiError: 40003.
        """
        try:
            if not isinstance(openid, str):
                raise NoSuchPerson(openid)
            self.openid = openid
            return self.state.people.get(openid)
        except NoSuchPerson:
            raise ApiError(40003) from None


@dataclass(frozen=True)
class Endpoint:
    """How an API wants to be called; `api` is its path without /cgi-bin."""

    api: str
    method: str
    handler: Handler
    token: bool = True
    mime: str = "application/json; encoding=utf-8"


def answer(content: dict[str, Any], mime: str) -> HTTPResponse:
    """HTTP 200 with JSON in real UTF-8, whatever happened."""
    return raw(json.dumps(content, ensure_ascii=False).encode(), content_type=mime)


def spend_daily(state: State, api: str) -> None:
    """Count a call; ApiError 45009 beyond the limit of the day."""
    limit = state.knobs.daily_limits.get(api, DAILY.get(api))
    key = f"{iso(state.clock.now())[:10]} {api}"
    state.daily[key] += 1
    if limit is not None and state.daily[key] > limit:
        raise ApiError(45009)


async def serve(endpoint: Endpoint, request: Request, **_: str) -> Optional[HTTPResponse]:
    """Do the call, with the fault that waits for it; parts of the path do not matter."""
    platform: Platform = request.app.ctx.platform
    call = ApiCall(request, platform)
    fault = platform.state.faults.take(endpoint.api)
    if fault and fault.kind == "slow":
        await asyncio.sleep(fault.seconds)
    if fault and fault.kind == "token_revoked":
        platform.state.tokens.revoke()
    if fault and fault.kind in ("http", "reset", "html", "errcode", "empty"):
        _log(call, endpoint, fault.code if fault.kind == "errcode" else -1, fault)
        return _broken(fault, request, platform.state)
    mime = platform.state.knobs.sns_content_type if endpoint.api.startswith("sns/") else endpoint.mime
    result = await _result(endpoint, call, fault)
    response = result if isinstance(result, HTTPResponse) else answer(result, mime)
    if fault and fault.kind == "slow_after":
        await asyncio.sleep(fault.seconds)
    if fault and fault.kind in ("reset_after", "truncated"):
        return _cut(request, response, fault.kind)
    if fault and fault.kind == "wrong_content_type":
        response.content_type = "text/html"
    return response


async def _result(endpoint: Endpoint, call: ApiCall, fault: Optional[Fault]) -> Result:
    state = call.state
    try:
        if call.request.method != endpoint.method:
            raise ApiError(43002 if endpoint.method == "POST" else 43001)
        if endpoint.token:
            state.tokens.check(call.query("access_token"))
        spend_daily(state, endpoint.api)
        result = await endpoint.handler(call)
        _log(call, endpoint, 0, fault)
        return result
    except ApiError as error:
        _log(call, endpoint, error.code, fault)
        return error_body(error.code, error.detail, state.clock.now(), state.rng)


def _log(call: ApiCall, endpoint: Endpoint, errcode: int, fault: Optional[Fault]) -> None:
    state = call.state
    state.count("calls")
    if errcode:
        state.count(f"errcode_{errcode}")
    number = state.counters["calls"]
    state.calls.append(Call(number, endpoint.api, errcode, state.clock.now(), call.openid, fault.kind if fault else ""))


def _broken(fault: Fault, request: Request, state: State) -> Optional[HTTPResponse]:
    """The call is not carried out."""
    if fault.kind == "errcode":
        return answer(error_body(fault.code, "", state.clock.now(), state.rng), "application/json; encoding=utf-8")
    if fault.kind == "empty":
        return raw(b"", content_type="application/json")
    if fault.kind in ("http", "html"):
        page = b"<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
        return raw(page, status=fault.code if fault.kind == "http" else 200, content_type="text/html")
    return _cut(request, raw(b""), "reset")


def _cut(request: Request, response: HTTPResponse, kind: str) -> HTTPResponse:
    """Break the connection: at once, or in the middle of the body."""
    transport = request.transport
    if kind == "truncated":
        body = response.body or b""
        head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
        transport.write(head.encode() + body[: len(body) // 2])
        transport.close()
    else:
        sock = transport.get_extra_info("socket")
        if sock is not None:  # RST instead of FIN
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    raise asyncio.CancelledError  # Sanic then writes nothing of its own
