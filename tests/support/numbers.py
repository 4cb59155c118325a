"""Fictional numbers for tests: ID region codes xx0000, telephones 1980000xxxx
(the sample forms of the catalogue use 1990000xxxx, so a search for these finds only what a test has said).
"""

from __future__ import annotations

from bot.domain.personal_numbers import id_check_digit, luhn_ok


def id_number(birth: str = "19400315", serial: str = "123", region: str = "110000") -> str:
    """A well-formed fictional ID number; `birth` as YYYYMMDD."""
    first = f"{region}{birth}{serial}"
    return first + id_check_digit(first)


def wrong_check_digit(number: str) -> str:
    """The number with another last digit."""
    return number[:-1] + ("1" if number[-1] != "1" else "2")


def mobile(serial: int = 1) -> str:
    """A fictional mobile number."""
    return f"1980000{serial:04d}"


def luhn_digit(digits: str) -> str:
    """The check digit that makes a bank card number right."""
    return next(d for d in "0123456789" if luhn_ok(digits + d))
