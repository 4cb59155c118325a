"""Leads talk that is certain by its words (read_talk.py), and questions about hours, to the rule that answers it; else the intent stays."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Dict, List, Optional

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot import bootstrap
from bot.domain.answers import has_words
from bot.domain.hours_question import HoursKind
from bot.nlu.item_ranker import DECISION, RANKING

CERTAIN = 0.96
CLEARLY_AN_ITEM = 0.8
LONGEST_BESIDE_ITEM = 14
LIFE = frozenset({"emergency", "crisis"})
MORE_THAN_TALK = frozenset(
    {"emergency", "crisis", "complaint", "rating", "human", "center_info", "progress", "privacy", "illegal", "anti_fraud", "injection",
     "supplement", "correct", "save_draft", "cancel"}
)  # fmt: skip
"""Intents that a mood or a word of another office in the message does not make small talk or somebody else's business."""
SURE_OF_INTENT = 0.9
HOURS = "center_info"
BESIDE_HOURS = frozenset({"emergency", "crisis", "anti_fraud", "human", "complaint", "privacy", "illegal", "other_region"})
"""Intents that a question about hours does not overrule."""
BUTTONS = frozenset({"再说一遍", "再发一遍", "还想问问"})
"""Words on our buttons that a classifier takes for something else."""
_WANTS_A_PERSON = re.compile(r"转?人工(?!智[能障])")
_ASKS_PHONE = re.compile(r"电话(?:号码?)?(?:是)?(?:好?多少|几多|给我|说一下|告诉|是啥|是什么|有没有|发)|(?:把|给).{0,4}电话(?:说|给|发|告)")
ANY_DAY = date(2026, 1, 1)  # only whether hours are asked for matters here, not for which day


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class TalkArbiter(GraphComponent):
    """Rasa component; stands behind IntentArbiter."""

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
    ) -> "TalkArbiter":
        """Called by Rasa when the model is loaded."""
        return cls()

    def __init__(self) -> None:
        self._talk = bootstrap.talk_signs()
        self._hours = bootstrap.hours_words()

    def process(self, messages: List[Message]) -> List[Message]:
        """Set the intent of each message whose words are certain."""
        for message in messages:
            text = message.get(TEXT)
            better = self._better(text, message) if text else None
            if better is not None:
                message.set(INTENT, {"name": better, "confidence": CERTAIN}, add_to_output=True)
        return messages

    def _better(self, text: str, message: Message) -> Optional[str]:
        name = (message.get(INTENT) or {}).get("name") or ""
        ranking = message.get(RANKING) or [{}]
        item = message.get(DECISION) == "answer"
        clearly = item and float(ranking[0].get("confidence", 0.0)) >= CLEARLY_AN_ITEM
        sign = self._talk.sign(text, about_item=item)
        if sign is not None and clearly and not sign.sure and name not in LIFE | {sign.intent}:
            return None  # "老公出车祸住院，钱花光了，政府能不能救个急": asked afterwards, for help that is an item
        sure = float((message.get(INTENT) or {}).get("confidence") or 0.0) >= SURE_OF_INTENT
        yields = sign is not None and not sign.sure and (sign.yields or sign.intent == "out_of_scope")
        if yields and sure and (name in MORE_THAN_TALK or not has_words(text)):
            sign = None  # "跑了四趟都不给办" is no talk of age, "thank you" no babble
        if text.strip() in BUTTONS:
            return "choose"
        if _WANTS_A_PERSON.match(text.strip()):
            return "human"
        if sign is None and name not in LIFE | {"human"} and _ASKS_PHONE.search(text):
            return HOURS
        elsewhere = name in BESIDE_HOURS or (name == "out_of_scope" and sure)
        if sign is None and not elsewhere and self._asks_hours(text, item):
            return HOURS
        return sign.intent if sign else None

    def _asks_hours(self, text: str, item: bool) -> bool:
        """With an item in the message only a short and exact question counts ("结婚登记周末能办吗"); "现在还能办吗" asks about the item."""
        question = self._hours.read(text, ANY_DAY)
        if question is None:
            return False
        return not item or (len(text) <= LONGEST_BESIDE_ITEM and question.kind not in (HoursKind.GENERAL, HoursKind.NOW))
