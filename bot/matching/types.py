"""Shapes that cross the border of the matching engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Protocol

import numpy as np


class SentenceEncoder(Protocol):
    """Turns texts into unit vectors; the bundled one is `encoder.UseEncoder`."""

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """One row of float32 per text, each of length 1."""
        ...


class Decision(str, Enum):
    """What to do with a ranking."""

    ANSWER = "answer"  # one item, sure enough to give its notice
    CHOOSE = "choose"  # two or three items: let the person pick
    CLARIFY = "clarify"  # about a service, but not sure which: ask back
    REFUSE = "refuse"  # not about a service item at all


@dataclass(frozen=True)
class Entry:
    """What the index needs to know of an item."""

    code: str
    name: str
    department: str = ""
    aliases: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()

    @classmethod
    def of(cls, source: Entry | Mapping[str, Any] | Any) -> Entry:
        """From an entry, a mapping, or any object with these attributes (such as a catalogue Item).

        The summary of an item is an everyday sentence too; it counts as one more question.
        """
        if isinstance(source, cls):
            return source
        if isinstance(source, Mapping):
            def get(key: str, default: Any) -> Any:
                return source.get(key, default)
        else:
            def get(key: str, default: Any) -> Any:
                return getattr(source, key, default)
        return cls(
            code=str(get("code", None) or get("name", "")),
            name=str(get("name", "")),
            department=str(get("department", "") or ""),
            aliases=tuple(map(str, get("aliases", ()) or ())),
            questions=tuple(map(str, (*(get("questions", ()) or ()), *filter(None, [get("summary", "")])))),
        )


@dataclass(frozen=True)
class Ranked:
    """One item of a ranking; `confidence` is the calibrated chance that it is the one meant."""

    code: str
    name: str
    confidence: float

    def as_dict(self) -> dict[str, Any]:
        """Ready for JSON."""
        return {"code": self.code, "name": self.name, "confidence": self.confidence}


@dataclass(frozen=True)
class MatchResult:
    """The best items for a text and what to do with them; `candidates` are those worth offering."""

    ranking: tuple[Ranked, ...] = ()
    decision: str = Decision.REFUSE.value
    candidates: tuple[Ranked, ...] = ()
    core: str = field(default="", compare=False)  # the words taken to be the request


class IndexFormatError(Exception):
    """The folder is not an index, or one of another format version."""
