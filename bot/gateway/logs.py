"""日志 (rizhi): one JSON object a line on stdout: ids, states and figures, never a text that a person wrote.

The second net: whatever still looks like a personal number when a line is written is masked there.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from datetime import date, datetime, timezone
from typing import Any, Dict, Optional

from bot.domain.number_search import find_numbers

_logger = logging.getLogger("bangban.gateway")
_QUIET = ("sanic.root", "sanic.error", "sanic.access", "asyncio", "sqlalchemy", "alembic", "aiohttp", "aiosqlite")


def without_numbers(text: str) -> str:
    """The text with everything that looks like a personal number masked."""
    for found in reversed(find_numbers(text, date.today())):
        text = text[: found.start] + found.masked + text[found.end :]
    return text


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return without_numbers(value)
    if isinstance(value, dict):
        return {name: _clean(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_clean(inner) for inner in value]
    return value


class NumberFilter(logging.Filter):
    """Masks personal numbers in a record before any handler sees it."""

    def filter(self, record: logging.LogRecord) -> bool:
        event = getattr(record, "event", None)
        if isinstance(event, dict):
            record.event = _clean(event)
        # a library's arguments may hold values of a request, its template does not
        record.msg, record.args = without_numbers(str(record.msg)), None
        return True


class JsonLines(logging.Formatter):
    """Our events as they are; messages of libraries as their template."""

    def format(self, record: logging.LogRecord) -> str:
        line: Dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, timezone.utc).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "process": "gateway",
        }
        event = getattr(record, "event", None)
        line.update(
            event if isinstance(event, dict) else {"event": "library", "logger": record.name, "text": record.msg}
        )
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = where(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, default=str)


def where(error: BaseException) -> Dict[str, Any]:
    """The kind of an exception and the places it passed; its text may hold what a person wrote."""
    frames = traceback.extract_tb(error.__traceback__)[-8:]
    return {"kind": type(error).__name__, "at": [f"{f.filename}:{f.lineno} {f.name}" for f in frames]}


def log(event: str, level: int = logging.INFO, error: Optional[BaseException] = None, **figures: Any) -> None:
    """Write one event."""
    content = {"event": event, **figures}
    if error is not None:
        content["error"] = where(error)
    _logger.log(level, event, extra={"event": content})


def configure() -> None:
    """Send everything to stdout as JSON lines; called by the process, not by the app."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonLines())
    handler.addFilter(NumberFilter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for name in _QUIET:
        logger = logging.getLogger(name)
        logger.handlers[:] = []
        logger.propagate = True
        logger.setLevel(logging.WARNING)
