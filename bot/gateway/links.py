"""链接 (lianjie): the signed part of a link to a page: for whom, for what, until when. Pure; the key comes from settings.

A token is sealed, not only signed: it stands in addresses, which proxies and browsers keep, and a conversation id of
WeChat holds the person's openid. AES-SIV gives both at once and needs no random number: the same link made twice in
one second is the same text. The purpose is bound in, so a link to a notice opens no upload.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Union

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

_EXPIRY_BYTES = 5  # seconds since 1970, good for 34,000 years
_LONGEST = 1024
_MOST_SECONDS = 256**_EXPIRY_BYTES - 1


class Purpose(str, Enum):
    """What a link opens."""

    NOTICE = "notice"  # subject: the notice's number
    PROGRESS = "progress"  # subject: empty, or one case's number
    RATING = "rating"  # subject: the case's number
    PAPER = "paper"  # subject: the id of an issued paper
    UPLOAD = "upload"  # subject: the case's number or the draft's id
    FORM = "form"  # subject: the form's address and a nonce; stands in the form, not in an address


class BadLink(Exception):
    """The token is not ours, was changed, or is for something else."""


class ExpiredLink(BadLink):
    """The token was good once."""


@dataclass(frozen=True)
class Link:
    """What a good token says."""

    conversation: str
    subject: str


class Links:
    """Makes and reads tokens with one key."""

    def __init__(self, key: bytes) -> None:
        # a key of its own: what else the same secret signs can never be mistaken for a link
        self._cipher = AESSIV(hmac.new(key, b"links to pages", hashlib.sha512).digest())

    def make(self, purpose: Union[Purpose, str], conversation: str, subject: str, now: datetime, ttl: timedelta) -> str:
        """A token of URL-safe letters, about 100 for usual ids, good until `now + ttl`.

        Raises:
            ValueError: an unknown purpose, an empty conversation, a line break in the ids, or ids that are too long.
        """
        if not conversation or "\n" in conversation + subject:
            raise ValueError("a link needs a conversation, and ids without line breaks")
        expiry = min(max(int((now + ttl).timestamp()), 0), _MOST_SECONDS).to_bytes(_EXPIRY_BYTES, "big")
        plain = expiry + f"{conversation}\n{subject}".encode()
        sealed = self._cipher.encrypt(plain, [Purpose(purpose).value.encode()])
        token = base64.urlsafe_b64encode(sealed).decode().rstrip("=")
        if len(token) > _LONGEST:
            raise ValueError("the ids are too long for a link")
        return token

    def read(self, token: str, purpose: Union[Purpose, str], now: datetime) -> Link:
        """What the token says, if it is genuine, for this purpose, and not expired.

        Raises:
            ExpiredLink: genuine, but its time is over.
            BadLink: everything else.
        """
        try:
            plain = self._cipher.decrypt(_decoded(token), [Purpose(purpose).value.encode()])
        except (InvalidTag, ValueError) as error:
            raise BadLink from error
        if now.timestamp() >= int.from_bytes(plain[:_EXPIRY_BYTES], "big"):
            raise ExpiredLink
        conversation, _, subject = plain[_EXPIRY_BYTES:].decode().partition("\n")
        return Link(conversation, subject)


def _decoded(token: str) -> bytes:
    """The bytes of a token; only the one spelling that `make` gives, so that a token has no twins."""
    if len(token) > _LONGEST or not token.isascii():
        raise BadLink
    try:
        sealed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise BadLink from error
    if base64.urlsafe_b64encode(sealed).decode().rstrip("=") != token:
        raise BadLink
    return sealed
