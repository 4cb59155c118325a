"""Made-up items, centre profiles, calendars and filings for tests; all persons and numbers are fictional."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace
from datetime import date, time
from itertools import count
from pathlib import Path
from typing import Any, Dict

import yaml

from bot.adapters.yaml_catalogue import to_json
from bot.domain import item as i
from bot.domain.case_numbers import format_case_number
from bot.domain.centre import Centre, Office, OpeningSpan, Window
from bot.domain.item import Item, LocalFacts
from bot.domain.working_days import WorkingCalendar
from tests.support.numbers import id_number

LAW = i.Source("《青山办事条例》", "第一条")
HASH_KEY = bytes.fromhex("ab" * 32)
_serials = count(1)


def an_item(code: str = "QS-901", name: str = "果树补贴申领", **changes: Any) -> Item:
    """An item without a fault: two circumstances, four materials, five fields."""
    base = Item(
        code=code,
        name=name,
        category="群众生产",
        summary="种果树的，领一份补贴。",
        department="农业农村办公室",
        level=i.Level.TOWNSHIP,
        delegation=i.Delegation.NONE,
        hands_on=i.HandsOn(village="帮您看材料。", township="受理、审核、发放。"),
        applicant="person",
        aliases=(f"领{name}",),
        questions=tuple(f"{name}的第{n}种问法" for n in "一二三四五六七八"),
        conditions=(i.Clause("种了果树。", LAW),),
        circumstances=(
            i.Circumstance("who", "是谁种的？", (i.Option("self", "自己"), i.Option("parent", "父母"))),
            i.Circumstance("land", "地是谁的？", (i.Option("own", "自己的"), i.Option("rent", "租的")), {"who": ("self",)}),
        ),
        materials=(
            i.Material("id_card", "居民身份证", i.Form.COPY, 1, "公安机关"),
            i.Material("lease", "租地合同", i.Form.COPY, 1, "申请人自备", when={"land": ("rent",)}),
            i.Material("photo", "果园照片", i.Form.ELECTRONIC, 1, "申请人自备", need=i.Need.DEFERRABLE),
            i.Material("letter", "说明信", i.Form.ORIGINAL, 1, "申请人自备", need=i.Need.OPTIONAL, when={"who": ("parent",)}),
        ),
        steps=(i.Clause("把材料交到窗口。"),),
        statutory_limits=(i.TimeLimit(20, "working", "20个工作日内发放。", LAW),),
        fees=(i.Fee("不收费。", 0, LAW),),
        legal_basis=(i.Clause("种果树的可以领补贴。", LAW),),
        results=(i.ItemResult("补贴", "打到卡里。"),),
        proxy=i.Permission(True, "可以代办。"),
        visit=i.Visit(1, "交材料。"),
        online=i.Permission(False, "网上不能办。"),
        fields=(
            i.FormField("applicant_name", "申请人姓名", i.FieldType.NAME, "叫什么名字？"),
            i.FormField("applicant_id", "申请人身份证号", i.FieldType.ID_NUMBER, "身份证号是多少？"),
            i.FormField("applicant_phone", "联系电话", i.FieldType.MOBILE, "电话是多少？"),
            i.FormField("trees", "棵数", i.FieldType.NUMBER, "种了几棵？"),
            i.FormField(
                "kind", "种类", i.FieldType.CHOICE, "种的什么？", options=(i.Option("pear", "梨"), i.Option("plum", "李"))
            ),
            i.FormField("since", "哪天种的", i.FieldType.DATE, "哪天种的？", required=False),
        ),
        flow=(i.FlowStep("申请", "申请人"), i.FlowStep("审核", "镇政府"), i.FlowStep("发放", "镇政府")),
        sample_form=i.SampleForm("申请表（样例）", (i.SampleRow("姓名", "张小山"), i.SampleRow("身份证号", id_number("19900101")))),
        effective_from=date(2026, 1, 1),
    )
    return replace(base, **changes)


def local_facts(code: str = "QS-901", days: int = 10, **changes: Any) -> LocalFacts:
    """A promise of working days at window 1."""
    promised = (i.TimeLimit(days, "working", f"本镇承诺{days}个工作日。"),)
    return replace(LocalFacts(code, promised, "综合窗口（1号窗口）"), **changes)


def an_office(**changes: Any) -> Office:
    """Weekdays 8:30-12:00 and 14:00-17:30, Saturdays 9:00-11:30."""
    weekdays = (1, 2, 3, 4, 5)
    hours = (
        OpeningSpan(weekdays, time(8, 30), time(12)),
        OpeningSpan(weekdays, time(14), time(17, 30)),
        OpeningSpan((6,), time(9), time(11, 30), "只开1号窗口"),
    )
    return replace(Office("hall", "大厅", hours), **changes)


def a_centre(**changes: Any) -> Centre:
    """A fictional centre with one window."""
    base = Centre(
        town="白石镇",
        county="白石县",
        fictional=True,
        name="白石镇便民服务中心",
        address="白石县白石镇一街1号",
        how_to_get_there="镇政府旁边。",
        enquiry_phone="0000-7000001",
        complaint_phone="0000-7000002",
        county_phone="0000-7000003",
        hotline="12345",
        online_name="白石镇帮办",
        village_rooms="各村都有。",
        free_help="免费、自愿。",
        offices=(an_office(),),
        windows=(Window("1", "综合窗口（1号窗口）"),),
    )
    return replace(base, **changes)


def a_calendar(**changes: Any) -> WorkingCalendar:
    """2026 with a made-up holiday: Thursday and Friday 1-2 January off, Sunday 4 January a make-up day."""
    base = WorkingCalendar(
        frozenset({date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 3)}), frozenset({date(2026, 1, 4)}), date(2026, 12, 31)
    )
    return replace(base, **changes)


def write_catalogue(folder: Path, *items: Item, centre: Centre | None = None) -> Path:
    """Item, facts and profile files as a town keeps them; gives the folder back."""
    (folder / "catalogue").mkdir(parents=True)
    (folder / "centre" / "facts").mkdir(parents=True)

    def write(path: Path, key: str, value: Any) -> None:
        path.write_text(yaml.safe_dump({key: to_json(value)}, allow_unicode=True), encoding="utf8")

    for item in items:
        write(folder / "catalogue" / f"{item.code}.yml", "item", item)
        write(folder / "centre" / "facts" / f"{item.code}.yml", "local", local_facts(item.code))
    write(folder / "centre" / "profile.yml", "centre", centre or a_centre())
    return folder


def sealed(kind: str = "id_number", who: str = "zhang") -> Dict[str, str]:
    """A personal number as the vault gives it out."""
    fingerprint = hashlib.sha256(f"{kind}:{who}".encode()).hexdigest()
    masked = {"id_number": "1100001990********", "mobile": "19900******"}.get(kind, "6222****")
    return {"token": f"⟦身份证:{fingerprint[:10]}⟧", "masked": masked, "fingerprint": fingerprint, "kind": kind}


def a_statement(text: str = "我同意。") -> Dict[str, str]:
    """A consent or truth statement."""
    return {"text": text, "version": "1", "at": "2026-11-23T09:00:00+08:00", "person": "web:1", "channel": "web"}


def new_number(day: date = date(2026, 11, 23)) -> str:
    """A case number that no other test has."""
    return format_case_number(day, next(_serials))


def a_filing(conversation: str = "web:1", code: str = "123456", **changes: Any) -> Dict[str, Any]:
    """A body of POST /cases that fits `an_item()`."""
    body: Dict[str, Any] = {
        "number": new_number(),
        "item_code": "QS-901",
        "catalogue_version": 1,
        "facts": {"who": "self", "land": "own"},
        "applicant": {"name": "张小山", "id": sealed(), "phone": sealed("mobile")},
        "agent": None,
        "fields": {"applicant_name": "张小山", "trees": 30, "kind": {"id": "pear", "label": "梨"}},
        "materials": [{"id": "id_card", "status": "paper"}, {"id": "photo", "status": "photo"}],
        "conversation": conversation,
        "channel": "web",
        "consent": a_statement(),
        "truth": a_statement("我保证是真的。"),
        "lookup_code_hash": hmac.new(HASH_KEY, b"lookup:" + code.encode(), hashlib.sha256).hexdigest(),
    }
    return {**body, **changes}


def a_notice(key: str, **changes: Any) -> Dict[str, Any]:
    """A body of POST /notices that fits `an_item()`."""
    body = {
        "item_code": "QS-901",
        "catalogue_version": 1,
        "facts": {"who": "parent"},
        "conversation": "web:1",
        "channel": "web",
        "idempotency_key": key,
    }
    return {**body, **changes}
