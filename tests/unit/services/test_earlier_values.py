from __future__ import annotations

from dataclasses import replace

from bot.services.earlier_values import earlier_values
from bot.services.file_case import Filing
from tests.unit.services.test_collect_materials import EMPTY, ID, PHONE

OWN = replace(EMPTY, for_whom="self", fields={"applicant_name": "李秀英", "applicant_id": ID.as_value(), "bank": "x"})
FOR_MOTHER = replace(
    EMPTY,
    for_whom="other",
    fields={"applicant_name": "王桂英", "applicant_phone": PHONE.as_value(), "agent_name": "张小红", "agent_phone": PHONE.as_value()},
)


def filing(agent: object = None) -> Filing:
    fields = {"applicant_name": "李秀英", "address": "李家村三组"}
    return Filing("k", "n", "c", {"fields": fields, "agent": agent}, "filed", {})


def test_only_name_numbers_and_address_are_kept_and_numbers_shown_masked() -> None:
    known = earlier_values([OWN], [])
    assert set(known["self"]) == {"applicant_name", "applicant_id"}
    assert known["self"]["applicant_id"]["shown"] == ID.masked


def test_whoever_acted_for_another_may_file_for_oneself_with_the_own_name() -> None:
    known = earlier_values([FOR_MOTHER], [])
    assert known["self"]["applicant_name"]["value"] == "张小红"
    assert known["other"]["applicant_name"]["value"] == "王桂英"


def test_an_applicant_may_act_for_another_with_the_own_name() -> None:
    assert earlier_values([OWN], [])["other"] == {"agent_name": {"value": "李秀英", "shown": "李秀英"}}


def test_values_of_filed_cases_are_known() -> None:
    assert earlier_values([], [filing()])["self"]["address"]["value"] == "李家村三组"


def test_values_of_two_people_are_never_mixed() -> None:
    other = replace(OWN, fields={"applicant_name": "赵云"})
    assert "address" not in earlier_values([other], [filing()])["self"]


def test_a_draft_without_for_whom_gives_nothing() -> None:
    assert earlier_values([replace(OWN, for_whom="")], []) == {}
