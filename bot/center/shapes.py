"""请求内容 (qingqiu neirong): reads JSON bodies into dataclasses and keeps out what no store can hold.

A field of a body dataclass says its own limits (`limited(...)`); the OpenAPI document is made from the same words.
"""

from __future__ import annotations

import json
import re
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from functools import lru_cache
from typing import Any, Iterator, Mapping, Optional, Type, TypeVar, Union

from cattrs import Converter

from bot.adapters.strict_json import NotFitting, Problem, StructureError, make_converter, structure, to_plain
from bot.center.errors import ApiError, from_problems

T = TypeVar("T")

MAX_TEXT = 20_000
MAX_DEPTH = 12
MAX_NUMBER = 2**53
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def limited(
    longest: int = 200,
    *,
    shortest: int = 1,
    pattern: Optional[str] = None,
    least: Optional[int] = None,
    most: Optional[int] = None,
    default: Any = MISSING,
    default_factory: Any = MISSING,
) -> Any:
    """A field with limits: length of a text or list, pattern of a text, range of a number."""
    limits = {"longest": longest, "shortest": shortest, "pattern": pattern, "least": least, "most": most}
    if default_factory is not MISSING:
        return field(default_factory=default_factory, metadata=limits)
    return field(metadata=limits) if default is MISSING else field(default=default, metadata=limits)


def _storable(value: Any, path: str, depth: int) -> Iterator[Problem]:
    if depth > MAX_DEPTH:
        yield path, "嵌套太深"
    elif isinstance(value, str):
        if len(value) > MAX_TEXT:
            yield path, f"文字太长，最多 {MAX_TEXT} 字"
        if _FORBIDDEN.search(value):
            yield path, "文字里有不能保存的控制字符"
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        if not -MAX_NUMBER <= value <= MAX_NUMBER:
            yield path, "数字太大"
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _storable(key, path, depth + 1)
            yield from _storable(inner, f"{path}.{key[:40]}" if path else key[:40], depth + 1)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _storable(inner, f"{path}第{index + 1}项", depth + 1)


def _refuse(constant: str) -> Any:
    raise ValueError(constant)


def parse_json(body: bytes) -> Any:
    """JSON that every store can hold: no NaN, no control characters, no half characters, no giant numbers.

    Raises:
        ApiError: bad_json or bad_value.
    """
    try:
        data = json.loads(body.decode("utf8"), parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise ApiError("bad_json") from None
    problems = list(_storable(data, "", 0))
    if problems:
        # The path could itself hold what cannot be written out.
        raise from_problems("bad_value", [(_FORBIDDEN.sub("?", path), text) for path, text in problems])
    return data


def _limit_problem(value: Any, limits: Mapping[str, Any]) -> Optional[str]:
    if isinstance(value, (str, list, tuple, dict)):
        if len(value) < limits["shortest"]:
            return "不能为空"
        if len(value) > limits["longest"]:
            return f"太长，最多 {limits['longest']}"
        if limits["pattern"] and isinstance(value, str) and not re.fullmatch(limits["pattern"], value):
            return "写法不对"
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        if limits["least"] is not None and value < limits["least"]:
            return f"不能小于 {limits['least']}"
        if limits["most"] is not None and value > limits["most"]:
            return f"不能大于 {limits['most']}"
    return None


def _beyond_limits(value: Any, path: str) -> Iterator[Problem]:
    if is_dataclass(value):
        for part in fields(value):
            inner, place = getattr(value, part.name), f"{path}.{part.name}" if path else part.name
            problem = _limit_problem(inner, part.metadata) if part.metadata else None
            if problem:
                yield place, problem
            else:
                yield from _beyond_limits(inner, place)
    elif isinstance(value, tuple):
        for index, inner in enumerate(value):
            yield from _beyond_limits(inner, f"{path}第{index + 1}项")
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _beyond_limits(inner, f"{path}.{key}")


@dataclass(frozen=True)
class Sealed:
    """A personal number as the vault gives it out: never the number itself."""

    token: str = limited(200)
    masked: str = limited(40)
    fingerprint: str = limited(128, shortest=16)
    kind: str = limited(20, pattern="id_number|mobile|landline|bank_card|credit_code")
    verdict: str = limited(40, default="ok")
    birth: Optional[str] = limited(10, default=None)


@dataclass(frozen=True)
class Choice:
    """A chosen option with the words that were read back."""

    id: str = limited(40)
    label: str = limited(200)


FieldValue = Union[str, int, float, Sealed, Choice]


def _field_value(value: Any, _: Any) -> Any:
    if isinstance(value, dict):
        return converter().structure(value, Choice if "label" in value else Sealed)
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise NotFitting("应当是文字、数字、选项或加密的号码")
    if isinstance(value, str) and len(value) > 2000:
        raise NotFitting("太长，最多 2000 字")
    return value


@lru_cache(maxsize=1)
def converter() -> Converter:
    """The converter of the API, shared; it also knows the union of form values."""
    made = make_converter()
    made.register_structure_hook(FieldValue, _field_value)
    return made


def read(data: Any, kind: Type[T]) -> T:
    """A body as its dataclass.

    Raises:
        ApiError: bad_value, listing every place that does not fit.
    """
    if not isinstance(data, dict):
        raise ApiError("bad_value", "请求内容应当是一个 JSON 对象。")
    try:
        value = structure(converter(), data, kind)
    except StructureError as error:
        raise from_problems("bad_value", error.problems) from None
    problems = list(_beyond_limits(value, ""))
    if problems:
        raise from_problems("bad_value", problems)
    return value


def plain(value: Any) -> Any:
    """A dataclass as JSON-ready data."""
    return to_plain(converter(), value)
