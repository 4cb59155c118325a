"""docs/wechat-cases.md holds E1 to E34, each once, and every test that it names is there and runs over real sockets."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import Dict, FrozenSet, List

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = {"wechat": "tests/integration/wechat", "sim": "tests/integration/wechat_sim"}
ROW = re.compile(r"^\| (E\d+) \| (.+?) \| (.+) \|$", re.M)


def rows() -> Dict[str, List[str]]:
    """{case: ids of tests}."""
    found = ROW.findall((ROOT / "docs" / "wechat-cases.md").read_text(encoding="utf8"))
    assert len({case for case, _, _ in found}) == len(found), "a case stands twice"
    return {case: re.findall(r"`([^`]+::[^`]+)`", tests) for case, _, tests in found}


@cache
def defined_in(file: Path) -> FrozenSet[str]:
    tree = ast.parse(file.read_text(encoding="utf8"))
    return frozenset(node.name for node in tree.body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))


def test_no_case_is_missing() -> None:
    assert list(rows()) == [f"E{number}" for number in range(1, 35)]


def test_every_case_names_tests_of_the_gateway_that_are_there() -> None:
    for case, tests in rows().items():
        assert any(test.startswith("wechat/") for test in tests), case
        for test in tests:
            path, _, name = test.partition("::")
            folder, _, file = path.partition("/")
            assert name.startswith("test_"), test
            assert name in defined_in(ROOT / FOLDERS[folder] / file), f"{case}: there is no {test}"


def test_every_test_that_bears_a_case_s_number_stands_in_its_row() -> None:
    known = rows()
    for file in sorted((ROOT / FOLDERS["wechat"]).glob("test_*.py")):
        for name in defined_in(file):
            for number in re.findall(r"(?:^test|(?<=\d))_e(\d\d)(?=_)", name):
                assert f"wechat/{file.name}::{name}" in known.get(f"E{int(number)}", []), f"E{int(number)}: {name}"
