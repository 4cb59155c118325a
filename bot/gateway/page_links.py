"""页面链接 (yemian lianjie): the line under a message that leads to its page. The bot's texts know nothing of pages.

The web chat needs no key in the address: its cookie opens the pages of its own conversation. A channel without a
cookie makes a link with a key (`h5/ways_in.py`).
"""

from __future__ import annotations

import re
from typing import Callable, Mapping, Optional

from bot.domain import case_numbers
from bot.domain.case_numbers import NumberKind
from bot.gateway.h5 import ways_in
from bot.gateway.links import Purpose

_NAMED = re.compile(r"编号[ ：:]*((?:GZ|BJ)-[\d-]+\d)")


Address = Callable[[Purpose, str], str]
"""The address of a page, by what it is for and its subject."""


def line_for(text: str, words: Mapping[str, str], address: Address = ways_in.path) -> Optional[str]:
    """The line for the notice or case that a message names; None for a message without one.

    Args:
        words: `notice` and `case`, each with a place for {link}.
        address: how the channel's people get in.
    """
    for named in _NAMED.findall(text):
        number = case_numbers.parse(named)
        if number is not None and number.kind is NumberKind.NOTICE:
            return words["notice"].format(link=address(Purpose.NOTICE, str(number)))
        if number is not None:
            return words["case"].format(link=address(Purpose.PROGRESS, ""))
    return None
