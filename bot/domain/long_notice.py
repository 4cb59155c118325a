"""长告知 (chang gaozhi): a long notice in a chat of small bubbles: what matters stays, the rest is on its page."""

from __future__ import annotations

import re
from typing import Optional

from bot.domain.wechat_text import LIMIT, size

_NUMBER = re.compile(r"GZ-\d{6}-\d{4,6}-\d")
_SECTION = re.compile(r"^▍", re.M)
_KEPT_SECTION, _MOST_KEPT = "请留意", 700  # bytes


def notice_number(text: str) -> Optional[str]:
    """The number of the notice that a text is or belongs to."""
    found = _NUMBER.search(text)
    return found.group() if found else None


def is_long(text: str) -> bool:
    """Whether a text is a notice that fits in no bubble."""
    return size(text) > LIMIT and notice_number(text) is not None


def shortened(text: str, pointer: str) -> str:
    """Headline, cautions if they are short, and the line that points to the page."""
    parts = _SECTION.split(text)
    lines = [parts[0].strip()]
    for part in parts[1:]:
        if part.startswith(_KEPT_SECTION) and size(part) <= _MOST_KEPT:
            lines.append("▍" + part.strip())
    return "\n\n".join([*(line for line in lines if line), pointer])
