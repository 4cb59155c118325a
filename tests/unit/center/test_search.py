from __future__ import annotations

from bot.center.search import find
from bot.ports import PublishedItem
from tests.support.builders import an_item, local_facts

ITEMS = [
    PublishedItem(an_item(code, name), local_facts(code), 1)
    for code, name in (("QS-001", "出生登记"), ("QS-002", "死亡登记"), ("QS-003", "内地居民结婚登记"), ("QS-004", "结婚登记证补领"))
]


def codes(text: str, limit: int = 10) -> list[str]:
    return [published.item.code for published in find(ITEMS, text, limit)]


def test_code_wins() -> None:
    assert codes("qs-003")[0] == "QS-003"


def test_shorter_name_around_the_words_comes_first() -> None:
    assert codes("结婚登记")[:2] == ["QS-004", "QS-003"]


def test_blanks_and_full_width_do_not_matter() -> None:
    assert codes(" 出生 登记 ")[0] == "QS-001" and codes("ＱＳ－００２")[0] == "QS-002"


def test_typing_error_is_forgiven_and_nonsense_is_not() -> None:
    assert codes("出生登计")[0] == "QS-001"
    assert codes("火箭发射") == []


def test_nothing_asked_lists_all() -> None:
    assert codes("") == ["QS-001", "QS-002", "QS-003", "QS-004"] and len(codes("登记", 2)) == 2
