"""Notes what was not answered clearly, beside the turn: nobody waits for it, and its failure is nobody's."""

from __future__ import annotations

import asyncio
import logging
from typing import Any, Dict, List, Set

from actions.action_base import Turn
from bot.bootstrap import ActionParts

logger = logging.getLogger("bangban.actions")

SECONDS = 3.0
MOST_UNDER_WAY = 20
"""While the centre is slow or down, further questions are let go."""
UNCLEAR = ("choose", "clarify", "refuse")

_under_way: Set["asyncio.Task[None]"] = set()


def note_miss(turn: Turn, parts: ActionParts) -> None:
    """Send the question to the centre's work list in the background."""
    if len(_under_way) >= MOST_UNDER_WAY:
        return
    task = asyncio.get_running_loop().create_task(_send(turn, parts))
    _under_way.add(task)
    task.add_done_callback(_under_way.discard)


async def _send(turn: Turn, parts: ActionParts) -> None:
    decision = str(turn.parse.get("item_decision") or "")
    ranking: List[Dict[str, Any]] = turn.parse.get("item_ranking") or []
    try:
        await asyncio.wait_for(
            parts.record_miss(
                turn.text, decision if decision in UNCLEAR else "clarify", ranking, turn.conversation, turn.channel
            ),
            SECONDS,
        )
    except Exception as error:  # fire and forget: the type alone, for messages can carry what people wrote
        logger.info("miss.not_recorded %s", type(error).__name__)
