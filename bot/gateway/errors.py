"""错误 (cuowu): one shape for every refusal, `{"error": {"code", "message"}}`, with a sentence for people."""

from __future__ import annotations

import logging
from typing import Any, Dict, Mapping

import sqlalchemy as sa
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response

from bot.gateway.logs import log
from bot.ports import ServiceCenterUnavailable

_BY_STATUS = {400: "bad_request", 404: "not_found", 405: "method_not_allowed", 413: "too_large", 503: "unavailable"}
_AWAY = (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.TimeoutError, ConnectionError, ServiceCenterUnavailable)


class Refused(Exception):
    """A request that is not carried out; `code` names the sentence in texts.yml."""

    def __init__(self, status: int, code: str, retry_after: int = 0, **extra: Any) -> None:
        super().__init__(code)
        self.status, self.code, self.retry_after, self.extra = status, code, retry_after, extra


def as_refused(error: BaseException) -> Refused:
    """Any failure as one that can be told."""
    if isinstance(error, Refused):
        return error
    if isinstance(error, SanicException):
        status = error.status_code or 500
        return Refused(status, _BY_STATUS.get(status, "bad_request" if status < 500 else "unavailable"))
    if isinstance(error, _AWAY):
        return Refused(503, "unavailable", retry_after=2)
    return Refused(500, "internal_error")


def answer_error(request: Request, error: Exception, sentences: Mapping[str, str]) -> HTTPResponse:
    """The response to a failed request; what went wrong inside goes to the log only."""
    refused = as_refused(error)
    if refused.status >= 500:
        log("request_failed", logging.ERROR, error, code=refused.code)
    message = sentences.get(refused.code, sentences["bad_request"])
    body = {"error": {"code": refused.code, "message": message}, **refused.extra}
    headers: Dict[str, str] = {"Cache-Control": "no-store"}
    if refused.retry_after:
        headers["Retry-After"] = str(refused.retry_after)
    if refused.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return json_response(body, refused.status, headers=headers, ensure_ascii=False)


def json_body(request: Request) -> Dict[str, Any]:
    """The JSON object of a request.

    Raises:
        Refused: the body is something else.
    """
    try:
        body = request.json
    except Exception as error:  # Sanic raises several kinds for a body that is no JSON
        raise Refused(400, "bad_json") from error
    if not isinstance(body, dict):
        raise Refused(400, "bad_json")
    return body


def text_value(body: Mapping[str, Any], name: str, longest: int, *, empty: bool = False) -> str:
    """A text in a JSON body.

    Raises:
        Refused: missing, no text, too long, or with characters that no database takes.
    """
    value = body.get(name)
    if not isinstance(value, str) or len(value) > longest or (not value.strip() and not empty):
        raise Refused(400, "bad_value", field=name)
    return value.replace("\0", "").encode("utf8", "replace").decode("utf8")
