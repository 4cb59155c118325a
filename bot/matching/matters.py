"""几件事 (ji jian shi): the several matters of one message, and the two sides of a comparison.

Pure: the matcher is an argument. A story about one matter has many clauses too, so a clause counts as a matter of its own only when
it asks for something, names its item clearly, and the text joins it to the others as one more thing ("还想问", "顺便", "也", …).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.matching.normalise import ASKS, CLAUSE
from bot.matching.text import clean
from bot.matching.types import Decision, MatchResult

Match = Callable[[str], MatchResult]

MOST_CLAUSES = 12
MOST_MATTERS = 5
CLEAR = 0.5
CLEAR_WHEN_JOINED = 0.35  # "顺便医保也交了": the words themselves say that this is one more thing
VERY_CLEAR = 0.65
CERTAIN = 0.9
BARE = 8
"""Characters of a name that nothing is said about."""

_ALSO = (
    r"顺便|顺带|顺道|另外|还有(?!没有?|多久|多少|几)|还想|还要|还得|再就是|再一个|再有|再问|再帮|对了|以及|同时|此外|除了这个|"
    r"也(?:想|要|得|给|帮|一起|一块|办|交|换|补|该|丢|没了|坏|过期|转|迁|改|领)|第[二三四五]件?|[二三四五]是|又想|又要"
)
_JOINS = re.compile(_ALSO)
_BREAK = re.compile(r"(?<=[^，。！？；、\n])(?=(?:顺便|顺带|另外|再就是|再一个|对了|以及|还想问|还要问|还想办|还要办))")
_LEAD = re.compile(
    r"^(?:顺便|顺带|顺道|另外|还有|再就是|再一个|再有|再|还|对了|以及|同时|此外|然后|那|问一下|问问|一下|"
    r"[一二三四五]是|第[一二三四五]件?|[0-9]+[.、])+"
)
_TOGETHER = re.compile(r"一(?:起|块儿?)(?:办|弄|问|交|申请|登记|给|咋|怎么)|都(?:要|想|得|办|给|咋|怎么)(?!是)|两(?:个|件|样)|分别|一并")
_AND = re.compile(r"[和跟与及、]|还有|以及")
_OPENS = re.compile(r"(?:顺便|顺带|顺道|另外|还有(?!没有?|多久|多少|几)|还想|再就是|再一个|再有|对了|此外|第[二三四五]件?)")
_WANTS = re.compile(ASKS.pattern + r"|领|办|弄|交|补|上个?户|申请|登记|想|要")
_EXAMPLE = re.compile(r"不是|听说|别人|人家|以前|之前|已经|原来|上次|去年|前年|[办交领弄]过")


@dataclass(frozen=True)
class Matter:
    """One matter of a message: the words, and the item they name."""

    text: str
    code: str
    confidence: float

    def as_dict(self) -> dict[str, str]:
        """Ready for JSON."""
        return {"text": self.text, "code": self.code}


def find_matters(text: str, match: Match) -> tuple[Matter, ...]:
    """The distinct matters of a text in the order in which they are said; empty unless there are at least two."""
    clauses = [c for c in CLAUSE.split(_BREAK.sub("，", clean(text))) if len(c) >= 2]
    if len(clauses) > MOST_CLAUSES or (len(clauses) < 2 and not _TOGETHER.search(text)):
        return ()
    found: list[Matter] = []
    for place, clause in enumerate(clauses):
        for matter in _in_clause(clause, match, bool(_TOGETHER.search(text)), begins_list=_begins_list(place, clauses)):
            if all(matter.code != other.code for other in found) and (not found or _one_more(clause, clauses, place, found, matter)):
                found.append(matter)
    if len(found) < 2:
        found = _told_apart(clauses, match)
    return tuple(found[:MOST_MATTERS]) if len(found) > 1 else ()


def _told_apart(clauses: list[str], match: Match) -> list[Matter]:
    """Matters that take several clauses each ("我孙孙满月了，要给他上户，还有老头子81了，听说有钱领"): cut where one more thing begins.

    Each part must ask for something and name its item clearly by itself, so that a story with 还有 in it stays one matter.
    """
    parts: list[list[str]] = []
    for clause in clauses:
        if parts and not _OPENS.match(clause):
            parts[-1].append(clause)
        else:
            parts.append([clause])
    found: list[Matter] = []
    for part in parts if len(parts) > 1 else []:
        words = "，".join(part)
        reading = match(_LEAD.sub("", words) or words)
        clear = reading.decision == Decision.ANSWER.value and reading.ranking[0].confidence >= CLEAR
        if not clear or not _WANTS.search(words):
            return []
        if all(reading.ranking[0].code != other.code for other in found):
            found.append(Matter(words, reading.ranking[0].code, reading.ranking[0].confidence))
    return found


def _begins_list(place: int, clauses: list[str]) -> bool:
    """Whether a bare name stands in front of what is said to be one more thing ("居住证，还想给娃上学")."""
    return place == 0 and len(clauses[0]) <= BARE and len(clauses) > 1 and bool(_JOINS.search(clauses[1]))


def _in_clause(clause: str, match: Match, together: bool, begins_list: bool) -> list[Matter]:
    if _EXAMPLE.search(clause):
        return []
    if together and len(parts := [p for p in _AND.split(clause) if len(p) >= 2]) > 1:
        sides = [matter for part in parts if (matter := _clear(part, match)) is not None]
        if len({side.code for side in sides}) == len(parts):
            return sides
    matter = _clear(clause, match) if begins_list or _asks(clause) else None
    certain = matter is not None and (_asks(clause) or matter.confidence >= CERTAIN)
    return [matter] if matter is not None and certain else []


def _asks(clause: str) -> bool:
    return bool(ASKS.search(clause) or _JOINS.search(clause))


def _clear(words: str, match: Match) -> Matter | None:
    joined = bool(_JOINS.search(words))
    usable = (Decision.ANSWER.value, Decision.CHOOSE.value) if joined else (Decision.ANSWER.value,)
    readings = [match(said) for said in {_LEAD.sub("", words) or words, words}]
    best = max((r for r in readings if r.ranking), key=lambda r: r.ranking[0].confidence, default=None)
    if best is None or best.decision not in usable or best.ranking[0].confidence < (CLEAR_WHEN_JOINED if joined else CLEAR):
        return None
    return Matter(words, best.ranking[0].code, best.ranking[0].confidence)


def _one_more(clause: str, clauses: list[str], place: int, found: list[Matter], matter: Matter) -> bool:
    """Whether a later clause is joined as one more thing, or stands beside the others as clearly as they do."""
    if matter.text != clause or _JOINS.search(clause):
        return True
    if re.match(r"还|再", clause) or (place and re.search(r"(?:另外|还有|对了|顺便)$", clauses[place - 1])):
        return True
    return min(matter.confidence, found[-1].confidence) >= VERY_CLEAR and _self_standing(clause) and _self_standing(found[-1].text)


def _self_standing(clause: str) -> bool:
    return bool(re.search(r"怎么|咋|如何|[吗不没]$|要(?:啥|什么|多少|带)|帮我|我(?:要|想)|给我", clause))


_SIDES = re.compile(
    r"(?P<first>[^，。！？；和跟与]{2,18})(?:和|跟|与|还是|、|同)(?P<second>[^，。！？；]{2,18}?)"
    r"(?=(?:之间|这?两|到底|都|有|是|我|哪|该|应|的区别|区别|差|不一样|不同|，|。|！|？|；|$))"
)
_SIDE_LEAD = re.compile(r"^(?:请问|问问|我想问|想问|一下|那个|那|我|是|该|要|应该|办|领|选|申请|弄|搞|比较|对比|比一比|到底|不知道|不晓得|分不清)+")


def sides(text: str) -> tuple[str, str] | None:
    """The words on both sides of a comparison ("低保和特困有啥不一样")."""
    match = _SIDES.search(clean(text))
    if match is None:
        return None
    first, second = (_SIDE_LEAD.sub("", match[name]).strip() for name in ("first", "second"))
    return (first, second) if len(first) >= 2 and len(second) >= 2 else None
