from __future__ import annotations

import pytest

from bot import bootstrap
from bot.adapters.yaml_catalogue import load_items
from bot.settings import ROOT

EVENTS = bootstrap.life_events()


@pytest.mark.parametrize(
    "text,event",
    [
        ("生了娃要办哪些手续", "birth"),
        ("孙子刚出生要办些啥", "birth"),
        ("结婚要办哪些事", "marriage"),
        ("快退休了要办哪些手续", "retirement"),
        ("我爸去世了要办哪些手续", "death"),
        ("想开个小店要跑哪些手续", "small_shop"),
    ],
)
def test_event_is_found_by_its_name(text: str, event: str) -> None:
    found = EVENTS.named(text)
    assert found is not None and found.id == event


@pytest.mark.parametrize(
    "text,event",
    [
        ("俺老伴儿没了", "death"),
        ("我妈昨天走了", "death"),
        ("孙子刚生下来", "birth"),
        ("老伴没了证咋补", "death"),
        ("娃还没生", None),
        ("我爸好多年前走了", None),
        ("开个小店", None),
        ("我要结婚", None),
    ],
)
def test_only_what_has_just_happened_is_told(text: str, event: "str | None") -> None:
    found = EVENTS.told(text)
    assert (found.id if found else None) == event


def test_every_item_of_an_event_is_in_the_catalogue_and_no_list_is_longer_than_can_be_told() -> None:
    known = set(load_items(ROOT / "data" / "catalogue"))
    for event in EVENTS.all:
        assert set(event.items) <= known and 2 <= len(event.items) <= 5 and len(set(event.items)) == len(event.items)
