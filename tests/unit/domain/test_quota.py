"""What the ledger allows, every reading of the platform's rules allows too."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import List, Tuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.quota import Grant, Overlap, Send, Trigger, latest_trigger, left
from bot.wechat_sim.quota import Ledger, NoGrant, Policy, UsedUp

START = datetime(2026, 11, 23, 10, 0)
DEEDS = {
    Trigger.MESSAGE: "message",
    Trigger.MENU: "menu_click",
    Trigger.FOLLOW: "follow",
    Trigger.SCAN: "scan",
}
POLICIES = [Policy(o, a) for o in ("any_open", "latest_only") for a in ("reset", "add")]

Step = Tuple[int, str]  # seconds later, what happens
steps = st.lists(
    st.tuples(
        st.sampled_from([0, 1, 2, 20, 40, 59, 61, 3600, 86400, 172799, 172801]),
        st.sampled_from(["send", "send", "send", *(t.value for t in Trigger)]),
    ),
    max_size=40,
)


def refused(todo: List[Step], policy: Policy, overlap: Overlap) -> int:
    """How many sends the platform refuses of those that the ledger allows."""
    platform, now, refusals = Ledger(), START, 0
    grants: List[Grant] = []
    sends: List[Send] = []
    for later, what in todo:
        now += timedelta(seconds=later)
        if what != "send":
            grants.append(Grant(Trigger(what), now))
            platform.deed(DEEDS[Trigger(what)], now.timestamp(), policy)
        elif left(grants, sends, now, overlap):
            sends.append(Send(now, now))
            try:
                platform.spend(now.timestamp(), policy)
            except (NoGrant, UsedUp):
                refusals += 1
    return refusals


@pytest.mark.parametrize("policy", POLICIES, ids=str)
@given(todo=steps)
@settings(max_examples=150, deadline=None)
def test_careful_never_sends_beyond_the_quota_under_any_reading(policy: Policy, todo: List[Step]) -> None:
    assert refused(todo, policy, Overlap.CAREFUL) == 0


@pytest.mark.parametrize("again", ["reset", "add"])
@given(todo=steps)
@settings(max_examples=150, deadline=None)
def test_any_open_never_sends_beyond_the_quota_where_every_open_grant_counts(again: str, todo: List[Step]) -> None:
    assert refused(todo, Policy("any_open", again), Overlap.ANY_OPEN) == 0


@pytest.mark.parametrize("trigger, sends, lasts", [
    (Trigger.MESSAGE, 5, 48 * 3600), (Trigger.MENU, 3, 60), (Trigger.FOLLOW, 3, 60), (Trigger.SCAN, 3, 60),
])  # fmt: skip
def test_each_contact_allows_what_the_platform_publishes(trigger: Trigger, sends: int, lasts: int) -> None:
    grants = [Grant(trigger, START)]
    assert left(grants, [], START + timedelta(seconds=lasts - 1)) == sends
    assert left(grants, [], START + timedelta(seconds=lasts)) == 0
    used = [Send(START, START)] * sends
    assert left(grants, used, START) == 0


def test_a_send_under_way_when_a_new_contact_comes_counts_for_it() -> None:
    grants = [Grant(Trigger.MESSAGE, START), Grant(Trigger.MESSAGE, START + timedelta(seconds=10))]
    under_way = [Send(START + timedelta(seconds=9), None)]
    assert left(grants, under_way, START + timedelta(seconds=11)) == 4


def test_of_two_contacts_in_one_second_the_one_that_allows_less_counts() -> None:
    grants = [Grant(Trigger.SCAN, START), Grant(Trigger.MESSAGE, START + timedelta(milliseconds=500))]
    assert left(grants, [], START + timedelta(seconds=2)) == 3
    assert latest_trigger(grants) is Trigger.SCAN


def test_a_closed_grant_allows_nothing() -> None:
    assert left([Grant(Trigger.MESSAGE, START, closed=True)], [], START) == 0
    assert left([Grant(Trigger.MESSAGE, START, closed=True)], [], START, Overlap.ANY_OPEN) == 0
