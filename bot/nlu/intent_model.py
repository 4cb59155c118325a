"""The intent model itself: trains, ranks, is stored as npz and json; knows nothing of Rasa."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Dict, List, Mapping, Sequence, Tuple

import numpy as np

from bot.nlu import sentence_encoder
from bot.nlu.intent_features import Classes, Vocabulary, bare, normalise, without_courtesy

SURE = 0.99
"""Confidence of an utterance that stands in the list of talk acts."""

Ranking = List[Tuple[str, float]]


@dataclass(frozen=True)
class Tuning:
    """Numbers found by cross-validation and on the development questions; see `benchmarks/intents.py`."""

    gram_scale: float = 8.0  # weight of the n-gram views; 0 leaves them out
    vector_scale: float = 4.0  # weight of the sentence vector; 0 leaves it out
    strength: float = 8.0  # C of the logistic regression
    least: int = 2  # how many sentences an n-gram must stand in
    iterations: int = 60
    calibrate: bool = True


class IntentModel:
    """Multinomial logistic regression over n-gram views and a sentence vector, before it a list of exact talk acts."""

    def __init__(
        self,
        labels: Sequence[str],
        vocabulary: Vocabulary,
        weights: Mapping[str, np.ndarray],
        temperature: float,
        talk_acts: Mapping[str, str],
        tuning: Tuning,
    ) -> None:
        self.labels = list(labels)
        self.vocabulary = vocabulary
        self.temperature = temperature
        self.tuning = tuning
        self._weights = dict(weights)
        self._talk_acts = dict(talk_acts)

    @classmethod
    def train(
        cls,
        texts: Sequence[str],
        intents: Sequence[str],
        classes: Classes,
        talk_acts: Mapping[str, Sequence[str]],
        tuning: Tuning = Tuning(),
    ) -> "IntentModel":
        """Learn from sentences and their intents; `talk_acts` is intent -> whole utterances."""
        from bot.nlu.softmax_regression import fit

        prepared = [(without_courtesy(normalise(text)), intent) for text, intent in zip(texts, intents)]
        pairs = [(text, intent) for text, intent in prepared if text]
        labels = sorted({intent for _, intent in pairs})
        targets = np.array([labels.index(intent) for _, intent in pairs])
        kept = [text for text, _ in pairs]
        vocabulary = Vocabulary.learn(kept, classes, tuning.least)
        sparse = vocabulary.matrix(kept) * tuning.gram_scale
        vectors = sentence_encoder.encode(kept) if tuning.vector_scale else np.zeros((len(kept), 1), dtype=np.float32)
        dense = vectors * np.float32(tuning.vector_scale)
        options: Dict[str, Any] = {"labels": len(labels), "strength": tuning.strength, "iterations": tuning.iterations}
        found = fit(sparse, dense, targets, **options)
        temperature = _temperature(sparse, dense, targets, options) if tuning.calibrate else 1.0
        exact = {bare(normalise(text)): intent for intent, listed in talk_acts.items() for text in listed}
        weights = {"sparse": found.sparse * tuning.gram_scale, "dense": found.dense * tuning.vector_scale, "bias": found.bias}
        return cls(labels, vocabulary, weights, temperature, exact, tuning)

    def rank(self, text: str, top: int = 5) -> Ranking:
        """The best intents with their confidences, best first; nothing for a text without content."""
        normal = normalise(text)
        if not normal:
            return []
        chances = self._chances(without_courtesy(normal))
        exact = self._talk_acts.get(bare(normal))
        if exact in self.labels:
            chances *= 1 - SURE
            chances[self.labels.index(exact)] += SURE
        best = np.argsort(-chances, kind="stable")[:top]
        return [(self.labels[i], round(float(chances[i]), 4)) for i in best]

    def _chances(self, text: str) -> np.ndarray:
        columns, values = self.vocabulary.weigh(text)
        scores = self._weights["bias"] + values @ self._weights["sparse"][columns]
        if self.tuning.vector_scale:
            scores = scores + sentence_encoder.encode_one(text) @ self._weights["dense"]
        shifted = np.exp((scores - scores.max()) / self.temperature)
        return np.asarray(shifted / shifted.sum(), dtype=np.float64)

    def save(self, folder: Path) -> None:
        """Write `intents.json` and `intents.npz` into a folder."""
        names = {
            "labels": self.labels,
            "known": self.vocabulary.known,
            "classes": self.vocabulary.classes,
            "talk_acts": self._talk_acts,
            "temperature": self.temperature,
            "tuning": asdict(self.tuning),
        }
        (folder / "intents.json").write_text(json.dumps(names, ensure_ascii=False), encoding="utf8")
        np.savez_compressed(folder / "intents.npz", idf=self.vocabulary.idf, **self._weights)

    @classmethod
    def load(cls, folder: Path) -> "IntentModel":
        """Read what `save` wrote."""
        names: Dict[str, Any] = json.loads((folder / "intents.json").read_text(encoding="utf8"))
        with np.load(folder / "intents.npz", allow_pickle=False) as arrays:
            weights = {name: arrays[name] for name in ("sparse", "dense", "bias")}
            vocabulary = Vocabulary(names["known"], arrays["idf"], names["classes"])
        tuning = Tuning(**names["tuning"])
        return cls(names["labels"], vocabulary, weights, names["temperature"], names["talk_acts"], tuning)

    def warm_up(self) -> None:
        """Load encoder, script converter and syllables now instead of in the first conversation."""
        self.rank("您好，請問身份證丟了怎么补办")


def _temperature(sparse: Any, dense: np.ndarray, targets: np.ndarray, options: Dict[str, Any]) -> float:
    """Learn without a quarter of the sentences and see how sure the model may be of those."""
    from bot.nlu.softmax_regression import fit, fit_temperature, folds, scores_of

    if len(targets) < 4 * options["labels"]:
        return 1.0
    held = folds(list(targets), 4)[0]
    rest = np.setdiff1d(np.arange(len(targets)), held)
    weights = fit(sparse[rest], dense[rest], targets[rest], **options)
    return fit_temperature(scores_of(weights, sparse[held], dense[held]), targets[held])
