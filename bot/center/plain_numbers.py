"""第二道网 (di-er dao wang): finds personal numbers that stand in plain text where only sealed ones may stand.

The vault in front has sealed what people type; what is found here is a fault of ours, so a filing with it is refused
rather than stored.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Iterator, Mapping

from bot.domain.second_net import mask_all

_START, _END = r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])"
_DATE = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_PERSONAL = re.compile(
    _START
    + "(?:"
    + "|".join(
        (
            rf"[1-9][0-9]{{5}}(?P<a>[ -]?)(?:18|19|20)[0-9]{{2}}{_DATE}(?P=a)[0-9]{{3}}[0-9Xx]",  # ID number
            rf"[1-9][0-9]{{5}}[0-9]{{2}}{_DATE}[0-9]{{3}}",  # ID number of 15 digits, given out until 1999
            r"1[3-9][0-9](?P<b>[ -]?)[0-9]{4}(?P=b)[0-9]{4}",  # mobile
            r"[3-6][0-9]{3}(?P<c>[ -]?)[0-9]{4}(?P=c)[0-9]{4}(?P=c)[0-9]{4}(?:(?P=c)[0-9]{1,3})?",  # bank card
        )
    )
    + ")"
    + _END
)
# Ids that programs make may contain long runs of digits; there only a number that stands quite alone is one.
_MADE_BY_PROGRAMS = frozenset(
    ("conversation", "idempotency_key", "asker", "person", "token", "fingerprint", "id_fingerprint", "lookup_code_hash")
)


def _has_number(text: str, key: str = "") -> bool:
    plain = unicodedata.normalize("NFKC", text)
    return bool(mask_all(plain)[1] if key in _MADE_BY_PROGRAMS else _PERSONAL.search(plain))


def _texts(value: Any, path: str, key: str = "") -> Iterator[tuple[str, str, str]]:
    """Path, key and text of everything that can hold a number, keys included."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield path, "", name
            yield from _texts(inner, f"{path}.{name}" if path else name, name)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _texts(inner, f"{path}第{index + 1}项", key)
    elif isinstance(value, str):
        yield path, key, value
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield path, key, str(value)


def places(body: Any) -> list[str]:
    """The places in a JSON body that hold a number in plain text. A place that is itself a number is not named."""
    found = (path for path, key, text in _texts(body, "") if _has_number(text, key))
    return sorted({"" if _has_number(path) else path for path in found})


def without_numbers(value: Any) -> Any:
    """The same JSON with every such number masked."""
    if isinstance(value, Mapping):
        return {without_numbers(key): without_numbers(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [without_numbers(inner) for inner in value]
    if isinstance(value, str) and _has_number(value):
        return _PERSONAL.sub("***", unicodedata.normalize("NFKC", value))
    if isinstance(value, (int, float)) and not isinstance(value, bool) and _has_number(str(value)):
        return "***"
    return value
