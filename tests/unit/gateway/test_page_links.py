"""The line under a message that leads to its page."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.domain.case_numbers import NumberKind, mint
from bot.gateway.page_links import line_for
from bot.gateway.texts import load_texts

WORDS = load_texts(Path("nowhere")).links
NOTICE = mint(NumberKind.NOTICE, date(2026, 11, 23), 7)
CASE = mint(NumberKind.CASE, date(2026, 11, 23), 12345)


@pytest.mark.parametrize("text", [f"—— 告知编号 {NOTICE}，事项编码 QS-901。", f"告知编号：{NOTICE}"])
def test_a_notice_leads_to_its_page(text: str) -> None:
    assert line_for(text, WORDS) == f"网页版、打印：/h5/n/{NOTICE}"


def test_a_receipt_leads_to_the_progress_page() -> None:
    assert line_for(f"交好了。\n办件编号：{CASE}\n查询码：12345678", WORDS) == "看进度、传材料、评价：/h5/p"


@pytest.mark.parametrize(
    "text", ["告知编号 GZ-261123-0007-0", f"比如 {CASE} 这样的", NOTICE, "办件编号是多少？", "告知编号 GZ-", ""]
)
def test_what_names_no_number_of_ours_leads_nowhere(text: str) -> None:
    assert line_for(text, WORDS) is None
