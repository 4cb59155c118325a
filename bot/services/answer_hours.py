"""时间 (shijian): answers a question about opening hours, for the hall or for the window of an item."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Protocol

from bot.domain.centre import Centre
from bot.domain.hours_answer import HoursAnswer, answer_hours
from bot.domain.hours_question import HoursKind, HoursQuestion, HoursWords
from bot.domain.working_days import WorkingCalendar
from bot.ports import Catalogue, Clock

_NOW = HoursQuestion(HoursKind.NOW)


class HoursTemplates(Protocol):
    """What renders answers about hours."""

    def hours(self, answer: HoursAnswer, centre: Centre, window_name: str = "") -> str: ...


@dataclass(frozen=True)
class AnswerHours:
    """Reads and answers questions about opening hours."""

    catalogue: Catalogue
    templates: HoursTemplates
    calendar: WorkingCalendar
    clock: Clock
    words: HoursWords

    def read(self, text: str) -> Optional[HoursQuestion]:
        """The question about hours that a text asks, or None."""
        return self.words.read(text, self.clock.now().date())

    def answer(self, question: HoursQuestion, window_name: str = "") -> str:
        """The answer in words; `window_name` as items name theirs, empty for the hall."""
        centre = self.catalogue.centre
        window = centre.window(window_name)
        window_id = window.id if window else ""
        found = answer_hours(question, centre.office_of(window_id), self.clock.now(), self.calendar, window_id)
        return self.templates.hours(found, centre, window_name if window else "")

    def open_now(self, window_name: str = "") -> str:
        """One line: open now, or when somebody is there next."""
        return self.answer(_NOW, window_name)
