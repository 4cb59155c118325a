"""What the gateway's parts share; built once by `create_app`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Optional, Protocol

from bot.adapters.service_center.client import HttpServiceCenter
from bot.adapters.sql.store import Store
from bot.adapters.vault.cipher import Cipher
from bot.adapters.vault.sql_vault import SqlVault
from bot.gateway.claims import Claims
from bot.gateway.hub import Hub
from bot.gateway.rasa_client import RasaClient
from bot.gateway.texts import Texts
from bot.ports import Clock
from bot.settings import Settings


@dataclass(frozen=True)
class Options:
    """Figures that tests make smaller."""

    rasa_timeout: float = 60.0
    wait_line_after: float = 8.0  # seconds until a waiting person reads a word
    people_at_once: int = 8  # Rasa is one process; more would only queue there
    first_pause: float = 0.3
    longest_pause: float = 5.0
    failures_allowed: int = 6
    heartbeat: float = 10.0
    busy_depth: int = 100  # from so many waiting messages on, people are told how many are before them


class Typing(Protocol):
    """Shows a person that an answer is being worked out."""

    def begin(self, conversation: str) -> None: ...

    def end(self, conversation: str) -> None: ...

    def gone(self, conversation: str) -> None: ...


@dataclass
class Gateway:
    """The public process: its store, rules and wording."""

    settings: Settings
    clock: Clock
    options: Options
    texts: Texts
    store: Store
    cipher: Cipher
    vault: SqlVault
    hub: Hub
    rasa: RasaClient
    center: HttpServiceCenter
    claims: Claims
    depth: int = 0  # how many messages wait for an answer, as last counted
    typing: Optional[Typing] = None

    def now(self) -> datetime:
        return self.clock.now()
