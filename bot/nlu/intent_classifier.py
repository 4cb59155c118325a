"""Rasa component: what a message wants.

Needs no tokeniser and no featuriser; reads the raw text of the message. See `intent_features` for what it looks at and
`intent_model` for how it decides.
"""

from __future__ import annotations

from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, Dict, List, Optional, Type

import yaml
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier as RasaIntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, INTENT_RANKING_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.intent_features import word_classes
from bot.nlu.intent_model import IntentModel, Tuning

ROOT = Path(__file__).resolve().parents[2]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(GraphComponent, RasaIntentClassifier):
    """Sets `intent` and `intent_ranking` of each message."""

    @classmethod
    def required_components(cls) -> List[Type]:
        """Nothing before it in the pipeline."""
        return []

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """Where the word lists are (read in training only), and the tuned numbers."""
        return {
            "word_classes": "data/dialogue/intent_words.yml",
            "talk_acts": "data/dialogue/talk_acts.yml",
            "ranking_length": 5,
            **asdict(Tuning()),
        }

    def __init__(
        self,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: Optional[IntentModel] = None,
    ) -> None:
        self._config = {**self.get_default_config(), **config}
        self._model_storage = model_storage
        self._resource = resource
        self._model = model

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "IntentClassifier":
        """An untrained classifier."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from every sentence that has an intent, and store the model."""
        examples = [m for m in training_data.intent_examples if m.get(TEXT) and m.get(INTENT)]
        if len({m.get(INTENT) for m in examples}) < 2:
            return self._resource  # nothing to tell apart
        self._model = IntentModel.train(
            [m.get(TEXT) for m in examples],
            [m.get(INTENT) for m in examples],
            word_classes(_read(self._config["word_classes"])),
            _read(self._config["talk_acts"]),
            Tuning(**{field.name: self._config[field.name] for field in fields(Tuning)}),
        )
        with self._model_storage.write_to(self._resource) as folder:
            self._model.save(folder)
        return self._resource

    @classmethod
    def load(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "IntentClassifier":
        """The trained classifier, warm."""
        try:
            with model_storage.read_from(resource) as folder:
                model = IntentModel.load(folder)
        except ValueError:  # training had nothing to store
            return cls.create(config, model_storage, resource, execution_context)
        model.warm_up()
        return cls(config, model_storage, resource, model)

    def process(self, messages: List[Message]) -> List[Message]:
        """Set the intent and the ranking; a message without content gets no intent and confidence 0."""
        for message in messages:
            found = self._model.rank(message.get(TEXT) or "", self._config["ranking_length"]) if self._model else []
            ranking = [{INTENT_NAME_KEY: name, PREDICTED_CONFIDENCE_KEY: confidence} for name, confidence in found]
            best = ranking[0] if ranking else {INTENT_NAME_KEY: None, PREDICTED_CONFIDENCE_KEY: 0.0}
            message.set(INTENT, best, add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    @classmethod
    def validate_config(cls, config: Dict[str, Any]) -> None:
        """Nothing to check beyond what reading the files checks."""


def _read(path: str) -> Dict[str, Any]:
    file = Path(path) if Path(path).is_absolute() else ROOT / path
    content = yaml.safe_load(file.read_text(encoding="utf8")) if file.exists() else {}
    return dict(content or {})
