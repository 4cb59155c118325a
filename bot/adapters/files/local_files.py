"""文件柜 (wenjian gui): FileStore in a folder of this machine, each file sealed with the vault's key and bound to its hash.

Nothing is taken out of them (EXIF) and nothing is searched for malware yet: whoever gives these files out must not show
them inline.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
from pathlib import Path
from uuid import uuid4

from bot.adapters.vault.cipher import CannotDecrypt, Cipher
from bot.ports import FileMissing


class LocalFileStore:
    """One folder, two levels deep, readable by the owner alone."""

    def __init__(self, folder: Path, cipher: Cipher) -> None:
        self._folder, self._cipher = folder, cipher

    async def put(self, content: bytes) -> str:
        """Keep a file; written beside its place, flushed, then moved there, so that a half one is never found."""
        return await asyncio.to_thread(self._put, content)

    async def get(self, sha256: str) -> bytes:
        """The content again.

        Raises:
            FileMissing: not there, or not what was put.
        """
        return await asyncio.to_thread(self._get, sha256)

    async def delete(self, sha256: str) -> None:
        """Delete a file."""
        await asyncio.to_thread(self._path(sha256).unlink, missing_ok=True)

    def _path(self, sha256: str) -> Path:
        if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
            raise FileMissing(sha256)
        return self._folder / sha256[:2] / sha256

    def _put(self, content: bytes) -> str:
        sha256 = hashlib.sha256(content).hexdigest()
        path = self._path(sha256)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        sealed = self._cipher.seal_bytes_joined(content, _binding(sha256))
        temporary = path.with_name(f".{uuid4().hex}")
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(sealed)
                out.flush()
                os.fsync(out.fileno())
            os.replace(temporary, path)
        except OSError:
            temporary.unlink(missing_ok=True)
            raise
        return sha256

    def _get(self, sha256: str) -> bytes:
        try:
            return self._cipher.open_bytes_joined(self._path(sha256).read_bytes(), _binding(sha256))
        except (OSError, CannotDecrypt) as error:
            raise FileMissing(sha256) from error


def _binding(sha256: str) -> str:
    return f"file {sha256}"
