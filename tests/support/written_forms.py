"""The ways in which people write and say one number; for tests that must find it in all of them."""

from __future__ import annotations

from hypothesis import strategies as st

SPOKEN = {
    "0": "零〇",
    "1": "一幺",
    "2": "二",
    "3": "三",
    "4": "四",
    "5": "五",
    "6": "六",
    "7": "七",
    "8": "八",
    "9": "九",
    "X": "X叉x",
}
FULL_WIDTH = {c: chr(ord(c) + 0xFEE0) for c in "0123456789X"}
SEPARATORS = (" ", "-", "－", "—", ".", "·", "，", "、", "  ", " - ", "　", "/", "\n")
GROUPS = {
    11: ((3, 4, 4), (3, 3, 5), (4, 3, 4), (7, 4), (3, 8)),
    18: ((6, 8, 4), (6, 4, 4, 4), (3, 3, 4, 4, 4), (14, 4), (6, 12)),
}


def spoken(number: str, choose: "st.DrawFn | None" = None) -> str:
    """Read out digit by digit."""
    return "".join(choose(st.sampled_from(SPOKEN[c])) if choose else SPOKEN[c][0] for c in number)


def grouped(number: str, sizes: "tuple[int, ...]", separator: str) -> str:
    """In groups, as on a card."""
    parts, position = [], 0
    for size in sizes:
        parts.append(number[position : position + size])
        position += size
    return separator.join(parts + ([number[position:]] if number[position:] else []))


def plain_forms(number: str) -> "list[str]":
    """One of each kind, without randomness."""
    sizes = GROUPS.get(len(number), ((4, 4, 4, 4),))[0]
    return [
        number,
        number.lower(),
        "".join(FULL_WIDTH[c] for c in number),
        grouped(number, sizes, " "),
        grouped(number, sizes, "-"),
        " ".join(number),
        "、".join(number),
        spoken(number),
        grouped(spoken(number), sizes, "，"),
    ]


@st.composite
def written(draw: st.DrawFn, number: str) -> str:
    """A number in a random form: way of writing × grouping × separator."""
    shape = draw(st.sampled_from(("solid", "groups", "single")))
    if shape == "groups":
        sizes = draw(st.sampled_from(GROUPS.get(len(number), ((4, 4, 4, 4),))))
        pieces = grouped(number, sizes, "\0").split("\0")
    else:
        pieces = list(number) if shape == "single" else [number]
    separator = draw(st.sampled_from(SEPARATORS)) if shape != "solid" else ""
    script = draw(st.sampled_from(("ascii", "wide", "spoken", "mixed")))

    def write(piece: str) -> str:
        kind = draw(st.sampled_from(("ascii", "spoken"))) if script == "mixed" else script
        if kind == "spoken":
            return spoken(piece, draw)
        return "".join(FULL_WIDTH[c] for c in piece) if kind == "wide" else piece

    return separator.join(write(piece) for piece in pieces)
