"""Everything both halves of the platform know (fact sheet, section 15): one account, its people, what was promised and sent."""

from __future__ import annotations

import json
import random
from collections import Counter, deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Optional

from bot.wechat_sim.account import Account
from bot.wechat_sim.clock import SimClock
from bot.wechat_sim.faults import Faults
from bot.wechat_sim.knobs import Knobs
from bot.wechat_sim.markfail import MarkFail
from bot.wechat_sim.media import MediaStore
from bot.wechat_sim.notices import Notices, Template
from bot.wechat_sim.oauth import OAuth
from bot.wechat_sim.people import People
from bot.wechat_sim.quota import Policy
from bot.wechat_sim.scenes import Scenes
from bot.wechat_sim.tokens import Tokens
from bot.wechat_sim.transcript import Bubble, Transcript

_DATA = Path(__file__).parent / "data"
_CALLS_KEPT = 20_000


@dataclass
class Call:
    """One API call of the account, for tests."""

    seq: int
    api: str
    errcode: int
    at: float
    openid: str = ""
    fault: str = ""


@dataclass
class State:
    """Plain data; `delivery` and the API change it."""

    account: Account
    clock: SimClock
    url: str  # the simulator's own address
    knobs: Knobs = field(default_factory=Knobs)
    rng: random.Random = field(default_factory=random.Random)
    faults: Faults = field(default_factory=Faults)
    markfail: MarkFail = field(default_factory=MarkFail)
    transcript: Transcript = field(default_factory=Transcript)
    notices: Notices = field(default_factory=Notices)
    menu: Optional[dict[str, Any]] = None
    counters: Counter[str] = field(default_factory=Counter)
    daily: Counter[str] = field(default_factory=Counter)  # "day api" → calls
    cleared: Counter[str] = field(default_factory=Counter)  # month → clear_quota calls
    calls: deque[Call] = field(default_factory=lambda: deque(maxlen=_CALLS_KEPT))

    def __post_init__(self) -> None:
        now = self.clock.now
        self.people = People(self.account.app_id)
        self.media = MediaStore(now, self.rng)
        self.tokens = Tokens(now, self.rng, self.knobs)
        self.scenes = Scenes(now, self.rng)
        self.oauth = OAuth(now, self.rng)
        self.texts: dict[str, str] = json.loads((_DATA / "texts.json").read_text(encoding="utf8"))
        for shelf, templates in json.loads((_DATA / "templates.json").read_text(encoding="utf8")).items():
            for template in templates:
                self.notices.add(shelf, Template(**{**template, "fields": tuple(template["fields"]), "labels": tuple(template["labels"])}))

    @property
    def policy(self) -> Policy:
        """How grants live together now."""
        return Policy(self.knobs.quota_overlap, self.knobs.quota_again)

    def count(self, name: str, by: int = 1) -> None:
        """Add to a counter."""
        self.counters[name] += by

    def line(self, openid: str, source: str, kind: str, content: dict[str, Any], push: Optional[str] = None) -> Bubble:
        """Write into a person's transcript."""
        self.count("lines_" + source)
        return self.transcript.add(openid, self.clock.now(), source, kind, content, push)

    def notice_text(self) -> str:
        """What WeChat shows when an account does not answer."""
        return self.texts["notice_" + self.knobs.failure_notice]
