"""Leads talk that is certain by its words (read_talk.py), and questions about hours, to the rule that answers it; else the intent stays."""

from __future__ import annotations

from datetime import date
from typing import Any, Dict, List, Optional

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot import bootstrap

CERTAIN = 0.96
HOURS = "center_info"
BESIDE_HOURS = frozenset({"emergency", "crisis", "anti_fraud", "human", "complaint", "privacy", "illegal", "other_region"})
"""Intents that a question about hours does not overrule."""
ANY_DAY = date(2026, 1, 1)  # only whether hours are asked for matters here, not for which day


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class TalkArbiter(GraphComponent):
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
            better = self._better(text, (message.get(INTENT) or {}).get("name") or "") if text else None
            if better is not None:
                message.set(INTENT, {"name": better, "confidence": CERTAIN}, add_to_output=True)
        return messages

    def _better(self, text: str, name: str) -> Optional[str]:
        certain = self._talk.intent(text)
        if certain is None and name not in BESIDE_HOURS and self._hours.read(text, ANY_DAY) is not None:
            return HOURS
        return certain
