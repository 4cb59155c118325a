"""Tracker store with a bounded window: every event is kept, Rasa replays only the last turns.

endpoints.yml:
    tracker_store: {type: bot.rasa_ext.tracker_store.WindowTrackerStore, url: …, window_turns: 8}

Measured against the stock SQL store in docs/performance.md. The feed rows are written in the transaction of the events
(stock Rasa publishes before it commits). Personal numbers should never get here (the vault stands before Rasa); what still looks like
one is masked and an alarm is logged.
"""

from __future__ import annotations

import json
import logging
import time
from typing import Any, Dict, Iterable, List, Optional, Sequence, Tuple

import sqlalchemy as sa
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

import bot.rasa_ext.response_schema  # noqa: F401  the patch is applied where Rasa certainly loads us
from bot.adapters.sql.engine import sync_engine
from bot.domain.second_net import mask_all
from bot.rasa_ext import window
from bot.rasa_ext.tables import EVENTS, FEED, METADATA, SNAPSHOTS

logger = logging.getLogger(__name__)

MINIMUM_WINDOW = 8
"""Turns. Below this an undo could reach back over the cut (measured in rasa-notes: differences at 4, none at 8)."""

_FEED_KINDS = {UserUttered: "user", BotUttered: "bot", ActionExecuted: "action", SlotSet: "slot"}


class WindowTrackerStore(TrackerStore):
    """Keeps all events in SQL and hands Rasa a window plus the state before it."""

    def __init__(
        self,
        domain: Any = None,
        host: Optional[str] = None,
        event_broker: Any = None,
        url: Optional[str] = None,
        window_turns: int = MINIMUM_WINDOW,
        **kwargs: Any,
    ) -> None:
        """`url` (or `host`, which Rasa passes for the url key) is an SQLAlchemy URL.

        Raises:
            ValueError: the window is smaller than MINIMUM_WINDOW.
        """
        if int(window_turns) < MINIMUM_WINDOW:
            raise ValueError(f"window_turns must be at least {MINIMUM_WINDOW}")
        self.window_turns = int(window_turns)
        self.engine = sync_engine(url or host or "sqlite://", durable=False)
        METADATA.create_all(self.engine)
        super().__init__(domain, event_broker)

    # reading

    async def retrieve(self, sender_id: str) -> Optional[DialogueStateTracker]:
        """The tracker that Rasa works with: prefix and window."""
        with self.engine.connect() as connection:
            snapshot = connection.execute(
                sa.select(SNAPSHOTS.c.cut_id, SNAPSHOTS.c.state).where(SNAPSHOTS.c.sender_id == sender_id)
            ).first()
            first = snapshot.cut_id if snapshot else 0
            rows = self._rows(connection, sender_id, first)
        state = json.loads(snapshot.state) if snapshot and snapshot.state else None
        return self._build(sender_id, rows, state)

    async def retrieve_full_tracker(self, conversation_id: str) -> Optional[DialogueStateTracker]:
        """The whole conversation, for exports and GET /tracker."""
        with self.engine.connect() as connection:
            return self._build(conversation_id, self._rows(connection, conversation_id, 0), None)

    async def exists(self, conversation_id: str) -> bool:
        """Whether the conversation has any event."""
        query = sa.select(EVENTS.c.id).where(EVENTS.c.sender_id == conversation_id).limit(1)
        with self.engine.connect() as connection:
            return connection.execute(query).first() is not None

    async def keys(self) -> Iterable[str]:
        """All conversations."""
        with self.engine.connect() as connection:
            return list(connection.execute(sa.select(EVENTS.c.sender_id).distinct()).scalars())

    def replies_to(self, sender_id: str, message_id: str) -> Optional[List[Dict[str, Any]]]:
        """What the bot answered to a message already worked; None if it was not.

        A turn is saved in one transaction, so either all of its events stand here or none.
        """
        query = (
            sa.select(EVENTS.c.type_name, EVENTS.c.data)
            .where(EVENTS.c.message_id == message_id, EVENTS.c.sender_id == sender_id)
            .order_by(EVENTS.c.id)
        )
        with self.engine.connect() as connection:
            rows = connection.execute(query).all()
        if not rows:
            return None
        return [json.loads(row.data) for row in rows if row.type_name == "bot"]

    def feed_after(self, cursor: int, limit: int) -> List[Dict[str, Any]]:
        """Feed rows after a cursor, oldest first."""
        query = sa.select(FEED).where(FEED.c.id > cursor).order_by(FEED.c.id).limit(limit)
        with self.engine.connect() as connection:
            return [
                {"id": r.id, "sender": r.sender_id, "kind": r.kind, "timestamp": r.timestamp, **json.loads(r.data)}
                for r in connection.execute(query)
            ]

    @staticmethod
    def _rows(connection: sa.engine.Connection, sender_id: str, first: int) -> Sequence[Any]:
        query = (
            sa.select(EVENTS.c.id, EVENTS.c.data)
            .where(EVENTS.c.sender_id == sender_id, EVENTS.c.id >= first)
            .order_by(EVENTS.c.id)
        )
        return connection.execute(query).all()

    def _build(
        self, sender_id: str, rows: Sequence[Any], state: Optional[Dict[str, Any]]
    ) -> Optional[DialogueStateTracker]:
        if not rows:
            return None
        events = []
        for number, data in rows:
            event = window.load_event(json.loads(data))
            if event is not None:
                window.mark(event, number)
                events.append(event)
        prefix = window.prefix_events(state, (events[0].timestamp or time.time()) - 0.001)
        return window.replay(self.init_tracker(sender_id), [*prefix, *events])

    # writing

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Store the new events, their feed rows and, now and then, a new snapshot: one transaction."""
        new = [event for event in tracker.events if window.row_id(event) is None]
        if not new:
            return
        rows, feed = self._as_rows(tracker.sender_id, new)
        with self.engine.begin() as connection:
            numbers = self._insert(connection, rows)
            if feed:
                connection.execute(FEED.insert(), feed)
            for event, number in zip(new, numbers):
                window.mark(event, number)
            cut = window.find_cut(
                list(tracker.events), self.window_turns, lambda: self.init_tracker(tracker.sender_id)
            )
            if cut is not None:
                self._write_snapshot(connection, tracker.sender_id, *cut)
        if self.event_broker:
            await self._stream_new_events(self.event_broker, new, tracker.sender_id)

    def _as_rows(self, sender_id: str, new: Sequence[Event]) -> Tuple[List[Dict[str, Any]], List[Dict[str, Any]]]:
        rows, feed = [], []
        message_id = None
        for event in new:
            if isinstance(event, UserUttered):
                message_id = event.message_id
            data = self._without_numbers(json.dumps(event.as_dict(), ensure_ascii=False), event.type_name)
            rows.append(
                {
                    "sender_id": sender_id,
                    "type_name": event.type_name,
                    "timestamp": event.timestamp,
                    "message_id": message_id,
                    "data": data,
                }
            )
            kind = _FEED_KINDS.get(type(event))
            if kind in ("user", "bot"):
                feed.append({"sender_id": sender_id, "kind": kind, "timestamp": event.timestamp, "data": _feed_data(event)})
        return rows, feed

    @staticmethod
    def _without_numbers(data: str, type_name: str) -> str:
        masked, hits = mask_all(data)
        if hits:
            logger.error("tracker.personal_number_masked: %s in an event of type %s", hits, type_name)
        return masked

    @staticmethod
    def _insert(connection: sa.engine.Connection, rows: List[Dict[str, Any]]) -> List[int]:
        if connection.dialect.name == "postgresql":
            result = connection.execute(EVENTS.insert().returning(EVENTS.c.id).values(rows))
            return list(result.scalars())
        # BEGIN IMMEDIATE makes us the only writer, so the ids of one batch are consecutive
        connection.execute(EVENTS.insert(), rows)
        last = connection.execute(sa.select(sa.func.max(EVENTS.c.id))).scalar_one()
        return list(range(last - len(rows) + 1, last + 1))

    @staticmethod
    def _write_snapshot(
        connection: sa.engine.Connection, sender_id: str, cut_id: int, state: Optional[Dict[str, Any]]
    ) -> None:
        values = {"cut_id": cut_id, "state": json.dumps(state, ensure_ascii=False) if state else None}
        updated = connection.execute(SNAPSHOTS.update().where(SNAPSHOTS.c.sender_id == sender_id).values(**values))
        if not updated.rowcount:
            connection.execute(SNAPSHOTS.insert().values(sender_id=sender_id, **values))


def _feed_data(event: Event) -> str:
    data: Dict[str, Any] = {"text": getattr(event, "text", None)}
    if isinstance(event, UserUttered):
        data["message_id"] = event.message_id
        data["intent"] = event.intent_name
        ranking = (event.parse_data or {}).get("item_ranking") or []
        data["items"] = ranking[:3]
        data["item_decision"] = (event.parse_data or {}).get("item_decision")
    return mask_all(json.dumps(data, ensure_ascii=False))[0]
