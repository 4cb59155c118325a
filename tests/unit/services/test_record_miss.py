"""What goes to the work list of missed questions says what was asked, never who asked."""

from __future__ import annotations

import asyncio
from datetime import datetime
from types import SimpleNamespace
from typing import Any, Dict, List

import pytest

from actions import misses
from bot.services.record_miss import LONGEST, RecordMiss, without_persons
from tests.support.numbers import id_number, mobile


class Clock:
    def __init__(self, day: int = 23) -> None:
        self.day = day

    def now(self) -> datetime:
        return datetime(2026, 11, self.day, 10)


class Center:
    def __init__(self, error: BaseException | None = None, seconds: float = 0.0) -> None:
        self.got: List[Dict[str, Any]] = []
        self._error, self._seconds = error, seconds

    async def record_miss(self, payload: Any) -> Any:
        await asyncio.sleep(self._seconds)
        if self._error:
            raise self._error
        self.got.append(payload)
        return {}


async def record(center: Center, text: str, conversation: str = "web:p1", day: int = 23) -> None:
    ranking = [{"code": f"QS-{n}", "confidence": 0.3} for n in range(5)]
    await RecordMiss(center, Clock(day), b"k" * 32)(text, "clarify", ranking, conversation, "web")  # type: ignore[arg-type]


@pytest.mark.parametrize("number", [id_number(), mobile(5), "６２２２０２１２３４５６７８９０１２３", "138 0000-1234", "0731-88221100"])
def test_no_number_is_left(number: str) -> None:
    text = without_persons(f"我是{number}怎么弄")
    assert text.startswith("我是") and text.endswith("怎么弄")
    assert sum(c.isdigit() for c in text) <= 3


def test_sealed_numbers_become_their_kind() -> None:
    assert without_persons("我⟦身份证:ab12cd⟧的低保") == "我〔身份证〕的低保"


async def test_the_record_is_short_and_holds_no_conversation() -> None:
    center = Center()
    await record(center, "长" * 500)
    got = center.got[0]
    assert len(got["text"]) == LONGEST and got["confidence"] == 30 and got["candidates"] == ["QS-0", "QS-1", "QS-2"]
    assert "p1" not in str(got)


async def test_the_same_asker_is_known_within_a_day_and_not_the_next() -> None:
    center = Center()
    for conversation, day in (("web:p1", 23), ("web:p1", 23), ("web:p2", 23), ("web:p1", 24)):
        await record(center, "果树", conversation, day)
    marks = [got["asker_of_the_day"] for got in center.got]
    assert marks[0] == marks[1] and len(set(marks)) == 3


@pytest.mark.parametrize("center", [Center(RuntimeError("x")), Center(seconds=60.0)])
async def test_a_broken_or_slow_centre_costs_the_turn_nothing(center: Center, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(misses, "SECONDS", 0.05)
    turn = SimpleNamespace(parse={}, text="果树", conversation="web:p1", channel="web")
    parts = SimpleNamespace(record_miss=RecordMiss(center, Clock(), b"k" * 32))  # type: ignore[arg-type]
    for _ in range(misses.MOST_UNDER_WAY + 5):
        misses.note_miss(turn, parts)  # type: ignore[arg-type]
    assert len(misses._under_way) == misses.MOST_UNDER_WAY
    await asyncio.sleep(0.2)
    assert not misses._under_way and not center.got
