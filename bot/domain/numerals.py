"""数字 (shuzi): integers as people write or say them."""

from __future__ import annotations

from typing import Optional

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2, "幺": 1, "仨": 3}
_UNITS = {"十": 10, "百": 100, "千": 1000}


def read_integer(text: str) -> Optional[int]:
    """`12`, `十二`, `二百五十`, `一九九零`, `两万三千` → int; None if it is no number."""
    if text.isascii() and text.isdigit():
        return int(text)
    if not text or any(c not in _DIGITS and c not in _UNITS and c != "万" for c in text):
        return None
    if all(c in _DIGITS for c in text):
        return int("".join(str(_DIGITS[c]) for c in text))
    head, separator, tail = text.partition("万")
    if separator:
        high, low = _below_ten_thousand(head), _below_ten_thousand(tail) if tail else 0
        return None if high is None or low is None else high * 10000 + low
    return _below_ten_thousand(text)


def _below_ten_thousand(text: str) -> Optional[int]:
    total, digit = 0, None
    for char in text:
        if char in _UNITS:
            total += (1 if digit is None else digit) * _UNITS[char]
            digit = None
        elif char in _DIGITS:
            digit = _DIGITS[char]
        else:
            return None
    return total + (digit or 0)
