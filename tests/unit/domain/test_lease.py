"""Rules for custody: one owner, every transfer raises the epoch, nothing happens on an old one."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.lease import IllegalTransfer, Lease, Owner, claim, expire, first_lease, queue, release, renew

NOW = datetime(2026, 11, 23, 10, tzinfo=timezone(timedelta(hours=8)))
SOON = NOW + timedelta(minutes=5)


def held() -> Lease:
    return claim(queue(first_lease(NOW), NOW), "li", NOW, SOON)


def test_a_new_conversation_belongs_to_the_bot() -> None:
    assert first_lease(NOW) == Lease(Owner.BOT, None, 0, NOW)
    assert first_lease(NOW).with_bot


def test_each_transfer_raises_the_epoch_by_one() -> None:
    waiting = queue(first_lease(NOW), NOW)
    taken = claim(waiting, "li", SOON)
    back = release(taken, SOON)
    assert [(x.owner, x.holder, x.epoch) for x in (waiting, taken, back)] == [
        (Owner.QUEUE, None, 1), (Owner.CLERK, "li", 2), (Owner.BOT, None, 3),
    ]  # fmt: skip


def test_a_clerk_may_step_in_for_the_bot() -> None:
    assert claim(first_lease(NOW), "li", NOW).owner is Owner.CLERK


def test_a_second_clerk_cannot_take_what_one_has() -> None:
    with pytest.raises(IllegalTransfer):
        claim(held(), "wang", NOW)


def test_a_claim_needs_a_name() -> None:
    with pytest.raises(IllegalTransfer):
        claim(first_lease(NOW), "", NOW)


def test_nobody_queues_twice_and_the_bot_returns_nothing() -> None:
    with pytest.raises(IllegalTransfer):
        queue(queue(first_lease(NOW), NOW), NOW)
    with pytest.raises(IllegalTransfer):
        release(first_lease(NOW), NOW)


def test_a_clerk_who_is_there_keeps_the_person_without_a_new_epoch() -> None:
    longer = renew(held(), "li", SOON + timedelta(hours=1))
    assert (longer.epoch, longer.until) == (held().epoch, SOON + timedelta(hours=1))
    with pytest.raises(IllegalTransfer):
        renew(held(), "wang", SOON)


def test_a_silent_clerk_loses_the_person_to_the_queue_at_the_set_time() -> None:
    assert expire(held(), SOON - timedelta(seconds=1)) == held()
    lost = expire(held(), SOON)
    assert (lost.owner, lost.epoch) == (Owner.QUEUE, held().epoch + 1)


def test_only_a_clerk_can_expire() -> None:
    waiting = queue(first_lease(NOW), NOW)
    assert expire(waiting, SOON + timedelta(days=9)) == waiting


@given(st.lists(st.sampled_from(("queue", "claim", "release", "expire")), max_size=30))
def test_the_epoch_never_falls_and_rises_with_every_change(moves: "list[str]") -> None:
    lease = first_lease(NOW)
    for move in moves:
        try:
            if move == "claim":
                moved = claim(lease, "li", NOW, SOON)
            else:
                moved = {"queue": queue, "release": release, "expire": expire}[move](lease, SOON)
        except IllegalTransfer:
            continue
        assert moved.epoch == lease.epoch + (moved != lease)
        assert (moved.holder is not None) == (moved.owner is Owner.CLERK)
        lease = moved
