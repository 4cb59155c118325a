"""免提交: a paper that went through a case is not asked for again while it is good; graded, with its origin; on both stores."""

from __future__ import annotations

from typing import Any, Iterator

import pytest

from bot.domain.centre import CaseRules
from tests.integration.center.conftest import BACKENDS
from tests.support.builders import a_centre, a_filing, an_item, sealed, write_catalogue
from tests.support.center import Answer, RunningCentre
from tests.support.postgres import new_database

STEPS = ("accept", "handle", "submit_review", "approve", "finish")


@pytest.fixture(scope="module", params=BACKENDS)
def centre(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCentre]:
    rules = CaseRules(reuse_months={"id_card": 12, "photo": 6})
    files = write_catalogue(tmp_path_factory.mktemp("reuse"), an_item(), an_item("QS-902", "别的补贴"), centre=a_centre(case_rules=rules))
    database = new_database() if request.param == "postgresql" else None
    running = RunningCentre(tmp_path_factory.mktemp(request.param), files, database)
    try:
        yield running.start()
    finally:
        running.stop()


def file(centre: RunningCentre, who: str, *moves: str, **changes: Any) -> Answer:
    applicant = {"name": "张小山", "id": sealed(who=who), "phone": sealed("mobile", who)}
    body = a_filing(f"web:{who}", applicant=applicant, **changes)
    answer = centre.file(body)
    for move in moves:
        assert centre.move(body["number"], move).status == 200
    return answer


def known(centre: RunningCentre, who: str, item: str = "QS-902") -> dict[str, Any]:
    fingerprint = sealed(who=who)["fingerprint"]
    papers = centre.get(f"known-papers?id_fingerprint={fingerprint}&item_code={item}").json["papers"]
    return {paper["material"]: paper for paper in papers}


def reusing(*ids: str) -> dict[str, Any]:
    return {"item_code": "QS-902", "materials": [{"id": i, "status": "reuse" if i in ids else "paper"} for i in ("id_card", "photo")]}


def test_papers_of_a_finished_case_are_known_with_grade_and_origin(centre: RunningCentre) -> None:
    number = file(centre, "k1", *STEPS).json["number"]
    found = known(centre, "k1")
    assert (found["id_card"]["trust"], found["id_card"]["bring_original"], found["id_card"]["origin"]) == ("B", False, number)
    assert (found["photo"]["trust"], found["photo"]["bring_original"]) == ("C", True)
    assert found["id_card"]["good_until"] == "2027-11-23" and found["photo"]["good_until"] == "2027-05-23"
    assert file(centre, "k1", **reusing("id_card", "photo")).status == 201


@pytest.mark.parametrize("moves", [(), ("accept",), ("refuse",)])
def test_what_no_case_has_proven_is_not_known(centre: RunningCentre, moves: tuple[str, ...]) -> None:
    who = f"k2{len(moves)}{moves[:1]}"
    body = a_filing(applicant={"name": "张", "id": sealed(who=who), "phone": sealed("mobile", who)})
    centre.file(body)
    for move in moves:
        centre.move(body["number"], move, "不合")
    assert known(centre, who) == {}
    answer = file(centre, who, **reusing("id_card"))
    assert answer.code == "case_incomplete" and [d["path"] for d in answer.json["error"]["details"]] == ["materials.id_card"]


def test_somebody_elses_papers_are_nobodys(centre: RunningCentre) -> None:
    file(centre, "k3", *STEPS)
    assert known(centre, "k4") == {} and file(centre, "k4", **reusing("photo")).code == "case_incomplete"


def test_paper_is_asked_for_again_when_its_time_is_over(centre: RunningCentre) -> None:
    file(centre, "k5", *STEPS)
    try:
        centre.set_clock("2027-05-24T09:00:00!")
        assert set(known(centre, "k5")) == {"id_card"}
        assert file(centre, "k5", **reusing("photo")).code == "case_incomplete"
        assert file(centre, "k5", **reusing("id_card")).status == 201
    finally:
        centre.set_clock("2026-11-23T09:00:00!")
