"""Logs of all processes: one JSON object a line on standard output, personal numbers masked."""

from __future__ import annotations

import json
import logging
import sys
from datetime import datetime, timezone

from bot.domain.second_net import mask_all


class JsonLines(logging.Formatter):
    """time, level, logger, event; exceptions as type only, since their texts can carry what people wrote."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        message, masked = mask_all(record.getMessage())
        line = {
            "time": datetime.fromtimestamp(record.created, timezone.utc).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "event": message,
        }
        if masked:
            line["alarm"] = "personal_number_masked"
        if record.exc_info and record.exc_info[0]:
            line["exception"] = record.exc_info[0].__name__
        return json.dumps(line, ensure_ascii=False)


def configure_logs(level: int = logging.INFO) -> None:
    """Send everything to standard output as JSON lines."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for noisy in ("sanic.access", "aiohttp.access", "jieba", "matplotlib"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
