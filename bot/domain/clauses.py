"""分句 (fenju): one message cut into clauses: what is told, and what is asked besides ("龙凤村三组。要好久发钱？"). Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import List, Sequence, Tuple

from bot.domain.words import compact, looks_like_question

_CLAUSE = re.compile(r"(?P<text>[^，,。；;！!？?\n\s]+)(?P<mark>[，,。；;！!？?\n\s]*)")
_ASKS = re.compile(r"好久|几时|好多(?:钱|岁|天|人)?$|啥子|行不|能不|得不|来得及不|.[^是]不$|[行好成中得](?:不|没)$|^(?:那)?为(?:啥|何)|哪")
_FILLER = re.compile(
    r"(?:你好|您好|请问|喂|哎呀?|哦+|嗯+|对了?|那|那个|这个|就是|另外|还有|顺便|先|我|俺|想|要|再|问|问问|问一?下|问一?句|说|说下|等一?下|说完了?|不是|先问下)+"
)
_SLIP = re.compile(r"(?:哦|啊|哎呀?)?(?:不对|不是|错了|说错了|打错了|写错了|搞错了|等等|不不)(?:不对|啊|哈|哦)*")


@dataclass(frozen=True)
class Clause:
    """A stretch without punctuation, and the marks behind it."""

    text: str
    mark: str = ""

    @property
    def asks(self) -> bool:
        """Whether it asks something."""
        return "?" in self.mark or "？" in self.mark or asks(self.text)

    @property
    def is_slip(self) -> bool:
        """ "不对": what was said right before is taken back."""
        return _SLIP.fullmatch(self.text) is not None


def asks(text: str) -> bool:
    """Whether words ask something, said the way people say it ("后面补来得及不", "要好久")."""
    return looks_like_question(text) or (len(text) > 1 and _ASKS.search(text) is not None)


def clauses(text: str) -> List[Clause]:
    """The clauses of a message."""
    return [Clause(m["text"], m["mark"]) for m in _CLAUSE.finditer(text)]


def joined(parts: Sequence[Clause]) -> str:
    """Clauses as text again, without the last mark."""
    words = "".join(p.text + p.mark for p in parts[:-1]) + (parts[-1].text if parts else "")
    return words.strip()


def without_slips(parts: Sequence[Clause]) -> List[Clause]:
    """Clauses without what was taken back in the same breath ("前天晚上，不对，昨晚上")."""
    kept: List[Clause] = []
    for number, part in enumerate(parts):
        if part.is_slip and kept and number + 1 < len(parts):
            kept.pop()
        else:
            kept.append(part)
    return kept


def told_and_asked(text: str) -> Tuple[str, str]:
    """What a message tells and what it asks besides; ("", "") when it does only one of the two."""
    parts = clauses(text)
    told = [p for p in parts if not p.asks and not _FILLER.fullmatch(compact(p.text))]
    asked = [p for p in parts if p.asks]
    if not told or not asked:
        return "", ""
    return joined(told), joined(asked) + ("？" if asked else "")
