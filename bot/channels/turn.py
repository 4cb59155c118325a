"""One turn through Rasa, shared by our channels: collect what the bot says, keep pause and lease in step, never work a message twice."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, field
from typing import Any, Awaitable, Callable, Dict, List, Optional

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, ConversationPaused, ConversationResumed
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT

from bot.rasa_ext.tracker_store import WindowTrackerStore

logger = logging.getLogger(__name__)

OnNewMessage = Callable[[UserMessage], Awaitable[Any]]

_WORDS = re.compile(r"[^\W_]")


class WholeMessages(CollectingOutputChannel):
    """Collects messages as they are; the stock collector cuts a text at every blank line."""

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        """Keep the text as one message."""
        await self._persist_message(self._message(recipient_id, text=text))


@dataclass
class Turn:
    """One sealed message on its way to Rasa."""

    sender: str
    text: str
    message_id: str
    channel: str
    metadata: Dict[str, Any] = field(default_factory=dict)
    silent: bool = False


def window_store(agent: Agent) -> Optional[WindowTrackerStore]:
    """Our tracker store inside Rasa's wrappers; None when Rasa fell back to another one."""
    store: Any = agent.tracker_store
    while store is not None and not isinstance(store, WindowTrackerStore):
        store = getattr(store, "_tracker_store", None)
    return store


async def run_turn(agent: Agent, on_new_message: OnNewMessage, turn: Turn) -> List[Dict[str, Any]]:
    """Let Rasa work one message and return what it says: [{"text", "buttons"}].

    A message id that is already in the tracker is not worked again; the stored replies are returned (the caller lost them).
    """
    store = window_store(agent)
    if store is not None:
        said = store.replies_to(turn.sender, turn.message_id)
        if said is not None:
            return [_stored_reply(event) for event in said]
    await _follow_lease(agent, turn)
    output = WholeMessages()
    await on_new_message(
        UserMessage(
            turn.text,
            output,
            turn.sender,
            parse_data=None if _WORDS.search(turn.text) else _no_words(turn.text),
            input_channel=turn.channel,
            message_id=turn.message_id,
            metadata=turn.metadata,
        )
    )
    return [_reply(message) for message in output.messages]


def _reply(message: Dict[str, Any]) -> Dict[str, Any]:
    return {"text": message.get("text") or "", "buttons": message.get("buttons") or []}


def _stored_reply(event: Dict[str, Any]) -> Dict[str, Any]:
    return {"text": event.get("text") or "", "buttons": (event.get("data") or {}).get("buttons") or []}


def _no_words(text: str) -> Dict[str, Any]:
    """Parse result for blank or emoji-only text: a classifier would guess (an empty text scored affirm 0.49)."""
    return {TEXT: text, INTENT: {"name": "nlu_fallback", "confidence": 1.0}, ENTITIES: [], "intent_ranking": []}


async def _follow_lease(agent: Agent, turn: Turn) -> None:
    """Make Rasa's pause flag mirror who holds the conversation.

    Resuming needs the action_listen that the pause cut off; without it the next message triggers the old action again.
    """
    processor = agent.processor
    if processor is None:
        return
    async with agent.lock_store.lock(turn.sender):
        tracker = await processor.fetch_tracker_with_initial_session(turn.sender)
        if turn.silent == tracker.is_paused():
            return
        if turn.silent:
            tracker.update(ConversationPaused())
        else:
            tracker.update(ConversationResumed())
            tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
        await processor.save_tracker(tracker)
