"""办件的后半程 (banjian de houbancheng): what a person does about their own cases by conversation: supply, rate, complain.

Everything is asked of the centre with the conversation as proof; nothing is kept here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Optional, Sequence

from bot.domain.answers import compact
from bot.ports import ServiceCenter

AWAITING = "awaiting_supplement"
_MOST = 10


@dataclass(frozen=True)
class Wanted:
    """What a case in 补正 still wants."""

    number: str
    item_name: str
    told: str
    defects: Sequence[Mapping[str, str]]
    until: str


@dataclass(frozen=True)
class CaseLife:
    """Asks the centre."""

    center: ServiceCenter

    async def _shown(self, conversation: str, states: Optional[Sequence[str]] = None) -> List[Mapping[str, Any]]:
        listed = [c for c in await self.center.cases_of(conversation) if states is None or c["state"] in states]
        asked = {"proof": {"conversation": conversation}, "asker": conversation}
        return [await self.center.progress(str(case["number"]), asked) for case in listed[:_MOST]]

    async def wanted(self, conversation: str) -> List[Wanted]:
        """The cases of a conversation that wait for something.

        Raises:
            ServiceCenterUnavailable, ServiceCenterRefused.
        """
        cases = await self._shown(conversation, (AWAITING,))
        return [_wanted(case) for case in cases if case.get("supplement")]

    async def supply(self, number: str, conversation: str, defect: str, status: str, key: str) -> Optional[Wanted]:
        """One thing has been supplied; what is still wanted, or None when the case goes on.

        Raises:
            ServiceCenterUnavailable, ServiceCenterRefused.
        """
        body = {
            "proof": {"conversation": conversation},
            "asker": conversation,
            "given": [{"defect": defect, "status": status}],
            "key": key,
        }
        case = await self.center.supplement(number, body)
        return _wanted(case) if case.get("supplement") else None

    async def rateable(self, conversation: str) -> List[Dict[str, str]]:
        """The finished cases that can be rated now: number and item_name, newest first; those without a rating first.

        Raises:
            ServiceCenterUnavailable, ServiceCenterRefused.
        """
        cases = await self._shown(conversation, ("finished", "delivered", "archived"))
        cases = sorted((case for case in cases if case.get("rateable")), key=lambda case: case.get("rating") is not None)
        return [{"number": str(case["number"]), "item_name": str(case["item_name"])} for case in cases]

    async def rate(self, number: str, conversation: str, level: str, words: str, channel: str, key: str) -> None:
        """Give a rating, once per key.

        Raises:
            ServiceCenterUnavailable, ServiceCenterRefused.
        """
        proof = {"proof": {"conversation": conversation}, "asker": conversation}
        await self.center.rate(number, {**proof, "level": level, "words": words, "channel": channel}, key)

    async def complain(self, text: str, conversation: str, channel: str, anonymous: bool, key: str) -> Mapping[str, Any]:
        """Leave a complaint; its number and day.

        Raises:
            ServiceCenterUnavailable, ServiceCenterRefused.
        """
        body: Dict[str, Any] = {"way": "chat", "text": text, "anonymous": anonymous, "idempotency_key": key}
        if not anonymous:
            body |= {"conversation": conversation, "channel": channel}
        return await self.center.complain(body)


def _wanted(case: Mapping[str, Any]) -> Wanted:
    wish = case["supplement"]
    return Wanted(str(case["number"]), str(case["item_name"]), str(wish["told"]), list(wish["defects"]), str(wish["until"] or ""))


class CaseWords:
    """Reads short answers around a case: how it was supplied, how it was rated. Patterns stand in data/dialogue/case_words.yml."""

    def __init__(self, words: Mapping[str, Sequence[Mapping[str, str]]]) -> None:
        self._kinds = {
            kind: [(entry["means"], re.compile(entry["says"])) for entry in entries] for kind, entries in words.items()
        }

    def read(self, kind: str, text: str) -> Optional[str]:
        """What the answer means; None if it is none. The first pattern that matches holds."""
        said = compact(text)
        return next((means for means, pattern in self._kinds[kind] if pattern.search(said)), None)
