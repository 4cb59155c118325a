"""素材 (sùcái): pictures, clips and thumbs; kept three days (fact sheet, items 48-49)."""

from __future__ import annotations

import base64
import random
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Callable, Optional

from bot.wechat_sim.errors import ApiError

MEGABYTE = 1024 * 1024
KINDS = ("image", "voice", "video", "thumb")
_MAGIC: dict[str, tuple[tuple[bytes, str], ...]] = {
    "image": ((b"\x89PNG", "png"), (b"\xff\xd8\xff", "jpg"), (b"GIF8", "gif")),
    "voice": ((b"#!AMR", "amr"), (b"ID3", "mp3"), (b"\xff\xfb", "mp3"), (b"\xff\xf3", "mp3")),
    "thumb": ((b"\xff\xd8\xff", "jpg"),),
}
_SIZE_ERROR = {"image": 40009, "voice": 40010, "video": 40011, "thumb": 40012}
MIME = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif", "amr": "audio/amr", "mp3": "audio/mpeg", "mp4": "video/mp4"}
_AMR = b"#!AMR\n"
_AMR_FRAME = dict(enumerate((12, 13, 15, 17, 19, 20, 26, 31, 5)))  # bytes of a frame by mode; others are empty
LONGEST_VOICE = 60
_KEEP_BYTES = 64 * MEGABYTE  # the oldest go first, so that a long run does not fill the memory


@dataclass(frozen=True)
class Medium:
    """One stored file."""

    media_id: str
    kind: str
    content: bytes
    format: str
    created: float
    expires: float


def format_of(kind: str, content: bytes) -> Optional[str]:
    """The file format by its first bytes; None if the platform does not take it."""
    if kind == "video":
        return "mp4" if content[4:8] == b"ftyp" else None
    return next((name for magic, name in _MAGIC[kind] if content.startswith(magic)), None)


@dataclass
class MediaStore:
    """Media by id; `seconds` is how long they live."""

    now: Callable[[], float]
    rng: random.Random
    by_id: "OrderedDict[str, Medium]" = field(default_factory=OrderedDict)
    held: int = 0

    def put(self, kind: str, content: bytes, format: str, seconds: float) -> Medium:
        """Keep a file."""
        media_id = base64.urlsafe_b64encode(self.rng.randbytes(48)).decode()
        medium = Medium(media_id, kind, content, format, self.now(), self.now() + seconds)
        self.by_id[media_id] = medium
        self.held += len(content)
        while self.held > _KEEP_BYTES and len(self.by_id) > 1:
            self.held -= len(self.by_id.popitem(last=False)[1].content)
        return medium

    def state(self, media_id: str, kind: str) -> str:
        """ok, media_unknown, media_expired or media_wrong_type, for the judge."""
        medium = self.by_id.get(media_id)
        if medium is None:
            return "media_unknown"
        if self.now() >= medium.expires:
            return "media_expired"
        return "ok" if medium.kind == kind else "media_wrong_type"

    def get(self, media_id: str) -> Medium:
        """A file that still lives.

        Raises:
            ApiError: 40007.
        """
        medium = self.by_id.get(media_id)
        if medium is None or self.now() >= medium.expires:
            raise ApiError(40007)
        return medium

    def upload(self, kind: str, content: bytes, seconds: float, image_limit: int) -> Medium:
        """Take an upload of the account.

        Raises:
            ApiError: 40004 kind, 44001 empty, 40009-40012 size, 40005 format, 45007 a voice above 60 s.
        """
        if kind not in KINDS:
            raise ApiError(40004)
        if not content:
            raise ApiError(44001)
        limit = {"image": image_limit, "voice": 2 * MEGABYTE, "video": 10 * MEGABYTE, "thumb": 64 * 1024}[kind]
        if len(content) > limit:
            raise ApiError(_SIZE_ERROR[kind])
        found = format_of(kind, content)
        if found is None:
            raise ApiError(40005)
        if found == "amr" and amr_seconds(content) > LONGEST_VOICE:
            raise ApiError(45007)
        return self.put(kind, content, found, seconds)


def amr_seconds(content: bytes) -> float:
    """How long an AMR-NB clip plays: frames of 20 ms whose first byte says how long they are."""
    at, frames = len(_AMR), 0
    while at < len(content):
        at += 1 + _AMR_FRAME.get(content[at] >> 3 & 15, 0)
        frames += 1
    return frames * 0.02


def amr_clip(seconds: float = 2.0) -> bytes:
    """A silent AMR-NB clip: header and frames without data."""
    return _AMR + b"\x7c" * max(1, round(seconds * 50))
