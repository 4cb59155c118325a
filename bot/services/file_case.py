"""申请 (shenqing): file a confirmed draft exactly once and tell the person its number.

The idempotency key is born at the confirming message. The filing row with its number is committed before anything is sent, so a number
exists while the centre is down; sending again with the same key is harmless (design decision 4).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Any, Dict, Mapping, Optional, Protocol, Sequence

from bot.domain.draft import Draft, Statement, form_fields, wanted_materials
from bot.domain.filing_options import AGENT_FIELDS
from bot.domain.item import Item
from bot.ports import Clock, ServiceCenter, ServiceCenterRefused, ServiceCenterUnavailable


@dataclass(frozen=True)
class Filing:
    """A row of the filing outbox."""

    key: str
    number: str
    conversation: str
    payload: Mapping[str, Any]
    state: str  # queued | filed | refused
    answer: Mapping[str, Any]


class FilingOutbox(Protocol):
    """Durable queue of filings; `add` mints the number and drops the draft in one transaction."""

    async def add(self, key: str, draft: Draft, payload: Dict[str, Any]) -> Filing: ...

    async def waiting(self, limit: int) -> Sequence[Filing]: ...

    async def mark(self, key: str, state: str, answer: Mapping[str, Any]) -> None: ...

    async def of(self, conversation: str) -> Sequence[Filing]: ...


@dataclass(frozen=True)
class Receipt:
    """受理回执 in text form: what the person is told. `code` is the look-up code, shown once."""

    number: str
    code: str
    filed: bool
    answer: Mapping[str, Any]
    refusal: str = ""


@dataclass(frozen=True)
class FileCase:
    """Files a draft."""

    outbox: FilingOutbox
    center: ServiceCenter
    clock: Clock
    hash_key: bytes

    async def file(self, draft: Draft, item: Item, confirming_message: str, truth: Statement) -> Receipt:
        """Queue the case, then try to send it at once.

        Filing the same draft with the same confirming message again gives the same number.
        """
        code = self._code(draft, confirming_message)
        payload = case_payload(draft, item, truth, self._hash(code))
        filing = await self.outbox.add(f"case:{draft.id}:{confirming_message}", draft, payload)
        filing = await self.send(filing)
        refusal = str(filing.answer.get("message", "")) if filing.state == "refused" else ""
        return Receipt(filing.number, code, filing.state == "filed", filing.answer, refusal)

    async def send(self, filing: Filing) -> Filing:
        """Send one queued filing; it stays queued when the outcome is unknown."""
        if filing.state != "queued":
            return filing
        try:
            answer: Mapping[str, Any] = await self.center.file(filing.payload, filing.key)
            state = "filed"
        except ServiceCenterUnavailable:
            return filing
        except ServiceCenterRefused as refusal:
            answer, state = {"code": refusal.code, "message": refusal.message}, "refused"
        await self.outbox.mark(filing.key, state, answer)
        return Filing(filing.key, filing.number, filing.conversation, filing.payload, state, answer)

    def _code(self, draft: Draft, message: str) -> str:
        """查询码, the same when the same confirmation is worked again after a crash; unguessable without the key.

        Eight digits from 92000000 on: no ID number, mobile or landline begins so, and the vault lets it pass.
        """
        digest = hmac.new(self.hash_key, f"code:{draft.id}:{message}".encode(), hashlib.sha256).digest()
        return str(92_000_000 + int.from_bytes(digest[:8], "big") % 8_000_000)

    def _hash(self, code: str) -> str:
        return lookup_hash(self.hash_key, code)


def lookup_hash(hash_key: bytes, code: str) -> str:
    """Keyed hash under which the centre knows a look-up code."""
    return hmac.new(hash_key, b"lookup:" + code.encode(), hashlib.sha256).hexdigest()


def case_payload(draft: Draft, item: Item, truth: Statement, code_hash: str) -> Dict[str, Any]:
    """The body of POST /cases, without the number (the outbox mints it)."""
    fields = {f.id: draft.fields[f.id] for f in form_fields(draft, item) if f.id in draft.fields}
    own = {f.id for f in item.fields}
    about_agent = [f.id for f in AGENT_FIELDS if f.id in fields] if draft.for_whom == "other" else []
    agent = {name[len("agent_") :]: fields[name] for name in about_agent}
    if "name" in agent and "relation" in fields:
        agent.setdefault("relation", fields["relation"])
    fields = {name: value for name, value in fields.items() if name in own}
    if isinstance(agent.get("relation"), dict):
        agent["relation"] = agent["relation"]["label"]
    return {
        "item_code": draft.item_code,
        "catalogue_version": draft.catalogue_version,
        "facts": dict(draft.facts),
        "applicant": {
            "name": fields.get("applicant_name"),
            "id": fields.get("applicant_id"),
            "phone": fields.get("applicant_phone"),
        },
        "agent": agent or None,
        "fields": fields,
        "materials": [
            {"id": m.id, "status": draft.materials.get(m.id, "later"), "note": ""} for m in wanted_materials(draft, item)
        ],
        "conversation": draft.conversation,
        "channel": truth.channel,
        "consent": dict(draft.consent or {}),
        "truth": truth.as_dict(),
        "lookup_code_hash": code_hash,
    }


def new_draft_id() -> str:
    """Random id of a draft."""
    return "D" + secrets.token_hex(8)


def latest(filings: Sequence[Filing]) -> Optional[Filing]:
    """The newest filing of a conversation."""
    return filings[-1] if filings else None
