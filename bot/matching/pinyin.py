"""Sounds: people who write by voice or by ear hit the right syllable and the wrong character."""

from __future__ import annotations

from functools import lru_cache

# Differences that southern and south-western speakers do not hear, and phone keyboards offer as "fuzzy".
_FUZZY_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"))
_FUZZY_FINALS = (("ang", "an"), ("eng", "en"), ("ing", "in"))


def _fuzzy(syllable: str) -> str:
    for written, heard in _FUZZY_INITIALS:
        if syllable.startswith(written):
            syllable = heard + syllable[len(written):]
    if syllable.startswith("n"):
        syllable = "l" + syllable[1:]
    for written, heard in _FUZZY_FINALS:
        if syllable.endswith(written):
            syllable = syllable[: -len(written)] + heard
    return syllable


@lru_cache(maxsize=65536)
def sound(character: str) -> str:
    """The commonest reading without tone, `u:` written v; other characters stand for themselves."""
    from pypinyin import Style
    from pypinyin.constants import PINYIN_DICT
    from pypinyin.style import convert

    readings = PINYIN_DICT.get(ord(character))
    if not readings:
        return character
    return convert(readings.split(",")[0], Style.NORMAL, strict=False, default=character)


@lru_cache(maxsize=65536)
def heard(character: str) -> str:
    """The reading as a careless ear hears it."""
    return _fuzzy(sound(character))


def key(text: str) -> tuple[str, ...]:
    """Fuzzy sounds of a word, for comparing homophones."""
    return tuple(heard(character) for character in text)


@lru_cache(maxsize=65536)
def _number(character: str) -> int:
    # The number must be the same in every process that reads an index, so it is spelled, not counted.
    value = 0
    for letter in heard(character)[:4]:
        value = (value * 37 + (ord(letter) % 37)) % (1 << 20)
    return value + 1


def numbers(text: str) -> list[int]:
    """Fuzzy sounds as numbers, the symbols of the sound index."""
    return [_number(character) for character in text]
