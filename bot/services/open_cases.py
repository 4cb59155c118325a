"""Cases that are still open: warn before the same thing is filed twice (C11), and take one back where the rules allow."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Dict, List, Mapping, Optional, Sequence

from bot.domain.draft import Draft
from bot.ports import ServiceCenter, ServiceCenterError, ServiceCenterRefused
from bot.services.file_case import Filing, FilingOutbox

CLOSED = frozenset({"finished", "delivered", "archived", "returned", "withdrawn"})
ON_ITS_WAY = "on_its_way"
"""State of a filing that the centre does not have yet."""


@dataclass(frozen=True)
class OpenCase:
    """A case as far as a duplicate warning or a withdrawal needs to know it."""

    number: str
    item_code: str
    item_name: str
    state: str
    state_label: str
    filed_on: str  # ISO date, or ""
    elsewhere: bool = False  # filed in another conversation

    def as_dict(self) -> Dict[str, Any]:
        """Ready for a slot or a draft."""
        return dict(vars(self))


@dataclass(frozen=True)
class Withdrawal:
    """What became of a withdrawal: withdrawn, not_allowed, not_shown, locked, unavailable, or on_its_way."""

    outcome: str
    item_name: str = ""
    state_label: str = ""


@dataclass(frozen=True)
class OpenCases:
    """Finds open cases and withdraws them."""

    center: ServiceCenter
    outbox: FilingOutbox

    async def own(self, conversation: str) -> List[OpenCase]:
        """The open cases of a conversation, newest first; also those still on their way.

        Raises:
            ServiceCenterUnavailable, ServiceCenterRefused.
        """
        known = [_read(case) for case in await self.center.cases_of(conversation)]
        return [*await self._queued(conversation), *(case for case in known if case.state not in CLOSED)]

    async def alike(self, draft: Draft) -> List[OpenCase]:
        """Open cases of the draft's item, of this conversation or of the same person; the ones not told yet.

        While the centre is down only what is on its way is known; filing must not fail for that.
        """
        found = [c for c in await self._queued(draft.conversation) if c.item_code == draft.item_code]
        fingerprint = _fingerprint(draft)
        try:
            found += [_read(c) for c in await self.center.cases_of(draft.conversation)]
            if fingerprint:
                own = {case.number for case in found}
                others = [_read(c) for c in await self.center.cases_of_person(fingerprint, draft.item_code)]
                # an ID number alone is no proof: that there is such a case is said, and nothing else about it
                found += [case if case.number in own else replace(case, elsewhere=True) for case in others]
        except ServiceCenterError:
            pass
        told = {*draft.acknowledged}
        alike: Dict[str, OpenCase] = {}
        for case in found:
            if case.item_code == draft.item_code and case.state not in CLOSED and case.number not in told:
                alike.setdefault(case.number, case)
        return list(alike.values())

    async def withdraw(self, number: str, conversation: str, proof: Mapping[str, str]) -> Withdrawal:
        """Take a case back: one's own, or with proof."""
        if any(case.number == number for case in await self._queued(conversation)):
            return Withdrawal(ON_ITS_WAY)
        body = {"proof": {"conversation": conversation, **proof}, "asker": conversation, "reason": ""}
        try:
            view = await self.center.withdraw(number, body)
        except ServiceCenterRefused as refusal:
            return Withdrawal({429: "locked", 404: "not_shown", 403: "not_shown", 409: "not_allowed"}.get(refusal.status, "unavailable"))
        except ServiceCenterError:
            return Withdrawal("unavailable")
        return Withdrawal("withdrawn", str(view.get("item_name", "")), str(view.get("state_label", "")))

    async def _queued(self, conversation: str) -> List[OpenCase]:
        filings: Sequence[Filing] = await self.outbox.of(conversation)
        return [
            OpenCase(f.number, str(f.payload.get("item_code", "")), "", ON_ITS_WAY, "", "") for f in filings if f.state == "queued"
        ]


def _fingerprint(draft: Draft) -> Optional[str]:
    value: Any = draft.fields.get("applicant_id")
    return str(value["fingerprint"]) if isinstance(value, Mapping) and value.get("fingerprint") else None


def _read(case: Mapping[str, Any]) -> OpenCase:
    return OpenCase(
        number=str(case["number"]),
        item_code=str(case.get("item_code", "")),
        item_name=str(case.get("item_name", "")),
        state=str(case.get("state", "")),
        state_label=str(case.get("state_label", "")),
        filed_on=str(case.get("filed_at") or "")[:10],
    )
