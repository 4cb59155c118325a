"""读上传 (du shangchuan): takes a form with files apart while it arrives, and looks at each file's content.

No more than one file is in memory at a time; what is too long is read past, so that the browser gets a page, not a broken line.
"""

from __future__ import annotations

import asyncio
import io
import re
import warnings
from dataclasses import dataclass
from typing import AsyncIterator, Optional, Union

from PIL import Image
from sanic.request import Request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData

from bot.gateway.errors import Refused

MOST_BYTES = 10 * 1024 * 1024  # of a file
MOST_PIXELS = 60_000_000  # beyond the usual telephone camera of 48 million
_MOST_PARTS, _LONGEST_FIELD = 32, 2000
LONGEST_BODY = 110 * 1024 * 1024  # ten files of the longest kind and what stands around them
_BOUNDARY = re.compile(r'multipart/form-data;.*\bboundary="?([^";,\s]{1,70})"?', re.I)


@dataclass(frozen=True)
class GivenField:
    """A field of the form."""

    name: str
    value: str


@dataclass(frozen=True)
class GivenFile:
    """A file as it came; `content` is None when it is longer than a file may be."""

    name: str
    content: Optional[bytes]


Given = Union[GivenField, GivenFile]


async def parts(request: Request) -> AsyncIterator[Given]:
    """Fields and files of a form in the order in which they come; an empty file field (nothing chosen) is left out.

    Raises:
        Refused: no such form, or too much of everything.
    """
    match = _BOUNDARY.match(request.headers.get("content-type", ""))
    if match is None:
        raise Refused(400, "bad_form")
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length) > LONGEST_BODY:
        raise Refused(413, "upload_too_large")
    decoder = MultipartDecoder(match.group(1).encode(), max_parts=_MOST_PARTS)
    part: Optional[Union[Field, File]] = None
    held, read = bytearray(), 0
    while True:
        event = _next(decoder)
        if isinstance(event, NeedData):
            chunk = await request.stream.read()
            read += len(chunk or b"")
            if read > LONGEST_BODY:
                raise Refused(413, "upload_too_large")
            decoder.receive_data(chunk)  # None, as at the end, says that nothing more comes
        elif isinstance(event, (Field, File)):
            part, held = event, bytearray()
        elif isinstance(event, Data) and part is not None:
            limit = MOST_BYTES if isinstance(part, File) else _LONGEST_FIELD
            if len(held) <= limit:
                held += event.data
            if not event.more_data:
                given = _given(part, held, limit)
                part, held = None, bytearray()
                if given is not None:
                    yield given
        elif isinstance(event, Epilogue):
            return


def _next(decoder: MultipartDecoder) -> object:
    try:
        return decoder.next_event()
    except RequestEntityTooLarge as error:
        raise Refused(413, "upload_too_large") from error
    except ValueError as error:
        raise Refused(400, "bad_form") from error


def _given(part: Union[Field, File], held: bytearray, limit: int) -> Optional[Given]:
    if isinstance(part, Field):
        if len(held) > limit:
            raise Refused(400, "bad_form")
        return GivenField(part.name or "", held.decode("utf8", "replace"))
    if not part.filename and not held:
        return None
    name = re.split(r"[/\\]", part.filename or "")[-1][:60]
    return GivenFile(name, bytes(held) if len(held) <= limit else None)


async def kind_of(content: Optional[bytes]) -> str:
    """jpeg, png or pdf, told by the content alone.

    Raises:
        Refused: what is wrong with the file; `code` names the sentence.
    """
    if content is None:
        raise Refused(422, "file_too_large")
    if not content:
        raise Refused(422, "file_empty")
    if content.startswith(b"%PDF-"):
        if b"%%EOF" not in content[-2048:]:
            raise Refused(422, "file_broken")
        return "pdf"
    if content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        return await asyncio.to_thread(_image_kind, content)
    if content[4:8] == b"ftyp" and content[8:12] in (b"heic", b"heix", b"hevc", b"mif1", b"msf1"):
        raise Refused(422, "file_heic")
    raise Refused(422, "file_type")


def _image_kind(content: bytes) -> str:
    """Reads no more than the head of the picture, so that a small file cannot unfold into gigabytes."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as picture:
                width, height = picture.size
                kind = str(picture.format).lower()
    except Image.DecompressionBombError as error:
        raise Refused(422, "file_pixels") from error
    except Exception as error:  # Pillow raises many kinds for broken files
        raise Refused(422, "file_broken") from error
    if width * height > MOST_PIXELS:
        raise Refused(422, "file_pixels")
    return kind
