"""What every action shares: a typed view of the turn, and a boundary that nothing is raised through.

An action that raises would make the SDK echo the whole tracker into the log and leave the person without an answer.
"""

from __future__ import annotations

import logging
import secrets
from abc import ABC, abstractmethod
from typing import Any, Dict, List, Mapping, Optional, Tuple

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import runtime
from bot.bootstrap import ActionParts
from bot.domain.answers import TOKEN, Answer, Sealed, mask_tokens
from bot.domain.item import Facts, Option
from bot.ports import PublishedItem

logger = logging.getLogger("bangban.actions")

FORM = "item_form"
Events = List[Dict[str, Any]]

# what validate_item_form returns to the form
WAITING: Events = [{"event": "slot", "name": "requested_slot", "value": "answer", "timestamp": None}]
DONE: Events = [{"event": "slot", "name": "requested_slot", "value": None, "timestamp": None}]
BESIDE: Events = []


class Turn:
    """One message as the actions see it, and what they say back."""

    def __init__(self, tracker: Tracker, dispatcher: CollectingDispatcher) -> None:
        message: Dict[str, Any] = tracker.latest_message or {}
        intent: Dict[str, Any] = message.get("intent") or {}
        self.parse = message
        self.metadata: Dict[str, Any] = message.get("metadata") or {}
        self.text: str = message.get("text") or ""
        self.message_id: str = message.get("message_id") or ""
        self.intent: str = intent.get("name") or ""
        self.confidence: float = float(intent.get("confidence") or 0.0)
        self.numbers: List[Dict[str, Any]] = self.metadata.get("numbers") or []
        self.conversation: str = tracker.sender_id
        self.channel: str = self.metadata.get("channel") or "unknown"
        self._set: Dict[str, Any] = {}
        self._tracker = tracker
        self._dispatcher = dispatcher

    def slot(self, name: str) -> Any:
        """Value of a slot, as this action has set it so far."""
        return self._set[name] if name in self._set else self._tracker.get_slot(name)

    def remember(self, **values: Any) -> None:
        """Let the rest of this action see slots that it has set; the events are still to be returned."""
        self._set.update(values)

    @property
    def in_form(self) -> bool:
        """Whether a question of ours is open."""
        return (self._tracker.active_loop or {}).get("name") == FORM

    @property
    def fresh(self) -> bool:
        """Whether the form sees this message for the first time.

        The form validates again when it is entered and when it comes back from a digression; the message has been dealt with then.
        """
        for event in reversed(self._tracker.events):
            if event.get("event") == "action" and event.get("name") != FORM:
                return bool(event.get("name") == "action_listen")
        return True

    @property
    def said_before(self) -> List[str]:
        """What the person said before this message in this session, as far as the tracker holds it, newest first."""
        said: List[str] = []
        for event in reversed(self._tracker.events):
            if event.get("event") == "session_started":
                break
            if event.get("event") == "user":
                said.append(str(event.get("text") or ""))
        return said[1:]

    def we_said(self, text: str) -> bool:
        """Whether we said just this lately, as far as the tracker holds it; nobody wants to read a long text twice."""
        return any(e.get("event") == "bot" and e.get("text") == text for e in self._tracker.events)

    def we_said_words(self, *words: str) -> bool:
        """Whether one of our messages in the tracker holds all these words."""
        said = (str(e.get("text") or "") for e in self._tracker.events if e.get("event") == "bot")
        return any(all(w in text for w in words) for text in said)

    @property
    def answer(self) -> Answer:
        """The message as the answer to a question."""
        return Answer(self.text, tuple(_sealed(n) for n in self.numbers), self.intent, self.confidence)

    def hear(self, text: str, parse: Mapping[str, Any]) -> None:
        """Take other words, and how they were read, for this message."""
        self.text, self.parse = text, dict(parse)

    def say(self, response: str, buttons: Any = None, **values: Any) -> None:
        """Say a response of domain.yml; no token is ever among its values."""
        shown = {name: self._shown(v) if isinstance(v, str) else v for name, v in values.items()}
        self._dispatcher.utter_message(response=response, buttons=buttons, **shown)

    def say_text(self, text: str, buttons: Optional[List[Dict[str, str]]] = None) -> None:
        """Say a text that a template has rendered."""
        self._dispatcher.utter_message(text=self._shown(text), buttons=buttons)

    def _shown(self, text: str) -> str:
        return mask_tokens(text, self.answer.numbers) if TOKEN.search(text) else text

    def forget_said(self) -> None:
        """Drop what was said so far in this action."""
        self._dispatcher.messages.clear()

    # the item in hand

    def current_item(self, parts: ActionParts) -> Optional[PublishedItem]:
        """The item being talked about."""
        code = self.slot("item")
        return parts.catalogue.get(code) if code else None

    @property
    def facts(self) -> Facts:
        """Circumstances known for the item being talked about."""
        return dict(self.slot("facts") or {})


def _sealed(number: Dict[str, Any]) -> Sealed:
    return Sealed(
        token=str(number.get("token", "")),
        kind=str(number.get("kind", "")),
        verdict=str(number.get("verdict", "")),
        masked=str(number.get("masked", "")),
        fingerprint=str(number.get("fingerprint", "")),
        birth=number.get("birth"),
    )


class BangbanAction(Action, ABC):
    """Base of our actions: `handle` does the work, `run` lets nothing through."""

    @abstractmethod
    async def handle(self, turn: Turn, parts: ActionParts) -> Events:
        """Do the action; say things by `turn`, return Rasa events."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        """Called by the SDK."""
        turn = Turn(tracker, dispatcher)
        try:
            return await self.handle(turn, await runtime.parts())
        except Exception as error:  # the boundary: whatever it is, the person gets a sentence and a reference
            reference = secrets.token_hex(3)
            # type and place only: messages of exceptions can carry what people wrote
            logger.error("action.failed %s %s %s %s", self.name(), type(error).__name__, _place(error), reference)
            turn.forget_said()
            turn.say("utter_sorry", reference=reference)
            return self.after_failure()

    def after_failure(self) -> Events:
        """Events when `handle` failed; none by default."""
        return []


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}" if trace else ""


def buttons(options: Tuple[Option, ...]) -> List[Dict[str, str]]:
    """Choices as buttons; the payload is plain words that also work when typed."""
    return [{"title": option.label, "payload": option.label} for option in options]


def word_buttons(*words: str) -> List[Dict[str, str]]:
    """Buttons whose payload is their own text."""
    return [{"title": word, "payload": word} for word in words]


def slots(**values: Any) -> Events:
    """SlotSet events."""
    return [SlotSet(name, value) for name, value in values.items()]


def open_form(turn: Turn) -> Events:
    """Enter the form, which then asks the open question; nothing to do when it is active already."""
    return [] if turn.in_form else [FollowupAction(FORM)]


def close_form() -> Events:
    """Leave the form without its completion rule."""
    return [{"event": "active_loop", "name": None, "timestamp": None}, SlotSet("requested_slot", None)]


def put_aside(turn: Turn) -> Events:
    """Ask nothing more; an open application is kept."""
    if not turn.in_form:
        return []
    if turn.slot("case"):
        turn.say("utter_put_aside")
    return [*slots(case=None, asking=None), *close_form()]
