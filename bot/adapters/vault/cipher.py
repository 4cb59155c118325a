"""加密 (jiami): AES-GCM with the key's name beside the ciphertext, so that keys can be changed one day."""

from __future__ import annotations

import hashlib
import hmac
import os
from dataclasses import dataclass
from typing import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM


class CannotDecrypt(Exception):
    """The key is not known, or the ciphertext does not belong to this place."""


@dataclass(frozen=True)
class Sealed:
    """Ciphertext with what is needed, beside the key, to open it."""

    key_id: str
    nonce: bytes
    ciphertext: bytes


def key_id(key: bytes) -> str:
    """A short public name of a key."""
    return hashlib.sha256(b"bangban vault key " + key).hexdigest()[:8]


class Cipher:
    """Seals with the newest key, opens with any known one."""

    def __init__(self, key: bytes, older: Mapping[str, bytes] = {}) -> None:
        self._key_id = key_id(key)
        self._keys = {**{name: AESGCM(value) for name, value in older.items()}, self._key_id: AESGCM(key)}

    def seal(self, plain: str, bound_to: str) -> Sealed:
        """Encrypt; `bound_to` (token, conversation, kind) must be given again to open."""
        return self.seal_bytes(plain.encode(), bound_to)

    def seal_bytes(self, plain: bytes, bound_to: str) -> Sealed:
        """Encrypt a file."""
        nonce = os.urandom(12)
        return Sealed(self._key_id, nonce, self._keys[self._key_id].encrypt(nonce, plain, bound_to.encode()))

    def open(self, sealed: Sealed, bound_to: str) -> str:
        """Decrypt.

        Raises:
            CannotDecrypt: unknown key, or a row that was moved or changed.
        """
        return self.open_bytes(sealed, bound_to).decode()

    def open_bytes(self, sealed: Sealed, bound_to: str) -> bytes:
        """Decrypt a file; raises like `open`."""
        try:
            return self._keys[sealed.key_id].decrypt(sealed.nonce, sealed.ciphertext, bound_to.encode())
        except (KeyError, InvalidTag) as error:
            raise CannotDecrypt(sealed.key_id) from error

    def seal_bytes_joined(self, plain: bytes, bound_to: str) -> bytes:
        """Encrypt into one piece: key's name, nonce, ciphertext."""
        sealed = self.seal_bytes(plain, bound_to)
        return sealed.key_id.encode() + sealed.nonce + sealed.ciphertext

    def open_bytes_joined(self, joined: bytes, bound_to: str) -> bytes:
        """Decrypt such a piece; raises like `open`."""
        sealed = Sealed(joined[:8].decode("ascii", "replace"), joined[8:20], joined[20:])
        return self.open_bytes(sealed, bound_to)


def fingerprint(hash_key: bytes, kind: str, number: str) -> str:
    """Keyed hash of a number: equal for equal numbers, useless without the key."""
    return hmac.new(hash_key, (kind + number).encode(), hashlib.sha256).hexdigest()
