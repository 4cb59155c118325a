"""The quota of customer-service messages: published counts and windows under every policy."""

from __future__ import annotations

from typing import Optional

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wechat_sim.quota import DEEDS, Ledger, NoGrant, Policy, UsedUp

H = 3600.0
POLICIES = [Policy(o, a) for o in ("any_open", "latest_only") for a in ("reset", "add")]
POLICY = Policy()


def sends(ledger: Ledger, now: float, policy: Policy = POLICY, most: int = 50) -> "tuple[int, str]":
    """How many sends go through at a moment, and how the next one is refused."""
    for count in range(most):
        try:
            ledger.spend(now, policy)
        except UsedUp:
            return count, "45047"
        except NoGrant:
            return count, "45015"
    return most, ""


@pytest.mark.parametrize("policy", POLICIES, ids=str)
@pytest.mark.parametrize(
    ("deed", "after", "expected"),
    [
        ("message", 0, (5, "45047")),
        ("message", 48 * H - 1, (5, "45047")),
        ("message", 48 * H, (0, "45015")),
        ("message", 48 * H + 1, (0, "45015")),
        ("menu_click", 59, (3, "45047")),
        ("menu_click", 60, (0, "45015")),
        ("follow", 59, (3, "45047")),
        ("follow", 61, (0, "45015")),
        ("scan", 0, (3, "45047")),
        ("msgmenu", 59, (3, "45047")),
        ("msgmenu", 61, (0, "45015")),
        ("payment", 47 * H, (50, "")),
        ("payment", 48 * H, (0, "45015")),
        (None, 0, (0, "45015")),
    ],
)
def test_one_deed_allows_so_many_messages_for_so_long(
    policy: Policy, deed: Optional[str], after: float, expected: "tuple[int, str]"
) -> None:
    ledger = Ledger()
    if deed:
        ledger.deed(deed, 1000, policy)
    assert sends(ledger, 1000 + after, policy) == expected


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (Policy("any_open", "reset"), (8, "45047")),
        (Policy("latest_only", "reset"), (3, "45047")),
        (Policy("any_open", "add"), (8, "45047")),
        (Policy("latest_only", "add"), (3, "45047")),
    ],
    ids=str,
)
def test_a_message_then_a_scan_overlap_by_policy(policy: Policy, expected: "tuple[int, str]") -> None:
    ledger = Ledger()
    ledger.deed("message", 0, policy)
    ledger.deed("scan", 1, policy)
    assert sends(ledger, 2, policy) == expected


@pytest.mark.parametrize(("again", "expected"), [("reset", 5), ("add", 8)])
def test_a_second_message_resets_or_adds_by_policy(again: str, expected: int) -> None:
    policy, ledger = Policy("any_open", again), Ledger()
    ledger.deed("message", 0, policy)
    for _ in range(2):
        ledger.spend(1, policy)
    ledger.deed("message", 2, policy)
    assert sends(ledger, 3, policy) == (expected, "45047")


def test_under_latest_only_a_click_that_is_over_hides_the_longer_window() -> None:
    policy, ledger = Policy("latest_only"), Ledger()
    ledger.deed("message", 0, policy)
    ledger.deed("menu_click", 1, policy)
    assert sends(ledger, 62, policy) == (0, "45015")
    assert sends(ledger, 62, Policy("any_open")) == (5, "45047")


def test_the_grant_that_ends_first_is_used_first() -> None:
    ledger = Ledger()
    ledger.deed("message", 0, POLICY)
    ledger.deed("menu_click", 1, POLICY)
    assert [ledger.spend(2, POLICY).kind for _ in range(4)] == ["menu_click"] * 3 + ["message"]


def test_unfollowing_closes_every_window() -> None:
    ledger = Ledger()
    ledger.deed("message", 0, POLICY)
    ledger.close()
    assert sends(ledger, 1) == (0, "45015") and ledger.view(1, POLICY)["left"] == 0


def test_the_view_says_what_could_be_sent() -> None:
    ledger = Ledger()
    ledger.deed("message", 0, POLICY)
    ledger.deed("menu_click", 1, POLICY)
    ledger.spend(2, POLICY)
    assert (ledger.view(2, POLICY)["left"], ledger.view(2, POLICY)["until"]) == (7, 48 * H)
    ledger.deed("payment", 3, POLICY)
    assert ledger.view(4, POLICY)["left"] is None


_DEED = st.tuples(st.just("deed"), st.sampled_from(sorted(set(DEEDS) - {"payment"})), st.floats(0, 100 * H))
_SEND = st.tuples(st.just("send"), st.just(""), st.floats(0, 100 * H))


@given(st.lists(_DEED | _SEND, max_size=60), st.sampled_from(POLICIES))
def test_no_history_sends_more_than_its_deeds_allow(history: "list[tuple[str, str, float]]", policy: Policy) -> None:
    ledger, now, allowed, sent = Ledger(), 0.0, 0, 0
    for what, kind, pause in history:
        now += pause / 60
        if what == "deed":
            ledger.deed(kind, now, policy)
            allowed += DEEDS[kind][0] or 0
        else:
            predicted = ledger.view(now, policy)["left"]
            try:
                ledger.spend(now, policy)
                sent += 1
                assert predicted > 0
            except (NoGrant, UsedUp):
                assert predicted == 0
    assert sent <= allowed
