from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

from bot.domain.case_numbers import parse
from tests.support.builders import a_notice
from tests.support.center import RunningCentre
from tests.support.numbers import id_number


def test_notice_gets_a_number_and_is_kept(centre: RunningCentre) -> None:
    answer = centre.post("notices", a_notice("n1"))
    assert answer.status == 201
    number = answer.json["number"]
    assert re.fullmatch(r"GZ-261123-\d{4}-\d", number) and parse(number) is not None
    assert answer.json["effective_from"] == "2026-01-01" and answer.json["issued_at"] == "2026-11-23T09:00:00+08:00"
    assert centre.get(f"notices/{number}").json == answer.json
    assert centre.get(f"notices/{number.lower().replace('-', '')}").json == answer.json


def test_same_key_gives_the_same_notice(centre: RunningCentre) -> None:
    first, second = centre.post("notices", a_notice("n2")), centre.post("notices", a_notice("n2"))
    assert (first.status, second.status) == (201, 200) and first.json == second.json
    assert centre.post("notices", a_notice("n2", channel="wechat")).code == "idempotency_conflict"


def test_facts_of_a_notice_may_be_open_but_not_wrong(centre: RunningCentre) -> None:
    assert centre.post("notices", a_notice("n3", facts={})).status == 201
    assert centre.post("notices", a_notice("n4", facts={"who": "x"})).code == "bad_facts"


def test_unknown_item_and_version(centre: RunningCentre) -> None:
    assert centre.post("notices", a_notice("n5", item_code="QS-000")).code == "unknown_item"
    assert centre.post("notices", a_notice("n6", catalogue_version=7)).code == "unknown_version"
    assert centre.get("notices/GZ-260101-0001-0").code == "notice_not_found"
    assert centre.get("notices/rubbish").code == "notice_not_found"


def test_notices_at_the_same_moment_get_different_numbers(centre: RunningCentre, monday: None) -> None:
    centre.set_clock("2026-11-27T09:00:00!")  # a day whose counter does not exist yet
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: centre.post("notices", a_notice(f"race-{n}")), range(24)))
    assert {answer.status for answer in answers} == {201}
    serials = sorted(int(answer.json["number"][10:14]) for answer in answers)
    assert serials == list(range(1, 25))


def test_handoff_is_kept_with_its_packet(centre: RunningCentre) -> None:
    body = {"conversation": "web:h1", "reason": "asked", "packet": {"item_code": None, "facts": {"who": "self"}, "draft": "D1"}}
    made = centre.post("handoffs", body)
    assert made.status == 201
    listed = [h for h in centre.get("handoffs?state=waiting").json["handoffs"] if h["id"] == made.json["id"]]
    assert listed[0]["packet"] == body["packet"] and listed[0]["created_at"] == "2026-11-23T09:00:00+08:00"


def test_handoff_with_a_key_is_made_once(centre: RunningCentre) -> None:
    body = {"conversation": "web:h2", "reason": "asked", "packet": {}, "idempotency_key": "h2"}
    assert centre.post("handoffs", body).json == centre.post("handoffs", body).json


def test_personal_number_in_a_packet_is_masked_and_help_still_comes(centre: RunningCentre) -> None:
    packet = {"said": [f"我的号码是{id_number()}", "别的"]}
    made = centre.post("handoffs", {"conversation": "web:h3", "reason": "asked", "packet": packet})
    assert made.status == 201
    assert id_number() not in str(centre.get("handoffs").json)
    assert "personal_number_masked" in centre.log.read_text()
