"""People and what they do: POST /sim/people, /sim/people/<openid>/<deed>."""

from __future__ import annotations

import asyncio
from typing import Any, Callable, Optional

from sanic.exceptions import InvalidUsage, NotFound
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.wechat_sim.control.http import answer, body_of, content_of, field, number, person_of, state_of
from bot.wechat_sim.delivery import Delivery
from bot.wechat_sim.errors import ApiError
from bot.wechat_sim.people import Person
from bot.wechat_sim.phones import Impossible, Phones
from bot.wechat_sim.xml import Value

Deed = Callable[[Phones, Person, "dict[str, Any]"], Optional[Delivery]]
_NUMBER = (int, float)

DEEDS: dict[str, Deed] = {
    "follow": lambda phones, who, _: phones.follow(who),
    "unfollow": lambda phones, who, _: phones.unfollow(who),
    "scan": lambda phones, who, b: phones.scan(who, field(b, "ticket", str, ""), field(b, "scene", str, "")),
    "text": lambda phones, who, b: phones.text(who, field(b, "text", str)),
    "menu_link": lambda phones, who, b: phones.menu_link(who, field(b, "id", str), field(b, "content", str)),
    "sticker": lambda phones, who, _: phones.sticker(who),
    "image": lambda phones, who, b: phones.image(who, content_of(b)),
    "voice": lambda phones, who, b: phones.voice(who, field(b, "recognition", str, None), content_of(b)),
    "video": lambda phones, who, b: phones.video(who, content_of(b), field(b, "short", bool, False)),
    "location": lambda phones, who, b: phones.location(
        who, field(b, "latitude", _NUMBER), field(b, "longitude", _NUMBER), field(b, "label", str, "")
    ),
    "link": lambda phones, who, b: phones.link(
        who, field(b, "title", str), field(b, "description", str, ""), field(b, "url", str)
    ),
    "file": lambda phones, who, b: phones.file(who, field(b, "title", str), content_of(b) or b"x"),
    "tap": lambda phones, who, b: phones.tap(who, field(b, "key", str), field(b, "scanned", str, "")),
    "enter": lambda phones, who, b: phones.enter(who, field(b, "latitude", _NUMBER), field(b, "longitude", _NUMBER)),
    "consent": lambda phones, who, b: phones.consent(who, field(b, "choices", dict)),
    "unknown": lambda phones, who, b: phones.unknown(
        who, field(b, "kind", str), field(b, "event", str, ""), _fields(field(b, "fields", list, []))
    ),
    "staff_enters": lambda phones, who, _: phones.platform.staff_enters(who, ""),
    "staff_leaves": lambda phones, who, _: phones.platform.staff_leaves(who),
}
"""Deed → how it is done. Each answers {"delivery": …}, null when nothing goes to the account's server."""


def _fields(pairs: list[Any]) -> list[tuple[str, Value]]:
    """[["Name", "value" | number | [inner pairs]], …] of a push that nobody has described yet."""
    fields: list[tuple[str, Value]] = []
    for pair in pairs:
        if not (isinstance(pair, list) and len(pair) == 2 and isinstance(pair[0], str) and pair[0].isidentifier()):
            raise InvalidUsage("fields are pairs of a name and a value")
        value = pair[1]
        fields.append((pair[0], _fields(value) if isinstance(value, list) else value if isinstance(value, int) else str(value)))
    return fields


async def create_person(request: Request) -> HTTPResponse:
    """{"name"} → the person, the same for the same name; other fields as in `change_person`."""
    body = body_of(request)
    person = state_of(request).people.create(field(body, "name", str))
    _change(person, body)
    return answer(person.view())


async def list_people(request: Request) -> HTTPResponse:
    """Everybody."""
    return answer({"people": [p.view() for p in state_of(request).people.by_openid.values()]})


async def change_person(request: Request, openid: str) -> HTTPResponse:
    """{"oauth": ask | approve | refuse | snapshot, "rejects": bool}."""
    person = person_of(request, openid)
    _change(person, body_of(request))
    return answer(person.view())


def _change(person: Person, body: dict[str, Any]) -> None:
    oauth = field(body, "oauth", str, person.oauth)
    if oauth not in ("ask", "approve", "refuse", "snapshot"):
        raise InvalidUsage("oauth is ask, approve, refuse or snapshot")
    person.oauth, person.rejects = oauth, field(body, "rejects", bool, person.rejects)


async def do(request: Request, openid: str, deed: str) -> HTTPResponse:
    """Do something; with ?wait=SECONDS the answer comes when the delivery has ended, or the time is over."""
    person = person_of(request, openid)
    if deed not in DEEDS:
        raise NotFound(f"no such deed; there are {', '.join(DEEDS)}")
    try:
        delivery = DEEDS[deed](request.app.ctx.phones, person, body_of(request))
    except (Impossible, ApiError) as error:
        return answer({"error": str(error)}, 409)
    wait = number(request, "wait")
    if delivery and wait:
        try:
            await asyncio.wait_for(delivery.done.wait(), wait)
        except asyncio.TimeoutError:
            pass
    return answer({"delivery": delivery.view(state_of(request).clock.now()) if delivery else None})


ROUTES = [
    ("/people", ["POST"], create_person),
    ("/people", ["GET"], list_people),
    ("/people/<openid>", ["PATCH"], change_person),
    ("/people/<openid>/<deed>", ["POST"], do),
]
