"""Whether a question stands on its own or only asks back about the item in hand ("那要多久呢")."""

from __future__ import annotations

import re

from bot.domain.answers import TOKEN, compact
from bot.services.answer_followup import AspectWords

_FILLERS = re.compile(
    r"这个|那个|这事|这件事|办这|办理|办|那么|那|请问|一下|我想|想|问|我们|我|你们|你|您|咱|俺|能不能|可不可以|可以|能|需要|需|要|"
    r"得|是|的|了|吗|呢|吧|啊|呀|嘛|么|不|没|有|就|还|也|和|跟|都|去|来|到|在|给|用|行|什么|啥|怎么|咋|多少|哪些|哪|几|大概|到底|一共|总共|最|会|别人|家里人|儿子|女儿|老伴|本人|自己|村里|镇里|开|现在"
)


def only_asks_back(text: str, aspects: AspectWords) -> bool:
    """True when nothing but follow-up words and fillers stand in the text."""
    rest = TOKEN.sub("", text)
    rest = aspects.without(rest)
    return len(_FILLERS.sub("", compact(rest))) <= 1
