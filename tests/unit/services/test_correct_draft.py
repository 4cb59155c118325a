from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.answers import Answer
from bot.domain.draft import Ask, Draft, next_question, step_back
from bot.services.collect_materials import take_answer
from bot.services.filing_step import Outcome, Step
from tests.unit.services.test_collect_materials import (
    CONTEXT,
    EMPTY,
    ID,
    ITEM,
    OTHER_PHONE,
    PHONE,
    STARTED,
    after,
    asked,
    said,
)

WITH_PHONE = after(STARTED, said("李秀英"), said(ID.token, ID), said(PHONE.token, PHONE))


def take(draft: Draft, answer: Answer, wish: str = "") -> Step:
    return take_answer(draft, answer, replace(CONTEXT, wish=wish))


def test_two_corrections_in_one_message() -> None:
    step = take(WITH_PHONE, said(f"名字错了，应该是王桂英，电话也改成{OTHER_PHONE.token}", OTHER_PHONE))
    assert step.outcome is Outcome.CORRECTING
    assert [c.label for c in step.changes] == ["补证人姓名", "联系电话"]
    assert step.draft.fields["applicant_name"] == "王桂英"
    assert step.draft.fields["applicant_phone"]["token"] == OTHER_PHONE.token
    assert asked(step.draft) == asked(WITH_PHONE)


@pytest.mark.parametrize("words", ["说错了，是给孩子办的", "不对，是给娃补的", "选错了，应该是未满16岁的孩子", "弄错了，是没满16岁的"])
def test_a_circumstance_is_corrected(words: str) -> None:
    step = take(WITH_PHONE, said(words, intent="correct"))
    assert step.outcome is Outcome.CORRECTING
    assert step.draft.facts == {"who": "minor"}
    assert step.draft.fields["applicant_name"] == "李秀英"


def test_for_whom_is_corrected() -> None:
    step = take(WITH_PHONE, said("说错了，是给我妈办的"))
    assert step.draft.for_whom == "other"


@pytest.mark.parametrize("words", ["李家村三组12号", "在王家村三组，错不了", "我妈家在王家村5号"])
def test_an_address_corrects_nothing(words: str) -> None:
    step = take(WITH_PHONE, said(words, intent="correct"))
    assert step.outcome is Outcome.TAKEN and asked(step.draft) == "lost_date"
    assert dict(step.draft.facts) == dict(WITH_PHONE.facts)


def test_a_paper_is_corrected_at_the_end() -> None:
    whole = after(WITH_PHONE, said("李家村三组12号"), said("昨天"), said("1"), said("都有"))
    assert asked(whole) is Ask.CONFIRM
    step = take(whole, said("户口本其实没有", intent="deny"))
    assert step.draft.materials["household_book"] == "later"


def test_a_skipped_field_comes_last_and_is_asked_as_such() -> None:
    step = take(STARTED, said("跳过"), "skip")
    assert step.outcome is Outcome.SKIPPED and asked(step.draft) == "applicant_id"
    whole = after(step.draft, said(ID.token, ID), said(PHONE.token, PHONE), said("李家村三组12号"), said("昨天"), said("1"), said("都有"))
    question = next_question(whole, ITEM)
    assert question.again and question.field is not None and question.field.id == "applicant_name"
    assert take(whole, said("跳过"), "skip").outcome is Outcome.LEFT_OPEN


def test_a_skipped_optional_field_is_left_out() -> None:
    draft = after(WITH_PHONE, said("李家村三组12号"))
    step = take(draft, said("跳过"), "skip")
    assert step.draft.fields["lost_date"] == ""


@pytest.mark.parametrize("wish", ["delete", "withdraw", "compare", "next_matter"])
def test_wishes_beside_the_question_are_left_to_the_rules(wish: str) -> None:
    assert take(STARTED, said("……"), wish).outcome is Outcome.BESIDE


def test_steps_back_lead_to_the_very_beginning() -> None:
    draft = WITH_PHONE
    seen = []
    while (before := step_back(draft, ITEM)) is not None:
        draft = before
        seen.append(asked(draft))
    assert seen == ["applicant_phone", "applicant_id", "applicant_name", Ask.FOR_WHOM, Ask.CIRCUMSTANCE]
    assert take(EMPTY, said("上一步"), "back").outcome is Outcome.AT_START


EARLIER = {"self": {"applicant_name": {"value": "李秀英", "shown": "李秀英"}, "applicant_phone": {"value": PHONE.as_value(), "shown": PHONE.masked}}}


@pytest.mark.parametrize(("words", "taken"), [("还用这些", 2), ("好", 2), ("用，不过电话换了", 1), ("重新填", 0), ("不用了", 0)])
def test_earlier_values_are_taken_only_as_said(words: str, taken: int) -> None:
    draft = replace(STARTED, earlier=EARLIER)
    assert asked(draft) is Ask.REUSE
    step = take(draft, said(words))
    assert len(step.draft.fields) == taken
    assert asked(step.draft) is not Ask.REUSE and not step.draft.earlier


@pytest.mark.parametrize("words", ["要钱吗", "啥？", "李家村"])
def test_anything_else_takes_no_earlier_value(words: str) -> None:
    step = take(replace(STARTED, earlier=EARLIER), said(words))
    assert not step.draft.fields and asked(step.draft) is Ask.REUSE


DUPLICATE = ({"number": "BJ-261123-0001-3", "state_label": "已申请", "filed_on": "2026-11-23"},)


@pytest.mark.parametrize(
    ("words", "outcome"), [("再交一份", Outcome.TAKEN), ("要", Outcome.TAKEN), ("不交了", Outcome.NOT_AGAIN), ("算了", Outcome.NOT_AGAIN)]
)
def test_a_duplicate_goes_on_only_after_a_yes(words: str, outcome: Outcome) -> None:
    assert take(replace(STARTED, duplicates=DUPLICATE), said(words)).outcome is outcome


@pytest.mark.parametrize(
    ("words", "outcome"), [("接着办", Outcome.KEPT), ("先存着，改办", Outcome.SWITCHED), ("好", Outcome.SWITCHED), ("不", Outcome.KEPT)]
)
def test_going_on_with_this_one_is_no_yes_to_the_other(words: str, outcome: Outcome) -> None:
    assert take(replace(STARTED, aside="QS-053"), said(words)).outcome is outcome
