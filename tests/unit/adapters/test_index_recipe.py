"""An index is built anew when what it is made of has changed, and only then."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.adapters.index_recipe import index_recipe


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("words.yml", "space.npz", "index.py", "build.py"):
        (tmp_path / name).write_bytes(b"1")
    return tmp_path


def test_the_same_files_make_the_same_recipe(folder: Path) -> None:
    assert index_recipe(folder, folder) == index_recipe(folder, folder)


@pytest.mark.parametrize("name", ["words.yml", "space.npz", "index.py", "build.py", "more.yml", "normalise.py"])
def test_each_file_makes_another(folder: Path, name: str) -> None:
    before = index_recipe(folder, folder)
    (folder / name).write_bytes(b"2")
    assert index_recipe(folder, folder) != before
