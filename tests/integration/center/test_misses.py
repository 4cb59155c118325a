"""Questions without a clear answer: kept without a person in them, bounded, and not for ever."""

from __future__ import annotations

from datetime import date, datetime, timezone
from typing import Any, Callable, Dict

import pytest
import sqlalchemy as sa

from bot.adapters.sql.engine import async_engine
from bot.center import misses_store as store
from bot.center.migrations import upgrade
from bot.center.tables import misses
from tests.support.center import MONDAY, RunningCentre
from tests.support.numbers import id_number, mobile


def a_miss(text: str = "果子树叫雹子打了找谁", asker: str = "a" * 32, **changes: Any) -> Dict[str, Any]:
    return {"text": text, "decision": "clarify", "channel": "web", "asker_of_the_day": asker, "candidates": ["QS-901"],
            "confidence": 31, **changes}  # fmt: skip


def texts(centre: RunningCentre, query: str = "") -> list[str]:
    return [miss["text"] for miss in centre.get(f"misses?limit=500{query}").json["misses"]]


def test_a_question_is_kept_with_what_the_matcher_thought_and_the_day_it_goes(centre: RunningCentre) -> None:
    assert centre.post("misses", a_miss("猕猴桃死了一片", "b" * 32)).status == 201
    kept = centre.get("misses").json["misses"][0]
    assert kept.pop("id") > 0
    assert kept == {
        "text": "猕猴桃死了一片", "decision": "clarify", "candidates": ["QS-901"], "confidence": 31, "channel": "web",
        "asked_at": "2026-11-23T09:00:00+08:00", "delete_on": "2027-05-22",
    }  # fmt: skip
    assert "猕猴桃死了一片" not in texts(centre, "&decision=refuse")


def test_a_number_in_plain_text_is_masked(centre: RunningCentre) -> None:
    secrets = (id_number(), mobile(77))
    for n, number in enumerate(secrets):
        assert centre.post("misses", a_miss(f"我的号码{number}怎么查", str(n) * 32)).status == 201
    kept = " ".join(texts(centre))
    assert "我的号码***怎么查" in kept
    assert not any(number in kept for number in secrets)


@pytest.mark.parametrize("changes", [
    {"text": ""}, {"text": "长" * 201}, {"decision": "answer"}, {"confidence": 101}, {"asker_of_the_day": "web:person-1"},
    {"candidates": ["QS-901"] * 6}, {"conversation": "web:person-1"},
])  # fmt: skip
def test_what_is_too_much_or_says_who_asked_is_refused(centre: RunningCentre, changes: Dict[str, Any]) -> None:
    assert centre.post("misses", a_miss(**changes)).status == 422


def test_one_asker_cannot_fill_the_list(centre: RunningCentre) -> None:
    statuses = [centre.post("misses", a_miss(f"第{n}遍", "c" * 32)).status for n in range(store.MOST_A_DAY + 2)]
    assert statuses == [201] * store.MOST_A_DAY + [200, 200]


def test_after_half_a_year_a_question_is_gone(new_sqlite_centre: Callable[..., RunningCentre]) -> None:
    centre = new_sqlite_centre().start()
    centre.post("misses", a_miss("旧的"))
    centre.set_clock("2027-05-22T09:00:00!")
    assert texts(centre) == []
    centre.post("misses", a_miss("新的"))
    centre.set_clock(MONDAY)
    assert texts(centre) == ["新的"]  # not only hidden


async def test_only_the_newest_are_kept(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path / 'center.db'}"
    upgrade(url)
    monkeypatch.setattr(store, "MOST", 3)
    engine, today = async_engine(url), date(2026, 11, 23)
    async with engine.begin() as connection:
        for n in range(5):
            row = {**a_miss(str(n), str(n) * 32), "asked_at": datetime.now(timezone.utc), "delete_on": date(2027, 1, 1)}
            await store.add(connection, row, today)
        assert list((await connection.execute(sa.select(misses.c.text).order_by(misses.c.id))).scalars()) == ["2", "3", "4"]
    await engine.dispose()
