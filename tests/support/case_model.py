"""A second, simple opinion on how a case lives: plain lists and dictionaries, written from the policy and not from the code.

Working days come straight from the package `chinesecalendar`; ways are spelled out per item; nothing of `bot` is used.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Dict, List, Optional, Tuple

import chinese_calendar

T, C = "township", "county"
# item: (kind, days, level for 受理, 承办, 审批, 办结)
WAYS: Dict[str, Tuple[str, int, str, str, str, str]] = {
    "QS-901": ("promised", 10, T, T, T, T),
    "QS-902": ("reported", 10, T, C, C, T),
    "QS-903": ("immediate", 0, T, T, T, T),
    "QS-904": ("reported", 10, T, T, C, T),
    "QS-905": ("reported", 10, T, T, C, T),
    "QS-906": ("joint", 10, T, T, T, T),
    "QS-907": ("promised", 10, T, T, T, T),
}
PARTNERS = {"QS-906": ["自然资源所", "农业农村办"]}
FORWARD = {  # state: {move: new state}
    "filed": {"accept": "accepted"},
    "accepted": {"handle": "handling", "finish_at_once": "finished"},
    "handling": {"submit_review": "reviewing"},
    "reviewing": {"approve": "approved"},
    "approved": {"finish": "finished"},
    "finished": {"deliver": "delivered"},
}
SIDEWAYS = {
    "filed": {"refuse": "returned", "ask_supplement": "awaiting_supplement"},
    "accepted": {"return": "returned", "ask_supplement": "awaiting_supplement"},
    "handling": {"return": "returned", "ask_supplement": "awaiting_supplement"},
    "reviewing": {"return": "returned", "ask_supplement": "awaiting_supplement", "back_to_handling": "handling"},
    "awaiting_supplement": {"give_up_waiting": "returned"},
}
CLOSED = ("delivered", "returned", "withdrawn")
NEED_WORDS = ("refuse", "return", "ask_supplement", "give_up_waiting", "back_to_handling", "answer_part")


@dataclass
class ModelCase:
    """One case."""

    item: str
    filed: date
    state: str = "filed"
    level: str = T
    moves: List[str] = field(default_factory=lambda: ["file"])
    before: str = ""
    accepted: Optional[date] = None
    paused_since: Optional[date] = None
    pauses: List[Tuple[date, date]] = field(default_factory=list)
    agreed: Dict[str, bool] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        return WAYS[self.item][0]

    def turn_of(self) -> str:
        """Whose level's turn it is."""
        _, _, accept, handle, decide, finish = WAYS[self.item]
        return {"filed": accept, "accepted": handle, "handling": handle, "reviewing": decide, "approved": finish}.get(self.state, T)

    def may(self, move: str, level: str, words: bool, department: str = "") -> bool:
        """Whether a clerk of this level may do this now."""
        if move in NEED_WORDS and not words:
            return False
        if move == "answer_part":
            return department in PARTNERS.get(self.item, []) and self.state in ("accepted", "handling", "reviewing")
        if level != self.level:
            return False
        if move == "archive":
            return self.state in CLOSED
        if move == "pass_up":
            below = self.state in ("filed", "accepted", "handling", "reviewing") and self.level == T and self.turn_of() == C
            return below and (words or not (self.item == "QS-905" and self.state == "reviewing"))
        if move == "hand_down":
            return self.state in ("handling", "reviewing", "approved") and self.level == C and self.turn_of() == T
        if move == "finish_at_once" and self.kind != "immediate":
            return False
        if move == "approve" and not all(self.agreed.get(name) for name in PARTNERS.get(self.item, [])):
            return False
        if move in FORWARD.get(self.state, {}):
            return self.level == self.turn_of()
        return move in SIDEWAYS.get(self.state, {})

    def do(self, move: str, today: date, department: str = "", agrees: bool = True) -> None:
        """Do it."""
        self.moves.append(move)
        if move == "pass_up":
            self.level = C
        elif move == "hand_down":
            self.level = T
        elif move == "answer_part":
            self.agreed[department] = agrees
        elif move == "archive":
            self.before, self.state = self.state, "archived"
        else:
            self._go(move, today)

    def _go(self, move: str, today: date) -> None:
        if move == "accept":
            self.accepted = today
        if move == "ask_supplement":
            self.paused_since, self.before = today, self.state
        self.state = {**FORWARD.get(self.state, {}), **SIDEWAYS.get(self.state, {})}[move]
        if move == "give_up_waiting" and self.paused_since:
            self.pauses.append((self.paused_since, today))

    def supplement(self, today: date) -> None:
        """The person has given everything."""
        assert self.paused_since
        self.moves.append("supplement")
        self.pauses.append((self.paused_since, today))
        self.paused_since, self.state = None, self.before

    def withdraw(self) -> None:
        """The person takes it back."""
        self.moves.append("withdraw")
        self.state = "withdrawn"

    def may_withdraw(self) -> bool:
        return self.state in ("filed", "accepted", "handling", "reviewing", "awaiting_supplement")

    def due(self) -> Optional[date]:
        """The promised day."""
        over = ("awaiting_supplement", "returned", "withdrawn")
        if self.state in over or (self.state == "archived" and self.before in over):
            return None
        day = self.accepted or self.filed
        while not self.accepted and not works(day):
            day += timedelta(days=1)
        left = WAYS[self.item][1]
        while left:
            day += timedelta(days=1)
            if works(day) and not any(told < day <= given for told, given in self.pauses):
                left -= 1
        return day


def works(day: date) -> bool:
    """Whether people work on this day; only asked of published years."""
    return bool(chinese_calendar.is_workday(day))
