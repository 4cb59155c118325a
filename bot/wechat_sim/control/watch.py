"""What people see and what happened: transcripts, quota, deliveries, calls, counters; waiting and streaming."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import asdict
from typing import Any

from sanic.exceptions import InvalidUsage, NotFound
from sanic.request import Request
from sanic.response import HTTPResponse, raw, redirect

from bot.wechat_sim.account import LOOPBACK, host_of
from bot.wechat_sim.api.authorize import PHONE_COOKIE
from bot.wechat_sim.clock import iso
from bot.wechat_sim.control.http import answer, number, person_of, state_of
from bot.wechat_sim.delivery import Delivery
from bot.wechat_sim.errors import ApiError
from bot.wechat_sim.media import MIME
from bot.wechat_sim.people import Person
from bot.wechat_sim.state import State

_LONGEST_WAIT, _BEAT = 60.0, 15.0
_DELIVERIES, _PAGE_DELIVERIES = 1000, 12


async def transcript(request: Request, openid: str) -> HTTPResponse:
    """A person's lines with a number above ?after; ?wait=SECONDS waits for the first of them."""
    person, state = person_of(request, openid), state_of(request)
    after, until = int(number(request, "after")), time.monotonic() + min(number(request, "wait"), _LONGEST_WAIT)
    with state.transcript.listen(person.openid) as changed:
        while not state.transcript.of(openid, after) and time.monotonic() < until:
            changed.clear()
            try:
                await asyncio.wait_for(changed.wait(), until - time.monotonic())
            except asyncio.TimeoutError:
                break
    return answer({"name": person.name, "lines": [b.view() for b in state.transcript.of(openid, after)]})


async def clear_transcript(request: Request, openid: str) -> HTTPResponse:
    """The person clears the chat on the phone."""
    state_of(request).transcript.forget(person_of(request, openid).openid)
    return answer({})


async def all_transcripts(request: Request) -> HTTPResponse:
    """Everybody's lines, in the order they came; ?source= only those of one source."""
    state, source = state_of(request), request.args.get("source")
    lines = state.transcript.all(int(number(request, "after")))
    return answer({"lines": [b.view() for b in lines if source in (None, b.source)]})


async def ledger(request: Request, openid: str) -> HTTPResponse:
    """What the account may still send this person, and by which grants."""
    return answer(_ledger(state_of(request), person_of(request, openid)))


def _ledger(state: State, person: Person) -> dict[str, Any]:
    now = state.clock.now()
    return {"now": now, **person.ledger.view(now, state.policy)}


async def menu(request: Request, openid: str) -> HTTPResponse:
    """The menu as this phone has it; it is looked for again when the copy is old, ?force=1 at once."""
    person = person_of(request, openid)
    request.app.ctx.phones.pull_menu(person, force=bool(request.args.get("force")))
    return answer({"menu": person.menu})


async def deliveries(request: Request) -> HTTPResponse:
    """The newest deliveries with their attempts and verdicts; ?openid=, ?state=, ?msg_id= and ?limit= choose."""
    args, platform = request.args, request.app.ctx.platform
    found = list(platform.deliveries.by_id.values())
    wanted = {"openid": args.get("openid"), "state": args.get("state"), "msg_id": args.get("msg_id")}
    chosen = [
        d for d in found
        if wanted["openid"] in (None, d.push.openid) and wanted["state"] in (None, d.state)
        and wanted["msg_id"] in (None, str(d.push.msg_id))
    ]  # fmt: skip
    now = platform.state.clock.now()
    return answer({"deliveries": [d.view(now) for d in chosen[-int(number(request, "limit", _DELIVERIES)) :]]})


async def calls(request: Request) -> HTTPResponse:
    """API calls of the account above ?after; ?api= and ?openid= choose."""
    api, openid, after = request.args.get("api"), request.args.get("openid"), number(request, "after")
    state = state_of(request)
    chosen = [c for c in state.calls if c.seq > after and api in (None, c.api) and openid in (None, c.openid)]
    return answer({"calls": [asdict(c) for c in chosen]})


async def counters(request: Request) -> HTTPResponse:
    """Everything that is counted; a name that never happened is missing."""
    return answer(dict(state_of(request).counters))


async def export(request: Request) -> HTTPResponse:
    """Everything in one file, of one person if ?openid= is given, to keep or to hand on."""
    state, openid = state_of(request), request.args.get("openid")
    platform, now = request.app.ctx.platform, state.clock.now()
    content = {
        "exported": iso(now),
        "account": state.account.view(),
        "knobs": state.knobs.as_dict(),
        "people": [p.view() for p in state.people.by_openid.values() if openid in (None, p.openid)],
        "lines": [b.view() for b in state.transcript.all() if openid in (None, b.openid)],
        "deliveries": [d.view(now) for d in platform.deliveries.by_id.values() if openid in (None, d.push.openid)],
        "calls": [asdict(c) for c in state.calls if openid in (None, c.openid)],
    }
    response = answer(content)
    response.headers["Content-Disposition"] = 'attachment; filename="wechat-simulator.json"'
    return response


async def open_page(request: Request, openid: str) -> HTTPResponse:
    """?url=: the page as WeChat's browser opens it, signed in as this person; on this machine only."""
    person, url = person_of(request, openid), request.args.get("url", "")
    if host_of(url) not in LOOPBACK:
        raise InvalidUsage("the simulator opens pages of this machine only")
    response = redirect(url)
    response.cookies[PHONE_COOKIE] = person.openid
    response.cookies[PHONE_COOKIE].update({"path": "/", "httponly": True, "samesite": "Lax"})
    return response


async def picture(request: Request, media_id: str) -> HTTPResponse:
    """A picture or clip, readable without a token as PicUrl is."""
    try:
        medium = state_of(request).media.get(media_id)
    except ApiError:
        raise NotFound("no such picture") from None
    return raw(medium.content, content_type=MIME.get(medium.format, "application/octet-stream"))


async def stream(request: Request, openid: str) -> None:
    """Server-sent events: `line` for each line, `state` for quota, menu and open deliveries whenever something changes."""
    person, state = person_of(request, openid), state_of(request)
    response = await request.respond(content_type="text/event-stream", headers={"Cache-Control": "no-store"})
    seen = int(request.headers.get("last-event-id") or number(request, "after"))
    with state.transcript.listen(openid) as changed:
        while True:
            changed.clear()
            for bubble in state.transcript.of(openid, seen):
                seen = bubble.seq
                await response.send(f"id: {seen}\nevent: line\ndata: {json.dumps(bubble.view(), ensure_ascii=False)}\n\n")
            content = json.dumps(_now(request, person), ensure_ascii=False)
            await response.send(f"event: state\ndata: {content}\n\n")
            try:
                await asyncio.wait_for(changed.wait(), _BEAT)
            except asyncio.TimeoutError:
                continue


def _now(request: Request, person: Person) -> dict[str, Any]:
    state, platform = state_of(request), request.app.ctx.platform
    now = state.clock.now()
    request.app.ctx.phones.pull_menu(person)
    return {
        "person": person.view(), "ledger": _ledger(state, person), "menu": person.menu, "saved": state.account.saved,
        "deliveries": [_brief(d, now) for d in platform.deliveries.of(person.openid)[-_PAGE_DELIVERIES:]],
        "budget": state.knobs.answer_budget, "attempts": state.knobs.attempts, "marked_until": state.markfail.until,
        "pace": state.clock.pace,
    }  # fmt: skip


def _brief(delivery: Delivery, now: float) -> dict[str, Any]:
    last = delivery.attempts[-1] if delivery.attempts else None
    return {
        "id": delivery.push.id, "trigger": delivery.push.trigger, "age": now - delivery.moment, "state": delivery.state,
        "reason": delivery.reason, "tries": len(delivery.attempts), "seconds": last.seconds if last else 0.0,
    }  # fmt: skip


ROUTES = [
    ("/people/<openid>/transcript", ["GET"], transcript),
    ("/people/<openid>/transcript", ["DELETE"], clear_transcript),
    ("/people/<openid>/ledger", ["GET"], ledger),
    ("/people/<openid>/menu", ["GET"], menu),
    ("/people/<openid>/stream", ["GET"], stream),
    ("/transcript", ["GET"], all_transcripts),
    ("/deliveries", ["GET"], deliveries),
    ("/calls", ["GET"], calls),
    ("/counters", ["GET"], counters),
    ("/export", ["GET"], export),
    ("/people/<openid>/open", ["GET"], open_page),
    ("/pictures/<media_id>", ["GET"], picture),
]
