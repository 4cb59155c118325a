"""The item version that a notice or a case quotes."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.center import catalogue_store as store
from bot.center.context import Centre
from bot.center.errors import ApiError
from bot.ports import PublishedItem


async def quoted_item(
    center: Centre, connection: AsyncConnection, code: str, version: int, *, must_be_in_force: bool = False
) -> PublishedItem:
    """The published version of an item.

    A version that a newer one has replaced can still be quoted, because the person began with it; one that has not
    taken effect yet cannot, nor can any version of an item that is no longer offered.

    Raises:
        ApiError: unknown_item, unknown_version or item_not_in_force.
    """
    current = center.publisher.current
    published = current.items.get(code)
    if published is not None and published.version == version:
        return published
    found = await store.content(connection, code, version)
    if found is None or found[0].state != store.PUBLISHED:
        known = published is not None or bool(await store.heads(connection, code))
        raise ApiError("unknown_version" if known else "unknown_item")
    head, old = found
    begun = head.effective_from is not None and head.effective_from <= center.today()
    if must_be_in_force and (published is None or not begun):
        raise ApiError("item_not_in_force")
    return old
