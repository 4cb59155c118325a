"""免提交 (mian tijiao): a paper that is with us already need not be given again (D4), and how far it can be trusted (D5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Mapping, Optional


class Trust(str, Enum):
    """可信等级 of a paper."""

    A = "A"  # from a register: true by itself
    B = "B"  # the original was seen at the window
    C = "C"  # a photograph was given and the case went through
    D = "D"  # told or on its way only


NEEDS_ORIGINAL = (Trust.C, Trust.D)
"""Grades with which the original is still to be brought once."""


@dataclass(frozen=True)
class KnownPaper:
    """A paper that is with us. `origin`: the case it was given with, or a register's name."""

    material: str
    origin: str
    given_on: date
    trust: Trust
    good_until: date

    @property
    def bring_original(self) -> bool:
        return self.trust in NEEDS_ORIGINAL


def grade(status: str, case_went_through: bool) -> Trust:
    """The trust in a paper by how it was given; only what a clerk has worked with is more than told."""
    if not case_went_through:
        return Trust.D
    return {"paper": Trust.B, "photo": Trust.C}.get(status, Trust.D)


def known_paper(material: str, origin: str, given_at: datetime, trust: Trust, months: Optional[int], today: date) -> Optional[KnownPaper]:
    """The paper, if it may be used again today; one that was only told is not with us."""
    if months is None or trust is Trust.D:
        return None
    until = _later(given_at.date(), months)
    return KnownPaper(material, origin, given_at.date(), trust, until) if today <= until else None


def _later(day: date, months: int) -> date:
    """The same day some months later, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in range(day.day, 27, -1):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    return date(year, month + 1, day.day)


def best(papers: Mapping[str, KnownPaper], paper: KnownPaper) -> KnownPaper:
    """Of two of the same kind the more trusted, then the younger one."""
    known = papers.get(paper.material)
    if known is None:
        return paper
    return min(known, paper, key=lambda p: (p.trust.value, -p.given_on.toordinal()))
