"""闲话 (xianhua): which kind of talk, cry for help or matter of somebody else's a message is, where words make it certain.

No intents of their own: each kind belongs to one (`Sign.intent`), whose rule leads to the action that answers. Patterns and answers
stand in data/dialogue/safety.yml, data/dialogue/talk.yml and data/centre/not_ours.yml.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Dict, Mapping, Optional, Sequence, Tuple

from bot.domain.answers import TOKEN, compact

NOT_OURS_INTENT = "out_of_scope"
LONGEST_TALK = 60
"""Characters; a longer text is a story: its matter counts and not the small talk in it. Cries for help count in texts of any length."""


@dataclass(frozen=True)
class Sign:
    """One kind: what it is answered with. `say` may hold {phone}, {complaint_phone}, {town}, {lead}, {told} and {ask}.

    `ask` is asked with a cry for help, `then` is said to what is answered, `again` to a further cry that tells nothing of its kind;
    `instead` is said in place of the notice of `instead_item`.
    """

    id: str
    intent: str
    say: str
    task: str = ""
    pause: bool = False
    who: str = ""
    phones: Tuple[str, ...] = ()
    note: str = ""
    sure: bool = False  # holds although an item of ours is named too
    ask: str = ""
    then: str = ""
    again: str = ""
    instead_item: str = ""
    instead: str = ""
    yields: bool = False  # many messages hold such words besides what they are about


class TalkSigns:
    """Kinds of talk in the order in which they are tried; texts are compared without blanks and punctuation."""

    def __init__(self, kinds: Mapping[str, Mapping[str, Any]], longest: Optional[int] = None) -> None:
        self._longest = longest
        self._signs: Dict[str, Sign] = {}
        self._patterns: "list[Tuple[Sign, re.Pattern[str], Optional[re.Pattern[str]]]]" = []
        for name, words in kinds.items():
            sign = _sign(name, words)
            self._signs[name] = sign
            if words.get("any"):
                unless = words.get("unless")
                self._patterns.append((sign, _any(words["any"]), re.compile(unless) if unless else None))

    def find(self, text: str) -> Optional[Sign]:
        """The first kind that the words make certain, or None."""
        said = compact(TOKEN.sub("", text))
        if not said or (self._longest is not None and len(said) > self._longest):
            return None
        for sign, pattern, unless in self._patterns:
            if pattern.search(said) and not (unless and unless.search(said)):
                return sign
        return None

    def of_intent(self, intent: str) -> Optional[Sign]:
        """The kind called like an intent: its answer when no other kind fits."""
        sign = self._signs.get(intent)
        return sign if sign is not None and sign.intent == intent else None

    @property
    def all(self) -> Sequence[Sign]:
        return tuple(self._signs.values())


def _sign(name: str, words: Mapping[str, Any]) -> Sign:
    return Sign(
        id=name,
        intent=words.get("intent", NOT_OURS_INTENT),
        say=str(words.get("say", words.get("name", ""))).strip(),
        task=words.get("task", ""),
        pause=bool(words.get("pause")),
        who=words.get("who", ""),
        phones=tuple(words.get("phones", ())),
        note=words.get("note", ""),
        sure=bool(words.get("sure")),
        ask=words.get("ask", ""),
        then=words.get("then", ""),
        again=words.get("again", ""),
        instead_item=words.get("instead", {}).get("item", ""),
        instead=words.get("instead", {}).get("say", ""),
        yields=bool(words.get("yields")),
    )


def _any(patterns: Sequence[str]) -> "re.Pattern[str]":
    return re.compile("|".join(f"(?:{p})" for p in patterns), re.IGNORECASE)


@dataclass(frozen=True)
class Talk:
    """All kinds: cries for help first, then what is not ours, then talk."""

    safety: TalkSigns
    not_ours: TalkSigns
    talk: TalkSigns
    leads: Mapping[str, str]
    told: str

    def sign(self, text: str, about_item: bool = False) -> Optional[Sign]:
        """The kind that the words make certain, or None.

        `about_item`: the message clearly asks for an item of ours, so words that also stand in not_ours or talk ("打官司没钱请律师")
        mean the item.
        """
        found = self.safety.find(text)
        elsewhere = self.not_ours.find(text)
        if found is not None or about_item:
            return found or (elsewhere if elsewhere is not None and elsewhere.sure else None)
        return elsewhere or self.talk.find(text)
