"""帮办: begin, save, resume and cancel an application."""

from __future__ import annotations

from dataclasses import replace
from typing import Optional

from actions.action_base import BangbanAction, Events, Turn, close_form, open_form, slots, word_buttons
from bot.bootstrap import ActionParts
from bot.domain.draft import Draft
from bot.ports import PublishedItem
from bot.services.file_case import new_draft_id
from bot.services.find_item import mentioned_facts, read_match


class ActionStartFiling(BangbanAction):
    """帮我办: begin an application for the item named, or for the one in hand."""

    def name(self) -> str:
        """Name in domain.yml."""
        return "action_start_filing"

    async def handle(self, turn: Turn, parts: ActionParts) -> Events:
        """Find the item, then begin."""
        found = read_match(turn.parse, parts.catalogue)
        item = found.item or turn.current_item(parts)
        if item is None and found.decision == "choose":
            codes = [c.item.code for c in found.candidates]
            return [*slots(asking={"kind": "choose_item", "codes": codes, "then": "file"}), *open_form(turn)]
        if item is None:
            turn.say("utter_file_what")
            return []
        return await start_filing(turn, parts, item)


class ActionSaveDraft(BangbanAction):
    """先存着: put the application aside."""

    def name(self) -> str:
        """Name in domain.yml."""
        return "action_save_draft"

    async def handle(self, turn: Turn, parts: ActionParts) -> Events:
        """The draft is stored after every answer anyway; leave the form and say how to come back."""
        draft = await open_draft(turn, parts)
        if draft is None:
            turn.say("utter_nothing_to_save")
            return [*slots(asking=None), *(close_form() if turn.in_form else [])]
        turn.say("utter_saved", item=_item_name(draft, parts))
        return [*slots(case=None, asking=None, offer=None), *close_form()]


class ActionResumeDraft(BangbanAction):
    """继续: go on with the application put aside."""

    def name(self) -> str:
        """Name in domain.yml."""
        return "action_resume_draft"

    async def handle(self, turn: Turn, parts: ActionParts) -> Events:
        """Take the draft touched last."""
        if turn.slot("case") and turn.in_form:
            return []  # the form asks its open question again by itself
        drafts = await parts.store.drafts_of(turn.conversation)
        usable = [d for d in drafts if parts.catalogue.get(d.item_code) is not None]
        if not usable:
            turn.say("utter_no_draft")
            return []
        draft = replace(usable[0], cancelling=False)
        await parts.store.save(draft)
        turn.say("utter_resumed", item=_item_name(draft, parts))
        return [*slots(case=draft.id, item=draft.item_code, asking=None, offer=None), *open_form(turn)]


class ActionCancel(BangbanAction):
    """不办了: ask once, then delete; an open question without a draft is simply dropped."""

    def name(self) -> str:
        """Name in domain.yml."""
        return "action_cancel"

    async def handle(self, turn: Turn, parts: ActionParts) -> Events:
        """Ask, or drop."""
        draft = await open_draft(turn, parts)
        if draft is not None:
            await parts.store.save(replace(draft, cancelling=True))
            return []  # the form now asks whether it is meant
        drafts = await parts.store.drafts_of(turn.conversation)
        if drafts and not turn.in_form:
            await parts.store.save(replace(drafts[0], cancelling=True))
            return [*slots(case=drafts[0].id, item=drafts[0].item_code, asking=None), *open_form(turn)]
        turn.say("utter_cancelled_question")
        return [*slots(asking=None, offer=None), *(close_form() if turn.in_form else [])]


async def start_filing(turn: Turn, parts: ActionParts, item: PublishedItem) -> Events:
    """Begin (or go on with) an application for an item."""
    open_now = await open_draft(turn, parts)
    if open_now is not None and open_now.item_code == item.item.code:
        return open_form(turn)
    if open_now is not None:
        turn.say("utter_switched", item=_item_name(open_now, parts))
    kept = [d for d in await parts.store.drafts_of(turn.conversation) if d.item_code == item.item.code]
    known = turn.facts if turn.slot("item") == item.item.code else {}
    if kept:
        draft = replace(kept[0], cancelling=False, facts={**kept[0].facts, **known})
        turn.say("utter_resumed", item=item.item.name)
    else:
        draft = Draft(
            id=new_draft_id(),
            conversation=turn.conversation,
            item_code=item.item.code,
            catalogue_version=item.version,
            created_at=parts.clock.now().isoformat(),
            facts={**known, **mentioned_facts(item.item, turn.text)},
        )
        turn.say("utter_filing_starts", item=item.item.name, free=parts.catalogue.centre.free_help)
    await parts.store.save(draft)
    return [*slots(case=draft.id, item=item.item.code, facts=dict(draft.facts), asking=None, offer=None, misses=0), *open_form(turn)]


async def open_draft(turn: Turn, parts: ActionParts) -> Optional[Draft]:
    """The draft being worked on in this conversation."""
    case = turn.slot("case")
    return await parts.store.load(case) if case else None


def _item_name(draft: Draft, parts: ActionParts) -> str:
    published = parts.catalogue.get(draft.item_code)
    return published.item.name if published else draft.item_code


CONFIRM_BUTTONS = word_buttons("提交", "有错要改", "先存着")
