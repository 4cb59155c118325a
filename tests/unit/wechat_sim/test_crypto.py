"""Signatures and encryption against published known answers, and against wechatpy in both directions."""

from __future__ import annotations

import base64
import struct

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.crypto import PrpCrypto
from wechatpy.utils import check_signature

from bot.wechat_sim.crypto import CryptoError, decrypt, encrypt, key_bytes, signature

KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
OTHER_KEY = "GFEDCBA9876543210zyxwvutsrqponmlkjihgfedcba"
APP = "wxb11529c136998cb6"
KNOWN = "jn1L23DB+6ELqJ+6bruv21Y6MD7KeIfP82D6gU39rmkgczbWwt5+3bnyg5K55bgVtVzd832WzZGMhkP72vVOfg=="
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)


@pytest.mark.parametrize(
    ("timestamp", "nonce", "expected"),
    [
        ("1714036504", "1514711492", "f464b24fc39322e44b38aa78f5edd27bd1441696"),
        ("1714037059", "486452656", "899cf89e464efb63f54ddac96b0a0a235f53aa78"),
    ],
)
def test_the_signatures_of_the_official_example(timestamp: str, nonce: str, expected: str) -> None:
    assert signature("AAAAA", timestamp, nonce) == expected
    check_signature("AAAAA", expected, timestamp, nonce)


def test_the_ciphertext_of_the_published_example() -> None:
    assert encrypt(KEY, APP, "我是中文abcd123", b"aaaabbbbccccdddd") == KNOWN
    assert decrypt(KEY, APP, KNOWN) == "我是中文abcd123"


@given(TEXTS, st.binary(min_size=16, max_size=16))
def test_wechatpy_opens_what_we_encrypt(text: str, random16: bytes) -> None:
    opened = PrpCrypto(key_bytes(KEY)).decrypt(encrypt(KEY, APP, text, random16), APP)
    assert opened == text.encode() if isinstance(opened, bytes) else opened == text


@given(TEXTS)
def test_we_open_what_wechatpy_encrypts(text: str) -> None:
    assert decrypt(KEY, APP, PrpCrypto(key_bytes(KEY)).encrypt(text, APP).decode()) == text


def raw(plain: bytes) -> str:
    """Encrypts bytes as they are; their length is a multiple of 16."""
    encryptor = Cipher(algorithms.AES(key_bytes(KEY)), modes.CBC(key_bytes(KEY)[:16])).encryptor()
    return base64.b64encode(encryptor.update(plain) + encryptor.finalize()).decode()


def padded(plain: bytes) -> bytes:
    pad = 32 - len(plain) % 32
    return plain + bytes([pad]) * pad


def inner(text: bytes = b"<xml/>", length: "int | None" = None, app: bytes = APP.encode()) -> bytes:
    return b"r" * 16 + struct.pack(">I", len(text) if length is None else length) + text + app


BROKEN = {
    "not_base64": ["", "no base64!", KNOWN[:-1], KNOWN + "é", KNOWN[:5] + "\n" + KNOWN[5:]],
    "bad_block_length": ["AAAA", base64.b64encode(b"x" * 48).decode(), raw(b"x" * 16)],
    "bad_padding": [
        raw(b"x" * 31 + b"\0"), raw(b"x" * 31 + b"\x21"), raw(b"x" * 31 + b"\x20"), raw(padded(inner())[:-3] + b"\x02\x04\x04"),
        encrypt(OTHER_KEY, APP, "<xml/>", b"r" * 16),
    ],
    "bad_length_field": [raw(padded(inner(length=2**32 - 1))), raw(padded(b"r" * 16 + b"\0\0")), raw(padded(inner(length=100)))],
    "wrong_appid": [raw(padded(inner(app=b"wx0000000000000000"))), raw(padded(inner(app=b""))), raw(padded(inner(length=0)))],
    "not_utf8": [raw(padded(inner("我".encode("gbk"))))],
}  # fmt: skip


@pytest.mark.parametrize(("reason", "text"), [(r, t) for r, texts in BROKEN.items() for t in texts if t or r != "not_base64"])
def test_what_is_broken_is_refused_with_its_reason(reason: str, text: str) -> None:
    with pytest.raises(CryptoError, match=f"^{reason}$"):
        decrypt(KEY, APP, text)


def test_nothing_is_not_a_ciphertext() -> None:
    with pytest.raises(CryptoError):
        decrypt(KEY, APP, "")


@given(st.text(max_size=200) | st.binary(max_size=200).map(lambda b: base64.b64encode(b).decode()))
def test_no_input_breaks_out_of_decryption(text: str) -> None:
    try:
        decrypt(KEY, APP, text)
    except CryptoError:
        pass


@pytest.mark.parametrize("key", ["", "a" * 42, "a" * 44, "!" * 43])
def test_a_key_has_43_letters_or_digits(key: str) -> None:
    with pytest.raises(ValueError):
        key_bytes(key)
