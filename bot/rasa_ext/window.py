"""Bounded replay: which events Rasa needs to see, and a short prefix that stands for all before them.

Stock Rasa replays the whole conversation on every turn (RasaHQ/rasa#6334, #4101, #11828). Slots, active loop, pause flag and
follow-up action are the only state older events can still influence, so a prefix of a few synthetic events restores them.
"""

from __future__ import annotations

import time
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple

from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    ConversationPaused,
    Event,
    FollowupAction,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses

PREFIX_ID = 0
"""Row id that marks synthetic events: they are never stored nor published."""

_TYPES: Dict[str, Any] = {}


def row_id(event: Event) -> Optional[int]:
    """The row an event was stored in; PREFIX_ID for synthetic ones; None for new ones.

    The mark sits on the object, which survives `tracker.copy()`; counting events, as the stock stores do, would not survive a window.
    """
    return getattr(event, "_row_id", None)


def mark(event: Event, number: int) -> None:
    """Remember the row of an event on the object."""
    event._row_id = number


def load_event(data: Dict[str, Any]) -> Optional[Event]:
    """`Event.from_parameters` without its walk over all subclasses for every single event (0.1 ms each)."""
    if not _TYPES:
        _TYPES.update({cls.type_name: cls for cls in all_subclasses(Event) if cls.type_name})
    parameters = dict(data)
    cls = _TYPES.get(parameters.pop("event", ""))
    return cls._from_parameters(parameters) if cls else None


def state_of(tracker: DialogueStateTracker) -> Dict[str, Any]:
    """What older events can still influence."""
    initial = {name: slot.initial_value for name, slot in tracker.slots.items()}
    followup = tracker.followup_action
    return {
        "slots": {k: v for k, v in tracker.current_slot_values().items() if v != initial.get(k)},
        "loop": tracker.active_loop_name,
        "paused": tracker.is_paused(),
        "followup": None if followup == ACTION_LISTEN_NAME else followup,
    }


def prefix_events(state: Optional[Dict[str, Any]], timestamp: float) -> List[Event]:
    """Synthetic events that bring an empty tracker to `state`, ending in action_listen."""
    if not state:
        return []
    events: List[Event] = []
    if state["loop"]:
        events += [ActionExecuted(state["loop"], timestamp=timestamp), ActiveLoop(state["loop"], timestamp=timestamp)]
    events += [SlotSet(key, value, timestamp=timestamp) for key, value in state["slots"].items()]
    if state["paused"]:
        events.append(ConversationPaused(timestamp=timestamp))
    events.append(ActionExecuted(ACTION_LISTEN_NAME, timestamp=timestamp))
    if state["followup"]:
        events.append(FollowupAction(state["followup"], timestamp=timestamp))
    for event in events:
        mark(event, PREFIX_ID)
    return events


def replay(tracker: DialogueStateTracker, events: Sequence[Event]) -> DialogueStateTracker:
    """Apply stored events to a fresh tracker, as the stock SQL store does."""
    for event in events:
        tracker.events.append(event)
        event.apply_to(tracker)
    return tracker


def _signature(tracker: DialogueStateTracker) -> Tuple[Any, ...]:
    return (
        tracker.current_slot_values(),
        tracker.active_loop_name,
        tracker.is_paused(),
        tracker.followup_action,
        tracker.latest_action_name,
    )


def find_cut(
    events: Sequence[Event], window_turns: int, fresh: Callable[[], DialogueStateTracker]
) -> Optional[Tuple[int, Optional[Dict[str, Any]]]]:
    """Where the window may begin now: (row id of its first event, state before it); None if it should stay.

    A cut is made only when the tracker holds twice the window, and only if prefix and window rebuild exactly the state that all the
    events give: an undo that reaches back over the cut (UserUtteranceReverted) would otherwise lose it.
    """
    turns = [i for i, e in enumerate(events) if isinstance(e, UserUttered)]
    if len(turns) <= 2 * window_turns:
        return None
    resets = [i for i, e in enumerate(events) if isinstance(e, (SessionStarted, Restarted)) and row_id(e)]
    cut, state = turns[-window_turns], None
    if resets and resets[-1] >= cut:
        cut = resets[-1]
    else:
        state = state_of(replay(fresh(), events[:cut]))
    first = row_id(events[cut])
    if not first:
        return None
    whole = replay(fresh(), events)
    rebuilt = replay(fresh(), [*prefix_events(state, time.time()), *events[cut:]])
    return (first, state) if _signature(whole) == _signature(rebuilt) else None
