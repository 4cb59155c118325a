"""The life of a case over HTTP: levels, joint parts, papers, 补正, 容缺, reminders; on SQLite and PostgreSQL."""

from __future__ import annotations

import json
import sqlite3
import time
from pathlib import Path
from typing import Any, Iterator

import pytest

from bot.domain.item import Delegation, Level
from tests.integration.center.conftest import BACKENDS
from tests.support.builders import a_centre, a_filing, an_item, local_facts, new_number, write_catalogue
from tests.support.center import MONDAY, RunningCentre
from tests.support.numbers import mobile
from tests.support.postgres import new_database

COUNTY = Level.COUNTY


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One item for each way a case can go."""
    made = [
        an_item(),
        an_item("QS-902", "县里定的事", level=COUNTY),
        an_item("QS-903", "当场办的事", statutory_limits=(), circumstances=(), materials=()),
        an_item("QS-904", "前台收县里批的事", level=COUNTY, delegation=Delegation.FRONTDESK),
        an_item("QS-905", "镇里先审县里定的事", level=COUNTY, delegation=Delegation.MUTUAL),
        an_item("QS-906", "几个部门一起办的事", joint_with=("自然资源所", "农业农村办")),
        an_item("QS-907", "赋权给镇里的事", level=COUNTY, delegation=Delegation.DIRECT),
    ]
    folder = write_catalogue(tmp_path_factory.mktemp("life"), *made, centre=a_centre())
    text = (folder / "centre" / "facts" / "QS-903.yml").read_text(encoding="utf8")
    (folder / "centre" / "facts" / "QS-903.yml").write_text(text.replace("days: 10", "days: 0"), encoding="utf8")
    assert local_facts().promised_limits[0].days == 10
    return folder


@pytest.fixture(scope="module", params=BACKENDS)
def centre(request: pytest.FixtureRequest, files: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCentre]:
    """A centre with these items; its clock stands still on a Monday, and whoever moves it sets it back."""
    database = new_database() if request.param == "postgresql" else None
    running = RunningCentre(tmp_path_factory.mktemp(request.param), files, database)
    try:
        yield running.start()
    finally:
        running.stop()


def filed(centre: RunningCentre, code: str = "QS-901", conversation: str = "web:life", **changes: Any) -> str:
    simple = {"facts": {}, "materials": []} if code == "QS-903" else {}
    answer = centre.file(a_filing(conversation, **{"item_code": code, **simple, **changes}))
    assert answer.status == 201, answer.json
    return str(answer.json["number"])


def step(centre: RunningCentre, number: str, move: str, level: str = "township", opinion: str = "", **more: Any) -> Any:
    body = {"move": move, "actor": {"role": "clerk", "name": "王", "level": level}, "opinion": opinion, **more}
    return centre.post(f"cases/{number}/moves", body)


def walk(centre: RunningCentre, number: str, way: str) -> None:
    """A way is moves, one letter of the level before each: "T:accept C:approve"."""
    levels = {"V": "village", "T": "township", "C": "county"}
    for word in way.split():
        letter, _, move = word.partition(":")
        answer = step(centre, number, move, levels[letter], "同意")
        assert answer.status == 200, (word, answer.json)


def shown(centre: RunningCentre, number: str, conversation: str = "web:life") -> Any:
    answer = centre.post(f"cases/{number}/progress", {"asker": "x", "proof": {"conversation": conversation}})
    assert answer.status == 200, answer.json
    return answer.json


def supply(centre: RunningCentre, number: str, *defects: str, conversation: str = "web:life", **more: Any) -> Any:
    given = [{"defect": defect, "status": "paper"} for defect in defects]
    return centre.post(f"cases/{number}/supplement", {"proof": {"conversation": conversation}, "given": given, **more})


WAYS = [
    ("QS-901", "promised", "T:accept T:handle T:submit_review T:approve T:finish T:deliver T:archive", "township"),
    ("QS-902", "reported", "T:accept T:pass_up C:handle C:submit_review C:approve C:hand_down T:finish T:deliver T:archive", "county"),
    ("QS-903", "immediate", "T:accept T:finish_at_once T:deliver T:archive", "township"),
    ("QS-904", "reported", "T:accept T:handle T:submit_review T:pass_up C:approve C:hand_down T:finish T:deliver T:archive", "county"),
    ("QS-905", "reported", "T:accept T:handle T:submit_review T:pass_up C:approve C:hand_down T:finish T:deliver T:archive", "county"),
    ("QS-907", "promised", "T:accept T:handle T:submit_review T:approve T:finish T:deliver T:archive", "township"),
]  # fmt: skip


@pytest.mark.parametrize("code,kind,way,signer", WAYS)
def test_each_way_from_filing_to_archive_with_its_papers(centre: RunningCentre, code: str, kind: str, way: str, signer: str) -> None:
    number = filed(centre, code)
    assert centre.get(f"cases/{number}").json["case"]["kind"] == kind
    walk(centre, number, way)
    detail = centre.get(f"cases/{number}").json
    assert detail["case"]["state"] == "archived"
    events = centre.get(f"cases/{number}/events").json["events"]
    assert [e["move"] for e in events[1:]] == [word.partition(":")[2] for word in way.split()]
    expected = ["受理通知书"] + (["承诺办理通知书"] if kind != "immediate" else []) + ["办结通知书"]
    assert [paper["label"] for paper in detail["papers"]] == expected
    done = centre.get(f"papers/{detail['papers'][-1]['id']}").json
    assert done["content"]["signer"] == ("白石县主管部门" if signer == "county" else "白石镇便民服务中心")


def test_first_check_below_is_not_passed_up_without_opinion(centre: RunningCentre) -> None:
    number = filed(centre, "QS-905")
    walk(centre, number, "T:accept T:handle T:submit_review")
    assert step(centre, number, "pass_up").code == "opinion_missing"
    assert step(centre, number, "pass_up", opinion="初审通过").json["level"] == "county"


def test_step_on_the_wrong_level_is_refused_and_says_where_the_case_lies(centre: RunningCentre) -> None:
    number = filed(centre, "QS-904")
    assert step(centre, number, "accept", "county").code == "wrong_level"
    walk(centre, number, "T:accept T:handle T:submit_review")
    answer = step(centre, number, "approve")
    assert (answer.status, answer.code) == (409, "wrong_level")
    assert answer.json["error"]["lies"] == "township" and answer.json["error"]["needed"] == "county"


def test_village_agents_filing_starts_and_ends_in_the_village(centre: RunningCentre) -> None:
    number = filed(centre, channel="village")
    assert centre.get(f"cases/{number}").json["case"]["level_label"] == "村"
    walk(centre, number, "V:pass_up T:accept T:handle T:submit_review T:approve T:finish T:hand_down V:deliver V:archive")


def test_joint_case_waits_for_every_department_and_has_one_deadline(centre: RunningCentre) -> None:
    number = filed(centre, "QS-906")
    detail = centre.get(f"cases/{number}").json
    assert detail["case"]["kind_label"] == "联办件" and detail["open_parts"] == ["自然资源所", "农业农村办"]
    walk(centre, number, "T:accept T:handle T:submit_review")
    due = centre.get(f"cases/{number}").json["case"]["promised_date"]
    assert step(centre, number, "approve").code == "parts_open"
    assert step(centre, number, "answer_part", opinion="可以", department="气象局").code == "bad_value"
    step(centre, number, "answer_part", opinion="可以", department="自然资源所")
    step(centre, number, "answer_part", opinion="还要看", department="农业农村办", agrees=False)
    answer = step(centre, number, "approve")
    assert answer.json["error"]["departments"] == ["农业农村办"]
    step(centre, number, "answer_part", opinion="看过了", department="农业农村办")
    assert step(centre, number, "approve").json["promised_date"] == due


def test_same_key_moves_once(centre: RunningCentre) -> None:
    number = filed(centre)
    for _ in range(3):
        assert step(centre, number, "accept", key=f"k-{number}").json["revision"] == 2
    assert step(centre, number, "handle", key=f"k-{number}").code == "idempotency_conflict"


def test_reported_case_says_when_it_goes_up_until_it_has(centre: RunningCentre) -> None:
    number = filed(centre, "QS-902")
    assert step(centre, number, "accept").json["report_by"] == "2026-11-26"
    assert step(centre, number, "pass_up").json["report_by"] is None


# papers


def test_paper_is_numbered_frozen_and_carries_a_marked_seal(centre: RunningCentre, monday: None) -> None:
    number = filed(centre)
    walk(centre, number, "T:accept")
    papers = shown(centre, number)["papers"]
    assert [p["label"] for p in papers] == ["受理通知书", "承诺办理通知书"]
    assert all(p["number"].startswith("白石镇") and "〔2026〕" in p["number"] for p in papers)
    promise = centre.get(f"papers/{papers[1]['id']}").json
    assert promise["content"]["promised_date"] == "2026-12-07" and promise["seal"]["kind"] == "placeholder"
    assert promise["content"]["applicant"] == "张小山" and len(promise["seal"]["digest"]) == 64
    centre.set_clock("2026-11-30T09:00:00!")
    walk(centre, number, "T:handle")
    assert centre.get(f"papers/{papers[1]['id']}").json == promise
    assert centre.get("papers/SL-2026-9999").code == "document_not_found"


def test_papers_have_no_gaps_and_no_twins(centre: RunningCentre) -> None:
    ids = []
    for _ in range(3):
        number = filed(centre)
        walk(centre, number, "T:accept")
        ids.append(shown(centre, number)["papers"][0]["id"])
    serials = [int(i.rpartition("-")[2]) for i in ids]
    assert serials == list(range(serials[0], serials[0] + 3))


def test_refused_and_returned_case_gets_its_paper_and_is_called_so(centre: RunningCentre) -> None:
    number = filed(centre)
    answer = step(centre, number, "refuse", opinion="不在这里办")
    assert answer.json["kind_label"] == "退回件" and answer.json["kind_reason"]
    (paper,) = shown(centre, number)["papers"]
    assert paper["label"] == "不予受理通知书"
    assert centre.get(f"papers/{paper['id']}").json["content"]["opinion"] == "不在这里办"


# 补正


def ask(centre: RunningCentre, number: str, *defects: dict[str, str], **more: Any) -> Any:
    return step(centre, number, "ask_supplement", opinion="请补材料", defects=list(defects), **more)


LEASE, PHOTO = {"text": "租地合同看不清", "material": "id_card"}, {"text": "照片太暗", "material": "photo"}


def test_all_defects_stand_in_one_notice_and_the_same_case_goes_on(centre: RunningCentre) -> None:
    number = filed(centre)
    walk(centre, number, "T:accept T:handle")
    answer = ask(centre, number, LEASE, PHOTO, until="2026-12-10")
    assert answer.json["kind_label"] == "补办件" and answer.json["promised_date"] is None
    assert ask(centre, number, PHOTO).code == "illegal_move"  # no second notice while the first one runs
    told = shown(centre, number)["supplement"]
    assert [d["text"] for d in told["defects"]] == ["租地合同看不清", "照片太暗"] and told["until"] == "2026-12-10"
    (paper,) = [p for p in shown(centre, number)["papers"] if p["label"] == "一次性补正通知书"]
    assert centre.get(f"papers/{paper['id']}").json["content"]["defects"] == ["租地合同看不清", "照片太暗"]
    assert supply(centre, number, "1").json["supplement"]["defects"] == [{"id": "2", "text": "照片太暗"}]
    assert supply(centre, number, "1").code == "bad_value"
    done = supply(centre, number, "2").json
    assert (done["state"], done["kind_label"], done["supplement"]) == ("handling", "承诺件", None)
    assert supply(centre, number, "2").code == "nothing_to_supply"


def test_supplement_needs_proof_and_is_done_once_per_key(centre: RunningCentre) -> None:
    number = filed(centre)
    ask(centre, number, LEASE)
    assert supply(centre, number, "1", conversation="web:stranger").code == "case_not_shown"
    for _ in range(2):
        assert supply(centre, number, "1", key=f"s-{number}").status == 200
    moves = [e["move"] for e in centre.get(f"cases/{number}/events").json["events"]]
    assert moves == ["file", "ask_supplement", "supplement"]


def test_without_single_defects_anything_given_completes(centre: RunningCentre) -> None:
    number = filed(centre)
    step(centre, number, "ask_supplement", opinion="照片看不清，请重拍")
    assert shown(centre, number)["supplement"]["told"] == "照片看不清，请重拍"
    assert supply(centre, number, "1").json["state"] == "filed"


def test_default_day_of_a_supplement_follows_from_the_towns_rule(centre: RunningCentre) -> None:
    number = filed(centre)
    ask(centre, number, LEASE)
    assert shown(centre, number)["supplement"]["until"] == "2026-12-14"  # fifteen working days


def defects_of(centre: RunningCentre, number: str) -> list[tuple[str, str]]:
    listed = centre.get("catalogue-defects?limit=500").json["defects"]
    return [(d["demand"], d["reason"]) for d in listed if d["case_number"] == number]


def test_demand_that_the_notice_did_not_cover_opens_a_catalogue_defect(centre: RunningCentre) -> None:
    number = filed(centre)
    covered = {"text": "照片太暗", "material": "photo"}
    not_listed = {"text": "要村里的证明", "paper": "村委会证明"}
    not_for_these_facts = {"text": "要租地合同", "material": "lease"}  # the land is one's own
    remark = {"text": "字写得看不清"}
    ask(centre, number, covered, not_listed, not_for_these_facts, remark)
    assert sorted(defects_of(centre, number)) == [("要村里的证明", "not_in_notice"), ("要租地合同", "not_in_notice")]


def test_second_round_with_something_new_is_a_defect_and_with_the_same_paper_is_none(centre: RunningCentre) -> None:
    number = filed(centre)
    walk(centre, number, "T:accept")
    ask(centre, number, PHOTO)
    supply(centre, number, "1")
    ask(centre, number, {"text": "还是太暗", "material": "photo"}, {"text": "身份证缺背面", "material": "id_card"})
    assert defects_of(centre, number) == [("身份证缺背面", "told_late")]


def test_catalogue_defect_is_closed_once(centre: RunningCentre) -> None:
    number = filed(centre)
    ask(centre, number, {"text": "要村里的证明", "paper": "村委会证明"})
    defect = next(d for d in centre.get("catalogue-defects?state=open").json["defects"] if d["case_number"] == number)
    for words in ("目录补上了", "第二遍"):
        closed = centre.call("PATCH", f"catalogue-defects/{defect['id']}", {"resolution": words})
        assert (closed.json["state"], closed.json["resolution"]) == ("closed", "目录补上了")
    assert centre.call("PATCH", "catalogue-defects/none", {"resolution": "x"}).code == "defect_not_found"


# 容缺

LATER = {"materials": [{"id": "id_card", "status": "paper"}, {"id": "photo", "status": "later"}]}


def test_deferred_paper_has_its_day_and_holds_up_the_end(centre: RunningCentre) -> None:
    number = filed(centre, **LATER)
    (promised,) = shown(centre, number)["deferrals"]
    assert promised == {"material": "photo", "name": "果园照片", "due_on": "2026-12-07", "state": "open"}
    walk(centre, number, "T:accept T:handle T:submit_review T:approve")
    assert step(centre, number, "finish").code == "papers_open"
    assert step(centre, number, "hand_in", material="id_card").code == "nothing_to_supply"
    assert step(centre, number, "hand_in", material="photo").status == 200
    assert step(centre, number, "finish").status == 200


def test_required_paper_that_is_to_follow_makes_it_a_supplementary_case_until_accepted(centre: RunningCentre) -> None:
    number = filed(centre, materials=[{"id": "id_card", "status": "later"}, {"id": "photo", "status": "photo"}])
    assert centre.get(f"cases/{number}").json["case"]["kind_label"] == "补办件"
    assert shown(centre, number)["deferrals"] == []  # only what is marked 容缺 may follow on a promise
    assert step(centre, number, "accept").json["kind_label"] == "承诺件"


def test_deferred_paper_that_does_not_come_is_asked_for_and_stops_the_time(centre: RunningCentre, monday: None) -> None:
    number = filed(centre, **LATER)
    walk(centre, number, "T:accept")
    centre.set_clock("2026-12-07T18:00:00!")
    assert shown(centre, number)["state"] == "accepted"  # the day itself still counts
    for moment in ("2026-12-08T09:00:00!", "2026-12-09T09:00:00!"):
        centre.set_clock(moment)
        told = shown(centre, number)
        assert told["state"] == "awaiting_supplement" and told["promised_date"] is None
    assert [e["move"] for e in centre.get(f"cases/{number}/events").json["events"]] == ["file", "accept", "ask_supplement"]
    done = supply(centre, number, "1").json
    assert done["state"] == "accepted" and done["deferrals"][0]["state"] == "given"


# deadlines


def tasks_of(centre: RunningCentre, number: str) -> list[tuple[str, str, str]]:
    listed = centre.get("tasks?limit=500&conversation=web:due").json["tasks"]
    return [(t["kind"], t["packet"]["why"], t["level"]) for t in listed if t["packet"].get("case") == number]


def test_handler_is_reminded_then_the_supervisor_each_once(centre: RunningCentre, monday: None) -> None:
    number = filed(centre, conversation="web:due")
    walk(centre, number, "T:accept T:handle")  # due on 7 December
    expected: list[tuple[str, str, str]] = []
    for moment, more in (
        ("2026-12-02T09:00:00!", []),
        ("2026-12-03T09:00:00!", [("case_due", "amber", "clerk")]),
        ("2026-12-04T09:00:00!", []),
        ("2026-12-07T09:00:00!", [("case_due", "red", "clerk")]),
        ("2026-12-08T00:00:00!", [("supervise", "overdue", "supervisor")]),
        ("2026-12-20T09:00:00!", []),
    ):
        expected += more
        for _ in range(2):
            centre.set_clock(moment)
        assert sorted(tasks_of(centre, number)) == sorted(expected), moment
    walk(centre, number, "T:submit_review T:approve T:finish")
    assert centre.get(f"cases/{number}").json["case"]["light"] is None


def test_no_reminder_while_supplement_is_awaited_and_new_ones_for_the_new_deadline(centre: RunningCentre, monday: None) -> None:
    number = filed(centre, conversation="web:due")
    walk(centre, number, "T:accept")
    centre.set_clock("2026-12-03T09:00:00!")
    ask(centre, number, LEASE)
    centre.set_clock("2026-12-10T09:00:00!")
    assert tasks_of(centre, number) == [("case_due", "amber", "clerk")]
    supply(centre, number, "1", conversation="web:due")
    centre.set_clock("2026-12-14T09:00:00!")  # due on the 14th now
    assert ("case_due", "red", "clerk") in tasks_of(centre, number)
    centre.set_clock("2026-12-15T09:00:00!")
    assert [t for t in tasks_of(centre, number) if t[1] == "overdue"] == [("supervise", "overdue", "supervisor")]


def test_reported_case_that_stays_below_too_long_is_told_to_the_supervisor(centre: RunningCentre, monday: None) -> None:
    number = filed(centre, "QS-902", conversation="web:due")
    walk(centre, number, "T:accept")
    centre.set_clock("2026-11-26T09:00:00!")
    centre.set_clock("2026-11-27T09:00:00!")
    assert sorted(tasks_of(centre, number)) == [("case_due", "report", "clerk"), ("supervise", "report_late", "supervisor")]


def test_reminders_survive_a_kill_and_are_not_doubled(files: Path, tmp_path: Path) -> None:
    centre = RunningCentre(tmp_path, files, None, MONDAY).start()
    try:
        number = filed(centre, conversation="web:due")
        walk(centre, number, "T:accept")
        centre.set_clock("2026-12-08T09:00:00!")
        before = tasks_of(centre, number)
        centre.stop(kill=True)
        centre.start()
        centre.set_clock("2026-12-08T09:00:00!")
        assert tasks_of(centre, number) == before and len(before) == 1
    finally:
        centre.stop()


# word to the person


def messages(centre: RunningCentre) -> list[dict[str, Any]]:
    with sqlite3.connect(centre.var / "center.db") as store:
        store.row_factory = sqlite3.Row
        return [dict(row) for row in store.execute("select * from center_messages order by created_at, key")]


@pytest.fixture
def sqlite_centre(files: Path, tmp_path: Path) -> Iterator[RunningCentre]:
    centre = RunningCentre(tmp_path, files, None, MONDAY)
    try:
        yield centre.start()
    finally:
        centre.stop()


def test_person_hears_of_each_step_once_with_what_to_do(sqlite_centre: RunningCentre) -> None:
    number = filed(sqlite_centre, conversation="web:told")
    walk(sqlite_centre, number, "T:accept T:handle")
    ask(sqlite_centre, number, LEASE, PHOTO)
    told = [m["text"] for m in messages(sqlite_centre)]
    assert len(told) == 3 and all(f"编号 {number}" in text for text in told)
    assert "12月7日" in told[0] and "承诺件" in told[0]
    assert "1. 租地合同看不清" in told[2] and "2. 照片太暗" in told[2] and "让补什么" in told[2] and "12月14日" in told[2]
    assert not any("王" in text for text in told)


def test_message_is_kept_while_the_gateway_is_down(sqlite_centre: RunningCentre) -> None:
    number = filed(sqlite_centre)
    walk(sqlite_centre, number, "T:accept")
    time.sleep(1.5)
    (message,) = messages(sqlite_centre)
    assert message["state"] == "queued"


def test_caller_without_chat_gets_a_text_message_without_the_number_in_plain(sqlite_centre: RunningCentre) -> None:
    number = filed(sqlite_centre, channel="hotline")
    walk(sqlite_centre, number, "T:accept")
    kept = sqlite_centre.var / "sms.jsonl"
    end = time.monotonic() + 10
    while not kept.exists() and time.monotonic() < end:
        time.sleep(0.1)
    (line,) = [json.loads(text) for text in kept.read_text(encoding="utf8").splitlines()]
    assert number in line["text"] and line["to"].startswith("⟦") and mobile() not in str(line)


def test_unknown_case_is_not_moved(centre: RunningCentre) -> None:
    assert step(centre, new_number(), "accept").code == "case_not_found"
