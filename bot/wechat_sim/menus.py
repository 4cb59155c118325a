"""自定义菜单 (cǎidān): its limits (fact sheet, item 55)."""

from __future__ import annotations

from typing import Any, Iterator, Optional

from bot.wechat_sim.account import host_of
from bot.wechat_sim.errors import ApiError

WITH_KEY = ("click", "scancode_push", "scancode_waitmsg", "pic_sysphoto", "pic_photo_or_album", "pic_weixin", "location_select")
TYPES = (*WITH_KEY, "view", "miniprogram", "media_id", "article_id", "article_view_limited")
_TOP = {"type": 40017, "name": 40018, "key": 40019, "url": 40020, "domain": 40055}
_SUB = {"type": 40024, "name": 40025, "key": 40026, "url": 40027, "domain": 40054}
NAME_BYTES, SUB_NAME_BYTES, KEY_BYTES, URL_BYTES = 16, 60, 128, 1024


def _text(button: dict[str, Any], name: str) -> str:
    value = button.get(name)
    return value if isinstance(value, str) else ""


def _check_button(button: Any, codes: dict[str, int], name_bytes: int) -> None:
    if not isinstance(button, dict):
        raise ApiError(47001)
    if not 1 <= len(_text(button, "name").encode()) <= name_bytes:
        raise ApiError(codes["name"])
    if button.get("sub_button"):
        return
    kind = button.get("type")
    if kind not in TYPES:
        raise ApiError(codes["type"])
    if kind in WITH_KEY and not 1 <= len(_text(button, "key").encode()) <= KEY_BYTES:
        raise ApiError(codes["key"])
    if kind in ("view", "miniprogram"):
        url = _text(button, "url")
        if not 1 <= len(url.encode()) <= URL_BYTES:
            raise ApiError(codes["url"])
        if not host_of(url):
            raise ApiError(codes["domain"])


def check_menu(menu: Any) -> dict[str, Any]:
    """The menu as it is stored.

    Raises:
        ApiError: 40016-40027, 40054, 40055, 47001.
    """
    buttons = menu.get("button") if isinstance(menu, dict) else None
    if not isinstance(buttons, list):
        raise ApiError(40016 if isinstance(menu, dict) else 47001)
    if not 1 <= len(buttons) <= 3:
        raise ApiError(40016)
    for button in buttons:
        _check_button(button, _TOP, NAME_BYTES)
        subs = button.get("sub_button") or []
        if not isinstance(subs, list) or len(subs) > 5:
            raise ApiError(40023)
        for sub in subs:
            _check_button(sub, _SUB, SUB_NAME_BYTES)
            if sub.get("sub_button"):
                raise ApiError(40022)
    return {"button": [{**b, "sub_button": b.get("sub_button") or []} for b in buttons]}


def leaves(menu: Optional[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """All buttons that do something."""
    for button in (menu or {}).get("button", ()):
        yield from button["sub_button"] or [button]
