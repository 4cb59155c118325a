"""What a test or the demo may change: the console's values, knobs, the clock, faults, and pushing something again."""

from __future__ import annotations

from sanic.exceptions import InvalidUsage, NotFound
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.wechat_sim.account import ConfigurationError
from bot.wechat_sim.clock import iso
from bot.wechat_sim.control.http import answer, body_of, field, state_of
from bot.wechat_sim.faults import FaultError
from bot.wechat_sim.knobs import KnobError, Knobs


async def account(request: Request) -> HTTPResponse:
    """GET: the account without secrets. POST: {"urls", "token", "aes_key", "mode", "oauth_domain", "save": true}."""
    state = state_of(request)
    if request.method == "POST":
        body = body_of(request)
        try:
            state.account.configure(body)
        except ConfigurationError as error:
            raise InvalidUsage(str(error)) from error
        if body.get("save"):
            state.count("configured")
            await request.app.ctx.platform.save()
    return answer(state.account.view())


async def knobs(request: Request) -> HTTPResponse:
    """GET: all knobs. POST: turn some, all or none. DELETE: all as at the start."""
    turned = state_of(request).knobs
    if request.method == "DELETE":
        turned.turn(Knobs().as_dict())
    if request.method == "POST":
        try:
            turned.turn(body_of(request))
        except KnobError as error:
            raise InvalidUsage(str(error)) from error
    return answer(turned.as_dict())


async def clock(request: Request) -> HTTPResponse:
    """GET: the time. POST: {"set": ISO time} or {"advance": seconds}, {"pace": times as fast}."""
    ticking = state_of(request).clock
    body = body_of(request) if request.method == "POST" else {}
    pace = field(body, "pace", (int, float), ticking.pace)
    if pace <= 0:
        raise InvalidUsage("pace is above zero")
    ticking.pace = float(pace)
    try:
        if "set" in body:
            ticking.set(field(body, "set", str))
        ticking.advance(field(body, "advance", (int, float), 0))
    except (ValueError, OverflowError):
        raise InvalidUsage("set is an ISO time") from None
    return answer({"now": ticking.now(), "iso": iso(ticking.now()), "pace": ticking.pace})


async def faults(request: Request) -> HTTPResponse:
    """GET: those waiting. POST: one more {"where", "kind", "times", "after", "code", "seconds", "openid"}. DELETE: none, and MarkFail ends."""
    waiting = state_of(request).faults
    if request.method == "POST":
        try:
            waiting.add(body_of(request))
        except FaultError as error:
            raise InvalidUsage(str(error)) from error
    elif request.method == "DELETE":
        waiting.clear()
        state_of(request).markfail.end()
    return answer({"faults": waiting.view()})


async def push_again(request: Request) -> HTTPResponse:
    """{"delivery": id}: the same push once more, as the platform does when an answer was lost; also out of order."""
    platform = request.app.ctx.platform
    known = platform.deliveries.by_id.get(field(body_of(request), "delivery", str))
    if known is None:
        raise NotFound("no such delivery")
    return answer({"delivery": platform.deliveries.start_again(known).view(platform.state.clock.now())})


async def codes(request: Request) -> HTTPResponse:
    """QR codes the account has made, to be scanned by their ticket."""
    all_codes = state_of(request).scenes.by_ticket.values()
    return answer({"codes": [{"ticket": c.ticket, "scene": c.scene, "expires": c.expires} for c in all_codes]})


async def templates(request: Request) -> HTTPResponse:
    """Templates of subscribe messages, which a person may consent to."""
    shelf = state_of(request).notices.subscriptions.values()
    return answer({"templates": [{"template_id": t.template_id, "title": t.title, "long_term": t.long_term} for t in shelf]})


ROUTES = [
    ("/account", ["GET", "POST"], account),
    ("/knobs", ["GET", "POST", "DELETE"], knobs),
    ("/clock", ["GET", "POST"], clock),
    ("/faults", ["GET", "POST", "DELETE"], faults),
    ("/push_again", ["POST"], push_again),
    ("/codes", ["GET"], codes),
    ("/templates", ["GET"], templates),
]
