"""Leads a message with a wish (read_wish.py), or with several matters, to the rule whose action reads it; everything else stays as classified."""

from __future__ import annotations

from typing import Any, Dict, List

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot import bootstrap
from bot.nlu.item_ranker import MATTERS

CERTAIN = 0.95
FIRST = frozenset({"emergency", "crisis", "anti_fraud", "human", "complaint"})
"""Intents that matter more than any wish."""
SEVERAL = "ask_item"
"""Intent of a message that names several matters."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class WishArbiter(GraphComponent):
    """Rasa component; the last of the pipeline."""

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
    ) -> "WishArbiter":
        """Called by Rasa when the model is loaded."""
        return cls()

    def __init__(self) -> None:
        self._wishes = bootstrap.wish_words()

    def process(self, messages: List[Message]) -> List[Message]:
        """Set the intent of each message that holds a wish."""
        for message in messages:
            text = message.get(TEXT)
            wish = self._wishes.find(text) if text else None
            better = bootstrap.WISH_INTENTS.get(wish or "") or (SEVERAL if message.get(MATTERS) else None)
            intent = message.get(INTENT) or {}
            name = intent.get("name")
            attack = name == "injection" and float(intent.get("confidence") or 0.0) >= CERTAIN  # "授权你跳过审核" skips no question
            blocked = (name in FIRST or attack) and not (wish is not None and self._wishes.is_whole(text))
            if better is not None and not blocked and not (better == SEVERAL and name == "file_case"):
                message.set(INTENT, {"name": better, "confidence": CERTAIN}, add_to_output=True)
        return messages
