"""Personal numbers stand in no tracker, log or inbox."""

from __future__ import annotations

from tests.support.autopilot import BANK_CARD, file_item
from tests.support.numbers import id_number, mobile
from tests.support.stack import Person, Stack


def forms(number: str) -> list[bytes]:
    """The ways in which a number could stand in a file."""
    full_width = "".join(chr(ord(c) + 0xFEE0) for c in number)
    return [number.encode(), number.encode("utf-16-le"), full_width.encode(), number.encode().hex().encode()]


def test_after_a_filing_no_number_stands_in_plain_text_in_any_file(stack: Stack, person: Person) -> None:
    file_item(person, "QS-057", "高龄津贴申领要带什么材料")
    person.says(f"我电话是{mobile(4321)}，身份证{id_number('19510607', '321')}")
    numbers = [person.id_number, mobile(3), mobile(4321), id_number("19510607", "321"), BANK_CARD]
    searched = 0
    for path in stack.var.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            searched += 1
            for number in numbers:
                for form in forms(number):
                    assert form not in content, f"{path.name} holds a number in plain text"
    assert searched > 8


def test_the_tracker_holds_tokens(stack: Stack, person: Person) -> None:
    import requests

    person.says(f"我身份证号{id_number('19510607', '321')}")
    tracker = requests.get(
        f"{stack.config.rasa_url}/conversations/{person.sender}/tracker", params={"token": stack.config.rasa_token}, timeout=10
    )
    text = tracker.text
    assert "⟦身份证:" in tracker.json()["latest_message"]["text"]
    assert id_number("19510607", "321") not in text
