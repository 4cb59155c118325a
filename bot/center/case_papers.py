"""出具文书 (chuju wenshu): numbers a paper, freezes what stands in it, and has it sealed (E1, E12)."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.center import case_views, counters, documents_store, labels
from bot.center.cases_store import StoredCase
from bot.center.context import Centre
from bot.domain.case_documents import DocumentKind, documents_of
from bot.domain.item import applies
from bot.domain.supplement import defects_of
from bot.ports import PublishedItem

Paper = dict[str, Any]


async def issue(center: Centre, connection: AsyncConnection, stored: StoredCase, published: PublishedItem) -> Sequence[Paper]:
    """The papers of the last entry of the history, numbered and stored."""
    event = stored.case.history[-1]
    papers = []
    for kind in documents_of(event.move, stored.case.kind):
        serial = await counters.next_value(connection, f"document:{kind.value}:{event.at:%Y}")
        content = _content(center, stored, published, kind)
        paper = {
            "id": f"{labels.DOCUMENT_LETTERS[kind]}-{event.at:%Y}-{serial:04d}",
            "case_number": stored.case.number,
            "event_seq": event.seq,
            "kind": kind.value,
            "number": labels.document_number(center.profile.town, kind, event.at.year, serial),
            "content": content,
            "seal": center.seal.mark(_digest(content), content["signer"]),
            "issued_at": event.at,
        }
        await documents_store.add(connection, paper)
        papers.append(paper)
    return papers


def _digest(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _content(center: Centre, stored: StoredCase, published: PublishedItem, kind: DocumentKind) -> dict[str, Any]:
    case, row, item, profile = stored.case, stored.row, published.item, center.profile
    event = case.history[-1]
    deadline = case_views.promise(case, published, row["facts"], center.calendar)
    report_by = case_views.report_by(case, center)
    decided = kind in (DocumentKind.COMPLETION, DocumentKind.RETURN)
    return {
        "title": labels.DOCUMENTS[kind],
        "town": profile.town,
        "centre": profile.name,
        "fictional": profile.fictional,
        "case": case.number,
        "item_code": case.item_code,
        "item_name": row["item_name"],
        "catalogue_version": case.catalogue_version,
        "applicant": row["applicant"]["name"],
        "agent": row["agent"]["name"] if row["agent"] else "",
        "kind": labels.KINDS[case.kind],
        "kind_reason": case_views.reason_text(case.kind),
        "promised_date": deadline.date.isoformat() if deadline else None,
        "promised_provisional": deadline.provisional if deadline else False,
        "report_by": report_by.isoformat() if report_by else None,
        "opinion": event.opinion,
        "defects": [defect.text for defect in defects_of(event.detail)],
        "until": event.detail.get("until"),
        "materials": [{"name": m.name, "copies": m.copies} for m in _materials(stored, published)],
        "results": [r.name for r in item.results if applies(r.when, row["facts"]) is not False],
        "window": published.local.window,
        "address": profile.address,
        "phone": profile.enquiry_phone,
        "complaint_phone": profile.complaint_phone,
        "hotline": profile.hotline,
        "signer": labels.signer(profile, case.route.signer if decided else event.actor.level),
        "issued_on": event.at.date().isoformat(),
    }


def _materials(stored: StoredCase, published: PublishedItem) -> Sequence[Any]:
    """What was given, as the item names it."""
    given = {m["id"] for m in stored.row["materials"] if m["status"] in ("paper", "photo", "reuse")}
    return [m for m in published.item.materials if m.id in given and applies(m.when, stored.row["facts"]) is True]
