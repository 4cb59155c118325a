"""通知 (tongzhi): wakes the open pages of a conversation when something was committed for it."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import Dict, Iterator, Set


class Hub:
    """Who listens to which conversation, within this process."""

    def __init__(self) -> None:
        self._listeners: Dict[str, Set[asyncio.Event]] = {}
        self.anything = asyncio.Event()  # set with every notice; for the one that sends
        self.closing = False

    @contextmanager
    def listen(self, conversation: str) -> Iterator[asyncio.Event]:
        """An event that is set whenever there may be news."""
        event = asyncio.Event()
        listeners = self._listeners.setdefault(conversation, set())
        listeners.add(event)
        try:
            yield event
        finally:
            listeners.discard(event)
            if not listeners:
                self._listeners.pop(conversation, None)

    def count(self, conversation: str) -> int:
        return len(self._listeners.get(conversation, ()))

    def notify(self, conversation: str) -> None:
        self.anything.set()
        for event in self._listeners.get(conversation, ()):
            event.set()

    def close(self) -> None:
        """Wake everybody for the last time."""
        self.closing = True
        for conversation in list(self._listeners):
            self.notify(conversation)
