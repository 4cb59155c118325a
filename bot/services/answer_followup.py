"""追问 (zhuiwen): answer 要多久 / 收费吗 / 在哪办 / 周末开门吗 / 可以代办吗 / 复印件行不行 for the item already in hand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import List, Mapping, Protocol, Sequence, Tuple

from bot.domain.answers import TOKEN, compact
from bot.domain.item import Facts, Item
from bot.domain.notice import Notice, compose
from bot.domain.words import stretches
from bot.ports import Catalogue, PublishedItem
from bot.services.quote_item import sentences

MAX_ASPECTS = 3
AT_HOME = "上门"
WHETHER = "whether"
"""Asks whether one may have it at all: the conditions answer, where nothing else is asked."""
STOPS = re.compile(r"停发|认证|年审|审验")
_FILLERS = re.compile(
    r"这个|那个|这事|这件事|办这|办理|办|那么|那|请问|一下|我想|想|问|我们|我|你们|你|您|咱|俺|能不能|可不可以|可以|能|需要|需|要|"
    r"得|是|的|了|吗|呢|吧|啊|呀|嘛|么|不|没|有|就|还|也|和|跟|都|去|来|到|在|给|用|行|才|拿|手上|手|东西|什么|啥|怎么|咋|多少|哪些|哪|几|大概|到底|一共|总共|最|会|别人|家里人|儿子|女儿|老伴|本人|自己|村里|镇里|开|现在|弄|搞|里"
)


class FollowupTemplates(Protocol):
    """What renders follow-up answers."""

    def followup(self, notice: Notice, aspects: Sequence[str], facts: Facts, today_line: str, paper: str, at_home: Sequence[str], stops: Sequence[str]
    ) -> str: ...


class AspectWords:
    """Finds what a question asks about, by the patterns of data/dialogue/aspects.yml."""

    def __init__(self, patterns: Mapping[str, Sequence[str]]) -> None:
        self._patterns: List[Tuple[str, "re.Pattern[str]"]] = [
            (aspect, re.compile("|".join(f"(?:{p})" for p in alternatives))) for aspect, alternatives in patterns.items()
        ]

    def find(self, text: str) -> List[str]:
        """Aspects named in the text, in the order in which they are named; at most MAX_ASPECTS."""
        hits = []
        for aspect, pattern in self._patterns:
            match = pattern.search(text)
            if match:
                hits.append((match.start(), aspect))
        named = [aspect for _, aspect in sorted(hits)]
        if WHETHER in named:  # "我才来三个月，办得下来不"; with "周六" in it the question is about the day
            named = [aspect for aspect in named if aspect != WHETHER] or ["conditions"]
        return named[:MAX_ASPECTS]

    def only_asks_back(self, text: str) -> bool:
        """Whether nothing but follow-up words and fillers stand in the text ("那要多久呢")."""
        rest = compact(TOKEN.sub("", text))
        for _, pattern in self._patterns:
            rest = pattern.sub("", rest)
        return len(_FILLERS.sub("", rest)) <= 1 and bool(self.find(text))

    def points_back(self, text: str, other: Item) -> bool:
        """Whether the text asks about "这个", "这些" and names nothing of another item that a matcher may have found."""
        names = (other.name, *other.aliases)
        named = any(stretch in text for stretch in stretches(*names))
        return bool(_POINTS_BACK.search(text)) and not named and bool(self.find(text))


_PAPER = re.compile(
    r"(?:要|用|带|需|交|拿)(?:不要|不用|不带|不)?(?:带|交|拿|提供|我)?(?P<paper>[^，。？！,?!要用带交拿吗么不]{1,8}?"
    r"(?:身份证|户口[本簿]|结婚证|照片|合同|证明|复印件|[证照表卡章本]))(?:原件|的)?[吗么不没]"
    r"|(?:要不要|用不用|需不需要|带不带)(?:带|交|拿|提供|我)?(?P<other>[^，。？！,?!要用带交拿吗么不]{0,6}?"
    r"(?:身份证|户口[本簿]|结婚证|照片|合同|证明|复印件|[证照表卡章本]))$"
    r"|(?P<third>[^，。？！,?!要用带交拿吗么不问]{0,6}?(?:身份证|户口[本簿]|结婚证|合同|证明|[证照表卡章本]))要(?:带|交)?(?:原件|复印件|正本)"
    r"|(?P<fourth>[^，。？！,?!要用带交拿吗么不问]{0,6}?(?:身份证|户口[本簿]|结婚证|合同|证明|[证照表卡章本]))(?:还|也)?(?:要|用|需要)(?:不要)?(?:带|交|拿)(?:去|来|上|起)*[吗么不没]"
)
_WHOSE = re.compile(r"^(?:原来|原先|以前|旧|老|我|俺|咱|你|他|她|老人|孩子|娃|自己|本人)+(?:家|们)?的?")
_SAME_PAPER = (("户口本", "户口簿"), ("房产证", "不动产权"), ("房本", "不动产权"), ("相片", "照片"), ("存折", "银行"))


def asked_paper(said: str) -> str:
    """The one paper that a question asks about, as the catalogue calls it; empty if it asks about none."""
    match = _PAPER.search(compact(said))
    paper = _WHOSE.sub("", (match["paper"] or match["other"] or match["third"] or match["fourth"]) if match else "")
    for everyday, ours in _SAME_PAPER:
        paper = paper.replace(everyday, ours)
    return paper


_POINTS_BACK = re.compile(r"这些|这个|这事|这件|这样|那个|那些")


@dataclass(frozen=True)
class AnswerFollowup:
    """Short answers from the catalogue; what it does not hold is said to be missing."""

    catalogue: Catalogue
    templates: FollowupTemplates

    def answer(
        self, published: PublishedItem, aspects: Sequence[str], facts: Facts, today_line: str = "", said: str = ""
    ) -> str:
        """The answer to one or more follow-up questions about an item; `said` may name one paper ("要居住证吗")."""
        notice = compose(published.item, published.local, self.catalogue.centre, published.version, facts)
        at_home = tuple(s for s in sentences(published, facts) if AT_HOME in s) if "home" in aspects else ()
        stops = tuple(s for s in sentences(published, facts) if STOPS.search(s)) if "unpaid" in aspects else ()
        return self.templates.followup(notice, aspects, facts, today_line, asked_paper(said), at_home, stops)
