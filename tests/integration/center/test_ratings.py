"""好差评: finished cases only, by whoever has proof, once per key, changeable for a while; a bad one reaches a supervisor."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.builders import a_filing
from tests.support.center import MONDAY, Answer, RunningCentre
from tests.support.numbers import mobile

STEPS = ("accept", "handle", "submit_review", "approve", "finish")


def a_case(centre: RunningCentre, conversation: str, *moves: str) -> str:
    number = str(centre.file(a_filing(conversation)).json["number"])
    for move in moves:
        assert centre.move(number, move, "说明").status == 200
    return number


def rate(centre: RunningCentre, number: str, conversation: str, level: str, key: str = "", **more: Any) -> Answer:
    body = {"proof": {"conversation": conversation}, "asker": conversation, "level": level, "channel": "web", **more}
    return centre.post(f"cases/{number}/rating", body, Idempotency_Key=key or f"{number}:{level}")


def complaints(centre: RunningCentre, number: str) -> list[Any]:
    found = centre.get("tasks?limit=500&kind=bad_rating").json["tasks"]
    return [task for task in found if task["packet"]["case"] == number]


def progress(centre: RunningCentre, number: str, conversation: str) -> Any:
    body = {"asker": conversation, "proof": {"conversation": conversation}}
    return centre.post(f"cases/{number}/progress", body).json


def test_a_finished_case_is_rated_and_shows_its_rating(centre: RunningCentre) -> None:
    number = a_case(centre, "web-r1", *STEPS)
    assert progress(centre, number, "web-r1")["rateable"] is True
    answer = rate(centre, number, "web-r1", "very_good", words="办得快。")
    assert answer.status == 201
    assert answer.json == {
        "level": "very_good",
        "level_label": "非常满意",
        "words": "办得快。",
        "at": "2026-11-23T09:00:00+08:00",
        "changeable_until": "2026-11-30T09:00:00+08:00",
    }
    assert progress(centre, number, "web-r1")["rating"] == answer.json
    assert complaints(centre, number) == []


@pytest.mark.parametrize("moves", [(), ("accept",), ("refuse",), ("accept", "ask_supplement")])
def test_a_case_without_result_is_not_rated(centre: RunningCentre, moves: tuple[str, ...]) -> None:
    number = a_case(centre, "web-r2", *moves)
    answer = rate(centre, number, "web-r2", "good")
    assert (answer.status, answer.code) == (409, "rating_not_open")
    assert progress(centre, number, "web-r2")["rateable"] is False


def test_somebody_elses_case_is_not_rated_and_reads_like_an_unknown_one(centre: RunningCentre) -> None:
    number = a_case(centre, "web-r3", *STEPS)
    foreign = rate(centre, number, "web-other", "very_bad")
    unknown = rate(centre, "BJ-261123-9999-1", "web-other", "very_bad")
    assert (foreign.status, foreign.json) == (unknown.status, unknown.json) and foreign.code == "case_not_shown"
    assert progress(centre, number, "web-r3")["rating"] is None


def test_the_same_key_rates_once(centre: RunningCentre) -> None:
    number = a_case(centre, "web-r4", *STEPS)
    first = rate(centre, number, "web-r4", "bad", key=f"k:{number}")
    again = rate(centre, number, "web-r4", "bad", key=f"k:{number}")
    other = rate(centre, number, "web-r4", "good", key=f"k:{number}")
    assert (first.status, again.status, other.code) == (201, 200, "idempotency_conflict")
    assert first.json == again.json and len(complaints(centre, number)) == 1


def test_a_bad_rating_reaches_a_supervisor_with_case_and_words(centre: RunningCentre) -> None:
    number = a_case(centre, "web-r5", *STEPS)
    rate(centre, number, "web-r5", "very_bad", words="跑了三趟。")
    (record,) = complaints(centre, number)
    assert record["packet"]["words"] == "跑了三趟。" and record["level"] == "supervisor"
    assert record["due_at"] == "2026-11-30T17:30:00+08:00"  # five working days
    assert record["state"] == "open" and record["conversation"] == "web-r5"


def test_a_changed_mind_counts_for_seven_days(centre: RunningCentre, monday: None) -> None:
    number = a_case(centre, "web-r6", *STEPS)
    rate(centre, number, "web-r6", "bad")
    centre.set_clock("2026-11-30T08:59:59!")
    assert rate(centre, number, "web-r6", "good").status == 201
    assert progress(centre, number, "web-r6")["rating"]["level"] == "good"
    centre.set_clock("2026-11-30T09:00:00!")
    late = rate(centre, number, "web-r6", "very_good")
    assert (late.status, late.code) == (409, "rating_closed")
    assert progress(centre, number, "web-r6")["rateable"] is False
    centre.set_clock(MONDAY)


def test_an_unknown_level_or_a_number_in_plain_text_is_refused(centre: RunningCentre) -> None:
    number = a_case(centre, "web-r7", *STEPS)
    assert rate(centre, number, "web-r7", "five_stars").code == "bad_value"
    assert rate(centre, number, "web-r7", "good", words=f"打我电话{mobile()}").code == "personal_number_in_plain_text"
    assert progress(centre, number, "web-r7")["rating"] is None
