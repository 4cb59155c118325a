"""微信错误 (weixin cuowu): what an answer of the platform means for us, by what we do about it.

Source of the codes: the platform's global return codes and the pages of the single calls. `errmsg` ends with a
request id and may change, so only the number is looked at; and neither the message nor an address ever goes into an
exception: the token stands in the address.
"""

from __future__ import annotations

from enum import Enum


class Cure(str, Enum):
    """What to do about a refusal."""

    AGAIN = "again"  # the platform is busy: wait a little
    TOKEN = "token"  # get a new token once, try once more
    SLOWER = "slower"  # too many calls in a minute
    TOMORROW = "tomorrow"  # the day's calls are used up
    CONTACT = "contact"  # outside the window or nothing left: wait for the next contact
    UNREACHABLE = "unreachable"  # this person gets nothing from us
    CONSENT = "consent"  # no consent to this notice
    SETTING = "setting"  # an administrator has to mend something in the console
    BUG = "bug"  # we sent something wrong


_CURES = {
    Cure.AGAIN: (-1,),
    Cure.TOKEN: (40001, 40014, 42001),
    Cure.SLOWER: (45011,),
    Cure.TOMORROW: (45009,),
    Cure.CONTACT: (45015, 45047),
    Cure.UNREACHABLE: (40003, 43004, 43019, 48002, 50002, 50005),
    Cure.CONSENT: (43101,),
    Cure.SETTING: (40013, 40125, 40164, 40200, 41002, 41004, 48001, 48004, 50001, 61004, 89503, 89506, 89507),
}
_BY_CODE = {code: cure for cure, codes in _CURES.items() for code in codes}


def cure_for(code: int) -> Cure:
    """What to do about an error code."""
    return _BY_CODE.get(code, Cure.BUG)


class WeChatError(Exception):
    """Base of everything the platform can answer but yes."""


class Refused(WeChatError):
    """A clear no: the call has had no effect."""

    def __init__(self, code: int) -> None:
        super().__init__(f"WeChat code {code}")
        self.code, self.cure = code, cure_for(code)


class NotSent(WeChatError):
    """The platform was not reached, so the call has had no effect."""


class Unclear(WeChatError):
    """The line broke, time ran out or rubbish came back after the request was out: it may have had its effect."""
