"""号码分两条发: joins a personal number whose two halves came in two messages."""

from __future__ import annotations

import re
from datetime import date
from typing import AbstractSet, List, NamedTuple, Optional, Sequence

from bot.domain.digit_view import Group, digit_runs, digit_view
from bot.domain.number_reading import Shape, looks_like_id_beginning, read_digits
from bot.domain.number_search import AFTER_LAST, asked_kinds, is_beginning
from bot.domain.personal_numbers import FoundNumber, NumberKind, Verdict, judge_id

_LEAD = re.compile(
    r"\W*(?:(?:后面的?|后半截?|后半段|剩下的?|剩余的?|接着|还有|然后|下面|后头|后几位|再就是|就?是)\W*)*"
)
_SHORTEST_TAIL, _LONGEST_TAIL = 3, 17


class Tail(NamedTuple):
    """Digits at the end of a message to which the next message may add, and the kinds they may be."""

    digits: str
    kinds: AbstractSet[NumberKind]


def tail_of(text: str, found: Sequence[FoundNumber], asked: AbstractSet[NumberKind] = frozenset()) -> Optional[Tail]:
    """The unfinished digits at the end of a message, if a number is being spoken of."""
    context = asked_kinds(text) | set(asked)
    last = found[-1] if found else None
    if last and AFTER_LAST.fullmatch(text, last.end):
        like_id = last.kind is NumberKind.PARTIAL or looks_like_id_beginning(last.number, asked=True)
        kinds = context | {NumberKind.ID if like_id else last.kind, last.kind}
        return Tail(last.number, kinds) if _could_go_on(last, context) else None
    view = digit_view(text)
    runs = digit_runs(text, view)
    if not runs or not context or not AFTER_LAST.fullmatch(view, runs[-1][-1].end):
        return None
    digits = "".join(g.digits for g in runs[-1] if not last or g.start >= last.end)
    return Tail(digits, context) if digits.isdigit() and _SHORTEST_TAIL <= len(digits) <= _LONGEST_TAIL else None


def _could_go_on(found: FoundNumber, context: AbstractSet[NumberKind]) -> bool:
    """Too short, or the first 11–17 digits of an ID card number that look like a whole number of another kind."""
    if found.open_end:
        return True
    if found.kind is NumberKind.MOBILE and NumberKind.ID not in context:
        return False
    return len(found.number) < 18 and looks_like_id_beginning(found.number, asked=True)


def join_half(tail: Tail, text: str, today: date) -> Optional[FoundNumber]:
    """The number that the tail and the beginning of this message make together, placed in this message.

    A number that proves itself (ID card, check digit and date right) is joined whatever follows it; anything else only
    when the message is nothing but the second half. None when the message is not a continuation.
    """
    view = digit_view(text)
    lead = _LEAD.match(view)
    runs = digit_runs(text, view)
    if not lead or not runs or runs[0][0].start != lead.end():
        return None
    run = runs[0]
    for last in range(len(run)):
        half = "".join(g.digits for g in run[: last + 1])
        joined = tail.digits + half
        proves_itself = len(half) > 1 or half == "X" or len(tail.digits) < 17
        if len(joined) == 18 and proves_itself and judge_id(joined, today) is Verdict.OK:
            return FoundNumber(run[0].start, run[last].end, NumberKind.ID, joined, Verdict.OK)
    return _whole_message(tail, view, run, today)


def _whole_message(tail: Tail, view: str, run: List[Group], today: date) -> Optional[FoundNumber]:
    half = "".join(g.digits for g in run)
    if len(half) < 2 or not AFTER_LAST.fullmatch(view, run[-1].end) or _complete(half, today):
        return None  # a single digit is more likely the choice from a list
    joined = tail.digits + half
    start, end = run[0].start, run[-1].end
    reading = read_digits(joined, Shape((len(joined),)), today) if len(joined) <= 19 else None
    usable = reading and (reading.verdict is Verdict.OK or (reading.kind is NumberKind.ID and len(joined) == 18))
    if reading and usable and reading.kind in tail.kinds:
        return FoundNumber(start, end, reading.kind, reading.number, reading.verdict)
    if len(joined) < 18 and is_beginning(joined, tail.kinds):
        return FoundNumber(start, end, NumberKind.PARTIAL, joined, Verdict.LENGTH, True)
    return None


def _complete(half: str, today: date) -> bool:
    reading = read_digits(half, Shape((len(half),)), today) if len(half) >= 9 else None
    return reading is not None and reading.verdict is Verdict.OK
