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
        nonce = os.urandom(12)
        ciphertext = self._keys[self._key_id].encrypt(nonce, plain.encode(), bound_to.encode())
        return Sealed(self._key_id, nonce, ciphertext)

    def open(self, sealed: Sealed, bound_to: str) -> str:
        """Decrypt.

        Raises:
            CannotDecrypt: unknown key, or a row that was moved or changed.
        """
        try:
            return self._keys[sealed.key_id].decrypt(sealed.nonce, sealed.ciphertext, bound_to.encode()).decode()
        except (KeyError, InvalidTag) as error:
            raise CannotDecrypt(sealed.key_id) from error


def fingerprint(hash_key: bytes, kind: str, number: str) -> str:
    """Keyed hash of a number: equal for equal numbers, useless without the key."""
    return hmac.new(hash_key, (kind + number).encode(), hashlib.sha256).hexdigest()
