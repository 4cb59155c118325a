"""流程图 (liuchengtu): the steps of an item as boxes under each other, an SVG that grows with the text size (A16)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Sequence, Tuple

from bot.domain.item import FlowStep
from bot.gateway.h5.wrapping import wrap

_WIDTH, _EDGE, _PAD, _GAP = 312, 2, 14, 30  # of the drawing, its border, inside a box, between boxes
_NAME, _TEXT = 20, 18  # letter sizes; the drawing is shown at least at its own size
_LINE = 1.45


@dataclass(frozen=True)
class Line:
    """One line of text; `y` is its baseline."""

    text: str
    y: float
    kind: str  # name, who, text


@dataclass(frozen=True)
class Box:
    """One step."""

    y: float
    height: float
    lines: Tuple[Line, ...]


@dataclass(frozen=True)
class Chart:
    """Everything that the template draws; lengths in units of the drawing."""

    width: int
    height: float
    boxes: Tuple[Box, ...]
    left: int = _EDGE
    inner: int = _WIDTH - 2 * _EDGE
    text_left: int = _EDGE + _PAD
    middle: float = _WIDTH / 2
    gap: int = _GAP


def flow_chart(steps: Sequence[FlowStep]) -> Chart:
    """The drawing for some steps; of none it is empty."""
    boxes: List[Box] = []
    y = float(_EDGE)
    for number, step in enumerate(steps, 1):
        box = _box(number, step, y)
        boxes.append(box)
        y += box.height + _GAP
    return Chart(_WIDTH, max(0.0, y - _GAP + _EDGE), tuple(boxes))


def _box(number: int, step: FlowStep, top: float) -> Box:
    lines: List[Line] = []
    y = top + _PAD
    for kind, size, text in (("name", _NAME, f"{number}. {step.name}"), ("who", _TEXT, step.who), ("text", _TEXT, step.text)):
        for part in wrap(text, (_WIDTH - 2 * (_EDGE + _PAD)) / size) if text else ():
            lines.append(Line(part, round(y + size * 1.05, 1), kind))
            y += size * _LINE
    return Box(round(top, 1), round(y + _PAD - top, 1), tuple(lines))
