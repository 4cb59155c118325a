"""Every page against everybody who may come to it: own, somebody else's, nobody's, with old and foreign links."""

from __future__ import annotations

from datetime import timedelta
from typing import Dict, Tuple

import pytest
import requests

from bot.gateway.links import Purpose
from tests.support.pages_house import STEPS, PagesHouse, Resident

PAGES: Dict[str, Tuple[Purpose, str]] = {
    "notice": (Purpose.NOTICE, "/h5/n/{}"),
    "notice as PDF": (Purpose.NOTICE, "/h5/n/{}.pdf"),
    "case": (Purpose.PROGRESS, "/h5/p/{}"),
    "rating": (Purpose.RATING, "/h5/r/{}"),
    "upload for a case": (Purpose.UPLOAD, "/h5/u/{}"),
    "upload for a draft": (Purpose.UPLOAD, "/h5/u/{}"),
}
UNKNOWN = {"notice": "GZ-261123-0999-0", "case": "BJ-261123-0999-9", "draft": "ab" * 16}


def thing(page: str, person: Resident) -> str:
    """What a page shows, belonging to a person: its number or id."""
    if page.startswith("notice"):
        return person.notice()
    return person.draft() if page.endswith("draft") else person.case(*STEPS)


def closed(answer: requests.Response) -> bool:
    return answer.status_code == 403 and "这个页面打不开" in answer.text


@pytest.fixture(scope="module")
def owner(pages_house: PagesHouse) -> Resident:
    return pages_house.resident()


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_for_its_person_alone(pages_house: PagesHouse, owner: Resident, page: str) -> None:
    purpose, pattern = PAGES[page]
    subject = thing(page, owner)
    path, url = pattern.format(subject), pages_house.url + pattern.format(subject)
    other = pages_house.resident()
    assert owner.get(path).status_code == 200
    assert closed(other.get(path)) and closed(pages_house.stranger().get(url))

    def first_look(link: str, browser: requests.Session) -> requests.Response:
        browser.get(link, timeout=30)  # the address of the page; the PDF is opened from there
        return browser.get(url, timeout=30)

    own_link = pages_house.link(purpose, owner.conversation, subject)
    assert first_look(own_link, pages_house.stranger()).status_code == 200
    assert closed(first_look(pages_house.link(purpose, other.conversation, subject), pages_house.stranger()))
    changed = own_link[:-6] + ("AAAAAA" if not own_link.endswith("AAAAAA") else "BBBBBB")
    assert closed(first_look(changed, pages_house.stranger()))
    old = pages_house.link(purpose, owner.conversation, subject, ago=timedelta(days=7, seconds=1))
    expired = first_look(old, pages_house.stranger())
    assert expired.status_code == 410 and "这个链接过期了" in expired.text and "再问一次" in expired.text
    assert first_look(old, owner.browser).status_code == 200, "the chat's cookie still proves the person"
    forged = requests.Session()
    forged.cookies.set("bangban_chat", owner.conversation + "." + "0" * 64)
    assert closed(forged.get(url, timeout=30))


@pytest.mark.parametrize("page", PAGES)
def test_foreign_and_unknown_read_the_same(pages_house: PagesHouse, owner: Resident, page: str) -> None:
    _, pattern = PAGES[page]
    other = pages_house.resident()
    unknown = UNKNOWN["notice" if page.startswith("notice") else "draft" if page.endswith("draft") else "case"]
    foreign, missing = other.get(pattern.format(thing(page, owner))), other.get(pattern.format(unknown))
    assert (foreign.status_code, foreign.text) == (missing.status_code, missing.text)
    assert foreign.status_code == 403


@pytest.mark.parametrize("page", PAGES)
def test_a_link_opens_nothing_but_what_it_is_for(pages_house: PagesHouse, owner: Resident, page: str) -> None:
    purpose, pattern = PAGES[page]
    subject = thing(page, owner)
    for wrong in set(Purpose) - {purpose, Purpose.FORM}:
        key = pages_house.link(wrong, owner.conversation, subject).partition("?")[2]
        browser = pages_house.stranger()
        browser.get(f"{pages_house.url}{pattern.format(subject)}?{key}", timeout=30)
        assert closed(browser.get(pages_house.url + pattern.format(subject), timeout=30)), wrong


def test_the_key_leaves_the_address_at_the_first_look(pages_house: PagesHouse, owner: Resident) -> None:
    link = pages_house.link(Purpose.NOTICE, owner.conversation, owner.notice())
    answer = pages_house.stranger().get(link, allow_redirects=False, timeout=30)
    assert answer.status_code == 303 and "?" not in answer.headers["location"]
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie and "path=/h5" in cookie
    assert owner.conversation not in answer.headers["set-cookie"]


@pytest.mark.parametrize("method", ["rating", "upload", "remove"])
def test_a_form_is_taken_from_our_own_page_alone(pages_house: PagesHouse, owner: Resident, method: str) -> None:
    number = owner.case(*STEPS) if method == "rating" else owner.draft()
    path = {"rating": f"/h5/r/{number}", "upload": f"/h5/u/{number}", "remove": f"/h5/u/{number}/remove"}[method]
    files = {"files": ("a.png", b"x", "image/png")} if method == "upload" else None
    for token in ("", "A" * 80):
        data = {"form": token, "level": "good", "material": "id_card", "id": "x"}
        answer = owner.browser.post(pages_house.url + path, data=data, files=files, timeout=30)
        assert answer.status_code == 403 and "没有收下" in answer.text
    other = pages_house.resident()
    assert closed(other.browser.post(pages_house.url + path, data={"form": ""}, timeout=30))


def test_every_page_says_that_it_is_private(pages_house: PagesHouse, owner: Resident) -> None:
    for path in (f"/h5/n/{owner.notice()}", f"/h5/n/{owner.notice()}.pdf", "/h5/p", "/h5/n/nothing", "/h5/nowhere"):
        headers = owner.get(path).headers
        assert headers["referrer-policy"] == "no-referrer" and "noindex" in headers["x-robots-tag"], path
        assert headers["cache-control"] == "no-store" and "default-src 'none'" in headers["content-security-policy"]
        assert "script-src" not in headers["content-security-policy"]
