"""access_token: what still works when, and which error says why not."""

from __future__ import annotations

import random
from typing import Optional

import pytest

from bot.wechat_sim.errors import ApiError
from bot.wechat_sim.knobs import Knobs
from bot.wechat_sim.tokens import Tokens


class Shop:
    """Tokens with a clock that tests move."""

    def __init__(self, **knobs: float) -> None:
        self.at = 1000.0
        self.tokens = Tokens(lambda: self.at, random.Random(1), Knobs(**knobs))  # type: ignore[arg-type]

    def verdict(self, value: Optional[str]) -> int:
        try:
            self.tokens.check(value)
        except ApiError as error:
            return error.code
        return 0


def test_a_token_is_long_and_works_for_two_hours() -> None:
    shop = Shop()
    value, seconds = shop.tokens.fetch()
    assert len(value) == 512 and seconds == 7200
    shop.at += 7199
    assert shop.verdict(value) == 0
    shop.at += 1
    assert shop.verdict(value) == 42001


@pytest.mark.parametrize(("overlap", "after", "expected"), [(300, 299, 0), (300, 300, 40001), (0, 0, 40001)])
def test_a_new_token_ends_the_one_before_after_the_overlap(overlap: float, after: float, expected: int) -> None:
    shop = Shop(token_overlap=overlap)
    old, new = shop.tokens.fetch()[0], shop.tokens.fetch()[0]
    shop.at += after
    assert (shop.verdict(old), shop.verdict(new)) == (expected, 0)


@pytest.mark.parametrize(
    ("value", "expected"), [(None, 41001), ("", 41001), ("too short", 40014), ("x" * 40 + "!", 40014), ("x" * 512, 40001)]
)
def test_each_wrong_token_has_its_own_error(value: Optional[str], expected: int) -> None:
    assert Shop().verdict(value) == expected


def test_the_stable_token_stays_until_its_last_five_minutes() -> None:
    shop = Shop()
    first, _ = shop.tokens.fetch_stable(False)
    shop.at += 6899
    assert shop.tokens.fetch_stable(False) == (first, 301)
    shop.at += 1
    second, seconds = shop.tokens.fetch_stable(False)
    assert second != first and seconds == 7200 and shop.verdict(first) == shop.verdict(second) == 0


def test_stable_and_plain_tokens_do_not_end_each_other() -> None:
    shop = Shop(token_overlap=0)
    stable, plain = shop.tokens.fetch_stable(False)[0], shop.tokens.fetch()[0]
    shop.tokens.fetch_stable(True)
    assert (shop.verdict(stable), shop.verdict(plain)) == (40001, 0)


def test_forcing_works_every_thirty_seconds_and_twenty_times_a_day() -> None:
    shop = Shop()
    values = [shop.tokens.fetch_stable(True)[0]]
    assert shop.tokens.fetch_stable(True)[0] == values[0]  # too soon: nothing is renewed
    for _ in range(19):
        shop.at += 31
        values.append(shop.tokens.fetch_stable(True)[0])
    assert len(set(values)) == 20 and [shop.verdict(v) for v in values[:-1]] == [40001] * 19
    shop.at += 31
    with pytest.raises(ApiError, match="45009"):
        shop.tokens.fetch_stable(True)
    shop.at += 24 * 3600
    assert shop.tokens.fetch_stable(True)[0] not in values


def test_revoked_tokens_are_replaced_at_the_next_fetch() -> None:
    shop = Shop()
    old = shop.tokens.fetch_stable(False)[0]
    shop.tokens.revoke()
    new = shop.tokens.fetch_stable(False)[0]
    assert new != old and (shop.verdict(old), shop.verdict(new)) == (40001, 0)
