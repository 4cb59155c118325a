"""数字 (shuzi): numbers and quantities as people write or say them ("两万三", "一百二十平", "三亩半", "十来亩")."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import List, Optional

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2, "幺": 1, "仨": 3}
_UNITS = {"十": 10, "百": 100, "千": 1000}


def read_integer(text: str) -> Optional[int]:
    """`12`, `十二`, `二百五十`, `一九九零`, `两万三千` → int; None if it is no number."""
    if re.fullmatch(r"[0-9]+", text):
        return int(text)
    if not text or any(c not in _DIGITS and c not in _UNITS and c != "万" for c in text):
        return None
    if all(c in _DIGITS for c in text):
        return int("".join(str(_DIGITS[c]) for c in text))
    head, separator, tail = text.partition("万")
    if separator:
        high, low = _below_ten_thousand(head), _below_ten_thousand(tail) if tail else 0
        if tail in _DIGITS and _DIGITS[tail]:
            low = _DIGITS[tail] * 1000  # 两万三: the unit below is left out
        return None if high is None or low is None else high * 10000 + low
    return _below_ten_thousand(text)


def _below_ten_thousand(text: str) -> Optional[int]:
    total, digit, unit, after_zero = 0, None, 1, False
    for char in text:
        if char in _UNITS:
            unit = _UNITS[char]
            total += (1 if digit is None else digit) * unit
            digit, after_zero = None, False
        elif char in _DIGITS:
            after_zero = after_zero or _DIGITS[char] == 0
            digit = _DIGITS[char]
        else:
            return None
    if digit and unit >= 100 and not after_zero:
        return total + digit * unit // 10  # 三百五, 一千二
    return total + (digit or 0)


@dataclass(frozen=True)
class Quantity:
    """A number with the measure word after it; `exact` is false for 十来亩, 五十多, 二三十."""

    value: float
    unit: str = ""
    exact: bool = True


_SPOKEN = "零〇一二两三四五六七八九十百千万俩仨幺"
_UNIT = r"平方米|平方|平米|公顷|公斤|个月|块钱|平|亩|分地|元|块|口|人|个|头|只|棵|株|层|楼|台|户|间|岁|年|月|天|条|度|吨|方"
_QUANTITY = re.compile(
    rf"(?P<half>半)(?P<half_unit>{_UNIT})"
    rf"|(?P<number>[0-9][0-9,]*(?:\.[0-9]+)?[百千万]?[0-9]?|[{_SPOKEN}]+(?:点[零〇一二三四五六七八九]+)?)"
    rf"(?P<vague>[多几来把余](?![几]))?(?P<unit>{_UNIT})?(?P<and_half>半)?(?P<tenths>[一二三四五六七八九1-9]分?(?![0-9月年十百千万]))?(?P<vague2>多|左右|上下)?"
)
_NO_NUMBER = re.compile(
    r"一共|一家(?=[^0-9]*[0-9二两三四五六七八九十])|一起|一下|一点儿?|一般|第一次|一直|一定|一样|三心二意"
    rf"|(?<![{_SPOKEN}])万一|(?<![{_SPOKEN}])千万(?=[^0-9]*[0-9一二两三四五六七八九十])"
)
_TWO_NEIGHBOURS = re.compile(r"(?:一二|二三|两三|三四|四五|五六|六七|七八|八九)(?=$|[十百千万]|[^零〇一二三四五六七八九])")
_MEASURES_TENTHS = ("亩", "块", "元", "块钱", "分地")


def read_quantities(text: str) -> List[Quantity]:
    """All quantities in a text, in order. Letters typed for digits (O, l, I) count as digits beside digits."""
    said = _NO_NUMBER.sub("，", mend_letters(text))
    found = (_quantity(match) for match in _QUANTITY.finditer(said))
    return [quantity for quantity in found if quantity is not None]


def _quantity(match: "re.Match[str]") -> Optional[Quantity]:
    if match["half"]:
        return Quantity(0.5, match["half_unit"])
    number, unit = match["number"].replace(",", ""), match["unit"] or ""
    value = _value(number)
    if value is None:
        return None
    if match["and_half"]:
        value += 0.5
    elif match["tenths"] and unit in _MEASURES_TENTHS:
        value += (read_integer(match["tenths"].rstrip("分")) or 0) / 10
    vague = match["vague"] or match["vague2"] or _TWO_NEIGHBOURS.search(number)
    return Quantity(round(value, 4), unit, not vague)


def _value(number: str) -> Optional[float]:
    written = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)([百千万]?)([0-9]?)", number)
    if written:
        unit = {"百": 100, "千": 1000, "万": 10000}.get(written[2], 1)
        if written[3] and unit == 1:
            return float(number)
        return float(written[1]) * unit + (int(written[3]) * unit / 10 if written[3] else 0)
    whole, point, fraction = number.partition("点")
    value = read_integer(whole)
    if value is None or not point:
        return value
    digits = "".join(str(_DIGITS[c]) for c in fraction)
    return float(f"{value}.{digits}")


_LETTERS = str.maketrans("OoIl|", "00111")
_MIXED = re.compile(r"(?<![A-Za-z0-9])[0-9OoIl|.]*[0-9][0-9OoIl|.]*(?![A-Za-z0-9])")


def mend_letters(text: str) -> str:
    """O, l and I typed among digits as 0 and 1; the length stays the same."""
    return _MIXED.sub(lambda m: m.group().translate(_LETTERS), text)
