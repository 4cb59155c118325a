"""/cgi-bin/message/custom/send and typing (fact sheet, items 29-39)."""

from __future__ import annotations

from typing import Any, Callable

from bot.wechat_sim.api.call import ApiCall, Endpoint
from bot.wechat_sim.api.tokens import OK
from bot.wechat_sim.errors import ApiError
from bot.wechat_sim.people import Person
from bot.wechat_sim.quota import NoGrant, UsedUp
from bot.wechat_sim.replies import TEXT_BYTES

Parts = "dict[str, Any]"


def _text_of(box: Any, name: str, missing: int = 47001) -> str:
    value = box.get(name) if isinstance(box, dict) else None
    if not isinstance(value, str):
        raise ApiError(missing)
    return value


def _text(call: ApiCall, box: Any) -> dict[str, Any]:
    content = _text_of(box, "content", 44004)
    if not content.strip():
        raise ApiError(44004)
    if len(content.encode()) > TEXT_BYTES:
        raise ApiError(45002)
    return {"text": content}


def _medium(kind: str) -> Callable[[ApiCall, Any], dict[str, Any]]:
    def check(call: ApiCall, box: Any) -> dict[str, Any]:
        media_id = _text_of(box, "media_id", 41006)
        if call.state.media.state(media_id, kind) != "ok":
            raise ApiError(40007)
        return {"media_id": media_id, "title": str(box.get("title", "")), "description": str(box.get("description", ""))}

    return check


def _music(call: ApiCall, box: Any) -> dict[str, Any]:
    thumb = _text_of(box, "thumb_media_id", 41006)
    if call.state.media.state(thumb, "thumb") != "ok":
        raise ApiError(40007)
    return {"title": str(box.get("title", "")), "url": _text_of(box, "musicurl")}


def _news(call: ApiCall, box: Any) -> dict[str, Any]:
    articles = box.get("articles") if isinstance(box, dict) else None
    if isinstance(articles, dict):
        raise ApiError(45162)
    if not isinstance(articles, list) or not articles:
        raise ApiError(44003)
    if len(articles) > 1:
        raise ApiError(45008)
    if not isinstance(articles[0], dict):
        raise ApiError(47001)
    return {"articles": [{name: str(articles[0].get(name, "")) for name in ("title", "description", "url", "picurl")}]}


def _msgmenu(call: ApiCall, box: Any) -> dict[str, Any]:
    items = box.get("list") if isinstance(box, dict) else None
    if not isinstance(items, list) or not items:
        raise ApiError(47001)
    if len(items) > call.state.knobs.msgmenu_items:
        raise ApiError(45098)
    shown = []
    for item in items:
        number = item.get("id") if isinstance(item, dict) else None
        if isinstance(number, int) and not isinstance(number, bool):
            number = str(number)
        if not isinstance(number, str) or not number:
            raise ApiError(47001)
        shown.append({"id": number, "content": _text_of(item, "content")})
    head, tail = box.get("head_content", ""), box.get("tail_content", "")
    if not isinstance(head, str) or not isinstance(tail, str):
        raise ApiError(47001)
    if len((head + tail + "".join(i["content"] for i in shown)).encode()) > TEXT_BYTES:
        raise ApiError(45002)
    return {"head": head, "list": shown, "tail": tail}


def _card(call: ApiCall, box: Any) -> dict[str, Any]:
    if not isinstance(box, dict):
        raise ApiError(47001)
    return {"title": str(box.get("title") or box.get("card_id") or box.get("media_id") or box.get("article_id") or "")}


KINDS: dict[str, Callable[[ApiCall, Any], dict[str, Any]]] = {
    "text": _text,
    "image": _medium("image"),
    "voice": _medium("voice"),
    "video": _medium("video"),
    "music": _music,
    "news": _news,
    "msgmenu": _msgmenu,
    "mpnews": _card,
    "mpnewsarticle": _card,
    "wxcard": _card,
    "miniprogrampage": _card,
}


def _permission(call: ApiCall, kind: str) -> None:
    account_type = call.state.knobs.account_type
    if account_type == "service_unverified":
        raise ApiError(48001)
    if kind in ("msgmenu", "typing") and account_type != "service":
        raise ApiError(40200)


def _reachable(call: ApiCall, person: Person) -> None:
    if not person.follows:
        raise ApiError(call.state.knobs.unfollowed_code)
    if person.rejects:
        raise ApiError(48002)


def _grant(call: ApiCall, person: Person, spend: bool) -> None:
    state = call.state
    act = person.ledger.spend if spend else person.ledger.check
    try:
        act(state.clock.now(), state.policy)
    except NoGrant:
        raise ApiError(45015) from None
    except UsedUp:
        raise ApiError(45047) from None


async def send(call: ApiCall) -> dict[str, Any]:
    """A customer-service message; checked whole before anything is used up."""
    body = call.json()
    person = call.person(body.get("touser"))
    kind = body.get("msgtype")
    if not isinstance(kind, str) or kind not in KINDS:
        raise ApiError(40008)
    _permission(call, kind)
    content = KINDS[kind](call, body.get(kind))
    _reachable(call, person)
    _grant(call, person, spend=True)
    call.platform.end_typing(person)
    marked = body.get("aimsgcontext")
    if isinstance(marked, dict) and marked.get("is_ai_msg"):
        content["ai_mark"] = call.state.texts["ai_mark"]
    by = body.get("customservice")
    if isinstance(by, dict) and by.get("kf_account"):
        content["kf_account"] = str(by["kf_account"])
    call.state.line(person.openid, "kf", kind, content)
    return dict(OK)


async def typing(call: ApiCall) -> dict[str, Any]:
    """对方正在输入: an open window and an interaction within 30 s; lasts 15 s."""
    body, state = call.json(), call.state
    person = call.person(body.get("touser"))
    command = body.get("command")
    if command not in ("Typing", "CancelTyping"):
        raise ApiError(45072)
    _permission(call, "typing")
    _reachable(call, person)
    if command == "CancelTyping":
        call.platform.end_typing(person)
        return dict(OK)
    _grant(call, person, spend=False)
    now = state.clock.now()
    if now - person.last_deed > state.knobs.typing_interaction:
        raise ApiError(45080)
    if now < person.typing_until:
        raise ApiError(45081)
    if state.knobs.typing_costs:
        _grant(call, person, spend=True)
    person.typing_until = now + state.knobs.typing_lasts
    state.line(person.openid, "typing", "on", {"until": person.typing_until})
    return dict(OK)


ENDPOINTS = [
    Endpoint("message/custom/send", "POST", send),
    Endpoint("message/custom/typing", "POST", typing),
]
