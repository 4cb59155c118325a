"""办件的样子 (banjian de yangzi): a stored case as the API gives it out."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Optional, Sequence

from bot.center import labels
from bot.center.cases_store import StoredCase
from bot.center.context import Centre
from bot.domain.case import Case, CaseEvent, CaseState, Role
from bot.domain.case_kind import CaseKind, kind_now
from bot.domain.deadline import NOON, Deadline, Light, applicable_limit, due_date, light
from bot.domain.item import Facts, Item, Level, LocalFacts, Need, TimeLimit, applies
from bot.domain.rating import Rating, may_change, may_rate
from bot.domain.supplement import open_defects
from bot.domain.working_days import WorkingCalendar
from bot.ports import PublishedItem

_NO_PROMISE = (CaseState.AWAITING_SUPPLEMENT, CaseState.RETURNED, CaseState.WITHDRAWN)
_INSIDE = ("take_over", "answer_part", "hand_down")
"""Moves that are the office's own business."""
_TOLD = ("ask_supplement", "refuse", "return", "give_up_waiting")
"""Moves whose opinion is written for the applicant."""


def holding_limit(item: Item, local: LocalFacts, facts: Facts) -> Optional[TimeLimit]:
    """The promised limit that holds, else the statutory one."""
    return applicable_limit(local.promised_limits, facts) or applicable_limit(item.statutory_limits, facts)


def promise(case: Case, published: PublishedItem, facts: Facts, calendar: WorkingCalendar) -> Optional[Deadline]:
    """承诺日期; before the acceptance as if it came on the day of filing, or on the next working day.

    None while 补正 runs, after a return or withdrawal, and for an item without any limit.
    """
    limit = holding_limit(published.item, published.local, facts)
    last = case.history[-1]
    over = case.state in _NO_PROMISE or (case.state is CaseState.ARCHIVED and last.before in _NO_PROMISE)
    if limit is None or over:
        return None
    start, afternoon = begins(case, calendar)
    return due_date(start, limit, calendar, case.pauses(), afternoon)


def begins(case: Case, calendar: WorkingCalendar) -> tuple[date, bool]:
    """The day on which the limit begins to run, and whether it does so after noon only."""
    at = case.accepted_at or case.filed_at
    day = at.date() if case.accepted_at else calendar.next_working_day(at.date())
    return day, day == at.date() and at.time() >= NOON


def report_by(case: Case, center: Centre) -> Optional[date]:
    """上报期限: the day by which a case is passed up to the county; None once it has been, or if it never is."""
    waits = case.kind is CaseKind.REPORTED and case.accepted_on is not None and case.state in _BEFORE_REPORT
    if not waits or any(e.move == "pass_up" and e.actor.level is Level.TOWNSHIP for e in case.history):
        return None
    return center.calendar.add_working_days(case.accepted_on, center.profile.case_rules.report_days)[0]  # type: ignore[arg-type]


_BEFORE_REPORT = (CaseState.ACCEPTED, CaseState.HANDLING, CaseState.REVIEWING)


def lacking(stored: StoredCase, item: Item) -> bool:
    """补办件: a required paper that was to follow, before the acceptance."""
    if stored.case.state is not CaseState.FILED:
        return stored.case.state is CaseState.AWAITING_SUPPLEMENT
    later = {m["id"] for m in stored.row["materials"] if m["status"] == "later"}
    facts = stored.row["facts"]
    return any(m.id in later and m.need is Need.REQUIRED and applies(m.when, facts) is True for m in item.materials)


def reason_text(kind: CaseKind, papers_missing: bool = False, returned: bool = False) -> str:
    """Why a case is of its kind, in words."""
    return labels.REASONS[kind_now(kind, papers_missing, returned)[1]]


def _returned(case: Case) -> bool:
    return any(event.after is CaseState.RETURNED for event in case.history)


def light_of(case: Case, deadline: Optional[Deadline], now: datetime, calendar: WorkingCalendar) -> Optional[Light]:
    """How near the deadline is; None where there is none, or no more."""
    over = any(event.after is CaseState.FINISHED for event in case.history)
    return None if deadline is None or over else light(deadline, begins(case, calendar)[0], now, calendar)


def case_view(stored: StoredCase, published: PublishedItem, center: Centre) -> dict[str, Any]:
    """The CaseView of a case."""
    case, centre = stored.case, center.profile
    deadline = promise(case, published, stored.row["facts"], center.calendar)
    kind, reason = kind_now(case.kind, lacking(stored, published.item), _returned(case))
    shown = light_of(case, deadline, center.now(), center.calendar)
    report = report_by(case, center)
    return {
        "number": case.number,
        "state": case.state.value,
        "state_label": labels.STATES[case.state],
        "kind": kind.value,
        "kind_label": labels.KINDS[kind],
        "kind_reason": labels.REASONS[reason],
        "level": case.level.value,
        "level_label": labels.LEVELS[case.level],
        "light": shown.value if shown else None,
        "report_by": report.isoformat() if report else None,
        "filed_at": case.filed_at.isoformat(),
        "promised_date": deadline.date.isoformat() if deadline else None,
        "promised_provisional": deadline.provisional if deadline else False,
        "item_code": case.item_code,
        "item_name": stored.row["item_name"],
        "catalogue_version": case.catalogue_version,
        "window": published.local.window,
        "phone": centre.enquiry_phone,
        "revision": stored.revision,
    }


def event_view(event: CaseEvent) -> dict[str, Any]:
    """The EventView of one entry of the history."""
    return {
        "seq": event.seq,
        "move": event.move,
        "move_label": labels.MOVES[event.move],
        "before": event.before.value if event.before else None,
        "state": event.after.value,
        "state_label": labels.STATES[event.after],
        "actor": {"role": event.actor.role.value, "name": event.actor.name, "level": event.actor.level.value},
        "at": event.at.isoformat(),
        "opinion": event.opinion,
        "detail": dict(event.detail),
    }


def public_steps(case: Case) -> list[dict[str, Any]]:
    """The steps as the applicant may see them."""
    return [
        {
            "state": event.after.value,
            "state_label": labels.STATES[event.after],
            "at": event.at.isoformat(),
            "told": event.opinion if event.move in _TOLD else "",
        }
        for event in case.history
        if event.move not in _INSIDE
    ]


def rating_view(rating: Rating) -> dict[str, Any]:
    """The RatingView of a rating."""
    return {
        "level": rating.level.value,
        "level_label": labels.RATINGS[rating.level],
        "words": rating.words,
        "at": rating.at.isoformat(),
        "changeable_until": rating.changeable_until.isoformat(),
    }


def supplement_view(case: Case) -> Optional[dict[str, Any]]:
    """What is still to be supplied; None when nothing is."""
    if case.state is not CaseState.AWAITING_SUPPLEMENT:
        return None
    asked = next(event for event in reversed(case.history) if event.move == "ask_supplement")
    defects = [{"id": defect.id, "text": defect.text} for defect in open_defects(case)]
    return {"told": asked.opinion, "defects": defects, "until": asked.detail.get("until"), "asked_at": asked.at.isoformat()}


def paper_view(row: Any) -> dict[str, Any]:
    """The PaperView of an issued paper."""
    label = row.content["title"]
    return {"id": row.id, "kind": row.kind, "label": label, "number": row.number, "issued_at": row.issued_at.isoformat()}


def deferral_view(row: Any) -> dict[str, Any]:
    """The DeferralView of a promised paper."""
    return {"material": row.material_id, "name": row.name, "due_on": row.due_on.isoformat(), "state": row.state}


def public_part(
    case: Case, rating: Optional[Rating], now: datetime, papers: Sequence[Any], deferred: Sequence[Any]
) -> dict[str, Any]:
    """What a PublicCaseView has beyond the CaseView."""
    return {
        "supplement": supplement_view(case),
        "papers": [paper_view(row) for row in papers],
        "deferrals": [deferral_view(row) for row in deferred],
        "steps": public_steps(case),
        "rateable": may_rate(case) and may_change(rating, now),
        "rating": rating_view(rating) if rating is not None else None,
    }


def case_detail(
    stored: StoredCase, view: dict[str, Any], papers: Sequence[Any], deferred: Sequence[Any]
) -> dict[str, Any]:
    """The CaseDetail of a case."""
    kept = ("facts", "applicant", "agent", "fields", "materials", "consent", "truth", "conversation", "channel")
    case = stored.case
    moves = dict.fromkeys(name for role in Role for name in case.allowed(role))
    return {
        "case": view,
        **{name: stored.row[name] for name in kept},
        "allowed_moves": list(moves),
        "handler": case.handler,
        "next_level": case.next_level.value,
        "open_parts": list(case.open_parts()),
        "supplement": supplement_view(case),
        "papers": [paper_view(row) for row in papers],
        "deferrals": [deferral_view(row) for row in deferred],
    }
