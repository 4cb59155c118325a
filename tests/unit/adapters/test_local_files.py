"""Files are sealed, bound to their hash, and never half there."""

from __future__ import annotations

import asyncio
import hashlib
import os
import stat
from pathlib import Path

import pytest

from bot.adapters.files.local_files import LocalFileStore
from bot.adapters.vault.cipher import Cipher
from bot.ports import FileMissing

KEY = bytes(range(32))
CONTENT = b"\xff\xd8\xff a photograph of an identity card"


def store(folder: Path, key: bytes = KEY) -> LocalFileStore:
    return LocalFileStore(folder, Cipher(key))


def only_file(folder: Path) -> Path:
    (path,) = [path for path in folder.rglob("*") if path.is_file()]
    return path


def test_a_file_comes_back_and_is_not_readable_on_disk(tmp_path: Path) -> None:
    sha256 = asyncio.run(store(tmp_path).put(CONTENT))
    assert sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert asyncio.run(store(tmp_path).get(sha256)) == CONTENT
    assert b"photograph" not in only_file(tmp_path).read_bytes()
    assert stat.S_IMODE(only_file(tmp_path).stat().st_mode) == 0o600


def test_the_same_content_is_kept_once(tmp_path: Path) -> None:
    assert asyncio.run(store(tmp_path).put(CONTENT)) == asyncio.run(store(tmp_path).put(CONTENT))
    only_file(tmp_path)


def test_a_changed_or_exchanged_file_or_another_key_gives_nothing(tmp_path: Path) -> None:
    files = store(tmp_path)
    first, second = asyncio.run(files.put(CONTENT)), asyncio.run(files.put(b"other"))
    paths = {path.name: path for path in tmp_path.rglob("*") if path.is_file()}
    os.replace(paths[second], paths[first])
    for reader, sha256 in ((files, first), (files, second), (store(tmp_path, bytes(32)), first)):
        with pytest.raises(FileMissing):
            asyncio.run(reader.get(sha256))


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "0" * 63])
def test_what_is_no_hash_leads_to_no_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileMissing):
        asyncio.run(store(tmp_path).get(name))


def test_deleting_twice_is_no_error(tmp_path: Path) -> None:
    files = store(tmp_path)
    sha256 = asyncio.run(files.put(CONTENT))
    asyncio.run(files.delete(sha256))
    asyncio.run(files.delete(sha256))
    with pytest.raises(FileMissing):
        asyncio.run(files.get(sha256))
