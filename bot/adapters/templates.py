"""Renders answer objects with the templates in data/dialogue; all wording stands there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Dict, Iterable, List, Optional, Sequence, Tuple

import jinja2

from bot.adapters.notice_words import WORDS, derived, hands_on, promise
from bot.domain.centre import Centre, Office, OpeningSpan, Service, opening_lines
from bot.domain.day_words import day_name
from bot.domain.hours_answer import HoursAnswer
from bot.domain.item import Facts, Item, applies
from bot.domain.notice import Notice, open_materials
from bot.ports import PublishedItem
from bot.services.read_talk import Sign

PAGE = "\f"


class Templates:
    """Jinja2 templates of one folder, loaded once."""

    def __init__(self, folder: Path) -> None:
        self._environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(str(folder)),
            undefined=jinja2.StrictUndefined,
            autoescape=False,
            keep_trailing_newline=False,
        )
        self._environment.globals.update(**WORDS, day_name=day_name, PAGE=PAGE)

    def render(self, name: str, **values: Any) -> str:
        """Render one template."""
        return self._environment.get_template(name).render(**values).strip()

    def notice(self, notice: Notice) -> List[str]:
        """The complete notice as messages: essentials first, the rest second."""
        whole = self.render("notice.j2", header=_header(notice), **derived(notice))
        return [part.strip() for part in whole.split(PAGE)]

    def common(self, notice: Notice, facts: Facts) -> str:
        """What holds whatever the open questions' answers are."""
        return self.render("common.j2", n=notice, open_materials=open_materials(notice.item, facts))

    def hours(self, answer: HoursAnswer, centre: Centre, window_name: str = "") -> str:
        """The answer to one question about opening hours, for a window or for the hall."""
        window = centre.window(window_name)
        office = centre.office_of(window.id if window else "")
        hall = centre.offices[0]
        place = window.name if window else hall.name
        only_hall = window is None and office is hall
        return self.render(
            "hours.j2",
            a=answer,
            place=place,
            lines=opening_lines(centre, window_name),
            phone=centre.enquiry_phone,
            hotline=centre.hotline,
            hall_duty=[] if only_hall else _duty(hall, answer),
            others=_other_offices(centre, answer) if only_hall else [],
        )

    def not_ours(self, sign: Sign, centre: Centre) -> str:
        """Whom to ask about what is not done here."""
        return self.render("not_ours.j2", n=sign, centre=centre)

    def followup(
        self, notice: Notice, aspects: Sequence[str], facts: Facts, today_line: str, paper: str = "",
        at_home: Sequence[str] = (), stops: Sequence[str] = (),
    ) -> str:  # fmt: skip
        """Short answers to follow-up questions. Elements that depend on open circumstances name theirs."""
        item, local = notice.item, notice.local
        parts = {
            "fees": item.fees,
            "materials": item.materials,
            "conditions": item.conditions,
            "steps": item.steps,
            "statutory_limits": item.statutory_limits,
            "legal_basis": item.legal_basis,
            "results": item.results,
            "promised_limits": local.promised_limits,
            "amounts": local.amounts,
        }
        return self.render(
            "followup.j2",
            n=notice,
            aspects=aspects,
            hours=opening_lines(notice.centre, notice.local.window),
            today_line=today_line,
            hands_on=hands_on(item),
            open_materials=False,
            open_differs=False,
            paper=paper,
            at_home=at_home,
            stops=stops,
            named_among=lambda materials, paper: [m for m in materials if paper and (paper in m.name or m.name in paper)],
            **{
                name: [_labelled(item, e, facts) for e in elements if _possible(e, facts)]
                for name, elements in parts.items()
            },
        )

    def comparison(self, first: PublishedItem, second: PublishedItem, centre: Centre) -> str:
        """Two items side by side, in all circumstances that are possible."""
        a, b = _side(first), _side(second)
        names_a, names_b = ({m.name for m in side["all_materials"]} for side in (a, b))
        return self.render(
            "comparison.j2",
            a=a,
            b=b,
            centre=centre,
            both=_once(m for m in a["all_materials"] if m.name in names_b),
            only_a=_once(m for m in a["materials"] if _bare(first.item, m) not in names_b),
            only_b=_once(m for m in b["materials"] if _bare(second.item, m) not in names_a),
        )


def _side(published: PublishedItem) -> Dict[str, Any]:
    item, local = published.item, published.local
    limits = local.promised_limits or item.statutory_limits
    return {
        "item": item,
        "local": local,
        "all_materials": item.materials,
        "materials": [_labelled(item, m, {}) for m in item.materials],
        "conditions": [_labelled(item, c, {}) for c in sorted(item.conditions, key=lambda c: bool(c.when))],
        "fees": [_labelled(item, f, {}) for f in item.fees],
        "limits": [replace(limit, text=promise(_labelled(item, limit, {}).text)) for limit in limits],
    }


def _bare(item: Item, material: Any) -> str:
    """The name of a material without the circumstance it is labelled with."""
    return next(m.name for m in item.materials if m.id == material.id)


def _once(materials: Iterable[Any]) -> List[Any]:
    return list({m.name: m for m in materials}.values())


def _possible(element: Any, facts: Facts) -> bool:
    return applies(getattr(element, "when", {}), facts) is not False


def _labelled(item: Item, element: Any, facts: Facts) -> Any:
    """The element, its text led by the circumstance it holds in while that is still open."""
    when = {c: options for c, options in getattr(element, "when", {}).items() if c not in facts}
    if not when:
        return element
    labels = []
    for circumstance_id, options in when.items():
        chosen = item.circumstance(circumstance_id).options
        labels.append("或".join(o.label for o in chosen if o.id in options))
    lead = f"（{'，'.join(labels)}）"
    if hasattr(element, "name"):
        return replace(element, name=lead + element.name)
    return replace(element, text=lead + element.text)


def _header(notice: Notice) -> str:
    parts = [f"告知编号 {notice.number}" if notice.number else "", f"事项编码 {notice.item.code}"]
    parts.append(f"目录第{notice.catalogue_version}版")
    parts.append(f"自{_day(notice.item.effective_from)}起有效")
    if notice.issued_on:
        parts.append(f"告知日期 {_day(notice.issued_on)}")
    return "，".join(p for p in parts if p) + "。"


def _day(day: Optional[date]) -> str:
    return day.isoformat() if day else ""


def _duty(hall: Office, answer: HoursAnswer) -> List[Tuple[date, List[str]]]:
    """What the hall's duty window does on days on which the window asked about is closed."""
    closed = [each.day for each in answer.days if not each.full and not each.duty]
    spans = [(day, [s for s in hall.hours if day.isoweekday() in s.days and s.service is Service.DUTY]) for day in closed]
    return [(day, [f"{s.open:%H:%M}到{s.close:%H:%M}{s.note}" for s in found]) for day, found in spans if found]


def _other_offices(centre: Centre, answer: HoursAnswer) -> List[Tuple[Office, List[OpeningSpan]]]:
    """Offices with hours of their own that are fully open on a day on which the hall only has somebody on duty."""
    days = [each.day for each in answer.days if each.duty and not each.full]
    if not days:
        return []
    open_then = [(o, [s for s in o.hours if days[0].isoweekday() in s.days and s.service is Service.FULL]) for o in centre.offices[1:]]
    return [(office, spans) for office, spans in open_then if spans]
