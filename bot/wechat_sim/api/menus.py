"""/cgi-bin/menu, qrcode and user (fact sheet, items 55-57)."""

from __future__ import annotations

from typing import Any

from bot.wechat_sim.api.call import ApiCall, Endpoint
from bot.wechat_sim.api.tokens import OK
from bot.wechat_sim.errors import ApiError
from bot.wechat_sim.menus import check_menu


async def create_menu(call: ApiCall) -> dict[str, Any]:
    """Replace the menu; phones see it when they next look."""
    if call.state.knobs.account_type == "service_unverified":
        raise ApiError(48001)
    call.state.menu = check_menu(call.json())
    return dict(OK)


async def get_menu(call: ApiCall) -> dict[str, Any]:
    """The menu as stored."""
    if call.state.menu is None:
        raise ApiError(46003)
    return {"menu": call.state.menu}


async def menu_info(call: ApiCall) -> dict[str, Any]:
    """The menu, also when there is none."""
    menu = call.state.menu
    return {"is_menu_open": int(menu is not None), "selfmenu_info": menu or {}}


async def delete_menu(call: ApiCall) -> dict[str, Any]:
    """No menu any more."""
    call.state.menu = None
    return dict(OK)


async def create_code(call: ApiCall) -> dict[str, Any]:
    """A QR code with a scene."""
    if call.state.knobs.account_type not in ("service", "test"):
        raise ApiError(48001)
    return call.state.scenes.create(call.json())


async def user_info(call: ApiCall) -> dict[str, Any]:
    """About a follower; of others only that they do not follow. No name or picture since 2021."""
    openid = call.query("openid")
    if not openid:
        raise ApiError(41009)
    person = call.person(openid)
    if not person.follows:
        return {"subscribe": 0, "openid": person.openid}
    return {
        "subscribe": 1, "openid": person.openid, "nickname": "", "sex": 0, "language": "", "city": "", "province": "",
        "country": "", "headimgurl": "", "subscribe_time": int(person.followed_at), "remark": "", "groupid": 0,
        "tagid_list": [], "subscribe_scene": "ADD_SCENE_QR_CODE" if person.scene else "ADD_SCENE_SEARCH",
        "qr_scene": int(person.scene) if person.scene.isdecimal() else 0, "qr_scene_str": person.scene,
    }  # fmt: skip


async def followers(call: ApiCall) -> dict[str, Any]:
    """The openids of all followers."""
    openids = [p.openid for p in call.state.people.by_openid.values() if p.follows]
    return {"total": len(openids), "count": len(openids), "data": {"openid": openids}, "next_openid": ""}


ENDPOINTS = [
    Endpoint("menu/create", "POST", create_menu),
    Endpoint("menu/get", "GET", get_menu),
    Endpoint("menu/delete", "GET", delete_menu),
    Endpoint("get_current_selfmenu_info", "GET", menu_info),
    Endpoint("qrcode/create", "POST", create_code),
    Endpoint("user/info", "GET", user_info),
    Endpoint("user/get", "GET", followers),
]
