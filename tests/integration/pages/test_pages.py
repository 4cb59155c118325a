"""What the pages show and take: the notice on screen and on paper, progress, rating."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from bot.gateway.h5.pdf import font_file
from tests.support.numbers import mobile
from tests.support.pages_house import NOON, STEPS, PagesHouse, Resident


@pytest.fixture(scope="module")
def owner(pages_house: PagesHouse) -> Resident:
    return pages_house.resident()


def form_of(page: str) -> str:
    """The token of the first form on a page."""
    found = re.search(r'name="form" value="([^"]+)"', page)
    assert found, page
    return found.group(1)


def test_the_notice_page_has_all_parts_in_the_version_that_was_given(owner: Resident) -> None:
    number = owner.notice()
    page = owner.get(f"/h5/n/{number}").text
    for words in (
        number, "第1版", "2026年11月23日", "是谁种的？", "父母", "居民身份证", "不收费。", "10个工作日", "20个工作日内发放。", "综合窗口（1号窗口）",
        "周一到周五", "可以代办。", "种了果树。", "把材料交到窗口。", "申请表（样例）", "农业农村办公室", "网上不能办。", "《青山办事条例》",
    ):  # fmt: skip
        assert words in page, words
    assert "租地合同" not in page, "another circumstance"
    assert 'href="tel:0000-7000001"' in page and f'href="/h5/n/{number}.pdf"' in page
    assert "<script" not in page and "style=" not in page
    flow = re.search(r'<svg class="chart".*?</svg>', page, re.S)
    assert flow and 'role="img"' in flow.group() and "第2步，审核，农业农村办公室，到果园看一看。" in flow.group()


def test_a_small_change_of_the_catalogue_leaves_a_given_notice_as_it_was(pages_house: PagesHouse, owner: Resident) -> None:
    number = owner.notice()
    before = owner.get(f"/h5/n/{number}").text
    pages_house.set_clocks("2026-11-24T12:00:00!")
    assert owner.get(f"/h5/n/{number}").text == before
    pages_house.set_clocks(NOON)


def test_the_pdf_can_be_read_searched_and_carries_its_font(owner: Resident, tmp_path: Path) -> None:
    tool = shutil.which("pdftotext")
    if tool is None:
        pytest.skip("pdftotext is not installed (package poppler-utils)")
    number = owner.notice()
    answer = owner.get(f"/h5/n/{number}.pdf")
    assert answer.headers["content-type"] == "application/pdf" and f"{number}.pdf" in answer.headers["content-disposition"]
    assert len(answer.content) < 150_000 < font_file().stat().st_size, "a subset of the font"
    path = tmp_path / "notice.pdf"
    path.write_bytes(answer.content)
    text = subprocess.run([tool, "-layout", str(path), "-"], capture_output=True, check=True, timeout=30).stdout.decode()
    plain = re.sub(r"\s", "", text)
    for words in ("一次性告知：果树补贴申领", number, "是谁种的？父母", "居民身份证：复印件1份", "流程图", "1.申请（申请人）", "申请表（样例）", "1/2", "2/2"):
        assert words in plain, words


def test_the_same_pdf_is_made_once(owner: Resident) -> None:
    number = owner.notice()
    first, second = owner.get(f"/h5/n/{number}.pdf"), owner.get(f"/h5/n/{number}.pdf")
    assert first.content == second.content and second.elapsed < first.elapsed


def test_own_cases_stand_with_their_steps_in_order(owner: Resident) -> None:
    number = owner.case(*STEPS)
    page = owner.get(f"/h5/p/{number}").text
    steps = re.findall(r"<li[^>]*><strong>([^<]+)</strong> <span", page)
    assert steps == ["已申请", "已受理", "承办中", "审核中", "已批准", "已办结"]
    assert page.count('aria-current="step"') == 1
    assert number in owner.get("/h5/p").text


def test_a_case_is_shown_to_whoever_has_number_and_code_until_the_centre_locks(pages_house: PagesHouse, owner: Resident) -> None:
    number, other = owner.case("accept", code="24681357"), pages_house.resident()
    page = other.get("/h5/p")
    right = other.post("/h5/p", {"form": form_of(page.text), "number": number.lower(), "code": "24681357"})
    assert right.status_code == 200 and "已受理" in right.text and number in right.text
    for _ in range(4):
        wrong = other.post("/h5/p", {"form": form_of(page.text), "number": number, "code": "11111111"})
        assert wrong.status_code == 404 and "没查到" in wrong.text and number in wrong.text
    other.post("/h5/p", {"form": form_of(page.text), "number": number, "code": "11111111"})
    locked = other.post("/h5/p", {"form": form_of(page.text), "number": number, "code": "24681357"})
    assert locked.status_code == 429 and "12:15 以后可以再试" in locked.text
    assert other.get("/h5/p").status_code == 200, "own cases stay open"


def test_a_rating_is_given_changed_and_a_bad_one_reaches_a_supervisor(pages_house: PagesHouse, owner: Resident) -> None:
    number = owner.case(*STEPS)
    token = form_of(owner.get(f"/h5/r/{number}").text)
    done = owner.post(f"/h5/r/{number}", {"form": token, "level": "very_good", "words": ""})
    assert done.status_code == 200 and "您的评价收到了" in done.text
    again = form_of(owner.get(f"/h5/r/{number}").text)
    for _ in range(2):  # a double tap
        bad = owner.post(f"/h5/r/{number}", {"form": again, "level": "very_bad", "words": "跑了三趟。"})
        assert "有负责人来看" in bad.text
    tasks = pages_house.centre.get("tasks?limit=500").json["tasks"]
    loops = [t for t in tasks if t["kind"] == "bad_rating" and t["packet"].get("case") == number]
    assert [t["packet"]["words"] for t in loops] == ["跑了三趟。"]


def test_a_rating_without_level_or_with_a_telephone_number_keeps_what_was_written(owner: Resident) -> None:
    number, phone = owner.case(*STEPS), mobile()
    token = form_of(owner.get(f"/h5/r/{number}").text)
    no_level = owner.post(f"/h5/r/{number}", {"form": token, "words": "办得快。"})
    assert no_level.status_code == 422 and "还没选" in no_level.text and "办得快。" in no_level.text
    with_number = owner.post(f"/h5/r/{number}", {"form": token, "level": "good", "words": f"打我电话{phone}"})
    assert with_number.status_code == 422 and "请去掉号码" in with_number.text
    long = owner.post(f"/h5/r/{number}", {"form": token, "level": "good", "words": "长" * 301})
    assert long.status_code == 422 and "写得太长了" in long.text


def test_an_unfinished_case_cannot_be_rated(owner: Resident) -> None:
    number = owner.case("accept")
    page = owner.get(f"/h5/r/{number}").text
    assert "办好以后再评" in page and "<form" not in page


def test_without_the_centre_a_page_says_when_to_come_back(pages_house: PagesHouse, owner: Resident) -> None:
    number = owner.notice()
    pages_house.centre.stop()
    try:
        answer = owner.get(f"/h5/n/{number}")
        assert answer.status_code == 503 and "等一两分钟" in answer.text and "0000-7000001" in answer.text
    finally:
        pages_house.centre.start()


def test_the_chat_shows_the_page_of_a_notice_and_of_a_case(pages_house: PagesHouse, owner: Resident) -> None:
    from tests.support.gateway import Page

    notice, case = owner.notice(), owner.case()
    pages_house.rasa.reply = lambda body: [
        {"text": f"—— 告知编号 {notice}，事项编码 QS-901。", "buttons": []},
        {"text": f"办件编号：{case}", "buttons": []},
        {"text": "告知编号 GZ-261123-0001-0 抄错了", "buttons": []},
    ]
    page = Page(pages_house.url).listen()
    page.send("果树补贴怎么领")
    page.wait(lambda p: len(p.texts("bot")) == 3)
    page.hang_up()
    assert page.texts("bot")[0].endswith(f"\n网页版、打印：/h5/n/{notice}")
    assert page.texts("bot")[1].endswith("\n看进度、传材料、评价：/h5/p")
    assert "/h5/" not in page.texts("bot")[2]
