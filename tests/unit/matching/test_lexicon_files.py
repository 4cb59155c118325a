"""The shipped lexicon covers the whole field, not only what our own catalogue has."""

from __future__ import annotations

from collections import Counter

import pytest

from bot.matching import Lexicon

LEAST = {
    "公安": 400, "民政": 250, "人社": 500, "医保": 150, "卫健": 200, "自然资源": 180, "残联、退役军人": 150,
    "住建、城管、公积金、水电气": 300, "交通运输": 200, "市场监管、烟草": 300, "税务、财政": 150, "教育、科技、体育、文旅": 300,
    "农业农村、林业、水利、气象": 350, "司法、民族宗教、侨务": 180, "生态环境、应急、发改、经信、商务、统计、档案": 150,
}  # fmt: skip


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon.load()


def test_every_department_has_its_everyday_words(lexicon: Lexicon) -> None:
    fields = Counter(entry.field for entry in lexicon.entries)
    assert sum(fields.values()) >= 5000
    assert {name: fields[name] for name, least in LEAST.items() if fields[name] < least} == {}


def test_no_expression_is_a_whole_question(lexicon: Lexicon) -> None:
    """Entries are words of the field; a sentence would be a test question in disguise."""
    assert [entry.said for entry in lexicon.entries if max(map(len, entry.parts)) > 12] == []


def test_no_expression_stands_twice_with_the_same_meaning(lexicon: Lexicon) -> None:
    seen = Counter((entry.parts, entry.terms, entry.field) for entry in lexicon.entries)
    assert [key for key, count in seen.items() if count > 1] == []
