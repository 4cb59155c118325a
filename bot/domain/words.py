"""字句 (ziju): what can be told of a text by its letters alone: bare words, tokens in it, whether it asks something. Pure."""

from __future__ import annotations

import re
from typing import FrozenSet

TOKEN = re.compile(r"⟦[^⟦⟧]*⟧")
"""A sealed personal number in a text."""
PUNCTUATION = re.compile(r"[\s,，。.!！?？、;；:：~～\"'“”‘’()（）]+")
_QUESTION_MARKS = re.compile(
    r"[?？]|吗$|呢$|么$|啥|什么|怎么|咋|多少|几点|(?<![过前好])几天|多久|哪里|哪儿|能不能|可不可以|要不要|行不行|得行不|中不中|(?:补|发|领|给|报|赔)好多|好多钱|为何|为什么|凭啥"
)


def compact(text: str) -> str:
    """Text without blanks and punctuation, for comparing short answers."""
    return PUNCTUATION.sub("", text)


def has_words(text: str) -> bool:
    """Whether there is a Chinese character in it; a number or a code alone is no talk, whatever a classifier thinks."""
    return re.search(r"[\u4e00-\u9fff]", text) is not None


def stretches(*texts: str, length: int = 2) -> FrozenSet[str]:
    """All stretches of so many characters in texts, to tell by a part of a name what is meant."""
    return frozenset(text[at : at + length] for text in texts for at in range(len(text) - length + 1))


def looks_like_question(text: str) -> bool:
    """Whether the words ask something back."""
    return bool(_QUESTION_MARKS.search(text.strip()))
