"""What the intent classifier sees of a sentence: normalised text and its character n-grams.

Nothing here knows Rasa or scikit-learn, so the same few lines run in training, in the live bot and
in benchmarks. The n-grams are taken from the text itself, not from word segmentation: typing errors
and dialect break words, and `docs` of the project show raw characters ahead of segmented ones.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any

MAX_CHARACTERS = 200
"""Longer messages are cut: head and tail, where people put what they want."""

_TOKEN = re.compile(r"⟦([^:⟦⟧]{1,12})(?::[^⟦⟧]*)?⟧")
_LONG_NUMBER = re.compile(r"[a-z]{0,4}\d{5,}[\dx]*")
_SPACES = re.compile(r"\s+")
_SPACE_BESIDE_HANZI = re.compile(r"(?<=[\u3400-\u9fff]) | (?=[\u3400-\u9fff])")
_REPEATED = re.compile(r"(.)\1{2,}")
_CONTENT = re.compile(r"[^\W_]")
_PAUSES = re.compile(r"[,，。.!！~～…、;；:：]+")
_COURTESY = re.compile(
    r"^(?:(?:喂|哎|诶|嗨|哈喽|你们?好|您好|同志|老师|师傅|领导|请问|打扰|不好意思)[啊呀哦了下你您,，。.!！:：~ ]*){1,4}"
)
_HANZI = re.compile(r"[\u3400-\u9fff]")


@lru_cache(maxsize=1)
def _converter() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")


def simplify(text: str) -> str:
    """Traditional characters become simplified ones; text without Hanzi passes untouched."""
    return str(_converter().convert(text)) if _HANZI.search(text) else text


def normalise(text: str) -> str:
    """One spelling for what means the same: width, script, blanks, tokens, long numbers, repeats.

    A message without any letter, digit or Hanzi (blanks, emoji, punctuation) becomes the empty text,
    unless it holds markup-like symbols that matter for recognising manipulation.
    """
    text = _TOKEN.sub(lambda match: f" {match.group(1)}号 ", text)
    text = simplify(unicodedata.normalize("NFKC", text).lower())
    text = "".join(c for c in text if unicodedata.category(c) not in ("So", "Sk", "Cf", "Cn", "Co", "Cs", "Mn"))
    text = _LONG_NUMBER.sub("№", text)
    text = _SPACES.sub(" ", text).strip()
    text = _SPACE_BESIDE_HANZI.sub("", text)
    text = _REPEATED.sub(r"\1\1", text)
    if not _CONTENT.search(text) and "№" not in text:
        return ""
    if len(text) > MAX_CHARACTERS:
        half = MAX_CHARACTERS // 2
        text = text[:half] + text[-half:]
    return text


def without_courtesy(text: str) -> str:
    """Drop a greeting in front of a request: 你好，请问低保怎么办 is about 低保.

    What remains must be long enough to carry a meaning of its own, otherwise the greeting is the message.
    """
    rest = _COURTESY.sub("", text)
    return rest if len(rest) >= 4 else text
