"""Error codes (fact sheet, item 40): HTTP 200 with a number and a text that nobody should compare whole."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

TEXTS: dict[int, str] = {
    int(code): text for code, text in json.loads((Path(__file__).parent / "data" / "errcodes.json").read_text()).items()
}


class ApiError(Exception):
    """A call that the platform refuses."""

    def __init__(self, code: int, detail: str = "") -> None:
        super().__init__(f"{code} {TEXTS[code]} {detail}".rstrip())
        self.code, self.detail = code, detail


def error_body(code: int, detail: str, now: float, rng: random.Random) -> dict[str, Any]:
    """errcode and errmsg; the message ends with a number of the request."""
    rid = f"rid: {int(now):08x}-{rng.getrandbits(32):08x}-{rng.getrandbits(32):08x}"
    text = TEXTS[code]
    return {"errcode": code, "errmsg": f"{text} {detail}".rstrip() + f" {rid}"}
