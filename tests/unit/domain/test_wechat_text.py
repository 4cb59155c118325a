"""Texts for bubbles: nothing lost, nothing too long, no cut inside a character, a joined emoji or a link."""

from __future__ import annotations

import re
from typing import List

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.wechat_text import LIMIT, Piece, clean, cut, first_bubble, size

LINK = '<a href="https://example.cn/h5/n/GZ-202611-0001-5?t=abc">看全文</a>'
FAMILY = "👨\u200d👩\u200d👧"
parts = st.lists(
    st.one_of(
        st.text(max_size=80),
        st.sampled_from([LINK, FAMILY, "https://example.cn/很/", "。", "！”", "\n\n", "汉" * 300, "a" * 900]),
    ),
    max_size=40,
).map("".join)


def all_parts(text: str, limit: int = LIMIT) -> List[str]:
    found, rest = [], text
    while rest:
        begin, rest = cut(rest, limit)
        found.append(begin)
    return found


@given(text=parts, limit=st.integers(200, 2048))
@settings(max_examples=300, deadline=None)
def test_the_parts_are_the_text_and_each_fits(text: str, limit: int) -> None:
    found = all_parts(clean(text), limit)
    assert "".join(found) == clean(text)
    assert all(part and size(part) <= limit for part in found)


@given(before=st.integers(0, 2100), after=st.integers(0, 900))
@settings(max_examples=200, deadline=None)
def test_e14_no_cut_inside_a_link_or_a_joined_emoji(before: int, after: int) -> None:
    text = "汉" * (before // 3) + "a" * (before % 3) + LINK + FAMILY + "字" * after
    found = all_parts(text)
    assert sum(LINK in part for part in found) == 1
    assert sum(FAMILY in part for part in found) == 1
    assert not any(part.startswith("\u200d") or part.endswith("\u200d") for part in found)


@pytest.mark.parametrize("length", [2048, 2049, 2050, 2051])
def test_e14_around_the_limit(length: int) -> None:
    text = "a" * (length - 3 * 600) + "汉" * 600
    assert size(text) == length
    assert len(all_parts(text)) == (1 if length <= LIMIT else 2)


def test_a_cut_comes_after_a_sentence_if_it_can() -> None:
    text = "这是一句完整的话。" * 150
    assert all(re.search("。$", part) for part in all_parts(text))


def test_a_link_longer_than_a_bubble_is_cut_rather_than_looping() -> None:
    assert "".join(all_parts("https://example.cn/" + "a" * 5000)) == "https://example.cn/" + "a" * 5000


@given(texts=st.lists(parts.map(lambda t: clean(t) or "字"), min_size=1, max_size=8), closes=st.integers(0, 7))
@settings(max_examples=150, deadline=None)
def test_bubbles_cover_every_message_in_order_once(texts: List[str], closes: int) -> None:
    done = [0] * len(texts)
    for _ in range(10_000):
        pieces = [Piece(i, t[done[i] :], i == closes) for i, t in enumerate(texts) if done[i] < len(t)]
        if not pieces:
            break
        bubble = first_bubble(pieces)
        assert bubble.text.strip("\n") or bubble.text
        assert size(bubble.text) <= LIMIT
        assert [key for key, _ in bubble.taken] == [p.key for p in pieces[: len(bubble.taken)]]
        for key, length in bubble.taken:
            assert length > 0
            done[key] += length
    assert done == [len(t) for t in texts]
