"""办件编号、告知单编号 (banjian bianhao, gaozhidan bianhao): numbers that people read out, type and write on paper.

`BJ-260318-0007-4` is the seventh case of 2026-03-18, `GZ-…` a notice; the last digit is a check digit (ISO 7064
MOD 11,10: every wrong digit and nearly every swap is noticed). Written without its letters a number has 11 to 13 digits
and begins with 2 to 9, so it can't be taken for a mobile number (11 digits from 1), nor for an ID number (15, 18).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Iterator, Optional

MAX_SERIAL = 999_999
_FIRST_YEAR, _LAST_YEAR = 2020, 2099


class NumberKind(str, Enum):
    """What a number belongs to."""

    CASE = "BJ"  # 办件
    NOTICE = "GZ"  # 告知


def check_digit(digits: str) -> str:
    """ISO 7064 MOD 11,10 of a text of decimal digits."""
    product = 10
    for digit in digits:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return str((11 - product) % 10)


@dataclass(frozen=True)
class OwnNumber:
    """One of our own numbers; `str()` is the form that is stored and shown."""

    kind: NumberKind
    day: date
    serial: int

    def __post_init__(self) -> None:
        if not _FIRST_YEAR <= self.day.year <= _LAST_YEAR or not 1 <= self.serial <= MAX_SERIAL:
            raise ValueError("no number for this day and serial")

    def __str__(self) -> str:
        digits = f"{self.day:%y%m%d}{self.serial:04d}"
        return f"{self.kind.value}-{digits[:6]}-{digits[6:]}-{check_digit(digits)}"


def mint(kind: NumberKind, day: date, serial: int) -> str:
    """The number with this serial on this day.

    Raises:
        ValueError: the year or the serial is out of range.
    """
    return str(OwnNumber(kind, day, serial))


_WORDS = {"BJ": NumberKind.CASE, "GZ": NumberKind.NOTICE, "办件": NumberKind.CASE, "告知": NumberKind.NOTICE}
_GAP = r"[\s\-‐‑‒–—―−_.·]*"
_TAIL = r"(?:单|书)?(?:编号|号码|号|码)?(?:是|为)?\s*[:,：，]?"
_START = re.compile(rf"(?:(?:办件|告知){_TAIL}{_GAP})?(?:(?P<letters>B{_GAP}J|G{_GAP}Z)|(?P<word>办件|告知){_TAIL}){_GAP}", re.I)


def _digits(serial_length: int) -> re.Pattern[str]:
    day, serial = rf"(?:[0-9]{_GAP}){{6}}", rf"(?:[0-9]{_GAP}){{{serial_length}}}"
    return re.compile(rf"(?P<day>{day})(?P<serial>{serial})(?P<check>[0-9])(?!-?[0-9])")


_DIGITS = tuple(_digits(length) for length in (4, 5, 6))


def _bare(text: str) -> str:
    return re.sub(r"[^0-9A-Z]", "", text.upper())


def _number(kind: NumberKind, match: Optional[re.Match[str]]) -> Optional[OwnNumber]:
    if match is None:
        return None
    day, serial = _bare(match["day"]), _bare(match["serial"])
    if check_digit(day + serial) != match["check"]:
        return None
    try:
        number = OwnNumber(kind, date(2000 + int(day[:2]), int(day[2:4]), int(day[4:])), int(serial))
    except ValueError:
        return None
    # A serial of five or six digits never begins with 0.
    return number if len(serial) == max(4, len(str(number.serial))) else None


def _kind(start: re.Match[str]) -> NumberKind:
    return _WORDS[_bare(start["letters"])] if start["letters"] else _WORDS[start["word"]]


def parse(text: str, assume: Optional[NumberKind] = None) -> Optional[OwnNumber]:
    """The number that the text is; None if it is none, or one with a typing error.

    Small letters, missing dashes, spaces, full width and the words 办件 or 告知 for the letters are understood.

    Args:
        text: What was typed, nothing but the number.
        assume: What the number is where only its digits were given.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    start = _START.match(plain)
    kind = _kind(start) if start else assume
    if kind is None:
        return None
    position = start.end() if start else 0
    numbers = (_number(kind, digits.fullmatch(plain, position)) for digits in _DIGITS)
    return next((number for number in numbers if number), None)


def spans(text: str) -> Iterator[tuple[int, int, OwnNumber]]:
    """Where numbers of ours stand in a text that is NFKC already; digits alone are not taken for one."""
    position = 0
    while (start := _START.search(text, position)) is not None:
        position = start.end()
        for digits in _DIGITS:
            match = digits.match(text, start.end())
            number = _number(_kind(start), match)
            if match is not None and number is not None:
                position = match.end()
                yield start.start(), position, number
                break


def find(text: str) -> Iterator[OwnNumber]:
    """Every number of ours in a sentence, in order."""
    for _, _, number in spans(unicodedata.normalize("NFKC", text)):
        yield number


def format_case_number(day: date, serial: int) -> str:
    """The number of the case with this serial on this day.

    Raises:
        ValueError: the year or the serial is out of range.
    """
    return mint(NumberKind.CASE, day, serial)


def find_case_number(text: str) -> Optional[str]:
    """The first case number in a sentence, in its normal form."""
    return next((str(number) for number in find(text) if number.kind is NumberKind.CASE), None)
