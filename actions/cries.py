"""呼救 (hujiu): what was said of danger or fraud earlier in this session, which what is said now goes on from."""

from __future__ import annotations

import re
from typing import List, Optional

from actions.action_base import Events, Turn, slots
from bot.bootstrap import ActionParts
from bot.domain.promise import TaskKind
from bot.services.read_talk import Sign

_VILLAGE = re.compile(
    r"(?:(?!我们|你们|他们|哪个|这个|那个|在|到|去|来)[\u4e00-\u9fff]){2}(?:村|社区)(?![里上干委])|[一二三四五六七八九十0-9]组"
)
"""A village by its name; "我们村" and "在村里" tell nobody where."""
FRAUD = "anti_fraud"
STILL_ABOUT_IT = 3
"""Messages after a warning that are still about the call it was for, when nothing else is made of them."""


def cries_before(turn: Turn, parts: ActionParts) -> List[Sign]:
    """The cries for help of this session before this message whose words made their kind certain, newest first."""
    return [cry for said in turn.said_before if (cry := _cry(said, parts)) is not None]


def _cry(text: str, parts: ActionParts) -> Optional[Sign]:
    sign = parts.talk.safety.find(text)
    return sign if sign is not None and sign.task == TaskKind.LIFE_AT_RISK.value else None


def told_where(turn: Turn, parts: ActionParts) -> bool:
    """Whether a village was told with a cry for help or since the first one of this session."""
    said = [*reversed(turn.said_before), turn.text]
    first = next((at for at, text in enumerate(said) if _cry(text, parts) is not None), len(said) - 1)
    return any(_VILLAGE.search(text) for text in said[first:])


def after_fraud(turn: Turn, parts: ActionParts) -> Events:
    """ "他说明天就不能用了" shortly after a warning: what holds of such calls, and where to ask instead. Empty if there was none, or it was said."""
    signs = (parts.talk.safety.find(said) for said in turn.said_before[:STILL_ABOUT_IT])
    warned = next((sign for sign in signs if sign is not None and sign.intent == FRAUD), None)
    again = parts.talk.safety.of_intent(FRAUD)
    if warned is None or again is None or turn.we_said(again.again):
        return []
    turn.say_text(again.again)
    return slots(misses=0)
