"""数字检查 (shuzi jiancha): a number may stand in a text only with a source, or if the item's own values say it too.

Also the numbers of the sample forms: they must belong to nobody.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Iterator, List, Optional, Set

from bot.domain.item import Item, LocalFacts
from bot.domain.lint_findings import ERROR, WARNING, Finding, Place, places
from bot.domain.personal_numbers import birth_date, id_check_digit

_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_ID = re.compile(r"(?<![0-9A-Za-z])[1-9][0-9]{16}[0-9Xx](?![0-9A-Za-z])")
_OLD_ID = re.compile(r"(?<![0-9A-Za-z])[1-9][0-9]{14}(?![0-9A-Za-z])")
_MOBILE = re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])")
_NATIONAL_PHONES = {"110", "119", "120", "122", "12345", "12348", "12333", "12366", "12315", "12356", "12393", "12329"}
_NO_PROSE = ("questions", "aliases", "sample_form", "code", "fields", "circumstances")
"""Not statements of ours: what people ask, names, forms, and what is asked back (there a number is an example)."""


def _numbers(text: str) -> List[str]:
    # A document's own number (财税〔2014〕101号) and its name are no statement.
    plain = re.sub(r"《[^》]*》(?:（[^）]*）)?|[〔\[][0-9]{4}[〕\]][0-9]+号", "", text)
    return _NUMBER.findall(unicodedata.normalize("NFKC", plain))


def _plain(number: float) -> str:
    return f"{number:g}"


def _known_numbers(item: Item, found: List[Place]) -> Set[str]:
    """Numbers that stand in values, in sourced texts, or in their sources."""
    known = set(_NATIONAL_PHONES)
    known |= {_plain(limit.days) for limit in item.statutory_limits}
    known |= {_plain(fee.amount) for fee in item.fees}
    known |= {_plain(material.copies) for material in item.materials}
    known |= {_plain(item.visit.times)} if item.visit else set()
    for place in found:
        if place.source is not None:
            known.update(_numbers(place.text), _NUMBER.findall(place.source.text + place.source.article))
    return known


def unsourced_number_findings(item: Item, local: Optional[LocalFacts]) -> Iterator[Finding]:
    """Numbers in national texts without a source. Local texts may hold numbers: they are the township's own."""
    found = [place for place in places(item, None) if not place.path.startswith(_NO_PROSE)]
    known = _known_numbers(item, found)
    for place in found:
        if place.source is not None:
            continue
        unknown = [number for number in _numbers(place.text) if number not in known]
        if unknown:
            text = f"数字 {'、'.join(unknown)} 没有出处：写上 source，或移到本镇规定，或去掉"
            yield Finding(WARNING, item.code, place.path, text)


def _sample_id_problem(number: str) -> str:
    if number[2:6] != "0000":
        return "的地区码应当是虚构的 xx0000"
    if birth_date(number) is None:
        return "的出生日期不存在"
    return "" if id_check_digit(number[:17]) == number[17].upper() else "的校验码不对"


def personal_number_findings(item: Item, local: Optional[LocalFacts]) -> Iterator[Finding]:
    """ID and mobile numbers: only fictional ones, only in the sample form."""
    for place in places(item, local):
        plain = unicodedata.normalize("NFKC", place.text)
        in_sample = place.path.startswith("sample_form")
        ids = _ID.findall(plain)
        if (ids or _OLD_ID.search(plain) or _MOBILE.search(plain)) and not in_sample:
            yield Finding(ERROR, item.code, place.path, "这里不能有身份证号或手机号")
            continue
        for number in ids:
            problem = _sample_id_problem(number)
            if problem:
                yield Finding(ERROR, item.code, place.path, f"样例身份证号{problem}")
        if _OLD_ID.search(plain):
            yield Finding(ERROR, item.code, place.path, "样例里有15位数字，像真的老身份证号")
        if any("0000" not in number for number in _MOBILE.findall(plain)):
            yield Finding(WARNING, item.code, place.path, "样例手机号要一看就是虚构的（中间带 0000）")
