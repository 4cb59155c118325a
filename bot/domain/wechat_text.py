"""微信文字 (weixin wenzi): cuts and joins texts for bubbles of at most 2,048 bytes.

A cut comes after a line, else after a sentence, else after a comma, never inside a character, a joined emoji or a link.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import List, Sequence, Tuple

LIMIT = 2048  # bytes of UTF-8 in one text bubble
MENU_HEAD_LIMIT = 1200  # bytes above a menu message; not published, so well below the limit of a text
_BORDERS = (re.compile(r"\n+"), re.compile(r"[。！？!?…]+[”’）】』」]*"), re.compile(r"[，；、,;：: ]"))
_LINK = re.compile(r"<a\b[^>]*>.*?</a>|https?://[^\s<>，。！？；、）】”]+", re.S | re.I)
_JOINS = ("\u200d", "\ufe0f", "\ufe0e", "\u20e3")
_LEAST_USED = 0.5  # a border in the first half of a bubble would waste the quota
BETWEEN = "\n\n"


def size(text: str) -> int:
    """Bytes in UTF-8."""
    return len(text.encode("utf8", "replace"))


def clean(text: str) -> str:
    """Without the control characters that XML and the platform refuse."""
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))


def cut(text: str, limit: int = LIMIT) -> Tuple[str, str]:
    """(the longest good beginning that fits, the rest); the beginning is never empty for a text that is not."""
    if size(text) <= limit:
        return text, ""
    end = _fitting(text, limit)
    links = [m.span() for m in _LINK.finditer(text) if size(m.group()) <= limit]
    for border in _BORDERS:
        ends = [m.end() for m in border.finditer(text, 0, end) if _allowed(text, m.end(), links)]
        if ends and size(text[: ends[-1]]) >= limit * _LEAST_USED:
            return text[: ends[-1]], text[ends[-1] :]
    while end > 1 and not _allowed(text, end, links):
        end -= 1
    return text[:end], text[end:]


def _fitting(text: str, limit: int) -> int:
    """How many characters fit, at least one."""
    return max(1, len(text.encode("utf8", "replace")[:limit].decode("utf8", "ignore")))


def _allowed(text: str, at: int, links: Sequence[Tuple[int, int]]) -> bool:
    if any(begin < at < end for begin, end in links):
        return False
    if at < len(text) and (text[at] in _JOINS or unicodedata.combining(text[at]) or text[at - 1] == "\u200d"):
        return False
    return at >= len(text) or not "\U0001f3fb" <= text[at] <= "\U0001f3ff"  # skin tones belong to the sign before


@dataclass(frozen=True)
class Piece:
    """What is still to be sent of one message; `alone`: a menu closes its bubble."""

    key: int
    text: str
    closes: bool = False


@dataclass(frozen=True)
class Bubble:
    """One bubble; `taken` says how many characters of which piece it covers, in order."""

    text: str
    taken: Tuple[Tuple[int, int], ...]
    closes: bool = False  # ends with the choices of its last piece


def first_bubble(pieces: Sequence[Piece], limit: int = LIMIT, head_limit: int = MENU_HEAD_LIMIT) -> Bubble:
    """The next bubble: as many whole pieces as fit, or the beginning of one that does not fit.

    Each bubble costs one of few sends, so short messages are joined.

    Raises:
        ValueError: there is nothing to send.
    """
    if not pieces:
        raise ValueError("no pieces")
    text = ""
    taken: List[Tuple[int, int]] = []
    for piece in pieces:
        joined = text + BETWEEN + piece.text if text else piece.text
        most = head_limit if piece.closes else limit
        if size(joined) > most:
            break
        text, taken = joined, [*taken, (piece.key, len(piece.text))]
        if piece.closes:
            return Bubble(text, tuple(taken), True)
    if taken:
        return Bubble(text, tuple(taken))
    first = pieces[0]
    # what goes above a menu must not be empty: leave a sentence for it
    most = min(limit, size(first.text) - 1) if first.closes else limit
    begin, _ = cut(first.text, most)
    return Bubble(begin, ((first.key, len(begin)),))


def numbered(text: str, titles: Sequence[str], how: str) -> str:
    """The text with its choices as numbers; `how`: the line that says how to choose."""
    lines = [f"{number}. {title}" for number, title in enumerate(titles, 1)]
    return "\n".join([text, "", *lines, how])
