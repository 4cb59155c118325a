"""The one form: whatever question of ours is open, its answer is read here.

`validate_item_form` is a plain action with four results: the answer was taken (ask the next question), everything is there (the
form ends and `action_form_done` follows), the message was talk beside the question (return nothing: the form rejects, a rule answers, and
Rasa comes back to the form), or an earlier value was corrected. It asks the next question itself, so a form turn costs one action call.
"""

from __future__ import annotations

from typing import Any, Dict

from actions import form_filing
from actions.action_base import DONE, WAITING, BangbanAction, Events, Turn, slots
from actions.filing import open_draft
from actions.form_asking import BEFORE_A_DRAFT, HANDLERS
from actions.form_questions import ask
from actions.tell_notice import say_notice
from bot.bootstrap import ActionParts
from bot.domain.draft import Draft


class ValidateItemForm(BangbanAction):
    """Reads the answer to the open question."""

    def name(self) -> str:
        """Name that Rasa derives from the form's."""
        return "validate_item_form"

    def after_failure(self) -> Events:
        """Stay in the form: the draft is stored, the question can be answered again.

        Without a slot besides requested_slot Rasa would take this for a rejection and lose the sentence.
        """
        return [*slots(answer=None), *WAITING]

    async def handle(self, turn: Turn, parts: ActionParts) -> Events:
        """Filing when a draft is open, else one of the smaller questions; a few of these come before the draft's."""
        draft = await open_draft(turn, parts)
        asking: Dict[str, Any] = turn.slot("asking") or {}
        kind = asking.get("kind", "")
        if draft is not None and kind not in BEFORE_A_DRAFT:
            return await form_filing.take(turn, parts, draft)
        handler = HANDLERS.get(kind)
        if handler is None:
            return list(DONE)
        events = await handler(turn, parts, asking)
        return events if draft is None else _back_to(turn, parts, draft, events)


def _back_to(turn: Turn, parts: ActionParts, draft: Draft, events: Events) -> Events:
    """After a question that came before the draft's: ask the draft's again instead of ending the form."""
    published = parts.catalogue.get(draft.item_code)
    if published is None or not any(e.get("name") == "requested_slot" and e.get("value") is None for e in events):
        return events
    ask(turn, parts, draft, published)
    return [*(e for e in events if e.get("name") != "requested_slot"), *WAITING]


class ActionFormDone(BangbanAction):
    """After the form has ended: give the exact notice when it was about circumstances."""

    def name(self) -> str:
        """Name in domain.yml."""
        return "action_form_done"

    async def handle(self, turn: Turn, parts: ActionParts) -> Events:
        """Everything else was said when the last answer was taken."""
        asking: Dict[str, Any] = turn.slot("asking") or {}
        published = turn.current_item(parts)
        if asking.get("kind") != "circumstance" or published is None:
            return slots(asking=None)
        if published.item.next_circumstance(turn.facts) is not None:
            return slots(asking=None)
        await say_notice(turn, parts, published, turn.facts)
        return slots(asking=None, offer="file", misses=0)
