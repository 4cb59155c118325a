"""个人号码的查找: where personal numbers stand in a text, however they are written.

Digits are grouped, every stretch of neighbouring groups is read (number_reading), and the set of stretches with the
highest weight is taken. Dates, amounts, years and our own numbers take part as stretches that are left alone.
"""

from __future__ import annotations

import re
from datetime import date
from typing import AbstractSet, Dict, List, NamedTuple, Optional, Sequence, Tuple

from bot.domain import case_numbers
from bot.domain.digit_view import Group, digit_runs, digit_view
from bot.domain.number_reading import KEEP_WEIGHT, Reading, Shape, looks_like_id_beginning, read_digits
from bot.domain.personal_numbers import FoundNumber, NumberKind, Verdict, judge, judge_credit_code

_GAP = r"[-\s‐‑–—_]{0,2}"
_MONTH_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
# 办件编号, 告知单编号, 事项编码, also with a wrong check digit: the answer to a typing error needs the number.
# No mobile number looks like one (they begin 13–19, our years 20 and later).
OWN_NUMBER = re.compile(
    rf"(?:(?<![A-Z])(?:B{_GAP}J|G{_GAP}Z)|(?:办件|告知)(?:单|书)?(?:编号|号码|号|码)?(?:是|为)?[:,：，]?){_GAP}"
    rf"(?:2[0-9]|[3-9]\d){_MONTH_DAY}{_GAP}\d{{4,6}}(?:{_GAP}[0-9A-Z])?(?![0-9A-Z])"
    rf"|(?<![A-Z])QS{_GAP}\d{{3}}(?!\d)"
)
_YEAR = r"(?:1[89]|20)\d\d"
_CLOCK_TIME = r"(?:[01]?\d|2[0-4])[:：][0-5]\d(?:[:：][0-5]\d)?"
_KEEP = re.compile(
    "|".join(
        (
            rf"(?<!\d){_YEAR}\s?[-/.年]\s?\d{{1,2}}\s?[-/.月]\s?\d{{1,2}}日?(?:[\sT]*{_CLOCK_TIME})?(?!\d)",
            rf"(?<!\d)(?:19|20)\d\d{_MONTH_DAY}(?:(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?)?(?!\d)",
            rf"(?<!\d){_YEAR}[-/.年]\d{{1,2}}(?!\d)",
            rf"(?<!\d){_YEAR}(?!\d)",
            rf"(?<!\d){_CLOCK_TIME}(?!\d)",
            r"(?<!\d)(?:\d{1,3}(?:,\d{3}){1,2}|\d{1,10})(?:\.\d+)?\s?(?:元|块|万|亿|角|%|岁|周岁|年|个月|天|平方|亩|斤|KG|M2|㎡)",
            r"[¥$]\s?\d[\d,]{0,12}(?:\.\d+)?",
            r"(?<=[花交补发领付收缴]了)\d{1,10}(?!\d)",
            r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])",  # network address
            r"(?<!\d)[48]00[-\s]?\d{3,4}[-\s]?\d{3,4}(?!\d)",  # service numbers of companies
        )
    )
)
_CREDIT = re.compile(
    r"(?<![0-9A-Z])(?:[159Y][ -]{0,2}[1239]|[NA][ -]{0,2}[1-9])(?:[ -]{0,2}\d){6}"
    r"(?:(?:[ -]{0,2}[0-9A-Z]){10}|[0-9A-Z]{9}|[0-9A-Z]{11})(?![0-9A-Z])"
)
_LOCAL_PHONE = re.compile(r"(?:电话|電話|座机|固话|号码|號碼|联系方式|TEL)\D{0,6}$")
_LOCAL_NUMBER = re.compile(r"[2-8]\d{6,7}")
_CONTEXT = {
    NumberKind.ID: re.compile(r"身份证|證|证件号|证号"),
    NumberKind.MOBILE: re.compile(r"手机|手機|电话|電話|座机|固话|联系方式|號碼|号码|TEL"),
    NumberKind.BANK_CARD: re.compile(r"银行卡|卡号|账号|帐号|存折|账户|一卡通"),
    NumberKind.CREDIT_CODE: re.compile(r"信用代码|执照号|税号"),
}
AFTER_LAST = re.compile(r"\W*(?:(?:还有|然后|后面|后半截|接着|等下|等一下|下面|再发|[啊呢嗯哈])\W*)*")
_LONGEST = 24  # digits of one number with country code and a few typed too many
_MOST_GROUPS = 24


class _Stretch(NamedTuple):
    first: int  # group indexes within a run
    last: int
    weight: int
    reading: Optional[Reading]  # None: left alone


def asked_kinds(text: str) -> AbstractSet[NumberKind]:
    """Which kinds of number a text talks about (the person's own words, or the question put to them)."""
    view = text.upper()
    return frozenset(kind for kind, words in _CONTEXT.items() if words.search(view))


def find_numbers(text: str, today: date, asked: AbstractSet[NumberKind] = frozenset()) -> List[FoundNumber]:
    """All personal numbers in a text, in order, not overlapping.

    Args:
        text: the message, best after NFKC.
        today: judges birth dates.
        asked: kinds that were just asked for; then the beginning of such a number counts too.
    """
    view = digit_view(text)
    context = asked_kinds(text) | set(asked)
    hidden = [m.span() for m in OWN_NUMBER.finditer(view)]
    found = _credit_codes(view, hidden)
    hidden += [(f.start, f.end) for f in found]
    for start, end in hidden:
        view = view[:start] + "\0" * (end - start) + view[end:]
    keep = [m.span() for m in _KEEP.finditer(view)]
    for run in digit_runs(text, view):
        found += _numbers_in_run(view, _unglued(run, today), keep, context, today)
    return sorted(found, key=lambda f: f.start)


def _credit_codes(view: str, hidden: Sequence[Tuple[int, int]]) -> List[FoundNumber]:
    """Codes with letters in them; those of digits only are read with the digit runs."""
    found = []
    for match in _CREDIT.finditer(view):
        code = re.sub(r"[ -]", "", match.group())
        overlaps = any(match.start() < end and start < match.end() for start, end in hidden)
        if overlaps or not re.search(r"[A-Z]", code[:1] + code[8:17]):  # digits with a closing X: an ID card number
            continue
        found.append(FoundNumber(match.start(), match.end(), NumberKind.CREDIT_CODE, code, judge_credit_code(code)))
    return found


def _unglued(run: List[Group], today: date) -> List[Group]:
    """The run with groups of two numbers written without a space cut in two, where both halves are right."""
    groups: List[Group] = []
    for group in run:
        cut = _seam(group.digits, today) if 19 < len(group.digits) <= 38 else 0
        if cut:
            middle = group.start + cut
            groups.append(Group(group.start, middle, group.digits[:cut], group.separator))
            groups.append(Group(middle, group.end, group.digits[cut:], " "))  # a border all the same
        else:
            groups.append(group)
    return groups


def _seam(digits: str, today: date) -> int:
    """Where two right numbers meet, or 0."""
    best = (0, 0)
    for cut in (11, 15, 16, 18, 19):
        halves = [read_digits(part, Shape((len(part),)), today) for part in (digits[:cut], digits[cut:])]
        if all(h is not None and h.verdict is Verdict.OK for h in halves):
            best = max(best, (sum(h.weight for h in halves if h), cut))
    return best[1]


def _numbers_in_run(
    view: str, run: List[Group], keep: Sequence[Tuple[int, int]], context: AbstractSet[NumberKind], today: date
) -> List[FoundNumber]:
    found: List[FoundNumber] = []
    at_end = AFTER_LAST.fullmatch(view, run[-1].end) is not None
    covered = 0
    for stretch in _best_cut(_stretches(view, run, keep, context, today), len(run)):
        if stretch.reading is None:
            continue
        covered = stretch.last + 1
        too_short = stretch.reading.verdict is Verdict.LENGTH and len(stretch.reading.number) < 18
        open_end = at_end and covered == len(run) and too_short
        found.append(_as_found(run[stretch.first], run[stretch.last], stretch.reading, open_end))
    rest = run[covered:]
    if at_end and not all(any(start <= g.start and g.end <= end for start, end in keep) for g in rest):
        found += _beginning(rest, context)
    return found


def _as_found(first: Group, last: Group, reading: Reading, open_end: bool) -> FoundNumber:
    return FoundNumber(first.start, last.end, reading.kind, reading.number, reading.verdict, open_end)


def _stretches(
    view: str, run: List[Group], keep: Sequence[Tuple[int, int]], context: AbstractSet[NumberKind], today: date
) -> List[_Stretch]:
    stretches = _kept(run, keep)
    for first in range(len(run)):
        digits = ""
        for last in range(first, min(first + _MOST_GROUPS, len(run))):
            digits += run[last].digits
            if len(digits) > _LONGEST:
                break
            if len(digits) >= 9 or "X" in digits:
                reading = read_digits(digits, _shape(run, first, last), today) if "X" not in digits[:-1] else None
                if reading:
                    stretches.append(_Stretch(first, last, reading.weight, reading))
                if len(digits) in (11, 12, 13) and case_numbers.parse(digits, case_numbers.NumberKind.CASE):
                    # ours without its letters, unless it can be half an ID card number
                    stretches.append(_Stretch(first, last, len(digits) * 11 // 2, None))
            elif _is_local_phone(view, run[first], digits, context):
                local = Reading(NumberKind.LANDLINE, digits, Verdict.OK, KEEP_WEIGHT * len(digits) - 1)
                stretches.append(_Stretch(first, last, local.weight, local))
        if len(run[first].digits) > 19:
            stretches.append(_endless(run[first], first))
    return stretches


def _endless(group: Group, index: int) -> _Stretch:
    """Digits without end: nobody's amount, so they are hidden whole."""
    reading = Reading(NumberKind.ID, group.digits, Verdict.LENGTH, len(group.digits))
    return _Stretch(index, index, reading.weight, reading)


def _is_local_phone(view: str, group: Group, digits: str, context: AbstractSet[NumberKind]) -> bool:
    if not _LOCAL_NUMBER.fullmatch(digits) or NumberKind.MOBILE not in context:
        return False
    return (
        bool(_LOCAL_PHONE.search(view[max(0, group.start - 12) : group.start])) or len(view.strip()) <= len(digits) + 2
    )


def _kept(run: List[Group], keep: Sequence[Tuple[int, int]]) -> List[_Stretch]:
    starts: Dict[int, int] = {g.start: i for i, g in enumerate(run)}
    stretches = []
    for start, end in keep:
        inside = [i for i, g in enumerate(run) if start <= g.start and g.end <= end]
        if inside and min(inside) == starts.get(run[inside[0]].start):
            weight = KEEP_WEIGHT * sum(len(run[i].digits) for i in inside)
            stretches.append(_Stretch(inside[0], inside[-1], weight, None))
    return stretches


def _shape(run: List[Group], first: int, last: int) -> Shape:
    sizes: List[int] = []
    separators = set()
    for group in run[first : last + 1]:
        if sizes and not group.separator:
            sizes[-1] += len(group.digits)  # only the way of writing changed
        else:
            if sizes:
                separators.add(group.separator.strip() or " ")
            sizes.append(len(group.digits))
    values = [int(g.digits) for g in run[first : last + 1] if g.digits.isdigit()]
    rising = len(values) > 3 and all(a < b for a, b in zip(values, values[1:]))
    whole = first == 0 and last == len(run) - 1
    return Shape(tuple(sizes), rising, whole, len(separators) <= 1)


def _best_cut(stretches: List[_Stretch], groups: int) -> List[_Stretch]:
    """The non-overlapping stretches with the highest sum of weights, fewest first on a tie."""
    ending: Dict[int, List[_Stretch]] = {}
    for stretch in stretches:
        ending.setdefault(stretch.last, []).append(stretch)
    best: List[Tuple[int, int, Optional[_Stretch]]] = [(0, 0, None)]
    for last in range(groups):
        choice: Tuple[int, int, Optional[_Stretch]] = (best[last][0], best[last][1], None)
        for stretch in ending.get(last, ()):
            before = best[stretch.first]
            candidate = (before[0] + stretch.weight, before[1] - 1)
            if candidate > choice[:2]:
                choice = (*candidate, stretch)
        best.append(choice)
    cut, position = [], groups
    while position > 0:
        chosen = best[position][2]
        if chosen is None:
            position -= 1
        else:
            cut.append(chosen)
            position = chosen.first
    return cut[::-1]


def _beginning(rest: List[Group], context: AbstractSet[NumberKind]) -> List[FoundNumber]:
    """The first half of a number at the end of a message that speaks of such a number."""
    digits = "".join(g.digits for g in rest)
    if not digits.isdigit() or not 6 <= len(digits) <= 17 or not is_beginning(digits, context):
        return []
    return [FoundNumber(rest[0].start, rest[-1].end, NumberKind.PARTIAL, digits, Verdict.LENGTH, True)]


def is_beginning(digits: str, context: AbstractSet[NumberKind]) -> bool:
    """Whether digits may begin a number of one of these kinds."""
    if NumberKind.ID in context and looks_like_id_beginning(digits, asked=True):
        return True
    if NumberKind.MOBILE in context and len(digits) < 11 and re.match(r"1[3-9]|0[1-9]", digits):
        return True
    return NumberKind.BANK_CARD in context and len(digits) < 16 and re.match(r"[3-69]", digits) is not None


def judged(kind: NumberKind, number: str, start: int, end: int, today: date) -> FoundNumber:
    """A found number of a known kind, judged."""
    return FoundNumber(start, end, kind, number, judge(kind, number, today))
