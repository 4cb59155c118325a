"""拆字 (chaizi): names that people spell out: 弓长张, 赵云的赵，建设的建, 三点水的江. Pure."""

from __future__ import annotations

import re
from typing import AbstractSet, List, Tuple

# how surnames are told apart by their parts; the sound-alikes are why people say it
_BY_PARTS = {
    "弓长张": "张", "立早章": "章", "木子李": "李", "耳东陈": "陈", "双人徐": "徐", "言午许": "许", "双木林": "林", "口天吴": "吴",
    "古月胡": "胡", "草头黄": "黄", "三横王": "王", "走肖赵": "赵", "文刀刘": "刘", "卯金刀刘": "刘", "木易杨": "杨", "人可何": "何",
    "禾呈程": "程", "土申坤": "坤", "干勾于": "于", "人则余": "余", "余未余": "余", "人禾余": "余", "禾火秋": "秋", "白水泉": "泉",
    "日月明": "明", "女子好": "好", "双口吕": "吕", "口口吕": "吕", "千里马": "马", "草字头蒋": "蒋", "草头蒋": "蒋", "西土覃": "覃",
    "西早覃": "覃", "竹字头简": "简", "宝盖宋": "宋", "木目相": "相", "十口叶": "叶", "口十叶": "叶", "虚左邱": "邱", "丘耳邱": "邱",
    "山丘丘": "丘", "三点水江": "江", "水工江": "江", "水可河": "河", "三点水汪": "汪", "三点水沈": "沈", "三点水潘": "潘", "三点水汤": "汤",
    "三点水洪": "洪", "京尤就": "就", "言永咏": "咏", "禾斗科": "科", "广东东": "东", "王民珉": "珉", "美女姜": "姜", "羊女姜": "姜",
    "草头苏": "苏", "草头薛": "薛", "草头范": "范", "双耳郑": "郑", "关耳郑": "郑", "登耳邓": "邓", "又耳邓": "邓", "示申神": "神", "衣谷裕": "裕",
    "四维罗": "罗", "四夕罗": "罗", "十八子李": "李", "加贝贺": "贺", "次女姿": "姿", "田力男": "男", "门心闷": "闷", "雨田雷": "雷",
}  # fmt: skip
_RADICALS = (
    "三点水|两点水|四点水|单人旁|双人旁|草字头|草头|竹字头|宝盖头|木字旁|王字旁|金字旁|绞丝旁|提手旁|女字旁|言字旁|火字旁|日字旁|月字旁|"
    "立刀旁|反犬旁|提土旁|土字旁|山字旁|口字旁|竖心旁|心字底|走之底|走之旁|示字旁|衣字旁|禾字旁|米字旁|马字旁|鸟字旁|雨字头|双耳旁|耳刀旁|右耳旁|左耳旁"
)
_PARTS = re.compile("(" + "|".join(sorted(_BY_PARTS, key=len, reverse=True)) + r")(?:的\1|的(?P<again>[\u4e00-\u9fff]))?")
_RADICAL = re.compile(rf"(?:{_RADICALS})(?:那个|的)?(?:的)?(?P<char>[\u4e00-\u9fff])")
_SEPARATORS = re.compile(r"[\s,，。.、;；!！]+")
_LEAD = re.compile(
    r"^(?:我|他|她|孩子|娃|老人|我妈|我爸|本人)?(?:的)?(?:名字|姓名|大名)?(?:就)?(?:叫做?|是|为)?(?:姓(?=[\u4e00-\u9fff]{1,2}(?:名|$)))?"
)
_BETWEEN = re.compile(r"(?<=[\u4e00-\u9fff])名字?叫?(?=[\u4e00-\u9fff]{1,2}$)|^(?:名字?|名叫|姓)")


def spelled_name(text: str, surnames: AbstractSet[str] = frozenset()) -> str:
    """The name, or the one character, that a text spells out; empty if it spells none.

    A name that is said and explained ("赵建国，赵云的赵") counts as said, provided the explanation fits it.
    """
    chars: List[str] = []
    rest: List[str] = []
    for segment in filter(None, _SEPARATORS.split(text)):
        found, left = _explained(segment)
        chars += found
        rest.append(left)
    if not chars:
        return ""
    said = _said("".join(rest))
    spelled = "".join(chars)
    if not said:
        return spelled
    if len(said) >= 3 and said[0] == said[1] and said[0] in surnames:
        said = said[1:]  # "姓罗，罗大富"
    if len(said) >= 2 and all(char in said for char in chars):
        return said
    if said == spelled[:1] and len(spelled) > 1:
        return spelled
    if len(chars) == 1 and len(said) <= 2 and chars[0] not in said and said[0] not in surnames:
        return chars[0] + said
    return ""


def _said(rest: str) -> str:
    before = ""
    while rest != before:
        before = rest
        rest = _BETWEEN.sub("", _LEAD.sub("", rest, count=1))
    return re.sub(r"^(.)(?:名字?)?叫(?=\1.)", "", rest)


def _explained(segment: str) -> Tuple[List[str], str]:
    """Characters that a stretch without punctuation explains, and what is left of it."""
    chars: List[str] = []
    left, position = "", 0
    while position < len(segment):
        for pattern in (_PARTS, _RADICAL):
            match = pattern.match(segment, position)
            if match:
                chars.append(_BY_PARTS[match.group(1)] if pattern is _PARTS else match["char"])
                position = match.end()
                break
        else:
            end = _word_end(segment, position)
            if end:
                chars.append(segment[end - 1])
                position = end
            else:
                left += segment[position]
                position += 1
    return chars, left


def _word_end(segment: str, position: int) -> int:
    """End of "建设的建" that starts here; 0 if none does. In a longer stretch the shortest word is meant."""
    at = segment.find("的", position)
    if at < 0 or at + 1 >= len(segment):
        return 0
    char, word = segment[at + 1], segment[position:at]
    if len(word) < 2 or char not in word:
        return 0
    whole = position == 0 and at + 2 == len(segment) and len(word) <= 8 and not _LEAD.match(word).group()  # type: ignore[union-attr]
    shortest = len(word) == 2 or char not in word[1:]
    return at + 2 if whole or shortest else 0
