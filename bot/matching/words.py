"""Word cutting with our own jieba, apart from the one that Rasa configures for itself."""

from __future__ import annotations

import logging
from collections.abc import Iterable

import jieba

jieba.setLogLevel(logging.WARNING)
_RARE = 5  # two letters that jieba's corpus has fewer times are as likely a slip of somebody's pen (注消) as a word


class Cutter:
    """jieba with the official and everyday terms added."""

    def __init__(self, terms: Iterable[str] = ()) -> None:
        self._jieba = jieba.Tokenizer()
        self._jieba.initialize()
        self._ordinary = frozenset(
            word for word, count in self._jieba.FREQ.items() if len(word) > 1 and count >= (_RARE if len(word) == 2 else 1))
        for term in terms:
            if 2 <= len(term) <= 8:
                self._jieba.add_word(term)

    def cut(self, text: str) -> list[str]:
        """Words of two letters or more; no guessing of unknown words, which splits official terms."""
        return [word for word in self._jieba.cut(text, HMM=False) if len(word) > 1]

    def pieces(self, text: str) -> list[str]:
        """All words, single letters too."""
        return list(self._jieba.cut(text, HMM=False))

    def ordinary(self, text: str) -> list[str]:
        """The ordinary words of two or three letters inside an official term, which we added as one word."""
        parts = (text[start:start + size] for size in (2, 3) for start in range(len(text) - size + 1))
        return [part for part in parts if part in self._ordinary]

    def known(self, word: str) -> bool:
        """Whether it is an ordinary word of the language (not one we added)."""
        return word in self._ordinary
