"""/cgi-bin/message/template/send and message/subscribe/bizsend (fact sheet, items 50-53)."""

from __future__ import annotations

from typing import Any

from bot.wechat_sim import pushes
from bot.wechat_sim.api.call import ApiCall, Endpoint
from bot.wechat_sim.api.tokens import OK
from bot.wechat_sim.errors import ApiError
from bot.wechat_sim.notices import Template, check_data
from bot.wechat_sim.people import Person


def _content(template: Template, data: dict[str, str], url: object) -> dict[str, Any]:
    shown = {label: data[name] for name, label in zip(template.fields, template.labels)}
    return {"template_id": template.template_id, "title": template.title, "data": shown, "url": url if isinstance(url, str) else ""}


async def send_template(call: ApiCall) -> dict[str, Any]:
    """A template message; how it ended is pushed later."""
    body, state = call.json(), call.state
    person = call.person(body.get("touser"))
    if state.knobs.account_type not in ("service", "test"):
        raise ApiError(48001)
    template = state.notices.find("template", body.get("template_id"))
    data = check_data(template, body.get("data"))
    if not person.follows:
        raise ApiError(43004)
    client_id = body.get("client_msg_id")
    known = state.notices.sent.get((person.openid, str(client_id))) if client_id else None
    if known and state.clock.now() - known[0] < state.knobs.client_msg_id_seconds:
        return {**OK, "msgid": known[1]}
    msg_id = _msg_id(call)
    if client_id:
        state.notices.sent[(person.openid, str(client_id))] = (state.clock.now(), msg_id)
    if not person.rejects:
        state.line(person.openid, "template", "template", _content(template, data, body.get("url")))
    status = "failed:user block" if person.rejects else "success"
    call.platform.event_later(person, "TEMPLATESENDJOBFINISH", pushes.template_finished(msg_id, status))
    return {**OK, "msgid": msg_id}


def _msg_id(call: ApiCall) -> int:
    call.state.count("notices")
    return 3_000_000_000_000_000_000 + call.state.counters["notices"]


def _use_consent(person: Person, template: Template) -> None:
    left = person.consents.get(template.template_id, 0)
    if left <= 0:
        raise ApiError(43101)
    if not template.long_term:
        person.consents[template.template_id] = left - 1


async def bizsend(call: ApiCall) -> dict[str, Any]:
    """A subscribe message: one consent, one message; also to people who do not follow."""
    body, state = call.json(), call.state
    person = call.person(body.get("touser"))
    template = state.notices.find("subscribe", body.get("template_id"))
    data = check_data(template, body.get("data"))
    _use_consent(person, template)
    msg_id = _msg_id(call)
    state.line(person.openid, "subscribe", "template", _content(template, data, body.get("page")))
    item = {"TemplateId": template.template_id, "MsgID": str(msg_id), "ErrorCode": "0", "ErrorStatus": "success"}
    fields = pushes.consent_list("SubscribeMsgSentEvent", [item])
    call.platform.event_later(person, "subscribe_msg_sent_event", fields)
    return {**OK, "msgid": msg_id}


async def list_templates(call: ApiCall) -> dict[str, Any]:
    """The account's templates."""
    shelf = call.state.notices.templates.values()
    return {"template_list": [{"template_id": t.template_id, "title": t.title, "content": _pattern(t)} for t in shelf]}


async def list_subscriptions(call: ApiCall) -> dict[str, Any]:
    """The account's templates for subscribe messages."""
    shelf = call.state.notices.subscriptions.values()
    data = [{"priTmplId": t.template_id, "title": t.title, "content": _pattern(t), "type": 3 if t.long_term else 2} for t in shelf]
    return {**OK, "data": data}


def _pattern(template: Template) -> str:
    return "\n".join(f"{label}：{{{{{name}.DATA}}}}" for name, label in zip(template.fields, template.labels))


ENDPOINTS = [
    Endpoint("message/template/send", "POST", send_template),
    Endpoint("message/subscribe/bizsend", "POST", bizsend),
    Endpoint("template/get_all_private_template", "GET", list_templates),
    Endpoint("wxaapi/newtmpl/gettemplate", "GET", list_subscriptions),
]
