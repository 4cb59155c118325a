"""已有材料 (yiyou cailiao): which papers of a person are with us from earlier cases and need not be given again (D4, D5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Mapping

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.center import cases_store
from bot.center.context import Centre
from bot.center.errors import ApiError
from bot.center.routing import Answer, Call, Param, Route
from bot.domain.case import CaseState
from bot.domain.reuse import KnownPaper, Trust, best, grade, known_paper

_MOST_CASES = 100
_WENT_THROUGH = (CaseState.FINISHED,)


@dataclass(frozen=True)
class KnownPaperView:
    """A paper of the item that is with us. `bring_original`: a photograph only; the original is shown once at the window."""

    material: str
    name: str
    origin: str
    given_on: date
    good_until: date
    trust: Trust
    bring_original: bool


@dataclass(frozen=True)
class KnownPapersView:
    """Papers that need not be given again for this item."""

    papers: tuple[KnownPaperView, ...]


async def known_papers(center: Centre, connection: AsyncConnection, id_fingerprint: str) -> Mapping[str, KnownPaper]:
    """By the id of the material; of several the best one."""
    found: dict[str, KnownPaper] = {}
    if not id_fingerprint:
        return found
    months = center.profile.case_rules.reuse_months
    for stored in await cases_store.of_fingerprint(connection, id_fingerprint, _MOST_CASES):
        through = any(event.after in _WENT_THROUGH for event in stored.case.history)
        for given in stored.row["materials"]:
            material, trust = given["id"], grade(given["status"], through)
            at = stored.case.filed_at
            paper = known_paper(material, stored.case.number, at, trust, months.get(material), center.today())
            if paper is not None:
                found[material] = best(found, paper)
    return found


async def list_known(call: Call) -> Answer:
    """What of an item's list the person has given before; by the keyed fingerprint, which the vault alone can make."""
    published = call.center.publisher.current.items.get(call.query["item_code"])
    if published is None:
        raise ApiError("unknown_item")
    async with call.center.begin() as connection:
        found = await known_papers(call.center, connection, call.query["id_fingerprint"])
    names = {m.id: m.name for m in published.item.materials}
    papers = [_view(found[material], name) for material, name in names.items() if material in found]
    return Answer({"papers": papers})


def _view(paper: KnownPaper, name: str) -> dict[str, Any]:
    return {
        "material": paper.material,
        "name": name,
        "origin": paper.origin,
        "given_on": paper.given_on.isoformat(),
        "good_until": paper.good_until.isoformat(),
        "trust": paper.trust.value,
        "bring_original": paper.bring_original,
    }


ROUTES = (
    Route(
        "GET", "/known-papers", list_known, "免提交：这个人以前交过、现在不用再交的材料", {200: KnownPapersView}, errors=("unknown_item",),
        query=(
            Param("id_fingerprint", "申请人身份证号的指纹", required=True, longest=128),
            Param("item_code", "事项编码", required=True, longest=40),
        ),
    ),
)  # fmt: skip
