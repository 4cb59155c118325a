"""差评整改, 投诉, 回访: answered by a day, told to the person, visited again; over HTTP on SQLite and PostgreSQL."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest

from tests.integration.center.test_case_life import messages
from tests.integration.center.test_ratings import STEPS, a_case, complaints, rate
from tests.support.builders import a_filing, sealed
from tests.support.center import Answer, RunningCentre
from tests.support.numbers import mobile


def tasks(centre: RunningCentre, **wanted: str) -> list[dict[str, Any]]:
    query = "&".join(f"{name}={value}" for name, value in wanted.items())
    return list(centre.get(f"tasks?limit=500&{query}").json["tasks"])


def finish(centre: RunningCentre, task: str, answer: str = "") -> Answer:
    return centre.call("PATCH", f"tasks/{task}", {"state": "done", "answer": answer})


def complain(centre: RunningCentre, **changes: Any) -> Answer:
    body = {"way": "chat", "text": "三号窗口的人态度不好", "conversation": "web:c1", "channel": "web", **changes}
    return centre.post("complaints", body)


def test_bad_rating_is_done_only_with_an_answer_and_then_visited_once(centre: RunningCentre) -> None:
    number = a_case(centre, "web-loop1", *STEPS)
    rate(centre, number, "web-loop1", "bad", words="慢")
    (task,) = complaints(centre, number)
    assert finish(centre, task["id"], "  ").code == "answer_missing"
    for answer in ("窗口加了人手", "第二遍"):
        assert finish(centre, task["id"], answer).json["answer"] == "窗口加了人手"
    visits = tasks(centre, kind="return_visit", conversation="web-loop1")
    about = [visit["packet"]["case"] for visit in visits if visit["packet"]["about"].startswith("rating:")]
    assert about == [number]


def test_changed_to_worse_opens_a_second_loop_and_a_good_one_none(centre: RunningCentre) -> None:
    number = a_case(centre, "web-loop2", *STEPS)
    for level in ("good", "bad", "very_bad"):
        rate(centre, number, "web-loop2", level)
    assert sorted(task["packet"]["level"] for task in complaints(centre, number)) == ["bad", "very_bad"]


def test_unanswered_bad_rating_becomes_overdue(centre: RunningCentre, monday: None) -> None:
    number = a_case(centre, "web-loop3", *STEPS)
    rate(centre, number, "web-loop3", "very_bad")
    centre.set_clock("2026-11-30T17:30:01!")
    for _ in range(40):
        (task,) = complaints(centre, number)
        if task["overdue"]:
            return
        time.sleep(0.1)
    raise AssertionError("not raised")


@pytest.mark.parametrize("way", ["chat", "telephone", "paper", "oral"])
def test_complaint_is_a_supervisors_task_with_a_day(centre: RunningCentre, way: str) -> None:
    answer = complain(centre, way=way)
    assert answer.status == 201 and re.fullmatch(r"TS-261123-[A-Z2-9]{8}", answer.json["number"])
    assert answer.json["due_at"] == "2026-12-02T17:30:00+08:00"  # seven working days
    (task,) = [t for t in tasks(centre, kind="complaint") if t["packet"]["complaint"] == answer.json["number"]]
    assert task["level"] == "supervisor" and task["question"] == "三号窗口的人态度不好"


def test_answer_closes_complaint_and_task_and_brings_one_visit(centre: RunningCentre) -> None:
    number = complain(centre).json["number"]
    assert centre.post(f"complaints/{number}/answer", {"answer": "   "}).code == "answer_missing"
    for words in ("已经批评教育", "第二遍"):
        done = centre.post(f"complaints/{number}/answer", {"answer": words})
        assert (done.json["state"], done.json["answer"]) == ("answered", "已经批评教育")
    assert [t["state"] for t in tasks(centre, kind="complaint") if t["packet"]["complaint"] == number] == ["done"]
    visits = [t for t in tasks(centre, kind="return_visit") if t["packet"].get("complaint") == number]
    assert len(visits) == 1 and visits[0]["conversation"] == "web:c1"
    assert finish(centre, visits[0]["id"], "满意").json["state"] == "done"


def test_anonymous_complaint_keeps_nothing_of_the_person_and_opens_by_its_number(centre: RunningCentre) -> None:
    secret = "web:secret-person"
    answer = complain(centre, anonymous=True, conversation=secret, phone=sealed("mobile", "secret"))
    number = answer.json["number"]
    assert centre.get(f"complaints?conversation={secret}").json["complaints"] == []
    assert secret not in str(tasks(centre, kind="complaint")) and sealed("mobile", "secret")["token"] not in str(tasks(centre))
    centre.post(f"complaints/{number}/answer", {"answer": "查过了"})
    assert centre.get(f"complaints/{number.lower()}").json["answer"] == "查过了"
    assert centre.get("complaints/TS-261123-AAAAAAAA").code == "complaint_not_found"


def test_same_key_complains_once_and_a_plain_number_is_masked(centre: RunningCentre) -> None:
    number = mobile()
    first = complain(centre, text=f"打{number}没人接", idempotency_key="c-key")
    again = complain(centre, text=f"打{number}没人接", idempotency_key="c-key")
    assert (first.status, again.status) == (201, 200) and first.json == again.json
    assert number not in str(first.json)
    assert complain(centre, text="别的事", idempotency_key="c-key").code == "idempotency_conflict"


def test_one_finished_case_in_ten_is_visited(centre: RunningCentre) -> None:
    visited = 0
    for _ in range(10):
        body = a_filing("web:visits")
        centre.file(body)
        for move in STEPS:
            assert centre.move(body["number"], move).status == 200
    visited = len([t for t in tasks(centre, kind="return_visit", conversation="web:visits")])
    assert visited == 1


def test_answers_are_queued_for_the_person(new_sqlite_centre: Any) -> None:
    centre = new_sqlite_centre().start()
    number = complain(centre).json["number"]
    centre.post(f"complaints/{number}/answer", {"answer": "已经改了"})
    anonymous = complain(centre, anonymous=True).json["number"]
    centre.post(f"complaints/{anonymous}/answer", {"answer": "查过了"})
    (told,) = messages(centre)
    assert told["conversation"] == "web:c1" and number in told["text"] and "已经改了" in told["text"]
