"""事项接口 (shixiang jiekou): search, read, edit and publish items."""

from __future__ import annotations

from datetime import date
from typing import Any, Optional

from bot.adapters.yaml_catalogue import to_json
from bot.center import catalogue_bodies as b
from bot.center import catalogue_store as store
from bot.center import search
from bot.center.catalogue_store import VersionHead
from bot.center.errors import ApiError, from_problems
from bot.center.routing import Answer, Call, Param, Route
from bot.domain.catalogue_diff import differences
from bot.domain.catalogue_lint import ERROR, Finding, lint
from bot.domain.item import Item, LocalFacts


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


def _version_in_force(call: Call, code: str) -> Optional[int]:
    published = call.center.publisher.current.items.get(code)
    return published.version if published else None


async def find_items(call: Call) -> Answer:
    """Items in force whose name, alias or code fits."""
    current = call.center.publisher.current
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
    """One item, in the version in force or in any other."""
    code, wanted = call.path["code"], call.query["version"]
    in_force = _version_in_force(call, code)
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


def _check(call: Call, item: Item, local: LocalFacts) -> list[Finding]:
    """What the catalogue check says about this item among the items in force."""
    current = call.center.publisher.current
    items = {code: p.item for code, p in current.items.items()} | {item.code: item}
    facts = {code: p.local for code, p in current.items.items()} | {item.code: local}
    found = lint(list(items.values()), facts, call.center.profile, None)
    return [finding for finding in found if finding.code == item.code]


async def put_item(call: Call) -> Answer:
    """A new draft version, with what the check of the catalogue says about it."""
    body: b.ItemBody = call.body
    code = call.path["code"]
    local = body.local or LocalFacts(code)
    if body.item.code != code or local.code != code:
        raise from_problems("bad_value", [("item.code", f"应当与地址里的 {code} 一致")])
    async with call.center.begin() as connection:
        head, made = await store.add_draft(connection, body.item, local, call.center.now())
    findings = _check(call, body.item, local)
    view = {
        "version": _version_view(head, _version_in_force(call, code)),
        "findings": [finding.__dict__ for finding in findings],
    }
    return Answer(view, 201 if made else 200)


def _dates(body: b.PublishBody, item: Item, today: date) -> tuple[date, Optional[date]]:
    start = body.effective_from or max(item.effective_from, today)
    end = body.expires_on or item.expires_on
    if end is not None and end < start:
        raise from_problems("bad_value", [("expires_on", "失效日期早于生效日期")])
    return start, end


async def publish_item(call: Call) -> Answer:
    """Publish a draft; the snapshot for the other processes follows at once."""
    body: b.PublishBody = call.body
    code = call.path["code"]
    async with call.center.begin() as connection:
        found = await store.content(connection, code, body.version)
    if found is None:
        raise ApiError("version_not_found")
    errors = [f for f in _check(call, found[1].item, found[1].local) if f.level == ERROR]
    if errors:
        raise from_problems("catalogue_not_clean", [(f.path, f.text) for f in errors])
    start, end = _dates(body, found[1].item, call.center.today())
    async with call.center.begin() as connection:
        if not await store.publish(connection, code, body.version, call.center.now(), start, end):
            raise ApiError("not_a_draft")
        head = (await store.heads(connection, code))[body.version - 1]
    current = await call.center.publisher.refresh()
    view = _version_view(head, _version_in_force(call, code))
    return Answer({"version": view, "publication": current.version})


async def list_versions(call: Call) -> Answer:
    """All versions of an item."""
    code = call.path["code"]
    async with call.center.begin() as connection:
        heads = await store.heads(connection, code)
    if not heads:
        raise ApiError("item_not_found")
    in_force = _version_in_force(call, code)
    return Answer({"versions": [_version_view(head, in_force) for head in heads]})


async def diff_versions(call: Call) -> Answer:
    """What differs between two versions."""
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
        "GET", "/items", find_items, "按名称、别名或编码找现在有效的事项", {200: b.FoundItems},
        query=(
            Param("q", "要找的词；不给就列出全部", default=""),
            Param("limit", "最多几条", number=True, most=500, default=20),
        ),
    ),
    Route(
        "GET", "/items/{code}", read_item, "读一个事项；带 version 可以读任何一版", {200: b.ItemView},
        query=(_VERSION,), errors=("item_not_found", "version_not_found"),
    ),
    Route(
        "PUT", "/items/{code}", put_item, "保存为新的草稿版本；内容没变时返回原来的版本", {200: b.DraftView, 201: b.DraftView},
        body=b.ItemBody,
    ),
    Route(
        "POST", "/items/{code}/publish", publish_item, "发布一个草稿版本", {200: b.PublishedView},
        body=b.PublishBody, errors=("version_not_found", "not_a_draft", "catalogue_not_clean"),
    ),
    Route(
        "GET", "/items/{code}/versions", list_versions, "一个事项的全部版本", {200: b.VersionsView},
        errors=("item_not_found",),
    ),
    Route(
        "GET", "/items/{code}/diff", diff_versions, "两个版本的差别", {200: b.DiffView},
        query=(
            Param("from", "旧版本号", number=True, required=True),
            Param("to", "新版本号", number=True, required=True),
        ),
        errors=("version_not_found",),
    ),
)  # fmt: skip
