"""Ranks catalogue items for each message; a published change is found without training and without restart.

Adds `item_ranking` [{"code", "name", "confidence"}] and `item_decision` (answer, choose, clarify, refuse) to the parse result, where actions read
them from the tracker's latest message; also `item_matters` [{"text", "code"}] when the text names several matters, and `item_sides`
[{"text", "ranking"}] when it compares two. The index is the one the centre built beside the catalogue snapshot; the pointer is polled at most
once a second and a new index is opened in a thread while the old one serves.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot import bootstrap
from bot.matching import Index, Matcher
from bot.matching.matters import find_matters, sides

logger = logging.getLogger(__name__)

CHECK_SECONDS = 1.0
TOP = 5
RANKING, DECISION = "item_ranking", "item_decision"
MATTERS, SIDES = "item_matters", "item_sides"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class ItemRanker(GraphComponent):
    """Rasa component over `bot.matching`."""

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """No settings: where the index is comes from the process's settings."""
        return {}

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "ItemRanker":
        """Called by Rasa when the model is loaded."""
        return cls(bootstrap.publication_dir())

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._encoder = bootstrap.sentence_encoder()
        self._lexicon = bootstrap.lexicon()
        self._wishes = bootstrap.wish_words()
        self._matcher: Optional[Matcher] = None
        self._built = ("", 0)
        self._next_check = 0.0
        self._loading = threading.Lock()
        self._refresh()
        if self._matcher is not None:
            self._matcher.match("身份证丢了怎么办")  # loads the encoder and jieba before the first resident pays for it

    def process(self, messages: List[Message]) -> List[Message]:
        """Rank items for each message that has text."""
        self._refresh()
        for message in messages:
            text = message.get(TEXT)
            if text and self._matcher is not None:
                result = self._matcher.match(text, TOP)
                message.set(RANKING, [ranked.as_dict() for ranked in result.ranking], add_to_output=True)
                message.set(DECISION, result.decision, add_to_output=True)
                self._parts(text, message, self._matcher)
            else:
                message.set(RANKING, [], add_to_output=True)
                message.set(DECISION, "refuse", add_to_output=True)
        return messages

    def _parts(self, text: str, message: Message, matcher: Matcher) -> None:
        """Rank the parts of a text that speaks of more than one item."""
        compared = sides(text) if self._wishes.find(text) == "compare" else None
        if compared is not None:
            ranked = [{"text": side, "ranking": [r.as_dict() for r in matcher.match(side, TOP).ranking]} for side in compared]
            message.set(SIDES, ranked, add_to_output=True)
        elif matters := find_matters(text, lambda words: matcher.match(words, TOP)):
            message.set(MATTERS, [matter.as_dict() for matter in matters], add_to_output=True)

    def _refresh(self) -> None:
        if time.monotonic() < self._next_check:
            return
        self._next_check = time.monotonic() + CHECK_SECONDS
        try:
            pointer = json.loads((self._folder / "current.json").read_text(encoding="utf8"))
            name = f"v{int(pointer['version'])}.index"
            built = (name, (self._folder / name / "meta.json").stat().st_mtime_ns)  # built anew after an upgrade, it keeps its name
        except (OSError, ValueError, KeyError):
            return  # nothing published yet; the pointer is replaced atomically, so it is never half written
        if built == self._built:
            return
        if self._matcher is None:
            self._open(built)
        elif self._loading.acquire(blocking=False):
            threading.Thread(target=self._open_in_background, args=(built,), daemon=True).start()

    def _open_in_background(self, built: Tuple[str, int]) -> None:
        try:
            self._open(built)
        finally:
            self._loading.release()

    def _open(self, built: Tuple[str, int]) -> None:
        name = built[0]
        try:
            self._matcher = Matcher(Index.load(self._folder / name), self._encoder, self._lexicon)
            self._built = built
        except Exception as error:  # the old index goes on serving
            logger.error("item_ranker.index_not_opened %s %s", name, type(error).__name__)
