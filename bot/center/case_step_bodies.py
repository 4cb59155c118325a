"""办理的内容 (banli de neirong): what comes in with a step of the work and with a 补正."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Optional

from bot.center.case_bodies import ActorBody, Proof
from bot.center.shapes import limited


@dataclass(frozen=True)
class DefectBody:
    """One thing that is wrong: of a material or field of the item (by id), or a paper that the item does not list (by name)."""

    text: str = limited(500)
    material: str = limited(40, shortest=0, default="")
    field: str = limited(40, shortest=0, default="")
    paper: str = limited(100, shortest=0, default="")


@dataclass(frozen=True)
class MoveBody:
    """One move; with `revision` it is refused if the case has changed since it was read; the same `key` again changes nothing.

    `defects`, `until`: of a 补正, all in one. `department`, `agrees`: of the part of a joint case. `material`: what was handed in.
    """

    move: str = limited(32)
    actor: ActorBody = limited()
    opinion: str = limited(5000, shortest=0, default="")
    revision: Optional[int] = limited(least=1, most=1_000_000, default=None)
    key: Optional[str] = limited(200, default=None)
    defects: tuple[DefectBody, ...] = limited(50, shortest=0, default=())
    until: Optional[date] = None
    department: str = limited(100, shortest=0, default="")
    agrees: bool = True
    material: str = limited(40, shortest=0, default="")


@dataclass(frozen=True)
class SuppliedBody:
    """One thing given for a defect."""

    defect: str = limited(10)
    status: str = limited(10, pattern="paper|photo|told")
    note: str = limited(500, shortest=0, default="")


@dataclass(frozen=True)
class SupplementBody:
    """补正 by somebody with proof: some or all of what was asked for; without `asker` wrong proofs count against the case."""

    proof: Proof = limited()
    given: tuple[SuppliedBody, ...] = limited(50)
    asker: Optional[str] = limited(128, default=None)
    key: Optional[str] = limited(200, default=None)
