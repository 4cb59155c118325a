"""日志 (rizhi): one JSON object a line on stdout; event names and figures, never values of a request.

An exception is logged by its kind and the places in the code it passed; its text is left out, because the texts of
database errors hold the values that were to be stored.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from datetime import datetime, timezone
from typing import Any, Optional

_logger = logging.getLogger("bangban.center")


class JsonLines(logging.Formatter):
    """Formats our events as they are, and messages of libraries as their template without the values."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, timezone.utc).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "process": "center",
        }
        event = getattr(record, "event", None)
        line.update(event if isinstance(event, dict) else {"event": "library", "logger": record.name, "text": record.msg})
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = where(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, default=str)


def where(error: BaseException) -> dict[str, Any]:
    """The kind of an exception and the places it passed, innermost last; no text."""
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
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for name in ("sanic.root", "sanic.error", "sanic.access", "asyncio", "sqlalchemy", "alembic"):
        logger = logging.getLogger(name)
        logger.handlers[:] = []
        logger.propagate = True
        logger.setLevel(logging.WARNING)
