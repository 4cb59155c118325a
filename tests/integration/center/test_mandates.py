"""委托: both agree, both are named, it covers what it says, and one word of either ends it; on SQLite and PostgreSQL."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.integration.center.test_case_life import messages
from tests.support.builders import a_filing, sealed
from tests.support.center import Answer, RunningCentre

AGENT, PRINCIPAL = "web:agent", "web:principal"


def propose(centre: RunningCentre, **changes: Any) -> Answer:
    body = {
        "principal": {"name": "李奶奶", "id": sealed(who="li"), "phone": sealed("mobile", "li")},
        "agent": {"name": "张小山", "role": "relative"},
        "item_code": "QS-901",
        "conversation": AGENT,
        "principal_conversation": PRINCIPAL,
        **changes,
    }
    return centre.post("mandates", body)


def held(centre: RunningCentre, **changes: Any) -> str:
    """A mandate that holds."""
    return str(propose(centre, form="written", witness="村代办员王某", **changes).json["id"])


def file_under(centre: RunningCentre, mandate: str, **changes: Any) -> Answer:
    applicant = {"name": "李奶奶", "id": sealed(who="li"), "phone": sealed("mobile", "li")}
    agent = {"name": "张小山", "phone": sealed("mobile", "zs"), "relation": "孙子"}
    return centre.file(a_filing(**{"conversation": AGENT, "applicant": applicant, "agent": agent, "mandate": mandate, **changes}))


def revoke(centre: RunningCentre, mandate: str, **who: str) -> Answer:
    return centre.post(f"mandates/{mandate}/revoke", who or {"conversation": PRINCIPAL})


def test_mandate_counts_only_after_the_principals_code(new_sqlite_centre: Any) -> None:
    centre = new_sqlite_centre().start()
    made = propose(centre).json
    assert (made["state"], made["in_force"], made["until"]) == ("proposed", False, "2027-02-21")
    assert file_under(centre, made["id"]).code == "no_mandate"
    (sent,) = messages(centre)
    assert sent["conversation"] == PRINCIPAL and "张小山" in sent["text"] and "免费、自愿" in sent["text"]
    code = re.search(r"\d{6}", sent["text"])
    assert code and code.group() not in str(made)
    wrong = f"{(int(code.group()) + 1) % 10**6:06d}"
    assert centre.post(f"mandates/{made['id']}/confirm", {"code": wrong}).code == "wrong_code"
    done = centre.post(f"mandates/{made['id']}/confirm", {"code": code.group()})
    assert (done.json["state"], done.json["in_force"]) == ("confirmed", True)
    assert centre.post(f"mandates/{made['id']}/confirm", {"code": code.group()}).code == "mandate_not_open"
    assert file_under(centre, made["id"]).status == 201
    assert "撤销委托" in messages(centre)[-1]["text"]


def test_five_wrong_codes_close_the_door(centre: RunningCentre) -> None:
    mandate = propose(centre).json["id"]
    for _ in range(5):
        assert centre.post(f"mandates/{mandate}/confirm", {"code": "x"}).code == "wrong_code"
    assert centre.post(f"mandates/{mandate}/confirm", {"code": "x"}).code == "mandate_not_open"
    assert centre.post("mandates/none/confirm", {"code": "x"}).code == "mandate_not_found"


@pytest.mark.parametrize("form", ["oral", "written"])
def test_before_a_village_agent_it_counts_at_once_with_the_witness_named(centre: RunningCentre, form: str) -> None:
    assert propose(centre, form=form).code == "bad_mandate"
    made = propose(centre, form=form, witness="村代办员王某", agent={"name": "王某", "role": "village"})
    assert made.json["in_force"] is True and made.json["witness"] == "村代办员王某"


@pytest.mark.parametrize("until", ["2026-11-22", "2028-01-01"])
def test_mandate_has_a_last_day_within_a_year(centre: RunningCentre, until: str) -> None:
    assert propose(centre, until=until).code == "bad_mandate"


def test_filing_under_a_mandate_names_both_and_only_what_it_covers(centre: RunningCentre) -> None:
    mandate = held(centre)
    number = file_under(centre, mandate).json["number"]
    detail = centre.get(f"cases/{number}").json
    assert (detail["applicant"]["name"], detail["agent"]["name"]) == ("李奶奶", "张小山")
    assert file_under(centre, mandate, item_code="QS-902").code == "no_mandate"
    assert file_under(centre, mandate, conversation="web:somebody").code == "no_mandate"
    assert file_under(centre, mandate, applicant=a_filing()["applicant"]).code == "no_mandate"
    assert file_under(centre, "none").code == "no_mandate"


def test_mandate_ends_with_its_last_day(centre: RunningCentre, monday: None) -> None:
    mandate = held(centre, until="2026-11-25")
    centre.set_clock("2026-11-25T23:00:00!")
    assert file_under(centre, mandate).status == 201
    centre.set_clock("2026-11-26T08:00:00!")
    assert file_under(centre, mandate).code == "no_mandate"


@pytest.mark.parametrize(
    "who,by",
    [({"conversation": PRINCIPAL}, "principal"), ({"conversation": AGENT}, "agent"), ({"id_fingerprint": sealed(who="li")["fingerprint"]}, "principal")],
)
def test_one_word_of_either_ends_it_and_with_it_what_the_agent_may_do(centre: RunningCentre, who: dict[str, str], by: str) -> None:
    mandate = held(centre)
    number = file_under(centre, mandate).json["number"]
    progress = {"asker": AGENT, "proof": {"conversation": AGENT}}
    assert centre.post(f"cases/{number}/progress", progress).status == 200
    for _ in range(2):
        gone = revoke(centre, mandate, **who)
        assert (gone.json["state"], gone.json["revoked_by"]) == ("revoked", by)
    assert centre.post(f"cases/{number}/progress", progress).code == "no_mandate"
    assert file_under(centre, mandate).code == "no_mandate"
    own = {"asker": "li", "proof": {"id_fingerprint": sealed(who="li")["fingerprint"]}}
    assert centre.post(f"cases/{number}/progress", own).status == 200
    assert centre.post(f"cases/{number}/withdraw", {"proof": own["proof"]}).status == 200


def test_agent_withdraws_only_when_the_mandate_says_so(centre: RunningCentre) -> None:
    for scope, status in (([], 422), (["file", "withdraw"], 200)):
        number = file_under(centre, held(centre, scope=scope)).json["number"]
        assert centre.post(f"cases/{number}/withdraw", {"proof": {"conversation": AGENT}}).status == status


def test_nobody_else_revokes_and_the_same_key_proposes_once(centre: RunningCentre) -> None:
    mandate = held(centre)
    assert revoke(centre, mandate, conversation="web:stranger").code == "mandate_not_found"
    first, again = propose(centre, idempotency_key="m-1"), propose(centre, idempotency_key="m-1")
    assert (first.status, again.status, first.json["id"]) == (201, 200, again.json["id"])
    listed = [m["id"] for m in centre.get(f"mandates?conversation={PRINCIPAL}").json["mandates"]]
    assert mandate in listed and first.json["id"] in listed
