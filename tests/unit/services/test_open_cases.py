from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any, Dict, List, Mapping, Sequence

import pytest

from bot.ports import ServiceCenterRefused, ServiceCenterUnavailable
from bot.services.file_case import Filing
from bot.services.open_cases import OpenCases
from tests.unit.services.test_collect_materials import EMPTY, ID


def case(number: str, state: str = "filed", item: str = EMPTY.item_code) -> Dict[str, Any]:
    return {"number": number, "item_code": item, "item_name": "x", "state": state, "state_label": "已申请", "filed_at": "2026-11-23T10:00"}


class Centre:
    """Stands for the ServiceCenter port."""

    def __init__(self, own: Sequence[Mapping[str, Any]] = (), person: Sequence[Mapping[str, Any]] = (), fails: Any = None) -> None:
        self.own, self.person, self.fails = own, person, fails
        self.asked: List[str] = []

    async def cases_of(self, conversation: str) -> Sequence[Mapping[str, Any]]:
        if self.fails:
            raise self.fails
        return self.own

    async def cases_of_person(self, id_fingerprint: str, item_code: str) -> Sequence[Mapping[str, Any]]:
        self.asked.append(id_fingerprint)
        return self.person

    async def withdraw(self, number: str, proof: Mapping[str, Any]) -> Mapping[str, Any]:
        if self.fails:
            raise self.fails
        return case(number, "withdrawn")


class Outbox:
    """Stands for the filing outbox."""

    def __init__(self, *filings: Filing) -> None:
        self.filings = filings

    async def of(self, conversation: str) -> Sequence[Filing]:
        return self.filings


QUEUED = Filing("k", "N9", "c", {"item_code": EMPTY.item_code}, "queued", {})


def alike(centre: Centre, draft: Any = EMPTY, *filings: Filing) -> List[str]:
    return [c.number for c in asyncio.run(OpenCases(centre, Outbox(*filings)).alike(draft))]  # type: ignore[arg-type]


def test_open_cases_of_the_same_item_are_alike() -> None:
    assert alike(Centre([case("N1"), case("N2", item="QS-001"), case("N3", "withdrawn"), case("N4", "finished")])) == ["N1"]


def test_a_case_of_the_same_person_is_alike_and_told_once() -> None:
    centre = Centre([case("N1")], [case("N1"), case("N2")])
    assert alike(centre, replace(EMPTY, fields={"applicant_id": ID.as_value()})) == ["N1", "N2"]
    assert centre.asked == [ID.fingerprint]


def test_what_was_told_and_passed_over_is_not_told_again() -> None:
    assert alike(Centre([case("N1")]), replace(EMPTY, acknowledged=["N1"])) == []


def test_a_filing_on_its_way_is_alike_even_while_the_centre_is_down() -> None:
    assert alike(Centre(fails=ServiceCenterUnavailable()), EMPTY, QUEUED) == ["N9"]


@pytest.mark.parametrize(("status", "outcome"), [(409, "not_allowed"), (404, "not_shown"), (429, "locked"), (422, "unavailable")])
def test_a_refused_withdrawal_says_which_kind(status: int, outcome: str) -> None:
    centre = Centre(fails=ServiceCenterRefused(status, "", ""))
    done = asyncio.run(OpenCases(centre, Outbox()).withdraw("N1", "c", {}))  # type: ignore[arg-type]
    assert done.outcome == outcome


def test_what_the_centre_does_not_have_yet_cannot_be_withdrawn() -> None:
    done = asyncio.run(OpenCases(Centre(), Outbox(QUEUED)).withdraw("N9", "c", {}))  # type: ignore[arg-type]
    assert done.outcome == "on_its_way"
