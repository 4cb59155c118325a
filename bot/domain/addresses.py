"""地址 (dizhi): the address in what a person says, without what is told besides ("我刚刚说了柳河村五组", "租的房子，在镇上文昌街九号"). Pure."""

from __future__ import annotations

import re
from typing import List

from bot.domain.clauses import Clause, clauses, joined, without_slips

SHORTEST, LONGEST = 3, 80
"""Characters of an address."""
_PLACE = re.compile(
    r"省|市|县|区|镇|乡|街|路|巷|弄|村|组|队|屯|庄|寨|社区|小区|号(?!码)|栋|单元|室|湾|坪|坝|岗|营|堡|店|厂|工地|门口|跟前|旁边|对面|车间|桥头"
)
_CERTAIN = re.compile(r"[\u4e00-\u9fff]{1,8}(?:镇|乡|街|路|巷|村|屯|庄|寨|社区|小区|湾|坪|坝)|[0-9一二三四五六七八九十]+(?:组|队|号(?!码)|栋|单元|室|社)")
_LEAD = re.compile(
    r"^(?:.*(?:说了|说过|说的是|讲了|住在|住址是|地址是|是在|搬到了?|改成|改为|换成|只写|写成|写全点?|就写)|.*[我俺他她](?:们)?(?:屋|家)?(?:头|里)?(?:现在|目前)?(?:就)?(?:在|住)(?!校)"
    r"|我?(?:家(?=里?的?(?:现在)?(?:就)?(?:住|在|地址|住址))|人(?=现?在|住))?里?的?(?:现在)?(?:住址|地址|住)?(?:就)?(?:在|是)?)"
)
_END = re.compile(r"(?:就行了?|就可以了?|就好了?|那里|那儿|这里|这儿|嘛|哦|吧|啊|呀|哈|噻)+$")
_TELLS = re.compile(r"[我你您俺咱他她]|是|有|没|租|叫|住校|说|填|改|写|平方?$|亩|岁|口人|元|块|[了的]$|不|谢|电话|手机|身份证")
"""Words that tell something else, in a clause without a place."""


def address_in(text: str) -> str:
    """The address; empty if there is none."""
    parts = [Clause(_bare(p.text), p.mark) for p in without_slips(clauses(text)) if not p.asks]
    certain = [p for p in parts if _CERTAIN.search(p.text)]
    if not certain:
        said = _bare(text.strip())
        return said if _PLACE.search(said) and SHORTEST <= len(said) <= LONGEST else ""
    kept: List[Clause] = [p for p in parts if p.text and (_is_address(p.text) if len(parts) > 1 else True)]
    said = joined(kept or certain)
    return said if SHORTEST <= len(said) <= LONGEST else ""


def _is_address(words: str) -> bool:
    """Whether a clause belongs to the address: it names a place, or nothing else is told in it ("老祠堂背后")."""
    if _CERTAIN.search(words):
        return not re.search(r"[了的]$", words)
    return not _TELLS.search(words)


def _bare(words: str) -> str:
    return _END.sub("", _LEAD.sub("", words, count=1)).strip(" ,，。.")
