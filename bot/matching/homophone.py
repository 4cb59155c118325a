"""Wrong characters with the right sound: 社宝卡 is heard as 社保卡 and written so before anything else looks at it."""

from __future__ import annotations

from collections.abc import Iterable

from bot.matching import pinyin
from bot.matching.words import Cutter

_LONGEST = 6
# Little words: a slip of the pen hits 失业 or 过户, not 的 or 不是; two-syllable pairs with one of these are left alone.
_LITTLE = frozenset("的了是不在要会和有我你他她它去来上下这那就都也能到给把让从得着过吗呢吧啊么没很一二三四五六七八九十几个买卖报找谁车")


class Corrector:
    """Puts official and everyday terms in the place of words that merely sound like them."""

    def __init__(self, terms: Iterable[str], cutter: Cutter) -> None:
        self._cutter = cutter
        self._terms = {term for term in terms if 2 <= len(term) <= _LONGEST}
        self._by_sound: dict[tuple[str, ...], str] = {}
        for term in sorted(self._terms, key=lambda word: (-len(word), word)):
            if len(term) > 2:
                self._by_sound.setdefault(pinyin.key(term), term)
            else:  # two syllables are too few for a fuzzy ear
                self._by_sound.setdefault(tuple(map(pinyin.sound, term)), term)

    def correct(self, text: str) -> str:
        """The text with misheard terms put right; words that mean something themselves are left alone."""
        pieces = self._cutter.pieces(text)
        edges = [0]
        for piece in pieces:
            edges.append(edges[-1] + len(piece))
        fuzzy, exact = pinyin.key(text), tuple(map(pinyin.sound, text))
        out: list[str] = []
        place = 0
        while place < len(pieces):
            for last in range(min(len(pieces), place + _LONGEST), place, -1):
                start, end = edges[place], edges[last]
                said = text[start:end]
                if not 2 <= len(said) <= _LONGEST or said in self._terms:
                    continue
                meant = self._by_sound.get(fuzzy[start:end] if len(said) > 2 else exact[start:end])
                if meant and self._plausible(said, meant):
                    out.append(meant)
                    place = last
                    break
            else:
                out.append(pieces[place])
                place += 1
        return "".join(out)

    def _plausible(self, said: str, meant: str) -> bool:
        same = sum(a == b for a, b in zip(said, meant))
        if self._cutter.known(said):
            return False
        wrong = {a for a, b in zip(said, meant) if a != b}
        if len(said) == 2:
            return same == 1 and not _LITTLE.intersection(said) and not _LITTLE.intersection(meant)
        return same * 2 >= len(said) - 1 and not _LITTLE.intersection(wrong)
