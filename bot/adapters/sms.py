"""短信替身 (duanxin tishen): writes text messages into a file instead of sending them; the telephone only as its token."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any, Mapping

from bot.ports import Clock, SmsUnavailable


class FileSms:
    """One JSON line a message. A key that is there already is not written again."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path, self._clock = path, clock

    async def send(self, phone: Mapping[str, Any], text: str, key: str) -> None:
        """Append the message.

        Raises:
            SmsUnavailable: the file cannot be written.
        """
        line = {"key": key, "to": phone.get("token"), "shown": phone.get("masked"), "text": text}
        try:
            await asyncio.get_running_loop().run_in_executor(None, self._append, {**line, "at": self._clock.now().isoformat()})
        except OSError as error:
            raise SmsUnavailable(str(error)) from error

    def _append(self, line: Mapping[str, Any]) -> None:
        if self._path.exists():
            with self._path.open(encoding="utf8") as kept:
                if any(json.loads(old)["key"] == line["key"] for old in kept if old.strip()):
                    return
        with self._path.open("a", encoding="utf8") as kept:
            kept.write(json.dumps(line, ensure_ascii=False) + "\n")
