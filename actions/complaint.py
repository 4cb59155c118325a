"""投诉: where and how, and the offer to write it down, once; a guess without a word of complaint is heard as the question it is."""

from __future__ import annotations

import re

from actions.action_base import BangbanAction, Events, Turn, slots, word_buttons
from actions.case_talk import start_complaint
from actions.consult import answer_question
from bot.bootstrap import ActionParts

_COMPLAINS = re.compile(
    r"投诉|举报|告(?:你|他|状|到|谁)|态度|领导|不满|气(?:死|人|愤)|生气|窝火|推(?:诿|来推去|脱)|踢皮球|刁难|不给办|乱收|没人管|不理|反映|差评|纪委|"
    r"跑了.{1,4}(?:趟|次|回)|白跑|管不管|没人(?:接|理)|不接(?:电话|啊|呀|$)|打不通|老占线|欺负|骂|吼|凶|拖(?:着|了)|收(?:了)?(?:我|俺)"
)


class ActionComplaint(BangbanAction):
    """投诉."""

    def name(self) -> str:
        """Name in domain.yml."""
        return "action_complaint"

    async def handle(self, turn: Turn, parts: ActionParts) -> Events:
        """Whoever goes on complaining gets a person instead of the same words."""
        if not _COMPLAINS.search(turn.text):
            return await answer_question(turn, parts)
        if turn.we_said_words("投诉电话", parts.catalogue.centre.complaint_phone):
            turn.say("utter_offer_clerk", buttons=word_buttons("转人工"), phone=parts.catalogue.centre.enquiry_phone)
            return slots(offer="human", misses=0)
        return start_complaint(turn, parts)
