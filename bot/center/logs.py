"""日志 (rizhi): the centre's events, in the log format of all processes; names and figures, never values of a request."""

from __future__ import annotations

import logging
import traceback
from typing import Any, Optional

_logger = logging.getLogger("bangban.center")


def where(error: BaseException) -> str:
    """The kind of an exception and the innermost places it passed.

    No text: the texts of database errors hold the values that were to be stored.
    """
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    return type(error).__name__ + " at " + " < ".join(f"{f.filename}:{f.lineno}" for f in reversed(frames))


def log(event: str, level: int = logging.INFO, error: Optional[BaseException] = None, **figures: Any) -> None:
    """Write one event: its name, then figures."""
    parts = [f"center.{event}", *(f"{name}={value}" for name, value in figures.items())]
    if error is not None:
        parts.append(where(error))
    _logger.log(level, "%s", " ".join(parts))
