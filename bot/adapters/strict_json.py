"""严格读取 (yangge duqu): plain data (YAML, JSON) into dataclasses, refusing whatever does not fit.

Used for the catalogue files and for the bodies of API requests. Nothing is converted silently: a number where a
text is wanted is an error, and so is a key that nobody knows. The errors name the place of the value in words that
office staff understand.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import is_dataclass
from datetime import date, datetime, time
from enum import Enum
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from cattrs import Converter
from cattrs.errors import ClassValidationError, ForbiddenExtraKeysError, IterableValidationError
from cattrs.gen import make_mapping_structure_fn

T = TypeVar("T")
Problem = tuple[str, str]
"""Path of the value and what is wrong with it."""


class NotFitting(ValueError):
    """One value does not fit; the text says what is expected."""


class StructureError(ValueError):
    """Data does not fit its dataclass; `problems` lists every place."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("；".join(f"{path}：{text}" if path else text for path, text in problems))
        self.problems = problems


def _shown(value: Any) -> str:
    text = repr(value) if not isinstance(value, str) else f"“{value}”"
    return text if len(text) <= 40 else text[:40] + "…"


def _enum(value: Any, kind: Any) -> Any:
    try:
        return kind(value)
    except ValueError:
        known = "、".join(str(member.value) for member in kind)
        raise NotFitting(f"只能填 {known} 中的一个，现在是 {_shown(value)}") from None


def as_text(value: Any, kind: Any) -> Any:
    """A text and nothing else; a member for a text enum, which cattrs sends through the hook of its base."""
    if kind is not str:
        return _enum(value, kind)
    if isinstance(value, (bool, int, float, date)):
        raise NotFitting(f"应当是文字，现在是 {_shown(value)}；作文字用时请加引号")
    if not isinstance(value, str):
        raise NotFitting("应当是文字")
    return value


def _whole_number(value: Any, _: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise NotFitting(f"应当是整数，现在是 {_shown(value)}")
    return value


def _number(value: Any, _: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise NotFitting(f"应当是数字，现在是 {_shown(value)}")
    return float(value)


def _yes_no(value: Any, _: Any) -> bool:
    if not isinstance(value, bool):
        raise NotFitting(f"应当是 true 或 false，现在是 {_shown(value)}")
    return value


def _date(value: Any, _: Any) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and len(value) == 10:
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise NotFitting(f"应当是日期，写成 2026-01-31 的样子，现在是 {_shown(value)}")


def _time(value: Any, _: Any) -> time:
    if isinstance(value, str) and len(value) == 5:
        try:
            return time.fromisoformat(value)
        except ValueError:
            pass
    raise NotFitting(f'应当是时刻，写成带引号的 "08:30" 的样子，现在是 {_shown(value)}')


def _moment(value: Any, _: Any) -> datetime:
    if isinstance(value, str) and len(value) >= 16:
        try:
            moment = datetime.fromisoformat(value.replace("Z", "+00:00"))
            # Without an offset it is local time; years near the ends cannot be converted to UTC.
            moment = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo("Asia/Shanghai"))
            if 1900 <= moment.year <= 2999:
                return moment
        except ValueError:
            pass
    raise NotFitting(f"应当是时间，写成 2026-01-31T09:00:00+08:00 的样子，现在是 {_shown(value)}")


def _is_homogeneous_tuple(kind: Any) -> bool:
    return getattr(kind, "__origin__", None) is tuple


def _is_mapping(kind: Any) -> bool:
    origin = getattr(kind, "__origin__", None)
    return isinstance(origin, type) and origin.__name__ in ("Mapping", "dict")


Hook = Callable[[Any, Any], Any]


def _guard(inner: Hook, accepted: type, sentence: str) -> Hook:
    """Refuse the wrong container first: a text would otherwise be read as a list of letters."""

    def structure_guarded(value: Any, cls: Any) -> Any:
        if not isinstance(value, accepted):
            raise NotFitting(sentence)
        return inner(value, cls)

    return structure_guarded


def _mapping(kind: Any, converter: Converter) -> Hook:
    """The converter's own method would register its unguarded hook beside ours, and win after the next new kind."""
    return make_mapping_structure_fn(kind, converter, detailed_validation=converter.detailed_validation)


def make_converter() -> Converter:
    """A converter that forbids unknown keys and silent conversions."""
    converter = Converter(forbid_extra_keys=True, unstruct_collection_overrides={tuple: list})
    for kind, hook in ((str, as_text), (int, _whole_number), (float, _number), (bool, _yes_no)):
        converter.register_structure_hook(kind, hook)
    converter.register_structure_hook(date, _date)
    converter.register_structure_hook(datetime, _moment)  # else it would be taken by the hook of its base, date
    converter.register_structure_hook(time, _time)
    converter.register_structure_hook_factory(
        _is_homogeneous_tuple, lambda _: _guard(converter._structure_tuple, list, "应当是一个列表")
    )
    converter.register_structure_hook_factory(
        _is_mapping, lambda kind: _guard(_mapping(kind, converter), dict, "应当是“名称: 值”的形式")
    )
    converter.register_structure_hook_factory(
        is_dataclass, lambda kind: _guard(converter.gen_structure_attrs_fromdict(kind), dict, "应当是“名称: 值”的形式")
    )
    converter.register_unstructure_hook(str, lambda value: value.value if isinstance(value, Enum) else value)
    converter.register_unstructure_hook(date, lambda value: value.isoformat())
    converter.register_unstructure_hook(time, lambda value: value.strftime("%H:%M"))
    return converter


def _sentence(error: BaseException) -> str:
    if isinstance(error, NotFitting):
        return str(error)
    if isinstance(error, KeyError):
        return f"缺少 {error.args[0]}"
    if isinstance(error, ForbiddenExtraKeysError):
        return f"有不认识的项 {'、'.join(sorted(map(str, error.extra_fields)))}"
    return "这里的写法不对"


def _step(path: str, index: Any) -> str:
    if isinstance(index, int):
        return f"{path}第{index + 1}项"
    return f"{path}.{index}" if path else str(index)


def _problems(error: BaseException, path: str) -> list[Problem]:
    if isinstance(error, ClassValidationError):
        noted, bare = error.group_exceptions()
        found = []
        for inner, note in noted:
            missing = isinstance(inner, KeyError)
            found += _problems(inner, path if missing else _step(path, note.name))
        return found + [(path, _sentence(inner)) for inner in bare]
    if isinstance(error, IterableValidationError):
        noted_items, bare = error.group_exceptions()
        found = []
        for inner, item_note in noted_items:
            found += _problems(inner, _step(path, item_note.index))
        return found + [(path, _sentence(inner)) for inner in bare]
    return [(path, _sentence(error))]


def structure(converter: Converter, data: Any, kind: type[T], path: str = "") -> T:
    """Read `data` as `kind`.

    Raises:
        StructureError: with every place that does not fit.
    """
    try:
        return converter.structure(data, kind)
    except Exception as error:  # cattrs lets through whatever a constructor raises
        raise StructureError(_problems(error, path)) from None


def to_plain(converter: Converter, value: Any) -> dict[str, Any]:
    """A dataclass as JSON-ready data, every key present."""
    plain: dict[str, Any] = converter.unstructure(value)
    return plain
