"""Imports point inward only (docs/architecture.md)."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Iterator

import pytest

ROOT = Path(__file__).resolve().parents[2]
STANDARD = __import__("sys").stdlib_module_names

# what each part of bot/ may import of bot/, innermost first
ALLOWED = {
    "bot.domain": {"bot.domain"},
    "bot.ports": {"bot.domain"},
    "bot.matching": {"bot.matching", "bot.domain"},
    "bot.services": {"bot.services", "bot.domain", "bot.ports", "bot.matching"},
    "bot.adapters": {"bot.adapters", "bot.domain", "bot.ports", "bot.matching", "bot.settings", "bot.services"},
    "bot.settings": set(),
    "bot.bootstrap": {"bot.adapters", "bot.services", "bot.domain", "bot.ports", "bot.matching", "bot.settings"},
    "bot.gateway": {"bot.gateway", "bot.domain", "bot.ports", "bot.services", "bot.settings", "bot.adapters", "bot.bootstrap"},
    "bot.center": {"bot.center", "bot.domain", "bot.ports", "bot.services", "bot.settings", "bot.adapters", "bot.bootstrap"},
    "bot.wechat_sim": {"bot.wechat_sim", "bot.settings"},  # what it judges it may not know, nor be known by
    "bot.channels": {"bot.channels", "bot.domain", "bot.ports", "bot.services", "bot.settings", "bot.bootstrap", "bot.rasa_ext"},
    "bot.nlu": {"bot.nlu", "bot.domain", "bot.matching", "bot.bootstrap"},
    "bot.rasa_ext": {"bot.rasa_ext", "bot.domain", "bot.adapters"},
    "actions": {"actions", "bot.domain", "bot.ports", "bot.services", "bot.settings", "bot.bootstrap"},
}
# frameworks and where alone they may be imported
ONLY_IN = {
    "rasa": {"bot.channels", "bot.nlu", "bot.rasa_ext", "bot.processes"},
    "rasa_sdk": {"actions", "bot.processes"},
    "sanic": {"bot.gateway", "bot.center", "bot.channels", "bot.processes", "bot.wechat_sim"},
    "aiohttp": {"bot.adapters", "bot.processes", "bot.gateway", "bot.wechat_sim"},
    "sqlalchemy": {"bot.adapters", "bot.center", "bot.gateway", "bot.rasa_ext"},
    "alembic": {"bot.adapters", "bot.center", "bot.gateway"},
    "wechatpy": {"bot.gateway", "bot.adapters"},
    "jieba": {"bot.matching", "bot.nlu"},
    "rapidfuzz": {"bot.matching", "bot.center"},
    "borax": {"bot.domain.lunar"},
}

PURE = ("borax",)  # a table of lunar months, no clock and no files: the domain may count with it


def modules() -> Iterator[tuple[str, Path]]:
    for package in ("bot", "actions"):
        for path in sorted((ROOT / package).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            yield name.removesuffix(".__init__"), path


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            if node.module in ("bot", "actions"):
                yield from (f"{node.module}.{alias.name}" for alias in node.names)
            else:
                yield node.module


def part_of(module: str, parts: "set[str] | dict[str, set[str]]") -> "str | None":
    fits = [p for p in parts if module == p or module.startswith(p + ".")]
    return max(fits, key=len) if fits else None


@pytest.mark.parametrize(("module", "path"), list(modules()), ids=lambda v: v if isinstance(v, str) else "")
def test_imports_point_inward(module: str, path: Path) -> None:
    part = part_of(module, ALLOWED)
    for imported in imports(path):
        if part and imported.startswith(("bot.", "actions")):
            assert part_of(imported, ALLOWED[part]) or imported == "bot", f"{module} may not import {imported}"
        library = imported.split(".")[0]
        if library in ONLY_IN:
            assert part_of(module, ONLY_IN[library]), f"{module} may not import {library}"
        if part == "bot.domain":
            assert library in (*STANDARD, *PURE, "bot"), f"domain imports {library}"


def test_domain_reads_no_clock_and_no_environment() -> None:
    for module, path in modules():
        if module.startswith("bot.domain"):
            text = path.read_text(encoding="utf8")
            for call in (".now(", ".today(", "time.time(", "os.environ", " open("):
                assert call not in text, f"{module} uses {call}"


def test_only_settings_reads_the_environment() -> None:
    for module, path in modules():
        if module in ("bot.settings",) or module.startswith("bot.processes"):
            continue
        assert "os.environ" not in path.read_text(encoding="utf8"), module
