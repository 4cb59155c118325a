"""纸面 (zhimian): lays out a notice on A4 with a Chinese font; its text can be searched and copied.

What stands there comes from `notice.pdf.j2`, one paragraph a line, its kind told by the first sign:

    # title     ## heading     - item     ~ small print     ! flow chart box     | label | value     (else) plain text

fpdf2 embeds the parts of the font that are used (CFF, keyed by CID). The font of `cvttf-notosanscjk-regular` shows
Traditional shapes where nothing is said; we ask it for the Simplified ones, which it holds too.
"""

from __future__ import annotations

import sys
from functools import lru_cache
from pathlib import Path
from typing import Any, Callable, Dict, List, Mapping, Tuple

import segno
from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.prefs import ViewerPreferences

from bot.gateway.h5.wrapping import wrap

_FONT = "NotoSansCJKtc-Regular.otf"
_MARGIN, _FOOT = 18, 16  # mm
_DEEP, _INK, _SOFT, _LEAF = (29, 92, 87), (36, 48, 47), (81, 96, 94), (238, 246, 241)
_QR = 30  # mm


class Sheet(FPDF):  # type: ignore[misc]
    """A4 pages with a line in the foot, and which page of how many."""

    def __init__(self, foot: str) -> None:
        super().__init__(format="A4")
        self.foot = foot
        self.set_margins(_MARGIN, _MARGIN)
        self.set_auto_page_break(True, _MARGIN + _FOOT)
        self.add_font("hanzi", fname=str(font_file()))
        _use_simplified_shapes(self.fonts["hanzi"])

    def footer(self) -> None:
        self.set_y(-_MARGIN - 4)
        self.set_font("hanzi", size=9)
        self.set_text_color(*_SOFT)
        self.set_draw_color(*_SOFT)
        self.line(_MARGIN, self.get_y(), self.w - _MARGIN, self.get_y())
        self.set_y(self.get_y() + 1.5)
        self.cell(0, 5, self.foot)
        self.set_x(_MARGIN)
        self.cell(0, 5, f"{self.page_no()} / {{nb}}", align="R")


def notice_pdf(number: str, text: str, address: str) -> bytes:
    """The PDF of a notice.

    Args:
        number: The notice's.
        text: Its paragraphs, as above; the first line is the document's title, the second the foot of each page.
        address: Of the page, for the QR code beside the title.
    """
    title, foot, *lines = [line.strip() for line in text.splitlines() if line.strip()]
    sheet = Sheet(foot)
    sheet.set_title(title)
    sheet.set_lang("zh-CN")
    sheet.set_subject(number)
    sheet.set_creator("Bangban")
    sheet.viewer_preferences = ViewerPreferences(display_doc_title=True)
    sheet.add_page()
    _qr(sheet, address)
    for line in lines:
        sign, _, rest = line.partition(" ")
        kind, content = (sign, rest) if sign in _LAYOUT else ("", line)
        _LAYOUT[kind](sheet, content)
    return bytes(sheet.output())


@lru_cache(maxsize=1)
def font_file() -> Path:
    """The font, which its package puts at the root of the environment.

    Raises:
        FileNotFoundError: the package `cvttf-notosanscjk-regular` is not installed.
    """
    font = Path(sys.prefix) / _FONT
    if font.exists():
        return font
    raise FileNotFoundError(f"{_FONT}: install the package cvttf-notosanscjk-regular")


def _use_simplified_shapes(font: Any) -> None:
    """Point each character to the shape that is usual in the mainland (OpenType feature `locl` for language ZHS)."""
    shapes = _simplified_shapes(font.ttfont["GSUB"].table)
    for character, glyph in list(font.cmap.items()):
        if glyph in shapes:
            font.cmap[character] = shapes[glyph]
            font.glyph_ids[character] = font.ttfont.getGlyphID(shapes[glyph])


def _simplified_shapes(table: Any) -> Dict[str, str]:
    script = next(r.Script for r in table.ScriptList.ScriptRecord if r.ScriptTag == "hani")
    language = next(r.LangSys for r in script.LangSysRecord if r.LangSysTag == "ZHS ")
    features = [table.FeatureList.FeatureRecord[i] for i in language.FeatureIndex]
    lookups = [i for f in features if f.FeatureTag == "locl" for i in f.Feature.LookupListIndex]
    shapes: Dict[str, str] = {}
    for subtable in (s for i in lookups for s in table.LookupList.Lookup[i].SubTable):
        shapes.update(getattr(subtable, "ExtSubTable", subtable).mapping)
    return shapes


def _qr(sheet: Sheet, address: str) -> None:
    """The code in the upper right corner, drawn as squares."""
    matrix = list(segno.make(address, error="m").matrix)
    side = _QR / len(matrix)
    left, top = sheet.w - _MARGIN - _QR, float(_MARGIN)
    sheet.set_fill_color(0, 0, 0)
    for row, cells in enumerate(matrix):
        for column, dark in enumerate(cells):
            if dark:
                sheet.rect(left + column * side, top + row * side, side, side, style="F")


def _write(sheet: Sheet, text: str, size: float, indent: float = 0, colour: Tuple[int, ...] = _INK) -> None:
    sheet.set_font("hanzi", size=size)
    sheet.set_text_color(*colour)
    height = size * 0.56
    for line in _lines(sheet, text, indent):
        sheet.set_x(_MARGIN + indent)
        sheet.cell(0, height, line, new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _lines(sheet: Sheet, text: str, indent: float = 0) -> List[str]:
    beside_qr = sheet.page_no() == 1 and sheet.get_y() < _MARGIN + _QR
    return wrap(text, sheet.epw - indent - (_QR + 6 if beside_qr else 0), sheet.get_string_width)


def _title(sheet: Sheet, text: str) -> None:
    _write(sheet, text, 20, colour=_DEEP)
    sheet.ln(1)


def _heading(sheet: Sheet, text: str) -> None:
    if sheet.page_no() == 1:
        sheet.set_y(max(sheet.get_y(), _MARGIN + _QR))
    if sheet.will_page_break(24):
        sheet.add_page()
    sheet.ln(4)
    sheet.start_section(text)
    _write(sheet, text, 14, colour=_DEEP)
    sheet.ln(0.8)


def _item(sheet: Sheet, text: str) -> None:
    if sheet.will_page_break(8):
        sheet.add_page()
    sheet.set_fill_color(*_DEEP)
    sheet.circle(_MARGIN + 1.4, sheet.get_y() + 3.1, 0.7, style="F")
    _write(sheet, text, 11.5, indent=5)
    sheet.ln(0.8)


def _box(sheet: Sheet, text: str) -> None:
    sheet.set_font("hanzi", size=11.5)
    lines = _lines(sheet, text, 10)
    height = len(lines) * 6.4 + 4
    if sheet.will_page_break(height + 5):
        sheet.add_page()
    sheet.set_fill_color(*_LEAF)
    sheet.set_draw_color(*_DEEP)
    sheet.rect(_MARGIN, sheet.get_y(), sheet.epw, height, style="DF")
    sheet.set_y(sheet.get_y() + 2)
    _write(sheet, text, 11.5, indent=5)
    sheet.set_y(sheet.get_y() + 4)


def _row(sheet: Sheet, text: str) -> None:
    label, _, value = (part.strip() for part in text.partition("|"))
    sheet.set_font("hanzi", size=11.5)
    first = sheet.epw * 0.36
    widths = ((label, 0.0, first), (value, first, sheet.epw - first))
    columns = [(left, width, wrap(words, width - 4, sheet.get_string_width)) for words, left, width in widths]
    height = max(len(lines) for _, _, lines in columns) * 6.4 + 3
    if sheet.will_page_break(height):
        sheet.add_page()
    top = sheet.get_y()
    sheet.set_draw_color(*_SOFT)
    sheet.set_text_color(*_INK)
    for left, width, lines in columns:
        sheet.rect(_MARGIN + left, top, width, height)
        for number, line in enumerate(lines):
            sheet.set_xy(_MARGIN + left + 2, top + 1.5 + number * 6.4)
            sheet.cell(0, 6.4, line)
    sheet.set_xy(_MARGIN, top + height)


_LAYOUT: Mapping[str, Callable[[Sheet, str], None]] = {
    "#": _title,
    "##": _heading,
    "-": _item,
    "~": lambda sheet, text: _write(sheet, text, 9.5, colour=_SOFT),
    "!": _box,
    "|": _row,
    "": lambda sheet, text: _write(sheet, text, 11.5),
}
