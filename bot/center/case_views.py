"""办件的样子 (banjian de yangzi): a stored case as the API gives it out."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Optional

from bot.center import labels
from bot.center.cases_store import StoredCase
from bot.domain.case import Case, CaseEvent, CaseState, Role
from bot.domain.centre import Centre
from bot.domain.deadline import Deadline, applicable_limit, due_date
from bot.domain.item import Facts, Item, LocalFacts, TimeLimit
from bot.domain.rating import Rating, may_change, may_rate
from bot.domain.working_days import WorkingCalendar
from bot.ports import PublishedItem

_NO_PROMISE = (CaseState.AWAITING_SUPPLEMENT, CaseState.RETURNED, CaseState.WITHDRAWN)
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
    start = case.accepted_on or calendar.next_working_day(case.filed_at.date())
    return due_date(start, limit, calendar, case.pauses())


def case_view(stored: StoredCase, published: PublishedItem, calendar: WorkingCalendar, centre: Centre) -> dict[str, Any]:
    """The CaseView of a case."""
    case = stored.case
    deadline = promise(case, published, stored.row["facts"], calendar)
    return {
        "number": case.number,
        "state": case.state.value,
        "state_label": labels.STATES[case.state],
        "kind": case.kind.value,
        "kind_label": labels.KINDS[case.kind],
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
        "actor": {"role": event.actor.role.value, "name": event.actor.name},
        "at": event.at.isoformat(),
        "opinion": event.opinion,
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


def public_part(case: Case, rating: Optional[Rating], now: datetime) -> dict[str, Any]:
    """What a PublicCaseView has beyond the CaseView."""
    return {
        "steps": public_steps(case),
        "rateable": may_rate(case) and may_change(rating, now),
        "rating": rating_view(rating) if rating is not None else None,
    }


def case_detail(stored: StoredCase, view: dict[str, Any]) -> dict[str, Any]:
    """The CaseDetail of a case."""
    kept = ("facts", "applicant", "agent", "fields", "materials", "consent", "truth", "conversation", "channel")
    moves = dict.fromkeys(name for role in Role for name in stored.case.allowed(role))
    return {"case": view, **{name: stored.row[name] for name in kept}, "allowed_moves": list(moves)}
