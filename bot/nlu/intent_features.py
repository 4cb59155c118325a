"""What the intent classifier sees of a sentence: normalised text, and three views of it as n-grams.

Nothing here knows Rasa or scikit-learn, so the same lines run in training, in the live assistant and in benchmarks.
The views are taken from the text itself, not from word segmentation, which typing errors and dialect break:

* characters: 1 to 3 in a row;
* sounds: fuzzy pinyin syllables, 1 to 3 in a row, which survive homophones (身分正, 低宝) and 四 for 是;
* patterns: 2 to 4 characters in a row after matters, places, relatives, persons, days and numbers were replaced
  by the name of their class, so that 低保批下来没有 also teaches 生育津贴批下来没有.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from functools import lru_cache
from typing import Any, Dict, List, Mapping, Sequence, Tuple

import numpy as np

from bot.matching.pinyin import heard

MAX_CHARACTERS = 200
"""Longer messages are cut to head and tail, where people put what they want."""

Classes = Mapping[str, str]
"""Word -> name of its class, one Hanzi."""

_TOKEN = re.compile(r"⟦([^:⟦⟧]{1,12})(?::[^⟦⟧]*)?⟧")
_LONG_NUMBER = re.compile(r"[a-z]{0,4}[-_]?\d{5,}[-\dx]*")
_SPACES = re.compile(r"\s+")
_SPACE_BESIDE_HANZI = re.compile(r"(?<=[\u3400-\u9fff]) | (?=[\u3400-\u9fff])")
_REPEATED = re.compile(r"(.)\1{2,}")
_HANZI = re.compile(r"[\u3400-\u9fff]")
_PAUSES = re.compile(r"[,，。.!！~…、;；:：?？\"'“”]+")
_COURTESY = re.compile(
    r"^(?:(?:喂|哎|诶|嗨|哈喽|你们?好|您好|同志|老师|师傅|领导|请问|打扰|不好意思)[啊呀哦了下你您,，。.!！:：~ ]*){1,4}"
)
_SILENT = frozenset({"So", "Sk", "Cf", "Cn", "Co", "Cs", "Mn"})
"""Unicode categories of emoji, joiners and the like."""

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆汪范金"
    "石廖贾夏韦方白邹孟熊秦邱江尹薛阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_PERSON = re.compile(
    f"[老小][{_SURNAMES}](?![的了啊])|[{_SURNAMES}](?:大爷|大妈|大娘|大伯|大叔|大哥|大姐|婶|叔|奶奶|爷爷|阿姨|嫂|老师|主任|书记|家)"
)
_NUMBER = re.compile(r"[0-9]+|[一二三四五六七八九十百千万两几半]{2,}")
_CLASS_OF = {"事": "\ue001", "地": "\ue002", "亲": "\ue003", "人": "\ue004", "时": "\ue005", "数": "\ue006"}
_CLASS_MARK = re.compile("[\ue001-\ue006]")
_REPEATED_MARK = re.compile("([\ue001-\ue006])\\1+")
_PATTERN_VIEW, _SOUND_VIEW = "\ue000", "\ue010"


@lru_cache(maxsize=1)
def _converter() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")


def normalise(text: str) -> str:
    """One spelling for what means the same: width, script, blanks, tokens, long numbers, repeats.

    A message without any letter, digit or Hanzi (blanks, emoji, punctuation) becomes the empty text.
    """
    text = _TOKEN.sub(lambda match: f" {match.group(1)}号 ", text)
    text = unicodedata.normalize("NFKC", text).lower()
    if _HANZI.search(text):
        text = str(_converter().convert(text))
    text = "".join(c for c in text if c < "\x80" or unicodedata.category(c) not in _SILENT)
    text = _LONG_NUMBER.sub("№", text)
    text = _SPACE_BESIDE_HANZI.sub("", _SPACES.sub(" ", text).strip())
    text = _REPEATED.sub(r"\1\1", text)
    if not any(c.isalnum() or c == "№" for c in text):
        return ""
    if len(text) > MAX_CHARACTERS:
        text = text[: MAX_CHARACTERS // 2] + text[-MAX_CHARACTERS // 2 :]
    return text


def without_courtesy(text: str) -> str:
    """Drop a greeting in front of a request: 你好，请问低保怎么办 is about 低保.

    What remains must be long enough to carry a meaning of its own, otherwise the greeting is the message.
    """
    rest = _COURTESY.sub("", text)
    return rest if len(rest) >= 4 else text


def prepare(text: str) -> str:
    """The text that features are taken from; empty when there is nothing to understand."""
    return without_courtesy(normalise(text))


def bare(text: str) -> str:
    """A normalised text without punctuation and blanks, to look up whole utterances."""
    return "".join(c for c in text if c.isalnum())


def word_classes(lists: Mapping[str, str]) -> Dict[str, str]:
    """Words of each class, given as one string per class with blanks between words, as a mapping word -> class."""
    return {word: name for name, words in lists.items() for word in str(words).split() if name in _CLASS_OF}


def pattern(text: str, classes: Classes, longest: int) -> str:
    """The text with known words, names and numbers replaced by the mark of their class."""
    parts: List[str] = []
    start, size = 0, len(text)
    while start < size:
        for length in range(min(longest, size - start), 0, -1):
            name = classes.get(text[start : start + length])
            if name is not None:
                parts.append(_CLASS_OF[name])
                start += length
                break
        else:
            parts.append(text[start])
            start += 1
    text = _PERSON.sub(_CLASS_OF["人"], "".join(parts))
    return _REPEATED_MARK.sub(r"\1", _NUMBER.sub(_CLASS_OF["数"], text))


def _in_a_row(symbols: Sequence[str], sizes: Sequence[int], joint: str, view: str) -> List[str]:
    return [view + joint.join(symbols[i : i + n]) for n in sizes for i in range(len(symbols) - n + 1)]


def grams(text: str, classes: Classes, longest: int) -> List[str]:
    """All n-grams of a prepared text in the three views; the ends of the text are marked."""
    if _HANZI.search(text):  # elsewhere (code, markup) punctuation carries the meaning
        text = _PAUSES.sub(" ", text).strip()
    found = _in_a_row(f"^{text}$", (1, 2, 3), "", "")
    sounds = ["^", *(heard(c) for c in text if c != " "), "$"]
    found += _in_a_row(sounds, (1, 2, 3), " ", _SOUND_VIEW)
    general = f"^{pattern(text, classes, longest)}$"
    if _CLASS_MARK.search(general):
        found += [g for g in _in_a_row(general, (2, 3, 4), "", _PATTERN_VIEW) if _CLASS_MARK.search(g)]
    return found


class Vocabulary:
    """Known n-grams with their inverse document frequency; turns a text into tf-idf weights."""

    def __init__(self, known: Sequence[str], idf: np.ndarray, classes: Classes) -> None:
        self.known = list(known)
        self.idf = np.asarray(idf, dtype=np.float32)
        self.classes = dict(classes)
        self._column = {gram: column for column, gram in enumerate(self.known)}
        self._longest = max(map(len, self.classes), default=0)

    @classmethod
    def learn(cls, texts: Sequence[str], classes: Classes, least: int) -> "Vocabulary":
        """All n-grams that stand in at least `least` of the prepared texts."""
        longest = max(map(len, classes), default=0)
        frequency = Counter(gram for text in texts for gram in set(grams(text, classes, longest)))
        known = sorted(gram for gram, count in frequency.items() if count >= least)
        idf = [math.log((1 + len(texts)) / (1 + frequency[gram])) + 1 for gram in known]
        return cls(known, np.array(idf, dtype=np.float32), classes)

    def weigh(self, text: str) -> Tuple[np.ndarray, np.ndarray]:
        """Columns of the known n-grams of a prepared text, and their weights: sublinear counts times idf, length 1."""
        known = [c for c in map(self._column.get, grams(text, self.classes, self._longest)) if c is not None]
        columns, counts = np.unique(np.array(known, dtype=np.int64), return_counts=True)
        if not known:
            return columns, np.zeros(0, dtype=np.float32)
        weights = (1 + np.log(counts)).astype(np.float32) * self.idf[columns]
        return columns, weights / np.sqrt(weights @ weights)

    def matrix(self, texts: Sequence[str]) -> Any:
        """Rows of weights as a scipy csr_matrix, for training."""
        from scipy.sparse import csr_matrix

        rows = [self.weigh(text) for text in texts]
        ends = np.cumsum([0, *(len(columns) for columns, _ in rows)])
        columns = np.concatenate([columns for columns, _ in rows])
        weights = np.concatenate([weights for _, weights in rows])
        return csr_matrix((weights, columns, ends), shape=(len(texts), len(self.known)), dtype=np.float32)
