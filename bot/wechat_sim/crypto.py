"""Signatures and message encryption as the platform does them (fact sheet, items 2-13); written anew, not taken from wechatpy.

Self-tested with published known answers and against wechatpy in both directions.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32  # PKCS#7 block of this scheme, twice that of AES


class CryptoError(Exception):
    """What was sent cannot be opened; the text is a reason for machines."""


def signature(*parts: str) -> str:
    """Lower-case hex SHA-1 of the byte-sorted parts."""
    return hashlib.sha1(b"".join(sorted(part.encode() for part in parts))).hexdigest()


def same(one: str, other: str) -> bool:
    """Compare without telling where the difference is."""
    return hmac.compare_digest(one.encode(), other.encode())


def key_bytes(aes_key: str) -> bytes:
    """The 32 bytes of an EncodingAESKey.

    Raises:
        ValueError: not 43 characters of base64.
    """
    if len(aes_key) != 43:
        raise ValueError("an EncodingAESKey has 43 characters")
    return base64.b64decode(aes_key + "=", validate=True)


def _cipher(key: bytes) -> Cipher[modes.CBC]:
    return Cipher(algorithms.AES(key), modes.CBC(key[:16]))


def encrypt(aes_key: str, app_id: str, text: str, random16: bytes) -> str:
    """Base64 of AES-256-CBC over random16 + length + text + app_id."""
    content = text.encode()
    plain = random16 + struct.pack(">I", len(content)) + content + app_id.encode()
    pad = BLOCK - len(plain) % BLOCK
    encryptor = _cipher(key_bytes(aes_key)).encryptor()
    return base64.b64encode(encryptor.update(plain + bytes([pad]) * pad) + encryptor.finalize()).decode()


def _unpad(padded: bytes) -> bytes:
    pad = padded[-1]
    if not 1 <= pad <= BLOCK or padded[-pad:] != bytes([pad]) * pad:
        raise CryptoError("bad_padding")
    return padded[:-pad]


def decrypt(aes_key: str, app_id: str, encrypted: str) -> str:
    """The text inside.

    Raises:
        CryptoError: not_base64, bad_block_length, bad_padding, bad_length_field, wrong_appid or not_utf8.
    """
    try:
        raw = base64.b64decode(encrypted, validate=True)
    except (binascii.Error, ValueError) as error:
        raise CryptoError("not_base64") from error
    if not raw or len(raw) % BLOCK:
        raise CryptoError("bad_block_length")
    decryptor = _cipher(key_bytes(aes_key)).decryptor()
    plain = _unpad(decryptor.update(raw) + decryptor.finalize())
    if len(plain) < 20:
        raise CryptoError("bad_length_field")
    length = struct.unpack(">I", plain[16:20])[0]
    if 20 + length > len(plain):
        raise CryptoError("bad_length_field")
    if plain[20 + length :] != app_id.encode():
        raise CryptoError("wrong_appid")
    try:
        return plain[20 : 20 + length].decode()
    except UnicodeDecodeError as error:
        raise CryptoError("not_utf8") from error
