"""第二道网 (di-er dao wang): finds personal numbers that stand in plain text where only sealed ones may stand.

The vault in front has sealed what people type; what is found here is a fault of ours, so a filing with it is refused
rather than stored.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Iterator, Mapping

from bot.domain.second_net import mask_all

# Written in groups, as on the card or as telephone numbers are read out; the groups' borders must be the usual ones, or
# two neighbouring dates would look like a number.
_GROUPED = re.compile(
    r"(?<![0-9A-Za-z])(?:1[3-9][0-9](?P<gap>[ -])[0-9]{4}(?P=gap)[0-9]{4}"
    r"|[1-9][0-9]{5}[ -](?:18|19|20)[0-9]{6}[ -][0-9]{3}[0-9Xx])(?![0-9A-Za-z])"
)
# ID numbers of 15 digits, given out until 1999.
_OLD_ID = re.compile(
    r"(?<![0-9A-Za-z.:_-])[1-9][0-9]{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}(?![0-9A-Za-z._-])"
)


def _has_number(text: str) -> bool:
    plain = unicodedata.normalize("NFKC", text)
    return bool(mask_all(plain)[1] or _GROUPED.search(plain) or _OLD_ID.search(plain))


def _texts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield path, key
            yield from _texts(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _texts(inner, f"{path}第{index + 1}项")
    elif isinstance(value, str):
        yield path, value
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield path, str(value)


def places(body: Any) -> list[str]:
    """The places in a JSON body that hold a number in plain text. A place that is itself a number is not named."""
    found = {path if not _has_number(path) else "" for path, text in _texts(body, "") if _has_number(text)}
    return sorted(found)


def without_numbers(value: Any) -> Any:
    """The same JSON with every such number masked."""
    if isinstance(value, Mapping):
        return {without_numbers(key): without_numbers(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [without_numbers(inner) for inner in value]
    if isinstance(value, str) and _has_number(value):
        masked = mask_all(unicodedata.normalize("NFKC", value))[0]
        return _OLD_ID.sub("***", _GROUPED.sub("***", masked))
    if isinstance(value, (int, float)) and not isinstance(value, bool) and _has_number(str(value)):
        return "***"
    return value
