"""答应的事: what we cannot answer or do now becomes a task of the centre, with the time by which it is done; and what became of it."""

from __future__ import annotations

import asyncio
import re
from datetime import datetime
from typing import Any, Mapping, Optional

from actions.action_base import Events, Turn, slots, word_buttons
from actions.cries import cries_before
from bot.bootstrap import ActionParts
from bot.domain.answers import looks_like_question
from bot.domain.day_words import day_name
from bot.domain.promise import TaskKind
from bot.ports import ServiceCenterError

WHEREABOUTS = "whereabouts"
"""Value of the slot `offer` after a cry for help: what is said next tells the helpers where."""
PROMISED_WITHIN_SECONDS = 3.0
"""Whoever cries for help must not wait for the centre."""
SHOWN = 2
_PLACE = re.compile(r"村|组|号|路|街|镇|楼|门口|旁边|边上|对面|桥|学校|屋里|家里")
_WHO_COMES = re.compile(
    r"(?:管事|镇上|村里|派出所|警察|公安|救护车|你们|人|谁).{0,6}(?:啥子?时候|什么时候|几时|几点|多久|好久).{0,3}(?:来|到)"
    r"|(?:怎么|咋)还(?:没|不)(?:有)?(?:人)?(?:来|到)|有人来(?:没|吗|不|了)"
)
QUOTED = 24
"""Characters of a question that are repeated back."""


async def promise(
    turn: Turn, parts: ActionParts, kind: TaskKind, question: str, **packet: Any
) -> Optional[Mapping[str, Any]]:
    """Make the task; None when the centre cannot be reached."""
    body = {
        "kind": kind.value,
        "conversation": turn.conversation,
        "question": question[:2000],
        "item_code": turn.slot("item"),
        "packet": {"facts": turn.slot("facts") or {}, "draft": turn.slot("case"), "channel": turn.channel, **packet},
        "idempotency_key": f"task:{kind.value}:{turn.conversation}:{turn.message_id}",
    }
    try:
        return await asyncio.wait_for(parts.center.promise(body), PROMISED_WITHIN_SECONDS)
    except (ServiceCenterError, asyncio.TimeoutError):
        return None


async def promise_answer(turn: Turn, parts: ActionParts, question: str) -> Events:
    """Say until when a clerk answers a question, and keep it as a task."""
    phone = parts.catalogue.centre.enquiry_phone
    open_task = await _still_open(turn, parts, question)
    task = open_task or await promise(turn, parts, TaskKind.ANSWER_LATER, question)
    if task is None:
        turn.say("utter_call_us", phone=phone)
    else:
        response = "utter_promised_already" if open_task else "utter_promised"
        turn.say(response, question=quoted(question), when=moment(task["due_at"], parts), phone=phone)
    return slots(misses=0, offer=None)


async def _still_open(turn: Turn, parts: ActionParts, question: str) -> Optional[Mapping[str, Any]]:
    try:
        tasks = await parts.center.tasks_of(turn.conversation)
    except ServiceCenterError:
        return None
    return next((t for t in tasks if t["state"] == "open" and t["question"] == question), None)


async def tell_promises(turn: Turn, parts: ActionParts) -> Events:
    """你们说答复我的呢: what was promised, by when, and the answer if there is one."""
    phone = parts.catalogue.centre.enquiry_phone
    try:
        tasks = [t for t in await parts.center.tasks_of(turn.conversation) if t["kind"] != TaskKind.LIFE_AT_RISK.value]
    except ServiceCenterError:
        turn.say("utter_progress_unavailable", phone=phone)
        return []
    if not tasks:
        turn.say("utter_no_promise", phone=phone, buttons=word_buttons("转人工"))
        return []
    tasks.sort(key=lambda t: (t["state"] != "open", t["due_at"]))
    for task in tasks[:SHOWN]:
        values = {"question": quoted(task["question"]), "when": moment(task["due_at"], parts), "phone": phone}
        if task["state"] == "done" and task["answer"]:
            turn.say("utter_promise_kept", answer=task["answer"], **values)
        elif task["state"] == "done":
            turn.say("utter_promise_done", **values)
        elif datetime.fromisoformat(task["due_at"]) < parts.clock.now():
            turn.say("utter_promise_late", **values)
        else:
            turn.say("utter_promise_open", **values)
    return slots(misses=0)


async def note_whereabouts(turn: Turn, parts: ActionParts) -> Events:
    """What is said after a cry for help goes to the same people; empty when nobody asked where, or a new question is asked."""
    if coming := who_comes(turn, parts):
        return coming
    if turn.slot("offer") != WHEREABOUTS or looks_like_question(turn.text):
        return []
    task = await promise(turn, parts, TaskKind.LIFE_AT_RISK, turn.text, follows=True)
    cry = next(iter(cries_before(turn, parts)), None)
    if cry is not None and cry.then:
        turn.say_text(cry.then.format(told=parts.talk.told if task else "").strip())
    else:
        turn.say("utter_whereabouts_noted" if task else "utter_call_us", phone=parts.catalogue.centre.enquiry_phone)
    return slots(misses=0)


def who_comes(turn: Turn, parts: ActionParts) -> Events:
    """镇上的人啥时候来: after a cry for help nobody is promised; empty when it is not asked, or nobody cried for help."""
    if not _WHO_COMES.search(turn.text) or not cries_before(turn, parts):
        return []
    turn.say("utter_who_comes", phone=parts.catalogue.centre.enquiry_phone)
    return slots(misses=0)


def tells_where(turn: Turn) -> bool:
    """Whether a message that also names an item of ours is rather the place we asked for."""
    return turn.slot("offer") == WHEREABOUTS and bool(_PLACE.search(turn.text))


def open_question(turn: Turn) -> str:
    """What a clerk should answer: the last message that was more than a short command."""
    for text in turn.said_before:
        if len(text) > 5 and not text.endswith(("人工", "再说一遍", "答复")):
            return text
    return turn.text


def quoted(question: str) -> str:
    """A question, short enough to be repeated."""
    return question if len(question) <= QUOTED else question[:QUOTED] + "…"


def moment(iso: str, parts: ActionParts) -> str:
    """A time as people say it: 明天（周二）10:00."""
    at, now = datetime.fromisoformat(iso), parts.clock.now()
    return f"{day_name(at.date(), now.date())}{at:%H:%M}"
