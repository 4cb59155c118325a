"""帮办: begin, save, resume, cancel and delete applications."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import List, Optional

from actions import visit_talk
from actions.action_base import BangbanAction, Events, Turn, close_form, open_form, slots
from actions.case_talk import start_supplement
from actions.consult import answer_question, missed
from actions.in_hand import answer_aspects, not_covered_here, reconsidered, say_in_hand
from actions.matters import list_matters, named_matters, say_what_is_left
from actions.tell_notice import present_item
from actions.withdrawal import start_withdrawal
from bot.bootstrap import ActionParts
from bot.domain.answers import family_helps, means_something_else
from bot.domain.draft import Draft, left_to_do
from bot.ports import PublishedItem
from bot.services.earlier_values import earlier_values
from bot.services.file_case import new_draft_id
from bot.services.find_item import mentioned_facts, read_match
from bot.services.track_case import number_in

_STOPS = re.compile(r"不(?:再)?(?:办|要|搞|弄|填|申请|交|整|想)|取消|算了|退出|停|作废|删|撤")


_CORRECTS = re.compile(r"错|不对|改|不是|更正|重填|重新填|换成")


class ActionStartFiling(BangbanAction):
    """帮我办: begin an application for the item named, or for the one in hand."""

    def name(self) -> str:
        """Name in domain.yml."""
        return "action_start_filing"

    async def handle(self, turn: Turn, parts: ActionParts) -> Events:
        """Find the item, then begin; several items are worked off one by one."""
        if parts.wishes.find(turn.text) == visit_talk.BOOK:
            return await visit_talk.start(turn, parts, visit_talk.BOOK)
        if several := named_matters(turn, parts):
            return await _start_several(turn, parts, several)
        found = read_match(turn.parse, parts.catalogue)
        item = found.item or turn.current_item(parts)
        if item is None and found.decision == "choose":
            codes = [c.item.code for c in found.candidates]
            return [*slots(asking={"kind": "choose_item", "codes": codes, "then": "file"}), *open_form(turn)]
        if item is None:
            turn.say("utter_file_what")
            return []
        if family_helps(turn.text):
            return answer_aspects(turn, parts, item, ("proxy",))
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
            item = turn.current_item(parts)
            turn.say(
                "utter_nothing_to_save_yet" if item else "utter_nothing_to_save", item=item.item.name if item else ""
            )
            return [*slots(asking=None), *(close_form() if turn.in_form else [])]
        turn.say("utter_saved", item=item_name(draft, parts))
        return [
            *slots(case=None, asking=None, offer=None),
            *say_what_is_left(turn, parts, draft.item_code),
            *close_form(),
        ]


class ActionResumeDraft(BangbanAction):
    """继续: go on with the application put aside."""

    def name(self) -> str:
        """Name in domain.yml."""
        return "action_resume_draft"

    async def handle(self, turn: Turn, parts: ActionParts) -> Events:
        """The draft of the item named, else the only one; of several ask which."""
        if turn.slot("case") and turn.in_form:
            return []  # the form asks its open question again by itself
        drafts = await parts.store.drafts_of(turn.conversation)
        usable = [d for d in drafts if parts.catalogue.get(d.item_code) is not None]
        if not usable:
            if left := say_what_is_left(turn, parts):
                return left
            return await _back_to_matter(turn, parts)
        found = read_match(turn.parse, parts.catalogue)
        named = [c.item.code for c in found.candidates] if found.decision in ("answer", "choose") else []
        meant = [d for d in usable if d.item_code in named]
        if len(usable) > 1 and not meant:
            codes = [d.item_code for d in usable][:5]
            return [
                *slots(asking={"kind": "choose_item", "codes": codes, "then": "file", "drafts": True}),
                *open_form(turn),
            ]
        return await resume(turn, parts, (meant or usable)[0])


async def _back_to_matter(turn: Turn, parts: ActionParts) -> Events:
    """接着说食品证, where nothing was filled in: the item named, else the one in hand."""
    current, found = turn.current_item(parts), read_match(turn.parse, parts.catalogue)
    candidates = found.candidates if found.decision in ("answer", "choose") else ()
    named = current is not None and current.item.code in [c.item.code for c in candidates]
    told = next((c for c in candidates if turn.we_said_words(f"“{c.item.name}”")), None)
    if told is not None and not named:
        return await present_item(turn, parts, told, mentioned_facts(told.item, turn.text))
    if candidates and not named:
        return await answer_question(turn, parts)
    if current is not None and turn.in_form:
        turn.say("utter_go_on", item=current.item.name)
        return slots(misses=0)
    if current is not None and named:
        return say_in_hand(turn, parts, current, ())
    turn.say("utter_no_draft")  # "继续" after all has been deleted
    return []


class ActionCancel(BangbanAction):
    """不办了: ask once, then delete; also take a filed case back, and delete drafts at once when told so."""

    def name(self) -> str:
        """Name in domain.yml."""
        return "action_cancel"

    async def handle(self, turn: Turn, parts: ActionParts) -> Events:
        """Withdraw, delete, ask, or drop."""
        wish = parts.wishes.find(turn.text)
        if wish in visit_talk.WISHES:
            return await visit_talk.start(turn, parts, wish)
        draft = await open_draft(turn, parts)
        if number_in(turn.text) or (wish == "withdraw" and (draft is None or "件" in turn.text or "交" in turn.text)):
            return await start_withdrawal(turn, parts)
        if wish == "delete":
            return await delete_drafts(turn, parts)
        if draft is not None and not _STOPS.search(turn.text):
            turn.say("utter_not_understood_beside")  # "我不托人了" is no wish to stop, whatever it sounds like
            return []
        if draft is not None:
            await parts.store.save(replace(draft, cancelling=True))
            return []  # the form now asks whether it is meant
        drafts = await parts.store.drafts_of(turn.conversation)
        if drafts and not turn.in_form:
            await parts.store.save(replace(drafts[0], cancelling=True))
            return [*slots(case=drafts[0].id, item=drafts[0].item_code, asking=None), *open_form(turn)]
        turn.say("utter_cancelled_question")
        return [*slots(asking=None, offer=None), *(close_form() if turn.in_form else [])]


class ActionCorrect(BangbanAction):
    """说错了 where no question of a draft is open: what has been filed is corrected by a person."""

    def name(self) -> str:
        """Name in domain.yml."""
        return "action_correct"

    async def handle(self, turn: Turn, parts: ActionParts) -> Events:
        """Nothing to step back from; "等会再说" is fine."""
        wish = parts.wishes.find(turn.text)
        if wish in visit_talk.WISHES:
            return await visit_talk.start(turn, parts, wish)
        if wish is None and not turn.slot("case"):
            item = turn.current_item(parts)
            if again := await reconsidered(turn, parts):
                return again
            if item is not None and (otherwise := not_covered_here(turn, parts, item)):
                return otherwise
            if item is not None and means_something_else(turn.text):
                return [*drop_item(turn, item), *(close_form() if turn.in_form else [])]
            if not _CORRECTS.search(turn.text):
                return await missed(turn, parts, "utter_not_understood")  # "就是拆了重新盖" only sounds like a correction
        response = {"back": "utter_nothing_before", "skip": "utter_whenever_you_like"}.get(
            wish or "", "utter_correct_what"
        )
        turn.say(response)
        return []


class ActionSupplement(BangbanAction):
    """还差什么: of the application being filled in, else of what was filed."""

    def name(self) -> str:
        """Name in domain.yml."""
        return "action_supplement"

    async def handle(self, turn: Turn, parts: ActionParts) -> Events:
        """What is still to be said, or where to bring what the counter wants."""
        draft = await open_draft(turn, parts)
        published = parts.catalogue.get(draft.item_code) if draft is not None else None
        if draft is None or published is None:
            return await start_supplement(turn, parts)
        left = left_to_do(draft, published.item)
        turn.say("utter_still_left" if left else "utter_nothing_left", item=published.item.name, left="、".join(left))
        return []


def drop_item(turn: Turn, item: PublishedItem) -> Events:
    """It is not this one: say so and ask for more."""
    turn.say("utter_not_this_item", item=item.item.name)
    return slots(asking=None, item=None, facts=None, offer=None, misses=0)


async def _start_several(turn: Turn, parts: ActionParts, several: List[PublishedItem]) -> Events:
    matters = list_matters(turn, parts, several)
    if turn.slot("case"):
        return slots(matters=matters)
    first = several[0]
    left = {**matters, "open": matters["open"][1:]}
    return [*slots(matters=left), *await start_filing(turn, parts, first)]


async def start_filing(turn: Turn, parts: ActionParts, item: PublishedItem) -> Events:
    """Begin (or go on with) an application for an item; while another is open, ask once whether to put that aside."""
    open_now = await open_draft(turn, parts)
    if open_now is not None and open_now.item_code == item.item.code:
        return open_form(turn)
    if open_now is not None:
        await parts.store.save(replace(open_now, aside=item.item.code, cancelling=False))
        return open_form(turn)  # the form asks
    return await begin(turn, parts, item)


async def begin(turn: Turn, parts: ActionParts, item: PublishedItem) -> Events:
    """A new draft, or the one kept for this item; warned when the same thing has been filed already."""
    kept = [d for d in await parts.store.drafts_of(turn.conversation) if d.item_code == item.item.code]
    known = turn.facts if turn.slot("item") == item.item.code else {}
    if kept:
        return await resume(turn, parts, replace(kept[0], facts={**kept[0].facts, **known}))
    draft = Draft(
        id=new_draft_id(),
        conversation=turn.conversation,
        item_code=item.item.code,
        catalogue_version=item.version,
        created_at=parts.clock.now().isoformat(),
        facts={**known, **mentioned_facts(item.item, turn.text)},
        earlier=earlier_values(await parts.store.drafts_of(turn.conversation), await parts.store.of(turn.conversation)),
    )
    draft = replace(draft, duplicates=[c.as_dict() for c in await parts.open_cases.alike(draft)])
    if not draft.duplicates:
        turn.say("utter_filing_starts", item=item.item.name, free=parts.catalogue.centre.free_help)
    await parts.store.save(draft)
    return take_up(turn, draft)


async def resume(turn: Turn, parts: ActionParts, draft: Draft) -> Events:
    """Go on with a draft that was put aside."""
    draft = replace(draft, cancelling=False, aside="")
    await parts.store.save(draft)
    turn.say("utter_resumed", item=item_name(draft, parts))
    return take_up(turn, draft)


def take_up(turn: Turn, draft: Draft) -> Events:
    """Make a draft the one being worked on."""
    return [
        *slots(case=draft.id, item=draft.item_code, facts=dict(draft.facts), asking=None, offer=None, misses=0),
        *open_form(turn),
    ]


async def delete_drafts(turn: Turn, parts: ActionParts) -> Events:
    """Delete every draft of this conversation at once, and say which; what has been filed is not touched."""
    drafts = await parts.store.drafts_of(turn.conversation)
    for draft in drafts:
        await parts.store.delete(draft.id)
    filed = await parts.store.of(turn.conversation)
    if drafts:
        turn.say("utter_deleted", items="、".join(f"“{item_name(d, parts)}”" for d in drafts))
    elif not filed:
        turn.say("utter_nothing_to_delete")
    if filed:
        turn.say("utter_filed_stays")
    return [*slots(case=None, asking=None, offer=None, facts=None), *(close_form() if turn.in_form else [])]


async def open_draft(turn: Turn, parts: ActionParts) -> Optional[Draft]:
    """The draft being worked on in this conversation."""
    case = turn.slot("case")
    return await parts.store.load(case) if case else None


def item_name(draft: Draft, parts: ActionParts) -> str:
    """The name of a draft's item; its code when the catalogue does not have it any more."""
    published = parts.catalogue.get(draft.item_code)
    return published.item.name if published else draft.item_code
