"""折行 (zhehang): breaks Chinese text into lines: between characters, never inside a number or a foreign word.

A closing mark does not begin a line and an opening one does not end it (避头尾, as in CLREQ 3.1.7).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Callable, List

_NOT_FIRST = "，。、；：？！）》〉」』】〕”’…—～·%)]},.;:?!"
_NOT_LAST = "（《〈「『【〔“‘([{"
_PIECES = re.compile(r"[0-9A-Za-z][0-9A-Za-z.,:/@_&?=#%+\-–]*|\s+|.", re.DOTALL)


def em_width(text: str) -> float:
    """Width in em of a text in a usual Chinese font: a full-width character is 1, a narrow one a little over a half."""
    return sum(1.0 if unicodedata.east_asian_width(c) in "WFA" else 0.56 for c in text)


def wrap(text: str, width: float, measure: Callable[[str], float] = em_width) -> List[str]:
    """Lines no wider than `width` where that is possible, in the unit of `measure`; their texts joined are the text, but for blanks."""
    lines: List[str] = []
    line = ""
    for unit in _units(text.strip(), width, measure):
        if line and measure((line + unit).rstrip()) > width:
            lines.append(line.rstrip())
            line = unit.lstrip()
        else:
            line += unit
    return [*lines, line.rstrip()]


def _units(text: str, width: float, measure: Callable[[str], float]) -> List[str]:
    """What stays together; a unit wider than a line is cut."""
    units: List[str] = []
    for piece in _PIECES.findall(text):
        if units and (piece.isspace() or piece[0] in _NOT_FIRST or units[-1].rstrip()[-1:] in _NOT_LAST):
            units[-1] += piece
        elif measure(piece) > width:
            units += list(piece)
        else:
            units.append(piece)
    return units
