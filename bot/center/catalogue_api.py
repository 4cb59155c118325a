"""事项接口 (shixiang jiekou): search, read, edit and publish items."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Optional

from bot.adapters.yaml_catalogue import to_json
from bot.center import catalogue_store as store
from bot.center import search
from bot.center.catalogue_store import VersionHead
from bot.center.errors import ApiError, from_problems
from bot.center.routing import Answer, Call, Param, Route
from bot.center.shapes import limited
from bot.domain.catalogue_diff import differences
from bot.domain.catalogue_lint import ERROR, Finding, lint
from bot.domain.item import Item, LocalFacts


@dataclass(frozen=True)
class FoundItem:
    """One hit. `catalogue_version` is the item's version in force: notices and cases quote it."""

    code: str
    name: str
    category: str
    summary: str
    catalogue_version: int
    effective_from: date


@dataclass(frozen=True)
class FoundItems:
    """`publication` is the number of the snapshot of the whole catalogue."""

    publication: int
    items: tuple[FoundItem, ...]


@dataclass(frozen=True)
class VersionView:
    """A version without its content."""

    code: str
    version: int
    state: str
    origin: str
    created_at: datetime
    published_at: Optional[datetime]
    effective_from: Optional[date]
    expires_on: Optional[date]
    in_force: bool


@dataclass(frozen=True)
class ItemView:
    """An item with its local facts in one version."""

    catalogue_version: int
    state: str
    in_force: bool
    item: Item
    local: LocalFacts


@dataclass(frozen=True)
class FindingView:
    """Something the check of the catalogue found."""

    level: str
    code: str
    path: str
    text: str


@dataclass(frozen=True)
class DraftView:
    """The draft that was made, and what must or should be repaired before it is published."""

    version: VersionView
    findings: tuple[FindingView, ...]


@dataclass(frozen=True)
class VersionsView:
    """All versions of an item, oldest first."""

    versions: tuple[VersionView, ...]


@dataclass(frozen=True)
class ChangeView:
    """One place that differs."""

    path: str
    before: Any
    after: Any


@dataclass(frozen=True)
class DiffView:
    """What differs between two versions."""

    changes: tuple[ChangeView, ...]


@dataclass(frozen=True)
class PublishedView:
    """The published version and the snapshot that came of it."""

    version: VersionView
    publication: int


@dataclass(frozen=True)
class ItemBody:
    """New content of an item."""

    item: Item
    local: Optional[LocalFacts] = None


@dataclass(frozen=True)
class PublishBody:
    """Dates default to the item's own, but never before today; `expires_on` is the last day of validity."""

    version: int = limited(least=1, most=1_000_000)
    effective_from: Optional[date] = None
    expires_on: Optional[date] = None


def _version_view(head: VersionHead, in_force: Optional[int]) -> dict[str, Any]:
    return {
        "code": head.code,
        "version": head.version,
        "state": head.state,
        "origin": head.origin,
        "created_at": head.created_at.isoformat(),
        "published_at": head.published_at and head.published_at.isoformat(),
        "effective_from": head.effective_from and head.effective_from.isoformat(),
        "expires_on": head.expires_on and head.expires_on.isoformat(),
        "in_force": head.version == in_force,
    }


async def _version_in_force(call: Call, code: str) -> Optional[int]:
    published = (await call.center.publisher.current()).items.get(code)
    return published.version if published else None


async def find_items(call: Call) -> Answer:
    current = await call.center.publisher.current()
    found = search.find(current.items.values(), call.query["q"], call.query["limit"])
    items = [
        {
            "code": p.item.code,
            "name": p.item.name,
            "category": p.item.category,
            "summary": p.item.summary,
            "catalogue_version": p.version,
            "effective_from": p.item.effective_from.isoformat(),
        }
        for p in found
    ]
    return Answer({"publication": current.version, "items": items})


async def read_item(call: Call) -> Answer:
    code, wanted = call.path["code"], call.query["version"]
    in_force = await _version_in_force(call, code)
    if wanted is None and in_force is None:
        raise ApiError("item_not_found")
    async with call.center.begin() as connection:
        found = await store.content(connection, code, wanted or in_force or 0)
        if found is None:
            raise ApiError("version_not_found" if await store.heads(connection, code) else "item_not_found")
    head, published = found
    return Answer(
        {
            "catalogue_version": head.version,
            "state": head.state,
            "in_force": head.version == in_force,
            "item": to_json(published.item),
            "local": to_json(published.local),
        }
    )


async def _check(call: Call, item: Item, local: LocalFacts) -> list[Finding]:
    """What the catalogue check says about this item among the items in force."""
    current = await call.center.publisher.current()
    items = {code: p.item for code, p in current.items.items()} | {item.code: item}
    facts = {code: p.local for code, p in current.items.items()} | {item.code: local}
    found = lint(list(items.values()), facts, call.center.profile, None)
    return [finding for finding in found if finding.code == item.code]


async def put_item(call: Call) -> Answer:
    body: ItemBody = call.body
    code = call.path["code"]
    local = body.local or LocalFacts(code)
    if body.item.code != code or local.code != code:
        raise from_problems("bad_value", [("item.code", f"应当与地址里的 {code} 一致")])
    async with call.center.begin() as connection:
        head, made = await store.add_draft(connection, body.item, local, call.center.now())
    findings = await _check(call, body.item, local)
    view = {
        "version": _version_view(head, await _version_in_force(call, code)),
        "findings": [finding.__dict__ for finding in findings],
    }
    return Answer(view, 201 if made else 200)


def _dates(body: PublishBody, item: Item, today: date) -> tuple[date, Optional[date]]:
    start = body.effective_from or max(item.effective_from, today)
    end = body.expires_on or item.expires_on
    if end is not None and end < start:
        raise from_problems("bad_value", [("expires_on", "失效日期早于生效日期")])
    return start, end


async def publish_item(call: Call) -> Answer:
    body: PublishBody = call.body
    code = call.path["code"]
    async with call.center.begin() as connection:
        found = await store.content(connection, code, body.version)
    if found is None:
        raise ApiError("version_not_found")
    errors = [f for f in await _check(call, found[1].item, found[1].local) if f.level == ERROR]
    if errors:
        raise from_problems("catalogue_not_clean", [(f.path, f.text) for f in errors])
    start, end = _dates(body, found[1].item, call.center.today())
    async with call.center.begin() as connection:
        if not await store.publish(connection, code, body.version, call.center.now(), start, end):
            raise ApiError("not_a_draft")
        head = (await store.heads(connection, code))[body.version - 1]
    current = await call.center.publisher.refresh()
    view = _version_view(head, await _version_in_force(call, code))
    return Answer({"version": view, "publication": current.version})


async def list_versions(call: Call) -> Answer:
    code = call.path["code"]
    async with call.center.begin() as connection:
        heads = await store.heads(connection, code)
    if not heads:
        raise ApiError("item_not_found")
    in_force = await _version_in_force(call, code)
    return Answer({"versions": [_version_view(head, in_force) for head in heads]})


async def diff_versions(call: Call) -> Answer:
    code = call.path["code"]
    async with call.center.begin() as connection:
        before = await store.content(connection, code, call.query["from"])
        after = await store.content(connection, code, call.query["to"])
    if before is None or after is None:
        raise ApiError("version_not_found")
    forms = [{"item": to_json(p.item), "local": to_json(p.local)} for _, p in (before, after)]
    return Answer({"changes": [change.__dict__ for change in differences(*forms)]})


_VERSION = Param("version", "版本号；不给就是现在有效的版本", number=True)

ROUTES = (
    Route(
        "GET", "/items", find_items, "按名称、别名或编码找现在有效的事项", {200: FoundItems},
        query=(
            Param("q", "要找的词；不给就列出全部", default=""),
            Param("limit", "最多几条", number=True, most=500, default=20),
        ),
    ),
    Route(
        "GET", "/items/{code}", read_item, "读一个事项；带 version 可以读任何一版", {200: ItemView},
        query=(_VERSION,), errors=("item_not_found", "version_not_found"),
    ),
    Route(
        "PUT", "/items/{code}", put_item, "保存为新的草稿版本；内容没变时返回原来的版本", {200: DraftView, 201: DraftView},
        body=ItemBody,
    ),
    Route(
        "POST", "/items/{code}/publish", publish_item, "发布一个草稿版本", {200: PublishedView},
        body=PublishBody, errors=("version_not_found", "not_a_draft", "catalogue_not_clean"),
    ),
    Route(
        "GET", "/items/{code}/versions", list_versions, "一个事项的全部版本", {200: VersionsView},
        errors=("item_not_found",),
    ),
    Route(
        "GET", "/items/{code}/diff", diff_versions, "两个版本的差别", {200: DiffView},
        query=(
            Param("from", "旧版本号", number=True, required=True),
            Param("to", "新版本号", number=True, required=True),
        ),
        errors=("version_not_found",),
    ),
)  # fmt: skip
