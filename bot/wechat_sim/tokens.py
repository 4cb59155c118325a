"""access_token (fact sheet, items 43-47): two families of tokens, their overlap and their end."""

from __future__ import annotations

import random
import string
from dataclasses import dataclass, field
from typing import Callable, Optional

from bot.wechat_sim.errors import ApiError
from bot.wechat_sim.knobs import Knobs

_ALPHABET = string.ascii_letters + string.digits + "-_"
STABLE_FORCE_PER_DAY, STABLE_FORCE_PAUSE, LAST_MINUTES = 20, 30, 300


@dataclass
class Token:
    """`replaced` is when a newer one made it end; it works until `ends`."""

    value: str
    issued: float
    ends: float
    expires: float
    killed: bool = False


@dataclass
class Tokens:
    """Tokens of the account; those of /token and of /stable_token do not know each other."""

    now: Callable[[], float]
    rng: random.Random
    knobs: Knobs
    known: dict[str, Token] = field(default_factory=dict)
    plain: Optional[Token] = None
    stable: Optional[Token] = None
    forced: list[float] = field(default_factory=list)

    def _issue(self) -> Token:
        length, now = self.knobs.token_length, self.now()
        value = f"{self.rng.randrange(10, 99)}_" + "".join(self.rng.choices(_ALPHABET, k=max(16, length) - 3))
        token = Token(value, now, now + self.knobs.token_seconds, now + self.knobs.token_seconds)
        self.known[value] = token
        if len(self.known) > 5000:
            self.known.pop(next(iter(self.known)))
        return token

    def _replace(self, old: Optional[Token]) -> None:
        if old:
            old.ends = min(old.ends, self.now() + self.knobs.token_overlap)

    def fetch(self) -> tuple[str, int]:
        """/cgi-bin/token: a new one; the one before works on for the overlap."""
        self._replace(self.plain)
        self.plain = self._issue()
        return self.plain.value, self.knobs.token_seconds

    def fetch_stable(self, force: bool) -> tuple[str, int]:
        """/cgi-bin/stable_token: the same until its last five minutes; forced, the old one dies at once.

        Raises:
            ApiError: 45009, forced more than 20 times in a day.
        """
        now, present = self.now(), self.stable
        if force:
            return self._force(now, present)
        if present is None or present.killed or present.expires - now <= LAST_MINUTES:
            self.stable = present = self._issue()
        return present.value, int(present.expires - now)

    def _force(self, now: float, present: Optional[Token]) -> tuple[str, int]:
        self.forced = [at for at in self.forced if now - at < 24 * 3600]
        if present and self.forced and now - self.forced[-1] < STABLE_FORCE_PAUSE and not present.killed:
            return present.value, int(present.expires - now)  # too soon: nothing is renewed
        if len(self.forced) >= STABLE_FORCE_PER_DAY:
            raise ApiError(45009)
        self.forced.append(now)
        if present:
            present.ends = now
        self.stable = self._issue()
        return self.stable.value, self.knobs.token_seconds

    def revoke(self) -> None:
        """Fault: all tokens stop working, as if the secret had been changed."""
        for token in self.known.values():
            token.ends, token.killed = min(token.ends, self.now()), True

    def check(self, value: Optional[str]) -> None:
        """Whether a call may be made with this token.

        Raises:
            ApiError: 41001 missing, 40014 malformed, 42001 expired, 40001 unknown or no longer the latest.
        """
        if not value:
            raise ApiError(41001)
        if not all(c in _ALPHABET for c in value) or len(value) < 16:
            raise ApiError(40014)
        token, now = self.known.get(value), self.now()
        if token is None:
            raise ApiError(40001)
        if now >= token.expires:
            raise ApiError(42001)
        if now >= token.ends:
            raise ApiError(40001)
