"""What one message does to a draft: the outcomes, and what reading an answer needs to know."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import FrozenSet, Mapping, Tuple

from bot.domain.draft import Draft
from bot.domain.item import Item

CLEARLY = 0.5
"""Confidence from which an intent counts."""


class Outcome(str, Enum):
    """What became of the message."""

    TAKEN_AND_ASKED = "taken_and_asked"  # an answer was stored; the rest of the message is a question that rules answer
    TAKEN = "taken"  # an answer was stored; ask the next question
    REFUSED = "refused"  # an answer that cannot be used; say why, ask again
    UNCLEAR = "unclear"  # neither an answer nor anything we know
    BESIDE = "beside"  # a digression: rules answer it
    CORRECTING = "correcting"  # earlier answers were dropped or replaced
    BACK = "back"  # one step back; ask that question again
    AT_START = "at_start"  # there is no step before this one
    SKIPPED = "skipped"  # left open for now; ask the next question
    LEFT_OPEN = "left_open"  # skipped once more: nothing else to ask, so it is put aside
    WHICH_WRONG = "which_wrong"  # something is wrong; ask what
    CONFIRMED = "confirmed"  # explicit yes to the read-back: file it
    CANCELLED = "cancelled"
    KEPT = "kept"  # not cancelled after all
    NO_CONSENT = "no_consent"
    SAVED = "saved"  # put aside, to be gone on with later
    SWITCHED = "switched"  # put aside for the other item
    NOT_AGAIN = "not_again"  # there is such a case already, and the person wants no second one


@dataclass(frozen=True)
class Change:
    """One corrected answer: `how` is given, replaced, dropped, circumstance, for_whom or material; `shown` the new value in words."""

    how: str
    label: str
    shown: str = ""


@dataclass(frozen=True)
class Step:
    """The draft after the message, what happened, and details for the sentence about it."""

    draft: Draft
    outcome: Outcome
    reason: str = ""
    details: Mapping[str, str] = field(default_factory=dict)
    changes: Tuple[Change, ...] = ()


@dataclass(frozen=True)
class Context:
    """What reading an answer needs to know besides the draft."""

    item: Item
    today: date
    surnames: FrozenSet[str]
    consent: Mapping[str, str]  # statement to store when the person agrees: text, version, at, channel, person
    words: FrozenSet[str] = frozenset()  # what is said instead of a value (filing_words.py)
    wish: str = ""  # what the message asks of the conversation itself (read_wish.py)
