from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.answers import Answer, Sealed
from bot.domain.draft import Ask, Draft, next_question
from bot.services.collect_materials import take_answer
from bot.services.filing_step import Context, Outcome
from tests.support.autopilot import ITEMS

ITEM = ITEMS["QS-009"]
CONTEXT = Context(
    ITEM,
    date(2026, 11, 22),
    frozenset("李张王"),
    {"text": "…", "version": "1", "at": "", "channel": "t", "person": "p"},
)
EMPTY = Draft("D1", "c", ITEM.code, 1, "2026-11-22")
ID = Sealed("⟦身份证:aaaaaaaaaa⟧", "id_number", "ok", "1100001940********", "f1")
PHONE = Sealed("⟦手机:bbbbbbbbbb⟧", "mobile", "ok", "19800******", "f2")
OTHER_PHONE = Sealed("⟦手机:cccccccccc⟧", "mobile", "ok", "19800******", "f3")


def said(text: str, *numbers: Sealed, intent: str = "", sure: float = 0.9) -> Answer:
    return Answer(text, numbers, intent, sure)


def after(draft: Draft, *answers: Answer) -> Draft:
    for answer in answers:
        draft = take_answer(draft, answer, CONTEXT).draft
    return draft


STARTED = after(EMPTY, said("1"), said("同意"), said("给自己办"))
WITH_NAME_AND_ID = after(STARTED, said("李秀英"), said(ID.token, ID))


def asked(draft: Draft) -> Any:
    question = next_question(draft, ITEM)
    return question.field.id if question.field else question.kind


def test_questions_come_in_order() -> None:
    assert asked(EMPTY) is Ask.CIRCUMSTANCE
    assert asked(after(EMPTY, said("1"))) is Ask.CONSENT
    assert asked(after(EMPTY, said("1"), said("同意"))) is Ask.FOR_WHOM
    assert asked(STARTED) == "applicant_name"
    assert asked(WITH_NAME_AND_ID) == "applicant_phone"


def test_consent_is_stored_with_its_exact_text() -> None:
    assert STARTED.consent == CONTEXT.consent


def test_a_bare_number_answers_the_open_question_and_corrects_nothing() -> None:
    step = take_answer(WITH_NAME_AND_ID, said(PHONE.token, PHONE, intent="correct"), CONTEXT)
    assert step.outcome is Outcome.TAKEN
    assert step.draft.fields["applicant_phone"]["token"] == PHONE.token


def test_a_correction_with_the_new_value_replaces_and_asks_the_same_question() -> None:
    draft = after(WITH_NAME_AND_ID, said(PHONE.token, PHONE))
    step = take_answer(draft, said(f"电话打错了，应该是{OTHER_PHONE.token}", OTHER_PHONE, intent="correct"), CONTEXT)
    assert step.outcome is Outcome.CORRECTING
    assert step.draft.fields["applicant_phone"]["token"] == OTHER_PHONE.token
    assert asked(step.draft) == asked(draft)


def test_a_correction_without_a_value_asks_that_field_again() -> None:
    step = take_answer(WITH_NAME_AND_ID, said("名字写错了", intent="correct"), CONTEXT)
    assert step.outcome is Outcome.CORRECTING and step.changes[0].how == "dropped"
    assert asked(step.draft) == "applicant_name"


@pytest.mark.parametrize("text", ["谢谢", "你好", "转人工"])
def test_small_talk_is_beside_the_question(text: str) -> None:
    step = take_answer(STARTED, said(text, intent="thanks"), CONTEXT)
    assert step.outcome is Outcome.BESIDE and step.draft == STARTED


def test_a_cry_for_help_is_never_taken_as_an_answer() -> None:
    assert take_answer(STARTED, said("救命着火了", intent="emergency"), CONTEXT).outcome is Outcome.BESIDE


STOP, GO_ON = Outcome.CANCELLED, Outcome.KEPT


@pytest.mark.parametrize(
    ("text", "outcome"),
    [("不办了", STOP), ("是的，取消", STOP), ("接着办", GO_ON), ("先别删", GO_ON), ("不取消", GO_ON)],
)
def test_the_cancel_question_is_read_by_what_is_meant(text: str, outcome: Outcome) -> None:
    assert take_answer(replace(STARTED, cancelling=True), said(text), CONTEXT).outcome is outcome


def test_two_unusable_answers_are_counted() -> None:
    draft = after(STARTED, said("12345"), said("!!!"))
    assert draft.misses == 2


WORDS = st.sampled_from(
    [
        "1",
        "同意",
        "给自己办",
        "李秀英",
        ID.token,
        PHONE.token,
        "李家村三组",
        "昨天",
        "都有",
        "有缺的",
        "没有",
        "电话错了",
        "提交",
        "不",
        "要钱吗",
        "谢谢",
        "🙂",
    ]
)


@given(
    st.lists(
        st.tuples(WORDS, st.sampled_from(["", "affirm", "deny", "correct", "ask_item", "cancel", "thanks"])),
        max_size=30,
    )
)
def test_no_order_of_answers_confirms_with_something_missing(talk: list[tuple[str, str]]) -> None:
    """Only a draft with every question answered can be confirmed, whatever people say before."""
    draft = EMPTY
    for text, intent in talk:
        numbers = tuple(n for n in (ID, PHONE) if n.token == text)
        before = next_question(draft, ITEM)
        step = take_answer(draft, said(text, *numbers, intent=intent), CONTEXT)
        if step.outcome is Outcome.CONFIRMED:
            assert before.kind is Ask.CONFIRM
            assert draft.consent is not None
        draft = step.draft
