"""入口 (rukou): addresses of pages, and how long a link to each is good."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Mapping
from urllib.parse import quote

from bot.gateway.links import Links, Purpose

KEY = "k"
"""The parameter that carries the token; it is gone from the address after the first look."""

LIFETIMES: Mapping[Purpose, timedelta] = {
    Purpose.NOTICE: timedelta(days=7),  # holds nothing personal
    Purpose.PROGRESS: timedelta(hours=24),
    Purpose.RATING: timedelta(days=7),  # as long as a rating may be changed
    Purpose.PAPER: timedelta(days=7),
    Purpose.UPLOAD: timedelta(hours=24),
}
_PATHS = {Purpose.NOTICE: "n", Purpose.PROGRESS: "p", Purpose.RATING: "r", Purpose.PAPER: "d", Purpose.UPLOAD: "u"}


def path(purpose: Purpose, subject: str = "") -> str:
    """The address of a page on this host, without anybody's key."""
    return f"/h5/{_PATHS[purpose]}" + (f"/{quote(subject, safe='')}" if subject else "")


def link(links: Links, purpose: Purpose, conversation: str, subject: str, now: datetime) -> str:
    """The address with a key for one person; put the public URL before it."""
    token = links.make(purpose, conversation, subject, now, LIFETIMES[purpose])
    return f"{path(purpose, subject)}?{KEY}={token}"
