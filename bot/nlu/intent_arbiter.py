"""Settles what the sentence classifier cannot see: our own numbers, bare follow-ups, and an item that is clearly meant.

Stands after classifier and item ranker. Each rule is certain by construction; everything else stays as classified.
"""

from __future__ import annotations

import re
from typing import Any, Dict, List, Optional

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot import bootstrap
from bot.domain.answers import has_words
from bot.domain.case_numbers import NumberKind, find
from bot.nlu.item_ranker import DECISION, RANKING

AROUND_A_CASE = frozenset({"human", "complaint", "cancel", "supplement", "correct", "rating", "emergency", "crisis"})
"""What people may want of a case they name, besides its progress."""
ABOUT_THE_CENTRE = frozenset({"hours", "place", "phone"})
TALK_OF_WORDS = frozenset({"goodbye", "thanks", "greet", "chitchat", "choose", "affirm", "deny"})
ALARMS = frozenset({"emergency", "crisis", "anti_fraud", "illegal", "privacy", "abuse", "complaint", "injection", "human"})
_LATIN = re.compile(r"[A-Za-z]{2}")
"""Letters in a row are words of another language ("thank you") or a program, and no number."""
SHORTEST_CODE = 6
"""A look-up code or number alone is no goodbye."""
SURE_OF_ITEM = 0.9
UNSURE_OF_INTENT = 0.5
NEVER_OVERRULED = frozenset({"emergency", "crisis", "anti_fraud", "human", "complaint", "privacy", "illegal", "file_case", "ask_item"})
TALK = frozenset({"chitchat", "out_of_scope", "injection", "choose", "greet", "thanks", "goodbye", "rating", "save_draft", "abuse"})

SAYS_MORE = frozenset({"complaint", "file_case", "affirm", "deny", "chitchat"})
"""What a short text with the name of an aspect (投诉, 流程, 符合, 代办) may be instead of a question back."""
CERTAIN_OF_MORE = 0.95
ACCUSES_OR_DISMISSES = frozenset({"illegal", "privacy", "injection", "abuse", "goodbye", "other_region"})
"""Intents whose answer hurts whoever did not mean them: a warning against forgery, a good-bye, another town's phone."""
SURE_ENOUGH_TO_DISMISS = 0.6
_SAYS_AGAIN = re.compile(r"我(?:问|说|讲|要办)的(?:是|不是)")
"""Whoever has to say again what they asked is not sent to another town."""
NOTHING_CERTAIN = "nlu_fallback"
"""Leads to the item search, and with a question open to the form. Emergency, crisis and fraud stay sensitive instead."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class IntentArbiter(GraphComponent):
    """Rasa component; changes the intent of a message only by the rules below."""

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """No settings."""
        return {}

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "IntentArbiter":
        """Called by Rasa when the model is loaded."""
        return cls()

    def __init__(self) -> None:
        self._aspects = bootstrap.aspect_words()

    def process(self, messages: List[Message]) -> List[Message]:
        """Settle the intent of each message that has text."""
        for message in messages:
            text = message.get(TEXT)
            if not text:
                continue
            intent = message.get(INTENT) or {}
            better = self._better(text, intent.get("name") or "", float(intent.get("confidence") or 0.0), message)
            if better is not None and better != intent.get("name"):
                sure = SURE_OF_ITEM if better != NOTHING_CERTAIN else float(intent.get("confidence") or 0.0)
                message.set(INTENT, {"name": better, "confidence": sure}, add_to_output=True)
        return messages

    def _better(self, text: str, name: str, confidence: float, message: Message) -> Optional[str]:
        if name not in AROUND_A_CASE and (
            bootstrap.CASE_NUMBER_LIKE.search(text) or any(number.kind is NumberKind.CASE for number in find(text))
        ):
            return "progress"
        if name in TALK_OF_WORDS and not has_words(text) and not _LATIN.search(text) and len(text.strip()) >= SHORTEST_CODE:
            return "progress" if text.strip().isdigit() else NOTHING_CERTAIN
        if name in ALARMS and not has_words(text) and not (name == "injection" and (_LATIN.search(text) or "{" in text)):
            return NOTHING_CERTAIN  # "1000" is an answer and no cry for help
        asks = name not in SAYS_MORE or confidence < CERTAIN_OF_MORE
        if name in TALK_OF_WORDS and self._aspects.only_asks_back(text) and set(self._aspects.find(text)) <= ABOUT_THE_CENTRE:
            return "center_info"  # "礼拜六呢" is no goodbye
        if asks and self._aspects.only_asks_back(text) and not ABOUT_THE_CENTRE & set(self._aspects.find(text)):
            return "ask_item"
        if message.get(DECISION) == "answer" and confidence < SURE_OF_ITEM and name not in NEVER_OVERRULED:
            best = float((message.get(RANKING) or [{}])[0].get("confidence", 0.0))
            if confidence < UNSURE_OF_INTENT or (name in TALK and best >= SURE_OF_ITEM):
                return "ask_item"
        if name in ACCUSES_OR_DISMISSES and (confidence < SURE_ENOUGH_TO_DISMISS or (name == "other_region" and _SAYS_AGAIN.search(text))):
            return NOTHING_CERTAIN
        return None
