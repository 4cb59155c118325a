"""Short ways through a filing, for conversation tests that are about something on the way."""

from __future__ import annotations

from typing import Dict, Optional

from tests.support.autopilot import ITEMS, Filing, file_item
from tests.support.numbers import mobile
from tests.support.stack import Person, Stack

HIGH_AGE, DISABLED, LOST_ID = "QS-057", "QS-053", "QS-009"
UP_TO_THE_NAME = ("老人满八十岁的高龄津贴怎么领", "1", "帮我办", "同意", "给自己办")


def question(person: Person) -> str:
    """The question that is open: the last thing said."""
    return str(person.last.messages[-1]["text"])


def start(person: Person) -> str:
    """Begin filing 高龄津贴; the open question asks for the applicant's name."""
    person.says(*UP_TO_THE_NAME)
    return question(person)


def up_to_address(person: Person, phone: int = 5) -> str:
    """Name, ID number and telephone are given; the open question asks for the address."""
    start(person)
    person.says("李秀英", person.id_number, mobile(phone))
    return question(person)


def finish(person: Person, code: str = HIGH_AGE, **answers: str) -> Filing:
    """Answer what is still asked, up to something that is no question of the filing."""
    filing = Filing(person, ITEMS[code], {}, replies=[person.last])
    filing.overrides.update(answers)
    filing.run()
    return filing


def filed(person: Person, code: str = HIGH_AGE) -> str:
    """File an item; its number."""
    before = {case["number"] for case in person.cases()}
    filing = file_item(person, code, ITEMS[code].name + "怎么办")
    new = [case["number"] for case in person.cases() if case["number"] not in before]
    assert len(new) == 1, str(filing.replies[-1])
    return str(new[0])


def look_up_code(person: Person) -> str:
    """The look-up code on the receipt that was said last."""
    return person.last.text.partition("查询码：")[2][:8]


def move(stack: Stack, number: str, *moves: str) -> None:
    """Work on a case as the clerk of the level does whose turn it is."""
    for name in moves:
        _bring(stack, number, name)
        body = {"move": name, "actor": _clerk(stack, number), "opinion": "情况属实"}
        answer = stack.center("POST", f"cases/{number}/moves", body)
        assert answer.status_code == 200, answer.text


def _clerk(stack: Stack, number: str) -> Dict[str, str]:
    level = stack.center("GET", f"cases/{number}").json()["case"]["level"]
    return {"role": "clerk", "name": "王芳", "level": level}


def _bring(stack: Stack, number: str, move_name: str) -> None:
    """Pass a case up or down to where its next step is done; what may be done anywhere is done where it lies."""
    if move_name not in ("accept", "handle", "submit_review", "approve", "finish", "deliver"):
        return
    while True:
        case = stack.center("GET", f"cases/{number}").json()
        way = [m for m in case["allowed_moves"] if m in ("pass_up", "hand_down")]
        if case["next_level"] == case["case"]["level"] or not way:
            return
        body = {"move": way[0], "actor": _clerk(stack, number), "opinion": "初审通过"}
        assert stack.center("POST", f"cases/{number}/moves", body).status_code == 200


def state(stack: Stack, number: str) -> Optional[str]:
    """Where a case stands."""
    return str(stack.center("GET", f"cases/{number}").json()["case"]["state"])
