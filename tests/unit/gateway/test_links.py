"""A link opens what it was made for, for whom it was made, as long as it was made for; nothing else opens anything."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.gateway.links import BadLink, ExpiredLink, Link, Links, Purpose

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=timezone(timedelta(hours=8)))
HOUR = timedelta(hours=1)
LINKS = Links(b"k" * 32)

ids = st.text(st.characters(blacklist_characters="\n", blacklist_categories=("Cs",)), max_size=60)
conversations = ids.filter(bool)
purposes = st.sampled_from(Purpose)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1), timezones=st.just(timezone.utc))


@given(purposes, conversations, ids, moments, st.integers(1, 10**7))
def test_a_link_says_what_it_was_made_with_until_its_last_second(
    purpose: Purpose, conversation: str, subject: str, now: datetime, seconds: int
) -> None:
    now = now.replace(microsecond=0)
    token = LINKS.make(purpose, conversation, subject, now, timedelta(seconds=seconds))
    assert LINKS.read(token, purpose, now) == Link(conversation, subject)
    assert LINKS.read(token, purpose, now + timedelta(seconds=seconds - 1)) == Link(conversation, subject)
    with pytest.raises(ExpiredLink):
        LINKS.read(token, purpose, now + timedelta(seconds=seconds))


@given(purposes, purposes, conversations, ids)
def test_a_link_for_one_purpose_opens_no_other(made: Purpose, asked: Purpose, conversation: str, subject: str) -> None:
    assume(made is not asked)
    with pytest.raises(BadLink):
        LINKS.read(LINKS.make(made, conversation, subject, NOW, HOUR), asked, NOW)


@given(st.data())
def test_a_changed_link_opens_nothing(data: st.DataObject) -> None:
    token = LINKS.make(Purpose.NOTICE, "web-abc", "GZ-1", NOW, HOUR)
    place = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=.%+/ 号"))
    assume(letter != token[place])
    with pytest.raises(BadLink):
        LINKS.read(token[:place] + letter + token[place + 1 :], Purpose.NOTICE, NOW)


def test_a_link_cut_short_opens_nothing() -> None:
    token = LINKS.make(Purpose.NOTICE, "web-abc", "GZ-1", NOW, HOUR)
    for length in range(len(token)):
        with pytest.raises(BadLink):
            LINKS.read(token[:length], Purpose.NOTICE, NOW)


@given(st.text(max_size=300))
def test_any_text_in_place_of_a_link_is_refused(text: str) -> None:
    with pytest.raises(BadLink):
        LINKS.read(text, Purpose.NOTICE, NOW)


def test_a_link_of_another_key_opens_nothing() -> None:
    foreign = Links(b"x" * 32).make(Purpose.PROGRESS, "web-abc", "", NOW, HOUR)
    with pytest.raises(BadLink):
        LINKS.read(foreign, Purpose.PROGRESS, NOW)


def test_the_person_cannot_be_read_from_the_link() -> None:
    token = LINKS.make(Purpose.NOTICE, "wechat-oABCDEFGHIJ", "GZ-1", NOW, HOUR)
    opened = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    assert b"wechat" not in opened and b"GZ-1" not in opened


def test_the_purpose_may_be_given_as_its_word() -> None:
    token = LINKS.make("upload", "web-abc", "d1", NOW, HOUR)
    assert LINKS.read(token, "upload", NOW) == Link("web-abc", "d1")


@pytest.mark.parametrize(
    ("purpose", "conversation", "subject"),
    [
        ("tea", "web-abc", ""),
        ("notice", "", "x"),
        ("notice", "a\nb", ""),
        ("notice", "a", "b\n"),
        ("notice", "a" * 900, ""),
    ],
)
def test_what_cannot_be_a_link_is_an_error_at_once(purpose: str, conversation: str, subject: str) -> None:
    with pytest.raises(ValueError):
        LINKS.make(purpose, conversation, subject, NOW, HOUR)


def test_a_link_is_short_enough_for_a_message() -> None:
    token = LINKS.make(Purpose.NOTICE, "wechat-" + "o" * 28, "GZ20260302-00001X", NOW, HOUR)
    assert len(token) <= 110
