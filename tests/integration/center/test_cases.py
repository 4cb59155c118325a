"""Filing, moves, progress and withdrawal, over HTTP against SQLite and PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any, Callable

import pytest

from tests.support.builders import a_filing, new_number, sealed
from tests.support.center import RunningCentre
from tests.support.numbers import id_number, mobile


def filed(centre: RunningCentre, conversation: str = "web:1", **changes: Any) -> str:
    answer = centre.file(a_filing(conversation, **changes))
    assert answer.status == 201, answer.json
    return str(answer.json["number"])


def progress(centre: RunningCentre, number: str, asker: str, **proof: str) -> Any:
    return centre.post(f"cases/{number}/progress", {"asker": asker, "proof": proof})


def test_case_is_filed_with_kind_and_promised_date(centre: RunningCentre) -> None:
    body = a_filing()
    answer = centre.file(body)
    assert answer.status == 201
    assert answer.json == {
        "number": body["number"],
        "state": "filed",
        "state_label": "已申请",
        "kind": "promised",
        "kind_label": "承诺件",
        "kind_reason": "要审核，先说好哪天办好",
        "level": "township",
        "level_label": "镇",
        "light": "green",
        "report_by": None,
        "filed_at": "2026-11-23T09:00:00+08:00",
        "promised_date": "2026-12-07",
        "promised_provisional": False,
        "item_code": "QS-901",
        "item_name": "果树补贴申领",
        "catalogue_version": 1,
        "window": "综合窗口（1号窗口）",
        "phone": "0000-7000001",
        "revision": 1,
    }


def test_county_case_is_reported_upwards(centre: RunningCentre) -> None:
    assert centre.file(a_filing(item_code="QS-902")).json["kind_label"] == "上报件"


def test_promise_beyond_the_published_calendar_is_provisional(centre: RunningCentre, monday: None) -> None:
    centre.set_clock("2026-12-25T16:00:00!")
    answer = centre.file(a_filing())
    # 28-31 December, 4-8 January, 11 January: ten working days
    assert (answer.json["promised_date"], answer.json["promised_provisional"]) == ("2027-01-11", True)


def test_filed_on_a_weekend_counts_from_the_next_working_day(centre: RunningCentre, monday: None) -> None:
    centre.set_clock("2026-11-28T10:00:00!")
    assert centre.file(a_filing()).json["promised_date"] == "2026-12-14"


def test_same_key_and_body_give_the_same_case(centre: RunningCentre) -> None:
    body = a_filing()
    first, second = centre.file(body), centre.file(body)
    assert (first.status, second.status) == (201, 200) and first.json == second.json
    centre.move(body["number"], "accept")
    assert centre.file(body).json["state"] == "accepted"


def test_same_key_with_another_body_is_a_conflict(centre: RunningCentre) -> None:
    body = a_filing()
    centre.file(body)
    other = centre.file({**body, "channel": "hotline"}, key=f"key:{body['number']}")
    assert (other.status, other.code) == (409, "idempotency_conflict")


def test_number_of_another_case_is_taken(centre: RunningCentre) -> None:
    body = a_filing()
    centre.file(body)
    other = centre.file(body, key="another-key")
    assert (other.status, other.code) == (409, "number_taken")


def test_filing_at_the_same_moment_gives_one_case(centre: RunningCentre) -> None:
    body = a_filing("web:race")
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: centre.file(body), range(8)))
    assert sorted(answer.status for answer in answers) == [200] * 7 + [201]
    assert len(centre.get("cases?conversation=web:race").json["cases"]) == 1


def test_two_keys_for_one_number_at_the_same_moment_give_one_case(centre: RunningCentre) -> None:
    body = a_filing("web:race2")
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: centre.file(body, key=f"race2-{n}"), range(8)))
    assert sorted(answer.status for answer in answers) == [201] + [409] * 7


@pytest.mark.parametrize("key", ["", "with space", "x" * 201, "mit-ü".encode().decode("latin1")])
def test_key_is_required(centre: RunningCentre, key: str) -> None:
    answer = centre.post("cases", a_filing(), Idempotency_Key=key)
    assert (answer.status, answer.code) == (422, "idempotency_key_missing")


def test_unknown_item_version_and_facts(centre: RunningCentre) -> None:
    assert centre.file(a_filing(item_code="QS-000")).code == "unknown_item"
    assert centre.file(a_filing(catalogue_version=99)).code == "unknown_version"
    assert centre.file(a_filing(facts={"who": "nobody", "x": "y"})).code == "bad_facts"
    assert centre.file(a_filing(number="BJ-261123-0001-0")).code == "bad_value"


def test_everything_missing_is_told_at_once(centre: RunningCentre) -> None:
    body = a_filing(
        facts={"who": "self"},
        fields={"trees": "viele", "kind": "apple", "colour": "rot"},
        materials=[{"id": "photo", "status": "none"}, {"id": "passport", "status": "paper"}],
    )
    answer = centre.file(body)
    assert (answer.status, answer.code) == (422, "case_incomplete")
    assert {detail["path"] for detail in answer.json["error"]["details"]} == {
        "facts.land",
        "fields.trees",
        "fields.kind",
        "fields.colour",
        "materials.passport",
        "materials.id_card",
        "materials.photo",
    }
    assert centre.get(f"cases/{body['number']}").code == "case_not_found"


def test_only_what_applies_is_wanted(centre: RunningCentre) -> None:
    rent = a_filing(facts={"who": "self", "land": "rent"})
    assert [d["path"] for d in centre.file(rent).json["error"]["details"]] == ["materials.lease"]
    parent = a_filing(facts={"who": "parent"})
    assert centre.file(parent).status == 201


def test_number_that_failed_its_check_is_refused(centre: RunningCentre) -> None:
    wrong = {**sealed(), "verdict": "check_digit"}
    answer = centre.file(a_filing(applicant={"name": "张小山", "id": wrong, "phone": sealed()}))
    assert [d["path"] for d in answer.json["error"]["details"]][:2] == ["applicant.id", "applicant.phone"]


@pytest.mark.parametrize(
    "number",
    [id_number(), mobile(), "138 1234 5678", "110000 19900101 1237", "１３８１２３４５６７８", "110000900101123"],
)
def test_plain_personal_number_anywhere_is_refused(centre: RunningCentre, number: str) -> None:
    places: list[dict[str, Any]] = [
        {"fields": {"applicant_name": "张小山", "trees": 1, "kind": "pear", "note": f"请打{number}。"}},
        {"applicant": {"name": f"张{number}", "id": sealed(), "phone": sealed("mobile")}},
        {"materials": [{"id": "id_card", "status": "paper", "note": number}]},
    ]
    for place in places:
        answer = centre.file(a_filing(**place))
        assert (answer.status, answer.code) == (422, "personal_number_in_plain_text")
        assert number not in str(answer.json)
    if number.isdigit() and number.isascii():
        numeric: dict[str, Any] = {"fields": {"trees": int(number), "kind": "pear"}}
        assert centre.file(a_filing(**numeric)).code in ("personal_number_in_plain_text", "bad_value")


def test_no_personal_number_reaches_the_log(centre: RunningCentre) -> None:
    number = id_number("19550607", "321")
    centre.file(a_filing(channel=number[:17]))
    centre.file(a_filing(applicant={"name": number, "id": sealed(), "phone": sealed()}))
    centre.get(f"cases?conversation={number}")
    centre.get(f"cases/{number}")
    assert number not in centre.log.read_text() and number[:17] not in centre.log.read_text()


def test_case_passes_its_steps_and_keeps_its_history(centre: RunningCentre) -> None:
    number = filed(centre)
    for move in ("accept", "handle", "submit_review", "approve", "finish", "deliver", "archive"):
        assert centre.move(number, move, "同意").status == 200
    events = centre.get(f"cases/{number}/events").json["events"]
    assert [event["state_label"] for event in events] == [
        "已申请", "已受理", "承办中", "审核中", "已批准", "已办结", "已送达", "已归档",
    ]  # fmt: skip
    assert events[1]["actor"] == {"role": "clerk", "name": "王", "level": "township"} and events[1]["opinion"] == "同意"
    assert [event["seq"] for event in events] == list(range(1, 9))


def test_illegal_move_names_what_is_allowed(centre: RunningCentre) -> None:
    number = filed(centre)
    answer = centre.move(number, "approve")
    assert (answer.status, answer.code) == (409, "illegal_move")
    assert answer.json["error"]["allowed"] == ["accept", "refuse", "ask_supplement", "hand_in"]
    assert "已申请" in answer.json["error"]["message"] and "受理" in answer.json["error"]["message"]
    assert centre.move(number, "dance").code == "illegal_move"
    assert centre.move(number, "accept", role="applicant").code == "illegal_move"
    assert centre.move(number, "accept", role="mayor").code == "bad_value"
    assert centre.move(number, "refuse").code == "opinion_missing"
    assert centre.move(new_number(), "accept").code == "case_not_found"


def test_move_on_an_old_revision_is_refused(centre: RunningCentre) -> None:
    number = filed(centre)
    assert centre.move(number, "accept", revision=1).json["revision"] == 2
    assert centre.move(number, "handle", revision=1).code == "stale_revision"
    assert centre.move(number, "handle", revision=2).status == 200


def test_of_many_clerks_at_once_one_accepts(centre: RunningCentre) -> None:
    number = filed(centre)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: centre.move(number, "accept"), range(8)))
    assert sorted(answer.status for answer in answers) == [200] + [409] * 7
    assert len(centre.get(f"cases/{number}/events").json["events"]) == 2


def test_no_promise_while_supplement_is_awaited_and_a_later_one_after(centre: RunningCentre, monday: None) -> None:
    number = filed(centre)
    assert centre.move(number, "accept").json["promised_date"] == "2026-12-07"
    centre.set_clock("2026-11-25T09:00:00!")
    assert centre.move(number, "ask_supplement", "照片看不清").json["promised_date"] is None
    centre.set_clock("2026-12-01T09:00:00!")
    # Thursday to Tuesday, four working days, did not count
    assert centre.move(number, "supplement", role="applicant").json["promised_date"] == "2026-12-11"


def test_deadline_counts_from_the_acceptance(centre: RunningCentre, monday: None) -> None:
    number = filed(centre)
    centre.set_clock("2026-11-25T09:00:00!")
    assert centre.move(number, "accept").json["promised_date"] == "2026-12-09"


def test_cases_of_a_conversation_newest_first(centre: RunningCentre) -> None:
    numbers = [filed(centre, "web:list") for _ in range(3)]
    filed(centre, "web:other")
    cases = centre.get("cases?conversation=web:list").json["cases"]
    assert [case["number"] for case in cases] == numbers[::-1]
    assert centre.get("cases").code == "bad_value"


def test_detail_shows_what_was_filed_with_numbers_sealed(centre: RunningCentre) -> None:
    number = filed(centre, agent={"name": "李四", "phone": sealed("mobile", "li"), "relation": "邻居"})
    detail = centre.get(f"cases/{number}").json
    assert detail["applicant"]["id"]["masked"] == "1100001990********"
    assert detail["agent"]["relation"] == "邻居" and detail["consent"]["text"] == "我同意。"
    assert detail["consent"]["channel"] == "web"
    assert set(detail["allowed_moves"]) == {"accept", "refuse", "ask_supplement", "withdraw", "hand_in"}


@pytest.mark.parametrize("typed", [str.lower, lambda n: n.replace("-", ""), lambda n: n[3:]])
def test_number_may_be_written_loosely(centre: RunningCentre, typed: Callable[[str], str]) -> None:
    number = filed(centre)
    assert centre.get(f"cases/{typed(number)}").json["case"]["number"] == number


def test_progress_with_each_kind_of_proof(centre: RunningCentre) -> None:
    number = filed(centre, "web:p1")
    for proof in ({"conversation": "web:p1"}, {"lookup_code": "123456"}, {"id_fingerprint": sealed()["fingerprint"]}):
        answer = progress(centre, number, "p1", **proof)
        assert answer.status == 200 and answer.json["state_label"] == "已申请"
        assert "applicant" not in answer.json and "张小山" not in str(answer.json)


def test_public_steps_show_what_the_applicant_must_know_and_no_clerk(centre: RunningCentre) -> None:
    number = filed(centre, "web:p2")
    centre.move(number, "accept", "内部意见")
    centre.move(number, "ask_supplement", "请补一张照片")
    steps = progress(centre, number, "p2", conversation="web:p2").json["steps"]
    assert [step["told"] for step in steps] == ["", "", "请补一张照片"]
    assert "王" not in str(steps) and "内部意见" not in str(steps)


def test_unknown_number_and_wrong_proof_read_the_same(centre: RunningCentre) -> None:
    number = filed(centre)
    answers = [
        progress(centre, number, "same-1", lookup_code="000000"),
        progress(centre, new_number(), "same-2", lookup_code="123456"),
        progress(centre, "rubbish", "same-3", id_fingerprint="f" * 64),
        progress(centre, number, "same-4", conversation="web:someone-else"),
        progress(centre, number, "same-5"),
    ]
    assert {answer.status for answer in answers} == {404}
    assert len({str(answer.json) for answer in answers}) == 1 and answers[0].code == "case_not_shown"


def test_five_wrong_proofs_lock_for_a_quarter_of_an_hour(centre: RunningCentre, monday: None) -> None:
    number = filed(centre, "web:lock")
    for _ in range(4):
        assert progress(centre, number, "locked", lookup_code="000000").status == 404
    fifth = progress(centre, new_number(), "locked", lookup_code="000000")
    assert (fifth.status, fifth.code) == (429, "too_many_failures") and "09:15" in fifth.json["error"]["message"]
    assert fifth.headers["Retry-After"] == "900"
    right = progress(centre, number, "locked", lookup_code="123456")
    assert right.status == 429
    assert progress(centre, number, "somebody else", lookup_code="123456").status == 200
    centre.set_clock("2026-11-23T09:14:59!")
    assert progress(centre, number, "locked", lookup_code="123456").status == 429
    centre.set_clock("2026-11-23T09:15:00!")
    assert progress(centre, number, "locked", lookup_code="000000").status == 404
    assert progress(centre, number, "locked", lookup_code="123456").status == 200


def test_right_proof_begins_the_count_anew(centre: RunningCentre) -> None:
    number = filed(centre)
    for _ in range(3):
        for _ in range(4):
            assert progress(centre, number, "careless", lookup_code="000000").status == 404
        assert progress(centre, number, "careless", lookup_code="123456").status == 200


def test_question_without_a_guess_never_locks(centre: RunningCentre) -> None:
    number = filed(centre)
    for _ in range(8):
        assert progress(centre, number, "curious", conversation="web:curious").status == 404


def test_applicant_withdraws_with_proof(centre: RunningCentre) -> None:
    number = filed(centre, "web:w1")
    refused = centre.post(f"cases/{number}/withdraw", {"proof": {"lookup_code": "0"}, "reason": ""})
    assert refused.code == "case_not_shown"
    body = {"proof": {"conversation": "web:w1"}, "reason": "不办了"}
    for _ in range(2):  # once more changes nothing
        answer = centre.post(f"cases/{number}/withdraw", body)
        assert (answer.status, answer.json["state_label"], answer.json["promised_date"]) == (200, "已撤回", None)
    assert len(centre.get(f"cases/{number}/events").json["events"]) == 2


def test_approved_case_cannot_be_withdrawn(centre: RunningCentre) -> None:
    number = filed(centre, "web:w2")
    for move in ("accept", "handle", "submit_review", "approve"):
        centre.move(number, move)
    answer = centre.post(f"cases/{number}/withdraw", {"proof": {"conversation": "web:w2"}})
    assert (answer.status, answer.code) == (409, "illegal_move")


def test_filed_case_and_lock_survive_a_kill(new_centre: Callable[..., RunningCentre]) -> None:
    centre = new_centre().start()
    body = a_filing()
    first = centre.file(body)
    for _ in range(5):
        progress(centre, body["number"], "x", lookup_code="0")
    centre.stop(kill=True)
    again = centre.start().file(body)
    assert again.status == 200 and again.json == first.json
    assert progress(centre, body["number"], "x", lookup_code="123456").status == 429
