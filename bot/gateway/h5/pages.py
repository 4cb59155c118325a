"""页面 (yemian): renders templates with the headers that every page has; failures become pages too."""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path
from typing import Any, Mapping

import jinja2
from sanic.request import Request
from sanic.response import HTTPResponse, html

from bot.adapters.notice_words import WORDS
from bot.domain.centre import Centre
from bot.gateway.errors import as_refused
from bot.gateway.logs import log

_GATEWAY = Path(__file__).resolve().parents[1]
STATIC = _GATEWAY / "static" / "h5"
_CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": _CSP,
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "no-referrer",
}


class Pages:
    """The templates of the pages, with the centre's name and telephones at hand."""

    def __init__(self, centre: Centre) -> None:
        self._environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(str(_GATEWAY / "templates" / "h5")),
            autoescape=jinja2.select_autoescape(("html",)),
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        style = (STATIC / "pages.css").read_bytes()
        self._environment.globals.update(WORDS, centre=centre, version=hashlib.sha256(style).hexdigest()[:10])

    def text(self, name: str, **values: Any) -> str:
        """A template's text."""
        return self._environment.get_template(name).render(**values)

    def page(self, name: str, status: int = 200, **values: Any) -> HTTPResponse:
        """A page with its headers."""
        return html(self.text(name, **values), status=status, headers=dict(HEADERS))


def pages_of(request: Request) -> Pages:
    """The renderer of this process."""
    pages: Pages = request.app.ctx.pages
    return pages


def is_page(request: Request) -> bool:
    """Whether people look at this address with a browser."""
    return bool(request.path.startswith("/h5"))


def problem_page(request: Request, error: Exception) -> HTTPResponse:
    """A failed request as a page in plain words, with what to do next; what went wrong inside goes to the log only."""
    refused = as_refused(error)
    if refused.status >= 500:
        log("page_failed", logging.ERROR, error, code=refused.code)
    response = pages_of(request).page(
        "problem.html", refused.status, code=refused.code, retry_at=refused.extra.get("retry_at", "")
    )
    if refused.retry_after:
        response.headers["Retry-After"] = str(refused.retry_after)
    return response
