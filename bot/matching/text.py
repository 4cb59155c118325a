"""Characters: one spelling for what people type in many (full width, Traditional, emoji, spaces, numbers)."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_VAULT_TOKEN = re.compile(r"⟦[^⟦⟧]*⟧")
_LONG_NUMBER = re.compile(r"[0-9][0-9\- ]{4,}[0-9xX]")
_NOT_TEXT = re.compile(r"[^0-9a-z\u3400-\u9fff，。！？；、,.!?;:：\n+]+")
_HANZI = re.compile(r"[\u3400-\u9fff]")
_PUNCTUATION = re.compile(r"[^0-9a-z\u3400-\u9fff]+")
MAX_CHARACTERS = 3000
_DIGITS = "零一二三四五六七八九"

# Dialect words for the family, which stand in no item name and in too few sentences for their meaning to be learned.
_KIN = (
    ("孩子", re.compile(r"(?:奶|月)?娃(?:娃|儿|子)?(?!娃|鱼|哈)|(?<![猪羊牛狗鸡鸭兔])崽(?:崽|儿|子)?|细?伢(?:子|崽|儿)?|囡(?:囡|儿)?|"
                      r"细路(?:仔|哥)?|细佬(?:仔)?|幺(?:儿|妹)")),
    ("孙子", re.compile(r"孙孙")),
    ("老人", re.compile(r"老头(?:子|儿)|老爷子|老汉(?:儿)?|老太太|老太婆|老妈子|爷老倌")),
    ("家里", re.compile(r"屋头|屋里头|屋里厢")),
)


@lru_cache(maxsize=1)
def _converter():  # type: ignore[no-untyped-def]
    import opencc

    return opencc.OpenCC("t2s")


@lru_cache(maxsize=65536)
def _simplified(character: str) -> str:
    return _converter().convert(character)


# An age in digits reads like one in words, which is how the lexicon knows it (81了, 60岁).
_AGE = re.compile(r"(?<![0-9.])([5-9][0-9])(?=周?岁|了|多(?!块|元|万|平|亩|斤))")


def _in_words(match: re.Match[str]) -> str:
    tens, ones = divmod(int(match.group(1)), 10)
    return _DIGITS[tens] + "十" + (_DIGITS[ones] if ones else "")


def simplify(text: str) -> str:
    """Traditional to Simplified, character by character (the whole-text converter costs milliseconds)."""
    return "".join(_simplified(c) if "\u3400" <= c <= "\u9fff" else c for c in text)


def clean(text: str) -> str:
    """Canonical characters: NFKC, Simplified, lower case; no vault tokens, long numbers, emoji or stray spaces."""
    text = _VAULT_TOKEN.sub("，", text[:MAX_CHARACTERS])
    text = unicodedata.normalize("NFKC", text)
    text = _LONG_NUMBER.sub("，", text.lower())
    text = simplify(text)
    for word, pattern in _KIN:
        text = pattern.sub(word, text)
    text = _AGE.sub(_in_words, text)
    text = text.replace(",", "，").replace("!", "！").replace("?", "？").replace(";", "；").replace(":", "，")
    text = _NOT_TEXT.sub(lambda m: "" if m.group().isspace() else "，", text)
    return re.sub(r"，{2,}", "，", text).strip("，")


def letters(text: str) -> str:
    """Only Hanzi, Latin letters and digits, nothing between them."""
    return _PUNCTUATION.sub("", text)


def has_hanzi(text: str) -> bool:
    """Whether there is a Chinese character in it."""
    return bool(_HANZI.search(text))


_LEVEL = re.compile(
    r"[（(][^（）()]{0,8}(?:县级|市级|省级|区级|县区|国家级|行使|权限|指引|转链接|内资|承诺件|即办件)[^（）()]{0,8}[)）]"
    r"|[（(]据?根?据?省政府[^（）]*[)）]"
)
_NAME_MARKS = re.compile(r"《中华人民共和国|[《》“”\"（）()【】\[\]]")


def clean_name(name: str) -> str:
    """An item name without level suffixes and marks, which carry next to nothing for the person who asks."""
    short = _LEVEL.sub("", unicodedata.normalize("NFKC", name).replace("(", "（").replace(")", "）"))
    return letters(simplify(_NAME_MARKS.sub(" ", short)).lower()) or letters(simplify(name).lower())


def points(text: str) -> tuple[int, ...]:
    """Code points of the letters of a text, the symbols that grams are made of."""
    return tuple(map(ord, letters(text)))
