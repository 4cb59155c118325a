"""谁在接待 (shei zai jiedai): custody of a conversation as a lease with an epoch.

One owner at a time: the bot, the queue for a clerk, or a clerk. Each transfer raises the epoch by one; whoever acts on
an old epoch has lost the conversation and must not speak or file.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Optional


class Owner(str, Enum):
    """Who answers the person."""

    BOT = "bot"
    QUEUE = "queue"
    CLERK = "clerk"


class IllegalTransfer(Exception):
    """The conversation cannot go from its owner to that one."""


@dataclass(frozen=True)
class Lease:
    """Custody since a moment; `until` is when a silent clerk loses it."""

    owner: Owner
    holder: Optional[str]
    epoch: int
    since: datetime
    until: Optional[datetime] = None

    @property
    def with_bot(self) -> bool:
        return self.owner is Owner.BOT


def first_lease(now: datetime) -> Lease:
    """A new conversation belongs to the bot."""
    return Lease(Owner.BOT, None, 0, now)


def _moved(lease: Lease, owner: Owner, holder: Optional[str], now: datetime, until: Optional[datetime] = None) -> Lease:
    return Lease(owner, holder, lease.epoch + 1, now, until)


def queue(lease: Lease, now: datetime) -> Lease:
    """转人工: the bot, or a clerk who cannot go on, puts the person into the queue.

    Raises:
        IllegalTransfer: already waiting.
    """
    if lease.owner is Owner.QUEUE:
        raise IllegalTransfer("already in the queue")
    return _moved(lease, Owner.QUEUE, None, now)


def claim(lease: Lease, holder: str, now: datetime, until: Optional[datetime] = None) -> Lease:
    """接手: a clerk takes a waiting person, or steps in for the bot.

    Raises:
        IllegalTransfer: a clerk has the conversation already, or no name was given.
    """
    if not holder:
        raise IllegalTransfer("a clerk needs a name")
    if lease.owner is Owner.CLERK:
        raise IllegalTransfer("a clerk has this conversation")
    return _moved(lease, Owner.CLERK, holder, now, until)


def renew(lease: Lease, holder: str, until: datetime) -> Lease:
    """The clerk is still there: a longer `until`, same epoch.

    Raises:
        IllegalTransfer: somebody else has the conversation.
    """
    if lease.owner is not Owner.CLERK or lease.holder != holder:
        raise IllegalTransfer("not this clerk's conversation")
    return replace(lease, until=until)


def release(lease: Lease, now: datetime) -> Lease:
    """交还: back to the bot, from a clerk or from the queue.

    Raises:
        IllegalTransfer: the bot has it already.
    """
    if lease.owner is Owner.BOT:
        raise IllegalTransfer("the bot has this conversation")
    return _moved(lease, Owner.BOT, None, now)


def expire(lease: Lease, now: datetime) -> Lease:
    """A clerk who stayed silent beyond `until` loses the person to the queue; any other lease stays as it is."""
    if lease.owner is Owner.CLERK and lease.until is not None and now >= lease.until:
        return _moved(lease, Owner.QUEUE, None, now)
    return lease
