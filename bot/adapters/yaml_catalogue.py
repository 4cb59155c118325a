"""事项目录文件 (shixiang mulu wenjian): the catalogue's YAML files, and the JSON form of items for the snapshot.

The shape is described in `docs/catalogue.md`; the dataclasses in `bot/domain/item.py` and `centre.py` are the rule.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import yaml
from cattrs import Converter

from bot.adapters.strict_json import StructureError, as_text, make_converter, structure, to_plain
from bot.domain.centre import Centre
from bot.domain.item import Item, LocalFacts

T = TypeVar("T", Item, LocalFacts, Centre)
Coded = TypeVar("Coded", Item, LocalFacts)


class CatalogueError(ValueError):
    """Files cannot be read as a catalogue; one line per problem: file, place, what is expected."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML without repeated keys (the second value would silently win) and without YAML 1.1's surprises.

    `no`, `on`, `14:00`, `0123` stay texts; whole numbers are those written plainly, so a number that stands where
    a text belongs (an ID number in a sample form) can be taken as it was typed.
    """


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"^(?:true|false)$", "tf"),
    ("int", r"^-?(?:0|[1-9][0-9]*)$", "-0123456789"),
    ("float", r"^-?[0-9]+\.[0-9]+$", "-0123456789"),
    ("null", r"^(?:null|~|)$", ["n", "~", ""]),
    ("timestamp", r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "0123456789"),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), list(_first))


def _typed_text(value: Any, kind: Any) -> Any:
    plain_number = kind is str and isinstance(value, int) and not isinstance(value, bool)
    return str(value) if plain_number else as_text(value, kind)


def _mapping_without_repeats(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, (str, int, float, bool)) or key in seen:
            raise yaml.constructor.ConstructorError(
                None, None, f"“{key}”写了两次", key_node.start_mark
            )
        seen.add(key)
    return yaml.SafeLoader.construct_mapping(loader, node, deep=True)


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping_without_repeats)


@lru_cache(maxsize=1)
def _converter() -> Converter:
    return make_converter()


@lru_cache(maxsize=1)
def _file_converter() -> Converter:
    converter = make_converter()
    converter.register_structure_hook(str, _typed_text)
    return converter


def _read(path: Path, key: str) -> Any:
    """The value under the file's one top key."""
    try:
        data = yaml.load(path.read_text(encoding="utf8"), Loader=_Loader)
    except UnicodeDecodeError:
        raise CatalogueError([f"{path.name}：文件不是 UTF-8 编码"]) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"第{mark.line + 1}行第{mark.column + 1}列" if mark else ""
        raise CatalogueError([f"{path.name}{place}：YAML 写法有误（{getattr(error, 'problem', error)}）"]) from None
    if not isinstance(data, dict) or set(data) != {key}:
        raise CatalogueError([f"{path.name}：最上面一层应当只有 {key}: 这一项"])
    return data[key]


def _load_one(path: Path, key: str, kind: type[T]) -> T:
    data = _read(path, key)
    try:
        return structure(_file_converter(), data, kind)
    except StructureError as error:
        lines = [f"{path.name}：{place + '：' if place else ''}{text}" for place, text in error.problems]
        raise CatalogueError(lines) from None


def _load_dir(folder: Path, key: str, kind: type[Coded]) -> dict[str, Coded]:
    """Every file of the folder, by code; all problems of all files are told at once."""
    loaded: dict[str, Coded] = {}
    problems: list[str] = []
    for path in sorted(folder.glob("*.yml")):
        try:
            value = _load_one(path, key, kind)
        except CatalogueError as error:
            problems += error.problems
            continue
        code: str = value.code
        if code != path.stem:
            problems.append(f"{path.name}：文件名与编码 {code} 不一致")
        loaded[code] = value
    if problems:
        raise CatalogueError(problems)
    return loaded


def load_items(folder: Path) -> dict[str, Item]:
    """All items of a folder, by code.

    Raises:
        CatalogueError: with every problem of every file.
    """
    return _load_dir(folder, "item", Item)


def load_local_facts(folder: Path) -> dict[str, LocalFacts]:
    """All local facts of a folder, by item code.

    Raises:
        CatalogueError: with every problem of every file.
    """
    return _load_dir(folder, "local", LocalFacts)


def load_centre(path: Path) -> Centre:
    """The centre profile.

    Raises:
        CatalogueError: the file does not fit.
    """
    return _load_one(path, "centre", Centre)


def to_json(value: Any) -> dict[str, Any]:
    """JSON form of an Item, LocalFacts or Centre: every key present, dates as ISO text."""
    return to_plain(_converter(), value)


def item_from_json(data: Mapping[str, Any], path: str = "") -> Item:
    """An item from its JSON form.

    Raises:
        StructureError: with every place that does not fit.
    """
    return structure(_converter(), data, Item, path)


def local_from_json(data: Mapping[str, Any], path: str = "") -> LocalFacts:
    """Local facts from their JSON form.

    Raises:
        StructureError: with every place that does not fit.
    """
    return structure(_converter(), data, LocalFacts, path)


def centre_from_json(data: Mapping[str, Any], path: str = "") -> Centre:
    """The centre profile from its JSON form.

    Raises:
        StructureError: with every place that does not fit.
    """
    return structure(_converter(), data, Centre, path)
