"""个人号码: ID card, telephone, bank card and social credit numbers: what is right about them, and their masks.

An ID card number is judged by length, date, age and check digit only. No table of regions: such a table refuses real
older people whose county has long been renamed or merged.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Optional


class NumberKind(str, Enum):
    """What a personal number is."""

    ID = "id_number"
    MOBILE = "mobile"
    LANDLINE = "landline"
    BANK_CARD = "bank_card"
    CREDIT_CODE = "credit_code"
    PARTIAL = "partial"  # the beginning of a number whose rest may follow


class Verdict(str, Enum):
    """`ok`, or the first thing that is wrong with a number."""

    OK = "ok"
    LENGTH = "length"
    CHECK_DIGIT = "check_digit"
    BIRTH_DATE = "birth_date"
    FUTURE = "future"
    TOO_OLD = "too_old"
    PREFIX = "prefix"


KIND_LABELS = {
    NumberKind.ID: "身份证",
    NumberKind.MOBILE: "手机",
    NumberKind.LANDLINE: "电话",
    NumberKind.BANK_CARD: "银行卡",
    NumberKind.CREDIT_CODE: "信用代码",
    NumberKind.PARTIAL: "号码片段",
}
OLDEST_AGE = 125

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECK = "10X98765432"
_CREDIT_CHARS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100: without I O S V Z
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_CREDIT_HEAD = re.compile(r"[159ANY][1-9A]\d{6}")

# 5G, satellite and virtual operators keep opening prefixes, so only the first two digits are judged
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0(?:10|2\d)\d{7,8}|0(?!10|2)\d{3}\d{7,8}")
_SHOWN = {
    NumberKind.ID: (6, 2),
    NumberKind.MOBILE: (3, 4),
    NumberKind.LANDLINE: (3, 4),
    NumberKind.BANK_CARD: (6, 4),
    NumberKind.CREDIT_CODE: (8, 4),
    NumberKind.PARTIAL: (3, 0),
}
"""Characters shown at the head and at the end of a number."""
_HIDDEN = 4
"""At least so many characters are hidden."""


def id_check_digit(first_17: str) -> str:
    """The 18th character of an ID card number (GB 11643)."""
    return _ID_CHECK[sum(int(c) * w for c, w in zip(first_17, _ID_WEIGHTS)) % 11]


def credit_check_char(first_17: str) -> str:
    """The 18th character of a unified social credit code (GB 32100)."""
    total = sum(_CREDIT_CHARS.index(c) * w for c, w in zip(first_17, _CREDIT_WEIGHTS))
    return _CREDIT_CHARS[(31 - total % 31) % 31]


def luhn_ok(digits: str) -> bool:
    """Whether the last digit is the Luhn check digit of the rest."""
    total = 0
    for place, char in enumerate(reversed(digits)):
        doubled = int(char) * 2 if place % 2 else int(char)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def birth_date(id_number: str) -> Optional[date]:
    """The birth date in an ID card number of 18 or 15 characters; None when no such day exists."""
    text = id_number[6:14] if len(id_number) == 18 else "19" + id_number[6:12]
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


def sex(id_number: str) -> Optional[str]:
    """`男` or `女` as the sequence digit says; None when it has the wrong length."""
    if len(id_number) not in (15, 18):
        return None
    digit = id_number[16] if len(id_number) == 18 else id_number[14]
    return ("男" if int(digit) % 2 else "女") if digit.isdigit() else None


def age_on(birth: date, today: date) -> int:
    """周岁: full years on a day."""
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))


def judge_id(number: str, today: date) -> Verdict:
    """Judge an ID card number; the order is the order in which a person can mend it."""
    shape = r"\d{17}[\dX]" if len(number) == 18 else r"\d{15}"
    if not re.fullmatch(shape, number, re.ASCII):
        return Verdict.LENGTH
    birth = birth_date(number)
    if birth is None:
        return Verdict.BIRTH_DATE
    if birth > today:
        return Verdict.FUTURE
    if age_on(birth, today) > OLDEST_AGE:
        return Verdict.TOO_OLD
    if len(number) == 18 and id_check_digit(number[:17]) != number[17]:
        return Verdict.CHECK_DIGIT
    return Verdict.OK


def judge_credit_code(code: str) -> Verdict:
    """Judge a unified social credit code (upper case)."""
    if len(code) != 18:
        return Verdict.LENGTH
    if not _CREDIT_HEAD.match(code) or any(c not in _CREDIT_CHARS for c in code):
        return Verdict.PREFIX
    return Verdict.OK if credit_check_char(code[:17]) == code[17] else Verdict.CHECK_DIGIT


def judge_mobile(number: str) -> Verdict:
    """Judge a mainland mobile number without country code."""
    if len(number) != 11:
        return Verdict.LENGTH
    return Verdict.OK if _MOBILE.fullmatch(number) else Verdict.PREFIX


def judge_landline(number: str) -> Verdict:
    """Judge a fixed-line number, with area code or (7–8 digits) without."""
    local = len(number) in (7, 8) and number[0] in "2345678"
    return Verdict.OK if local or _LANDLINE.fullmatch(number) else Verdict.LENGTH


def judge_bank_card(number: str) -> Verdict:
    """Judge a bank card number by length and Luhn digit."""
    if not 15 <= len(number) <= 19:
        return Verdict.LENGTH
    return Verdict.OK if luhn_ok(number) else Verdict.CHECK_DIGIT


def judge(kind: NumberKind, number: str, today: date) -> Verdict:
    """Judge a number of a known kind."""
    if kind is NumberKind.ID:
        return judge_id(number, today)
    if kind is NumberKind.PARTIAL:
        return Verdict.LENGTH
    rules = {
        NumberKind.CREDIT_CODE: judge_credit_code,
        NumberKind.MOBILE: judge_mobile,
        NumberKind.LANDLINE: judge_landline,
        NumberKind.BANK_CARD: judge_bank_card,
    }
    return rules[kind](number)


def masked(kind: NumberKind, number: str) -> str:
    """The form that people are shown: head and end of the number, a star for each character between.

    One rule for all kinds. The head tells which number it is (region of an ID card, segment of a mobile, issuer of a card), the end shows
    its owner whether it was written down right ("最后两位是19"), the stars whether it is complete. Of an ID card the birth date and
    two of the last four characters stay hidden.
    """
    head, end = _SHOWN[kind]
    end = max(0, min(end, len(number) - _HIDDEN))
    head = max(0, min(head, len(number) - end - _HIDDEN))
    return number[:head] + "*" * (len(number) - head - end) + number[len(number) - end :]


@dataclass(frozen=True)
class FoundNumber:
    """A personal number in a text: characters `start` to `end`, its plain form and what is wrong with it.

    `open_end`: it stands at the end of the text and is too short, so the next message may bring the rest.
    """

    start: int
    end: int
    kind: NumberKind
    number: str
    verdict: Verdict
    open_end: bool = False

    @property
    def masked(self) -> str:
        return masked(self.kind, self.number)

    @property
    def birth(self) -> Optional[str]:
        """ISO birth date of a well-formed ID card number."""
        if self.kind is not NumberKind.ID or self.verdict is not Verdict.OK:
            return None
        found = birth_date(self.number)
        return found.isoformat() if found else None
