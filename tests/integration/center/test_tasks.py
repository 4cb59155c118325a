"""答应的事: what was promised is kept, due by the opening hours, and raised once when it is late."""

from __future__ import annotations

import time
from typing import Any, Callable

from bot.center.keepers import TASK_SECONDS
from tests.support.center import RunningCentre
from tests.support.numbers import id_number

WATCHED_WITHIN = 1.5 * TASK_SECONDS


def a_task(key: str, **changes: Any) -> dict[str, Any]:
    return {"kind": "answer_later", "conversation": f"web:{key}", "question": "临时摊位能摆到几点", "idempotency_key": key, **changes}


def test_an_answer_is_due_within_two_hours_of_opening_time(centre: RunningCentre) -> None:
    made = centre.post("tasks", a_task("t1"))
    assert made.status == 201
    assert made.json["due_at"] == "2026-11-23T11:00:00+08:00" and made.json["level"] == "clerk"


def test_a_task_is_made_once(centre: RunningCentre) -> None:
    first, second = centre.post("tasks", a_task("t2")), centre.post("tasks", a_task("t2"))
    assert (first.status, second.status) == (201, 200) and first.json == second.json


def test_where_life_is_at_risk_a_supervisor_has_a_quarter_of_an_hour(centre: RunningCentre) -> None:
    made = centre.post("tasks", a_task("t3", kind="life_at_risk")).json
    assert made["due_at"] == "2026-11-23T09:15:00+08:00" and made["level"] == "supervisor"


def test_a_personal_number_in_a_question_is_masked(centre: RunningCentre) -> None:
    number = id_number()
    made = centre.post("tasks", a_task("t4", question=f"我的号 {number} 对不对")).json
    assert number not in made["question"] and "我的号" in made["question"]


def test_a_task_is_finished_once_with_its_answer(centre: RunningCentre) -> None:
    task = centre.post("tasks", a_task("t5")).json
    done = centre.call("PATCH", f"tasks/{task['id']}", {"state": "done", "answer": "可以摆到晚上九点"})
    again = centre.call("PATCH", f"tasks/{task['id']}", {"state": "done", "answer": "改口"})
    assert done.json["state"] == "done" and again.json["answer"] == "可以摆到晚上九点"
    assert centre.get("tasks?conversation=web:t5").json["tasks"] == [done.json]


def test_unknown_task_and_kind_are_told_plainly(centre: RunningCentre) -> None:
    assert centre.call("PATCH", "tasks/nothing", {"state": "done"}).code == "task_not_found"
    assert centre.post("tasks", a_task("t6", kind="whatever")).status == 422


def test_what_is_late_is_raised_once_and_not_again_after_a_restart(new_centre: Callable[..., RunningCentre]) -> None:
    centre = new_centre().start()
    task = centre.post("tasks", a_task("late")).json
    centre.set_clock("2026-11-23T11:30:00!")
    raised = _wait_for_overdue(centre, task["id"])
    assert raised["level"] == "supervisor" and raised["state"] == "open"
    centre.stop(kill=True)
    centre._now = "2026-11-23T12:00:00!"
    centre.start()
    time.sleep(WATCHED_WITHIN)
    assert _find(centre, task["id"]) == raised
    assert centre.log.read_text().count("tasks_overdue") == 1


def _find(centre: RunningCentre, task_id: str) -> dict[str, Any]:
    return next(t for t in centre.get("tasks").json["tasks"] if t["id"] == task_id)


def _wait_for_overdue(centre: RunningCentre, task_id: str) -> dict[str, Any]:
    for _ in range(int(WATCHED_WITHIN * 10) + 50):
        found = _find(centre, task_id)
        if found["overdue"]:
            return found
        time.sleep(0.1)
    raise AssertionError("the watcher never looked")
