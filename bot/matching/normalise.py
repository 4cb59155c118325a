"""From what a person typed or said to the few words that carry the request."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.matching.text import clean

_POLITE = re.compile(
    r"请问一?下?|[你您]好啊?|哈喽|在吗|在不在|麻烦(?:你|您)?(?:一下|问一?下)?|劳驾|打扰(?:一下|了)?|谢谢(?:你|您|了|啦|哈)?|多谢|"
    r"辛苦(?:了|您)?|不好意思|拜托(?:了)?|跪求|急急急|在线等|同志[们好]?|师傅|领导|小姐姐|小哥哥|大姐|工作人员|各位|亲|"
    r"(?:我)?想?(?:要)?(?:请问|问问|问一下|问下|问个事|打听一?下|打听个事|咨询一下|咨询下|了解一下|了解下)|帮我(?:看看|查查看|问问)?|"
    r"帮忙(?:看看|问问)?|先(?:说|讲|问|办)(?=..)|那个啥|[那这]个|就是说|是这样的|情况是这样|怎么说呢|然后呢|对吧|是吧|哎呀|哎|唉|喂|呃+|嗯+|额|哦+|噢|嘿"
)
_ENDINGS = re.compile(r"[啊呀呢吧嘛哈哟喔咯啦哇](?=[，。！？；、\n]|$)")
_MATTER = re.compile(r"(?<=..)(?:的事|的?(?:事情|事儿|问题))$")
"""All of "补贴的事" is 补贴."""
CLAUSE = re.compile(r"[，。！？；、\n]+")
_SENTENCE = re.compile(r"[。！？；\n]+")
ASKS = re.compile(
    r"怎么|咋|如何|怎样|哪里|哪儿|哪个|在哪|到哪|去哪|找谁|找哪|找哪个|啥子?手续|什么手续|什么材料|啥材料|什么流程|能不能|可不可以|"
    r"可以.{0,12}[吗不]|能.{0,12}[吗不]|有没有|要不要|用不用|需不需要|行不行|多少|几天|多久|想(?!起|着|不到)|要(?!是|么|不是)|需要|"
    r"打算|准备|申请|办(?!公|法)|补|领|报销|查|登记|注销|变更|换|转|开(?!始|心)|求|[吗么没]$|\?"
)
_GIST_LENGTH = 44
_MOSTCLAUSES = 60

# 不是 X，是 Y — the person says what it is not; X must not be searched for.
_NEGATIONS = (
    re.compile(r"(?:我)?(?:又|并|可)?不是(?:要|想|来|说|问|去|为了)?(?P<no>[^，。！？；是]{2,18})[，。；、]+"
               r"(?=(?:我)?(?:而)?(?:是|就是|要|想|只是|主要|其实|现在|来))"),
    re.compile(r"(?:我)?不是(?:要|想|来|说|问)?(?P<no>[^，。！？；是]{2,14})(?=而?是|我是)"),
    re.compile(r"(?:我)?(?:不|没)(?:想|要|需要|用|打算|准备)(?:去)?(?P<no>(?:办|补|查|换|申请|注销|迁|交|转)[^，。！？；]{1,14})[，。；、]+"
               r"(?=(?:我)?(?:而)?(?:是|就是|要|想|只|现在|来|就))"),
    re.compile(r"(?P<no>[^，。！？；]{2,14})(?:我)?(?:已经|都|早就|刚刚?)(?:办|弄|交|领|搞|有|登记|申请)(?:过|好|完|到)?了[，。；、]+"
               r"(?=(?:我)?(?:现在|这次|就是|只|还|想|要|是想))"),
    re.compile(r"(?:除了|跟|和)(?P<no>[^，。！？；]{2,14})(?:以外|之外|没关系|无关|没有关系)[，。；、]*"),
)


@dataclass(frozen=True)
class Spoken:
    """A text made ready: `whole` without noise, `core` the request in it, `denied` what it says it is not."""

    whole: str
    core: str
    denied: tuple[str, ...] = ()

    @property
    def rest(self) -> str:
        """What was said besides the request."""
        return self.whole.replace(self.core, "，") if self.core != self.whole else ""


def normalise(text: str, weigh: Callable[[str], float] | None = None) -> Spoken:
    """Clean a text, take out politeness and what is denied, and find the request in it.

    Args:
        text: as typed or said.
        weigh: how much a clause has to do with public services; helps to find the request in a story.
    """
    plain = clean(text)
    plain = _ENDINGS.sub("", _POLITE.sub("", plain))
    plain = CLAUSE.sub(lambda m: m.group()[0], plain).strip("，。！？；、\n")
    plain, denied = _without_denied(_MATTER.sub("", plain))
    return Spoken(plain, gist(plain, weigh=weigh), denied)


def _without_denied(text: str) -> tuple[str, tuple[str, ...]]:
    denied: list[str] = []
    for pattern in _NEGATIONS:
        match = pattern.search(text)
        # A denial that is all there is stays: better a doubtful word than an empty question.
        if match and len(text) - (match.end() - match.start()) >= 3:
            denied.append(match.group("no"))
            text = (text[: match.start()] + "，" + text[match.end():]).strip("，。；、")
    return text, tuple(denied)


def gist(text: str, length: int = _GIST_LENGTH, weigh: Callable[[str], float] | None = None) -> str:
    """The clauses that hold the request: all of a short text, the asking part of a story."""
    if len(text) <= length:
        return text
    clauses = [clause for clause in CLAUSE.split(text) if clause]
    if len(clauses) <= 1:
        return text[-length:] if not clauses else _middle(clauses[0], length)
    clauses = clauses[-_MOSTCLAUSES:]
    scores = [_asking(clause) + 0.5 * place / len(clauses) + (weigh(clause) if weigh else 0.0)
              for place, clause in enumerate(clauses)]
    best = max(range(len(clauses)), key=scores.__getitem__)
    first, last = best, best
    size = len(clauses[best])
    while True:
        before = scores[first - 1] + 0.4 if first > 0 else -1.0
        after = scores[last + 1] if last + 1 < len(clauses) else -1.0
        grow_back = before >= after
        place = first - 1 if grow_back else last + 1
        if max(before, after) < 0 or size + len(clauses[place]) > length:
            break
        first, last = (place, last) if grow_back else (first, place)
        size += len(clauses[place]) + 1
    return _middle("，".join(clauses[first:last + 1]), length * 2)


def _asking(clause: str) -> float:
    return min(3.0, len(ASKS.findall(clause)) * 1.0) + (0.2 if len(clause) >= 5 else -0.5)


def _middle(text: str, length: int) -> str:
    """A stretch without stops (dictated): the part around the last asking word."""
    if len(text) <= length:
        return text
    places = [match.start() for match in ASKS.finditer(text)]
    end = min(len(text), (places[-1] if places else len(text)) + length // 3)
    return text[max(0, end - length):end]
