"""The running centre against a simple model, over HTTP: same states, no lost event, every deadline equal.

`BANGBAN_LONG=1` runs 2,000 examples of 50 steps (`make cases-long`); the suite runs a small share.
"""

from __future__ import annotations

import os
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Dict, Iterator

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.integration.center.conftest import BACKENDS
from tests.integration.center.test_case_life import files as life_files
from tests.support.builders import a_filing
from tests.support.case_model import PARTNERS, WAYS, C, ModelCase, T
from tests.support.center import RunningCentre
from tests.support.postgres import new_database

LONG = os.environ.get("BANGBAN_LONG") == "1"
EXAMPLES, STEPS = (2000, 50) if LONG else (12, 30)
MOVES = (
    "accept", "handle", "submit_review", "approve", "finish", "finish_at_once", "deliver", "archive", "pass_up", "hand_down",
    "refuse", "return", "ask_supplement", "give_up_waiting", "back_to_handling", "answer_part", "dance",
)  # fmt: skip
files = life_files


@pytest.fixture(scope="module", params=BACKENDS)
def centre(request: pytest.FixtureRequest, files: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCentre]:
    database = new_database() if request.param == "postgresql" else None
    running = RunningCentre(tmp_path_factory.mktemp(request.param), files, database)
    try:
        yield running.start()
    finally:
        running.stop()


class Cases(RuleBasedStateMachine):
    """People, clerks of two levels and the calendar act in any order."""

    numbers = Bundle("numbers")
    centre: RunningCentre

    def __init__(self) -> None:
        super().__init__()
        self.cases: Dict[str, ModelCase] = {}
        self.now = datetime(2026, 1, 5, 9)
        self.touched: set[str] = set()

    @initialize(day=st.dates(date(2026, 1, 1), date(2026, 9, 30)), hour=st.sampled_from([9, 11]))
    def begin(self, day: date, hour: int) -> None:
        self._set(datetime(day.year, day.month, day.day, hour))

    def _set(self, now: datetime) -> None:
        self.now = now
        answer = self.centre.post("test/clock", {"now": f"{now.isoformat()}!", "watch": False})
        assert answer.status == 200

    @rule(days=st.integers(0, 9), hours=st.integers(0, 5))
    def time_passes(self, days: int, hours: int) -> None:
        later = self.now + timedelta(days=days)
        self._set(min(later.replace(hour=min(later.hour + hours, 23)), datetime(2026, 11, 15)))
        self.touched.update(self.cases)

    @rule(target=numbers, item=st.sampled_from(sorted(WAYS)))
    def files_a_case(self, item: str) -> str:
        simple: Dict[str, Any] = {"facts": {}, "materials": []} if item == "QS-903" else {}
        body = a_filing("web:model", item_code=item, **simple)
        for status in (201, 200):  # the same filing twice is one case
            answer = self.centre.file(body)
            assert answer.status == status, answer.json
        number = str(body["number"])
        self.cases[number] = ModelCase(item, self.now.date())
        self.touched.add(number)
        return number

    @rule(
        number=numbers,
        move=st.sampled_from(MOVES),
        level=st.sampled_from([T, C]),
        words=st.booleans(),
        part=st.sampled_from(PARTNERS["QS-906"]),
        agrees=st.booleans(),
    )
    def clerk_moves(self, number: str, move: str, level: str, words: bool, part: str, agrees: bool) -> None:
        self._move(number, move, level, words, part, agrees)

    @rule(number=numbers, choice=st.integers(0, 99))
    def clerk_does_something_allowed(self, number: str, choice: int) -> None:
        case = self.cases[number]
        can = [m for m in MOVES if case.may(m, case.level, True, PARTNERS.get(case.item, [""])[choice % 2 - 1])]
        if can:
            self._move(number, can[choice % len(can)], case.level, True, PARTNERS.get(case.item, [""])[choice % 2 - 1], True)

    def _move(self, number: str, move: str, level: str, words: bool, part: str, agrees: bool) -> None:
        case = self.cases[number]
        allowed = case.may(move, level, words, part)
        body = {
            "move": move, "actor": {"role": "clerk", "name": "某", "level": level}, "opinion": "意见" if words else "",
            "department": part, "agrees": agrees,
        }  # fmt: skip
        answer = self.centre.post(f"cases/{number}/moves", body)
        assert (answer.status == 200) == allowed, (case, move, level, words, answer.json)
        if allowed:
            case.do(move, self.now.date(), part, agrees)
        self.touched.add(number)

    @rule(number=numbers, waits=st.integers(0, 9))
    def something_is_wanted_and_comes(self, number: str, waits: int) -> None:
        case = self.cases[number]
        if case.may("ask_supplement", case.level, True):
            self._move(number, "ask_supplement", case.level, True, "", True)
            self.time_passes(waits, 0)
            self.person_supplies(number)

    @rule(number=numbers)
    def person_supplies(self, number: str) -> None:
        case = self.cases[number]
        body = {"proof": {"conversation": "web:model"}, "given": [{"defect": "1", "status": "paper"}]}
        answer = self.centre.post(f"cases/{number}/supplement", body)
        assert (answer.status == 200) == (case.state == "awaiting_supplement"), answer.json
        if answer.status == 200:
            case.supplement(self.now.date())
        self.touched.add(number)

    @rule(number=numbers)
    def person_withdraws(self, number: str) -> None:
        case = self.cases[number]
        answer = self.centre.post(f"cases/{number}/withdraw", {"proof": {"conversation": "web:model"}})
        assert (answer.status == 200) == (case.may_withdraw() or case.state == "withdrawn"), answer.json
        if case.may_withdraw():
            case.withdraw()
        self.touched.add(number)

    @rule(number=numbers)
    def clerk_of_old_reading_is_refused(self, number: str) -> None:
        case = self.cases[number]
        body = {"move": "accept", "actor": {"role": "clerk", "name": "某"}, "revision": len(case.moves) + 1}
        assert self.centre.post(f"cases/{number}/moves", body).code == "stale_revision"

    @invariant()
    def same_as_the_model(self) -> None:
        for number in sorted(self.touched):
            self._compare(number, self.cases[number])
        self.touched.clear()

    def _compare(self, number: str, case: ModelCase) -> None:
        shown = self.centre.get(f"cases/{number}").json["case"]
        due = case.due()
        assert (shown["state"], shown["level"], shown["revision"]) == (case.state, case.level, len(case.moves))
        assert shown["promised_date"] == (due.isoformat() if due else None), (case, shown)
        events = self.centre.get(f"cases/{number}/events").json["events"]
        assert [e["move"] for e in events] == case.moves and [e["seq"] for e in events] == list(range(1, len(case.moves) + 1))


def test_centre_and_model_agree_whatever_happens(centre: RunningCentre) -> None:
    machine = type("CasesHere", (Cases,), {"centre": centre})
    checks = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    limits = settings(
        max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, suppress_health_check=checks, print_blob=False
    )
    run_state_machine_as_test(machine, settings=limits)
