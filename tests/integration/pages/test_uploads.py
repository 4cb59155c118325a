"""Photographs and PDFs of materials: told by content, sealed, listed, removed, purged, claimed."""

from __future__ import annotations

import io
import re
import sqlite3
import time
import zlib
from typing import List, Tuple

import pytest
import requests
from PIL import Image

from tests.integration.pages.test_pages import form_of
from tests.support.pages_house import NOON, STEPS, PagesHouse, Resident

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture(scope="module")
def owner(pages_house: PagesHouse) -> Resident:
    return pages_house.resident()


def picture(kind: str = "JPEG", colour: int = 7, size: Tuple[int, int] = (40, 30)) -> bytes:
    held = io.BytesIO()
    Image.new("RGB", size, (colour % 256, colour // 256, 99)).save(held, kind)
    return held.getvalue()


def bomb() -> bytes:
    """A PNG of a few bytes that says it is 30,000 pixels wide and high."""
    head = b"IHDR" + (30000).to_bytes(4, "big") * 2 + b"\x08\x02\x00\x00\x00"
    chunks = [head, b"IDAT" + zlib.compress(b"\0" * 9)]
    sealed = (len(c[4:]).to_bytes(4, "big") + c + zlib.crc32(c).to_bytes(4, "big") for c in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(sealed)


def send(person: Resident, subject: str, *files: Tuple[str, bytes], material: str = "id_card") -> requests.Response:
    url = f"{person.house.url}/h5/u/{subject}"
    page = person.browser.get(url, timeout=30).text
    token = form_of(page[page.find('enctype="multipart/form-data"') :])
    parts = [("files", (name, content, "application/octet-stream")) for name, content in files]
    return person.browser.post(url, data={"form": token, "material": material}, files=parts, timeout=60)


def kept(house: PagesHouse) -> List[bytes]:
    return [path.read_bytes() for path in (house.gateway.folder / "uploads").rglob("*") if path.is_file()]


def shown(page: str) -> int:
    return page.count('<li><span>')


def test_photographs_and_pdfs_are_kept_sealed_and_listed(pages_house: PagesHouse, owner: Resident) -> None:
    draft, photo = owner.draft(), picture(colour=1)
    answer = send(owner, draft, ("a.jpg", photo), ("b.png", picture("PNG", 2)), ("c.pdf", PDF))
    assert answer.status_code == 200 and "传好了" in answer.text and shown(answer.text) == 3
    assert kept(pages_house) and not any(photo[:20] in held or b"PDF-" in held for held in kept(pages_house))
    assert shown(send(owner, draft, ("again.jpg", photo)).text) == 3, "the same file twice is one"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.jpg", b"MZ" + b"\0" * 100, "不是照片，也不是 PDF"),
        ("a.jpg", b"\xff\xd8\xff" + b"\0" * 100, "打不开"),
        ("a.pdf", PDF[:20], "打不开"),
        ("a.png", bomb(), "尺寸太大了"),
        ("a.jpg", b"", "是空的"),
        ("a.heic", b"\0\0\0\x18ftypheic" + b"\0" * 40, "HEIC"),
        ("a.html", b"<script>alert(1)</script>", "不是照片"),
        ("a.jpg", b"\xff\xd8\xff" + b"\0" * (10 * 1024 * 1024), "最大 10 兆"),
    ],
    ids=["program", "broken photo", "broken PDF", "pixels", "empty", "heic", "html", "too long"],
)
def test_what_is_no_usable_file_is_refused_in_plain_words(
    pages_house: PagesHouse, owner: Resident, name: str, content: bytes, words: str
) -> None:
    before = len(kept(pages_house))
    answer = send(owner, owner.draft(), (name, content))
    assert answer.status_code == 422 and words in answer.text and "个没传上" in answer.text
    assert len(kept(pages_house)) == before


def test_the_good_files_of_a_bad_lot_are_kept(owner: Resident) -> None:
    answer = send(owner, owner.draft(), ("a.jpg", picture(colour=20)), ("b.txt", b"hello"))
    assert answer.status_code == 422 and "有 1 个没传上" in answer.text and "b.txt" in answer.text and shown(answer.text) == 1


def test_no_more_than_ten_files(owner: Resident) -> None:
    draft = owner.draft()
    answer = send(owner, draft, *((f"{n}.png", picture("PNG", 300 + n)) for n in range(11)))
    assert answer.status_code == 422 and "放不下了" in answer.text and shown(answer.text) == 10


def test_a_file_can_be_taken_back_and_its_content_is_gone(pages_house: PagesHouse, owner: Resident) -> None:
    draft = owner.draft()
    before = len(kept(pages_house))
    page = send(owner, draft, ("a.jpg", picture(colour=40))).text
    assert len(kept(pages_house)) == before + 1
    remove = page[page.index(f"/h5/u/{draft}/remove") :]
    found = re.search(r'name="id" value="(\w+)"', remove)
    assert found
    data = {"form": form_of(remove), "id": found.group(1)}
    other = pages_house.resident()
    assert other.post(f"/h5/u/{draft}/remove", data).status_code == 403
    answer = owner.post(f"/h5/u/{draft}/remove", data)
    assert "删掉了" in answer.text and shown(answer.text) == 0 and len(kept(pages_house)) == before


def test_a_material_that_the_item_does_not_ask_for_is_refused(owner: Resident) -> None:
    assert send(owner, owner.draft(), ("a.jpg", picture()), material="passport").status_code == 400


def test_a_finished_case_takes_no_more_files(owner: Resident) -> None:
    number = owner.case(*STEPS)
    page = owner.get(f"/h5/u/{number}").text
    assert "不用再传材料" in page and 'type="file"' not in page


def test_unclaimed_files_are_purged_after_seven_days_and_claimed_ones_stay(pages_house: PagesHouse) -> None:
    person = pages_house.resident()
    lost, filed = person.draft(), person.draft()
    send(person, lost, ("a.jpg", picture(colour=60)))
    send(person, filed, ("b.jpg", picture(colour=61)))
    number = person.case()
    body = {"draft": filed, "conversation": person.conversation, "case": number}
    assert pages_house.gateway.internal("POST", "/uploads/claims", body).json() == {"files": 1}
    assert pages_house.gateway.internal("POST", "/uploads/claims", body).json() == {"files": 0}
    before = len(kept(pages_house))
    pages_house.set_clocks("2026-11-30T12:00:01!")
    pages_house.gateway.stop()
    pages_house.gateway.extra["BANGBAN_NOW"] = "2026-11-30T12:00:01!"
    pages_house.gateway.start()  # it looks for what is due when it starts
    deadline = time.monotonic() + 10
    while len(kept(pages_house)) >= before and time.monotonic() < deadline:
        time.sleep(0.1)
    with sqlite3.connect(pages_house.gateway.folder / "gateway.db") as store:
        left = dict(store.execute("select subject, count(*) from gateway_uploads group by subject"))
    assert left.get(number) == 1 and lost not in left
    assert shown(person.get(f"/h5/u/{number}").text) == 1
    pages_house.set_clocks(NOON)
    pages_house.gateway.extra["BANGBAN_NOW"] = NOON
