"""进度 (jindu): where a case stands, told only to those who may know (identity table, design decision 9)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, List, Mapping, Optional, Sequence

from bot.domain.case_numbers import NumberKind, find
from bot.ports import ServiceCenter
from bot.services.file_case import FilingOutbox

_CODE = re.compile(r"(?<![\d-])9\d{7}(?![\d-])")


LOOKS_LIKE_OURS = re.compile(r"(?<![a-z])bj[-— ]?\d{4,}", re.IGNORECASE)
"""A case number, also with a typing error in it."""

NAMES_A_CASE = re.compile(r"(?<![印原证文条邮物])件(?!事|套)|编号|进度|bj[-— ]?\d{4,}", re.IGNORECASE)
"""Words for something that was filed: "我的件几天能办好" is not a question about an item."""


@dataclass(frozen=True)
class CaseView:
    """What a person is told about a case. `waiting`: not yet taken over by the centre."""

    number: str
    item_name: str
    state_label: str
    promised_date: str
    promised_provisional: bool
    window: str
    phone: str
    waiting: bool = False


@dataclass(frozen=True)
class TrackCase:
    """Looks cases up at the centre, and among the filings that are still on their way."""

    center: ServiceCenter
    outbox: FilingOutbox

    async def own(self, conversation: str) -> List[CaseView]:
        """All cases filed in this conversation, newest first.

        Raises:
            ServiceCenterUnavailable, ServiceCenterRefused.
        """
        filings = await self.outbox.of(conversation)
        queued = [_waiting(f.number) for f in filings if f.state == "queued"]
        known = [_view(case) for case in await self.center.cases_of(conversation)]
        return [*queued, *known]

    async def by_number(self, number: str, conversation: str, proof: Mapping[str, Any]) -> CaseView:
        """One case by its number, with proof: the conversation itself, the look-up code, or the full ID number's fingerprint.

        Raises:
            ServiceCenterUnavailable, ServiceCenterRefused (code case_not_shown, or locked).
        """
        for filing in await self.outbox.of(conversation):
            if filing.number == number and filing.state == "queued":
                return _waiting(number)
        asked = {"proof": {"conversation": conversation, **proof}, "asker": conversation}
        return _view(await self.center.progress(number, asked))


def number_in(text: str) -> Optional[str]:
    """The case number written in a text, in its normal form."""
    return next((str(number) for number in find(text) if number.kind is NumberKind.CASE), None)


def code_in(text: str) -> Optional[str]:
    """A look-up code (eight digits from 9) standing alone in a text."""
    match = _CODE.search(text)
    return match.group() if match else None


def fingerprint_in(numbers: Sequence[Mapping[str, Any]]) -> Optional[str]:
    """The fingerprint of a full, valid ID number in a sealed message."""
    for number in numbers:
        if number.get("kind") == "id_number" and number.get("verdict") == "ok":
            return str(number["fingerprint"])
    return None


def _waiting(number: str) -> CaseView:
    return CaseView(number, "", "", "", False, "", "", waiting=True)


def _view(case: Mapping[str, Any]) -> CaseView:
    return CaseView(
        number=str(case["number"]),
        item_name=str(case.get("item_name", "")),
        state_label=str(case.get("state_label", "")),
        promised_date=str(case.get("promised_date") or ""),
        promised_provisional=bool(case.get("promised_provisional")),
        window=str(case.get("window") or ""),
        phone=str(case.get("phone") or ""),
    )
