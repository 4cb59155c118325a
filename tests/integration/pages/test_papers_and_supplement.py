"""The papers of a case and its 补正 on pages."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from bot.gateway.links import Purpose
from tests.integration.pages.test_pages import form_of
from tests.support.builders import a_filing
from tests.support.pages_house import PagesHouse, Resident


@pytest.fixture(scope="module")
def owner(pages_house: PagesHouse) -> Resident:
    return pages_house.resident()


def papers_of(owner: Resident, number: str) -> list[dict[str, Any]]:
    answer = owner.house.centre.get(f"cases/{number}")
    return list(answer.json["papers"])


def ask(owner: Resident, number: str, *defects: str) -> None:
    body = {
        "move": "ask_supplement", "actor": {"role": "clerk", "name": "王"}, "opinion": "请补",
        "defects": [{"text": text} for text in defects],
    }  # fmt: skip
    assert owner.house.centre.post(f"cases/{number}/moves", body).status == 200


def test_progress_leads_to_the_papers_and_the_paper_says_all(owner: Resident) -> None:
    number = owner.case("accept")
    page = owner.get(f"/h5/p/{number}").text
    ways = re.findall(r'href="(/h5/d/[^"]+)"', page)
    assert len(ways) == 2
    promise = owner.get(ways[1]).text
    for words in ("承诺办理通知书", "〔2026〕", number, "张小山：", "2026年12月7日以前办好", "承诺件", "不是真章", "综合窗口"):
        assert words in promise, words
    assert "<script" not in promise and "&amp;" not in promise


def test_paper_of_a_person_with_odd_signs_in_the_name_is_harmless(owner: Resident) -> None:
    applicant = {**a_filing()["applicant"], "name": "<b>张&amp;三</b>"}
    number = str(owner.house.centre.file(a_filing(owner.conversation, applicant=applicant)).json["number"])
    owner.house.centre.move(number, "accept")
    page = owner.get(f"/h5/d/{papers_of(owner, number)[0]['id']}").text
    assert "<b>" not in page and "&lt;b&gt;张&amp;amp;三&lt;/b&gt;" in page


def test_paper_as_pdf_can_be_read(owner: Resident, tmp_path: Path) -> None:
    number = owner.case("accept")
    (paper, _) = papers_of(owner, number)
    answer = owner.get(f"/h5/d/{paper['id']}.pdf")
    assert answer.headers["content-type"] == "application/pdf" and answer.content.startswith(b"%PDF")
    tool = shutil.which("pdftotext")
    if tool is None:
        pytest.skip("pdftotext is not installed (package poppler-utils)")
    (tmp_path / "p.pdf").write_bytes(answer.content)
    text = subprocess.run([tool, tmp_path / "p.pdf", "-"], capture_output=True, check=True).stdout.decode()
    assert "受理通知书" in text and number in text and paper["number"] in text and "居民身份证" in text


def test_paper_is_closed_to_strangers_and_open_by_its_link(pages_house: PagesHouse, owner: Resident) -> None:
    paper = papers_of(owner, owner.case("accept"))[0]["id"]
    other = pages_house.resident()
    for suffix in ("", ".pdf"):
        assert other.get(f"/h5/d/{paper}{suffix}").status_code == 403
        assert pages_house.stranger().get(f"{pages_house.url}/h5/d/{paper}{suffix}", timeout=10).status_code == 403
    assert other.get("/h5/d/SL-2026-9999").status_code == 403
    link = pages_house.link(Purpose.PAPER, owner.conversation, paper)
    assert pages_house.stranger().get(link, timeout=10).status_code == 200
    wrong = pages_house.link(Purpose.PROGRESS, owner.conversation, paper)
    assert pages_house.stranger().get(wrong.replace("/p/", "/d/"), timeout=10).status_code == 403


def test_supplement_is_given_on_the_page_and_the_same_case_goes_on(owner: Resident) -> None:
    number = owner.case("accept")
    ask(owner, number, "照片太暗", "身份证缺背面")
    page = owner.get(f"/h5/p/{number}").text
    assert "照片太暗" in page and "身份证缺背面" in page and "不算在办理时间里" in page
    assert 'href="/h5/p/' + number in owner.get("/h5/p").text
    once = {"form": form_of(page), "given": "1"}
    for _ in range(2):
        assert owner.post(f"/h5/s/{number}", once).status_code == 200  # redirected to the progress page
    page = owner.get(f"/h5/p/{number}").text
    assert "照片太暗" not in page and "身份证缺背面" in page
    assert owner.post(f"/h5/s/{number}", {"form": form_of(page), "given": "2"}).status_code == 200
    assert owner.house.centre.get(f"cases/{number}").json["case"]["state"] == "accepted"
    moves = [e["move"] for e in owner.house.centre.get(f"cases/{number}/events").json["events"]]
    assert moves == ["file", "accept", "ask_supplement", "supply", "supplement"]


def test_nobody_else_supplies_and_a_form_of_another_page_is_foreign(pages_house: PagesHouse, owner: Resident) -> None:
    number = owner.case("accept")
    ask(owner, number, "照片太暗")
    token = form_of(owner.get(f"/h5/p/{number}").text)
    other = pages_house.resident()
    assert other.post(f"/h5/s/{number}", {"form": token, "given": "1"}).status_code == 403
    second = owner.case("accept")
    ask(owner, second, "照片太暗")
    assert owner.post(f"/h5/s/{second}", {"form": token, "given": "1"}).status_code == 403
    assert owner.house.centre.get(f"cases/{number}").json["case"]["state"] == "awaiting_supplement"
