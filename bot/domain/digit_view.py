"""数字视图: a text of the same length in which every way of writing a digit is an ASCII digit.

Offsets in the view are offsets in the text, so that what is found in one can be cut out of the other.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import List

_SPOKEN = {
    digit: str(value)
    for value, digits in enumerate(
        ("零〇○洞", "一幺壹弌", "二两贰貳兩", "三叁參仨", "四肆", "五伍", "六陆陸", "七柒拐", "八捌", "九玖勾")
    )
    for digit in digits
}
_CLOSING_X = "×✕✖╳叉"
_SEPARATOR = re.compile(r"[\s\-‐‑‒–—―－−_~～.．·•・,，、。:：;；/／\\|*()（）\[\]【】+＋'\"‘’“”…⋯]{0,3}")


_LETTERS = str.maketrans("OoIl", "0011")
_MIXED = re.compile(r"(?<![A-Za-z0-9])(?=(?:[OoIl]*[0-9]){6})[0-9OoIl]{7,20}(?=[Xx]?(?![A-Za-z0-9]))")
_MOST_REPEATS = 8
_TIMES = {"两": 2, "二": 2, "2": 2, "三": 3, "3": 3, "四": 4, "4": 4, "五": 5, "5": 5}
_DIGIT = "0-9零〇洞幺一二三四五六七八九"
_NUMBER_BESIDE = rf"(?:[{_DIGIT}]|[二两三四五2-5]个[{_DIGIT}])"
_REPEATS = re.compile(
    rf"(?:(?<=[{_DIGIT}]{{3}})|(?<=[{_DIGIT}][ ,，-])|(?=[二两三四五2-5]个[{_DIGIT}][ ,，]?{_NUMBER_BESIDE}{{3}}))"
    rf"(?P<times>[二两三四五2-5])个(?P<digit>[{_DIGIT}])(?![十百千万个元块岁月年])"
)


@dataclass(frozen=True)
class Group:
    """Digits that stand together and are written the same way; `separator` is what stands before them in the run."""

    start: int
    end: int
    digits: str
    separator: str


def digit_view(text: str) -> str:
    """The text with spoken, full-width and foreign digits as 0–9, letters in upper case, closing crosses as X.

    O, l and I among many digits are 0 and 1: people type them so, and no personal number has them.
    """
    mended = _MIXED.sub(lambda match: match.group().translate(_LETTERS), text)
    return "".join(_view_of(char) for char in mended)


def expand_repeats(text: str) -> str:
    """Repeated digits as people say them, beside other digits: 幺三八三个零… → 幺三八零零零…"""
    for _ in range(_MOST_REPEATS):  # one may stand beside the next: 四个零两个一
        text, changed = _REPEATS.subn(lambda match: match["digit"] * _TIMES[match["times"]], text)
        if not changed:
            break
    return text


def _view_of(char: str) -> str:
    if char.isascii():
        return char.upper()
    if char in _SPOKEN:
        return _SPOKEN[char]
    if char in _CLOSING_X:
        return "X"
    value = unicodedata.decimal(char, None)
    if value is not None:
        return str(value)
    folded = unicodedata.normalize("NFKC", char)
    return folded.upper() if len(folded) == 1 and folded.isascii() else char


def _script(char: str) -> str:
    return "written" if char.isascii() or unicodedata.decimal(char, None) is not None else "spoken"


def digit_runs(text: str, view: str) -> List[List[Group]]:
    """Runs of digit groups with at most three separating characters between neighbours.

    An X that may close an ID card number is a group of its own.
    """
    runs: List[List[Group]] = []
    position = 0
    while position < len(view):
        if not ("0" <= view[position] <= "9"):
            position += 1
            continue
        run, position = _run_at(text, view, position)
        runs.append(run)
    return runs


def _run_at(text: str, view: str, position: int) -> "tuple[List[Group], int]":
    run: List[Group] = []
    separator = ""
    while True:
        end = position
        script = _script(text[position])
        while end < len(view) and "0" <= view[end] <= "9" and _script(text[end]) == script:
            end += 1
        run.append(Group(position, end, view[position:end], separator))
        end, closing = _closing_x(view, end)
        if closing:
            run.append(closing)
        gap = _SEPARATOR.match(view, end)
        position = gap.end() if gap else end
        separator = view[end:position]
        if position >= len(view) or not ("0" <= view[position] <= "9"):
            return run, position


def _closing_x(view: str, position: int) -> "tuple[int, Group | None]":
    gap = _SEPARATOR.match(view, position)
    at = gap.end() if gap else position
    if (
        at < len(view)
        and view[at] == "X"
        and not (at + 1 < len(view) and view[at + 1].isascii() and view[at + 1].isalpha())
    ):
        return at + 1, Group(at, at + 1, "X", view[position:at])
    return position, None
