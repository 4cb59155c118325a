"""What could not be answered clearly reaches the centre's work list, without a word about who asked."""

from __future__ import annotations

import time
from typing import Any, Dict, List

from tests.support.numbers import mobile
from tests.support.stack import Person, Stack

SECONDS = 5.0


def kept(stack: Stack, words: str) -> List[Dict[str, Any]]:
    """The questions with these words, waited for, since nobody waits for their recording."""
    end = time.monotonic() + SECONDS
    while True:
        answer = stack.center("GET", "misses?limit=500")
        answer.raise_for_status()
        found = [miss for miss in answer.json()["misses"] if words in miss["text"]]
        if found or time.monotonic() > end:
            return found
        time.sleep(0.1)


def test_a_question_without_an_answer_is_kept_without_number_and_conversation(stack: Stack, person: Person) -> None:
    person.says(f"想放热气球找谁批准，我是{mobile(4711)}")
    found = kept(stack, "热气球")
    assert len(found) == 1 and "〔手机〕" in found[0]["text"]
    assert mobile(4711) not in str(found) and person.sender not in str(found)


def test_a_choice_is_kept_as_unsure_with_what_was_offered(stack: Stack, person: Person) -> None:
    assert "都不是" in person.says("房产证的事情咋整").buttons
    found = kept(stack, "房产证的事情咋整")
    assert found[0]["decision"] == "choose" and len(found[0]["candidates"]) >= 2 and 0 < found[0]["confidence"] < 100


def test_a_clear_question_is_not_kept(stack: Stack, person: Person) -> None:
    person.says("身份证叫贼娃子偷了要补一张新的")
    Person(stack).says("想放孔明灯找谁批准")  # comes after it in the list
    assert kept(stack, "孔明灯") and not kept(stack, "贼娃子")


def test_a_dead_centre_changes_nothing_for_the_resident(stack: Stack, person: Person) -> None:
    words = "家里的火车头收藏要登记不"
    before = Person(stack).says(words).text
    stack.kill("center")
    try:
        start = time.monotonic()
        assert person.says(words).text == before
        assert time.monotonic() - start < SECONDS
    finally:
        stack.restart("center")
