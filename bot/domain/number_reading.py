"""个人号码: what a string of digits may be, and how sure one can be of it.

The search (number_search) cuts a text into runs of digit groups and asks here, for every stretch of neighbouring
groups, what the joined digits could be. Each reading has a weight; the cut with the highest sum wins.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Optional, Tuple

from bot.domain.personal_numbers import (
    NumberKind,
    Verdict,
    judge_bank_card,
    judge_credit_code,
    judge_id,
    judge_landline,
    luhn_ok,
)

# weight per character: proof by check digit > a shape that hardly occurs by chance > digits too many to leave lying about
_PROVEN, _SURE, _SHAPED, _LIKELY, _KEEP, _DOUBTFUL = 12, 10, 9, 8, 7, 5
KEEP_WEIGHT = _KEEP  # dates, amounts and years compete with this weight to be left alone

_ID_BEGINNING = re.compile(r"[1-9]\d{5}(?:1[89]|20)\d{2}(?:0[1-9]|1[0-2]|[01]$|$)(?:[0-2]\d|3[01]|[0-3]$|$)\d{0,3}")
_ID_BEGINNING_SHORT = re.compile(r"(?!19|20)[1-8]\d{5}(?:[12]|(?:18|19|20)\d?)?")  # 201903 is a month
_MOBILE_11 = re.compile(r"1[3-9]\d{9}")
_COUNTRY = re.compile(r"(?:00)?86(?=1[3-9]\d{9}$)|0(?=1[3-9]\d{9}$)")
_CARD_HEAD = re.compile(r"[3-6]|9[4-9]")  # first digits of cards that people hold; 1, 2 and 0 are not issued to persons


@dataclass(frozen=True)
class Shape:
    """How the digits stood in the text: sizes of the groups between separators.

    `whole`: nothing else stands in the run. `uniform`: the same separator everywhere.
    """

    sizes: Tuple[int, ...]
    rising: bool = False
    whole: bool = True
    uniform: bool = True

    @property
    def solid(self) -> bool:
        return len(self.sizes) == 1

    @property
    def usual(self) -> bool:
        """Grouped as people group one number: digit by digit, or in a few groups of two and more."""
        if self.solid or (set(self.sizes) == {1} and not self.rising):
            return True
        if self.rising and len(self.sizes) > 3:
            return False  # an enumeration: 1、3、5、7、9、11
        middle = self.sizes[1:-1] or self.sizes[1:]
        return len(self.sizes) <= 6 and min(middle) >= 2


@dataclass(frozen=True)
class Reading:
    """What a string of digits is taken for; `number` is without country code."""

    kind: NumberKind
    number: str
    verdict: Verdict
    weight: int


def _reading(kind: NumberKind, number: str, verdict: Verdict, per_character: int) -> Reading:
    return Reading(kind, number, verdict, per_character * len(number))


def looks_like_id_beginning(digits: str, *, asked: bool) -> bool:
    """Whether digits may be the first 6–17 of an ID card number; fewer than ten count only when one was asked for."""
    if len(digits) >= 10:
        return bool(_ID_BEGINNING.fullmatch(digits))
    return asked and len(digits) >= 6 and bool(_ID_BEGINNING_SHORT.fullmatch(digits))


def read_digits(digits: str, shape: Shape, today: date) -> Optional[Reading]:
    """The best reading of joined digits (a closing X allowed), or None when they are nobody's number."""
    if digits.endswith("X"):
        return _read_with_x(digits, shape, today)
    readers = (_read_id, _read_credit, _read_mobile, _read_landline, _read_card, _read_beginning)
    found = [r for r in (reader(digits, shape, today) for reader in readers) if r is not None]
    return max(found, key=lambda r: r.weight) if found else None


def _read_with_x(digits: str, shape: Shape, today: date) -> Optional[Reading]:
    if len(digits) == 18:
        return _read_id(digits, shape, today)
    if 15 <= len(digits) <= 20 and shape.usual:
        return _reading(NumberKind.ID, digits, Verdict.LENGTH, _DOUBTFUL)
    return None


def _read_id(digits: str, shape: Shape, today: date) -> Optional[Reading]:
    if len(digits) == 18:
        verdict = judge_id(digits, today)
        dated = bool(re.match(r"\d{6}(?:1[89]|2[01])\d\d", digits))
        if verdict is Verdict.OK:
            return _reading(NumberKind.ID, digits, verdict, _PROVEN)
        if dated and verdict is not Verdict.BIRTH_DATE:
            return _reading(NumberKind.ID, digits, verdict, _SHAPED) if shape.usual or shape.whole else None
        if shape.usual and (dated or digits.endswith("X") or shape.solid):
            return _reading(NumberKind.ID, digits, verdict, _KEEP if dated else _DOUBTFUL)
    if len(digits) == 15 and shape.usual and judge_id(digits, today) is Verdict.OK and digits[0] != "0":
        return _reading(NumberKind.ID, digits, Verdict.OK, _LIKELY)
    if len(digits) in (16, 17, 19) and shape.usual:  # a digit lost or doubled
        if re.match(r"[1-8]\d{4,6}(?:19|20)\d\d(?:0[1-9]|1[0-2])", digits):
            return _reading(NumberKind.ID, digits, Verdict.LENGTH, 6)
        if len(digits) == 17 and not luhn_ok(digits):
            return _reading(NumberKind.ID, digits, Verdict.LENGTH, _DOUBTFUL)
    return None


def _read_credit(digits: str, shape: Shape, _: date) -> Optional[Reading]:
    if len(digits) == 18 and shape.usual and judge_credit_code(digits) is Verdict.OK:
        return _reading(NumberKind.CREDIT_CODE, digits, Verdict.OK, _SURE if digits[0] in "59" else _LIKELY)
    return None


def _read_mobile(digits: str, shape: Shape, _: date) -> Optional[Reading]:
    number = _COUNTRY.sub("", digits, count=1)
    if _MOBILE_11.fullmatch(number):
        odd_but_alone = shape.whole and shape.uniform and not shape.rising
        if shape.usual:
            return Reading(NumberKind.MOBILE, number, Verdict.OK, _SURE * len(digits))
        return Reading(NumberKind.MOBILE, number, Verdict.OK, _LIKELY * len(digits)) if odd_but_alone else None
    if not shape.usual:
        return None
    if len(number) in (10, 12, 13) and re.match(r"1[3-9]", number) and (shape.solid or min(shape.sizes) >= 3):
        return _reading(NumberKind.MOBILE, number, Verdict.LENGTH, _DOUBTFUL)
    if len(number) == 11 and number[0] != "0" and (shape.solid or shape.sizes in ((3, 4, 4), (3, 8), (7, 4))):
        return _reading(NumberKind.MOBILE, number, Verdict.PREFIX, _DOUBTFUL)
    return None


def _read_landline(digits: str, shape: Shape, _: date) -> Optional[Reading]:
    if digits[0] != "0" or not 9 <= len(digits) <= 13:
        return None
    by_area = shape.solid or set(shape.sizes) == {1} or shape.sizes[0] in (3, 4)
    if judge_landline(digits) is Verdict.OK and by_area and len(shape.sizes) <= 13:
        return _reading(NumberKind.LANDLINE, digits, Verdict.OK, _SHAPED)
    if by_area and len(shape.sizes) <= 3:
        return _reading(NumberKind.LANDLINE, digits, Verdict.LENGTH, _DOUBTFUL)
    return None


def _read_card(digits: str, shape: Shape, _: date) -> Optional[Reading]:
    if not 12 <= len(digits) <= 19:
        return None
    verdict = judge_bank_card(digits)
    issued = bool(_CARD_HEAD.match(digits))
    fours = len(shape.sizes) > 2 and all(n == 4 for n in shape.sizes[:-1])
    if verdict is Verdict.OK and len(digits) == 15:
        issued = digits[:2] in ("34", "37")
    if verdict is Verdict.OK and (shape.solid or (issued and shape.usual) or (issued and shape.whole)):
        return _reading(NumberKind.BANK_CARD, digits, verdict, _SHAPED if issued else _LIKELY)
    if fours and issued and len(digits) >= 16:  # outweighs a landline inside it ("6222 0000 0000 0000 000")
        return _reading(NumberKind.BANK_CARD, digits, verdict, _KEEP)
    if shape.solid or (fours and len(digits) >= 15):
        return _reading(NumberKind.BANK_CARD, digits, verdict, _DOUBTFUL if len(digits) >= 15 else 4)
    return None


def _read_beginning(digits: str, shape: Shape, _: date) -> Optional[Reading]:
    if (
        10 <= len(digits) <= 15
        and (shape.solid or shape.sizes[0] == 6)
        and looks_like_id_beginning(digits, asked=False)
    ):
        return Reading(NumberKind.PARTIAL, digits, Verdict.LENGTH, 6 * len(digits) - (10 if len(digits) == 11 else 0))
    return None
