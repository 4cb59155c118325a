"""保险箱 (baoxianxiang): keeps personal numbers, hands out tokens bound to the conversation.

All methods work inside the caller's transaction, so that a message and the numbers in it are stored together or not at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import AbstractSet, List, Mapping, Optional, Sequence, Tuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.adapters.sql.insert import insert_once
from bot.adapters.vault.cipher import Cipher, Sealed, fingerprint
from bot.adapters.vault.tables import LOG, PENDING, VAULT
from bot.adapters.vault.tokens import TOKEN, defuse, new_id, token_text
from bot.domain.number_halves import Tail, join_half, tail_of
from bot.domain.number_search import asked_kinds, find_numbers
from bot.domain.personal_numbers import FoundNumber, NumberKind
from bot.ports import Clock, SealedNumber

# how long a second half may take; an old person looks up from the card, types, and looks again
WAIT_FOR_SECOND_HALF = timedelta(minutes=5)
_SEARCHED = 4000  # characters; texts are cut to half of that after sealing


@dataclass(frozen=True)
class SealedText:
    """A text without personal numbers, and what the form may know of each of them."""

    text: str
    numbers: Tuple[SealedNumber, ...]


class SqlVault:
    """The vault's rules over its tables."""

    def __init__(self, cipher: Cipher, hash_key: bytes, clock: Clock) -> None:
        self._cipher, self._hash_key, self._clock = cipher, hash_key, clock

    def seal(
        self,
        connection: Connection,
        conversation: str,
        message_id: str,
        text: str,
        *,
        asked: str = "",
        keep: int = _SEARCHED,
    ) -> SealedText:
        """Swap every personal number in a normalised text for a token.

        Args:
            connection: the caller's transaction.
            conversation: the person's thread; tokens are worth nothing outside it.
            message_id: of this message; the same id gives the same result again.
            text: normalised (NFKC).
            asked: what the bot said last; tells which kind of number may be coming in halves.
            keep: characters to keep; a number at the cut is dropped whole rather than halved.
        """
        now = self._clock.now()
        said, kinds = defuse(text[:_SEARCHED]), asked_kinds(asked)
        found = find_numbers(said, now.date(), kinds)
        tail = self._tail(connection, conversation, message_id, now)
        joined = join_half(tail, said, now.date()) if tail else None
        if joined:
            found = [joined] + [f for f in found if f.start >= joined.end]
            kinds = kinds | (tail.kinds if tail else frozenset())
            self._mark_joined(connection, conversation, message_id)
        self._remember_tail(connection, conversation, message_id, said, found, joined, kinds)
        end = next((f.start for f in found if f.start < keep < f.end), keep)
        kept = [f for f in found if f.end <= end]
        numbers = [self._store(connection, conversation, message_id, f, now) for f in kept]
        return SealedText(_replaced(said[:end], kept, numbers), tuple(numbers))

    def _store(
        self, connection: Connection, conversation: str, message_id: str, found: FoundNumber, now: datetime
    ) -> SealedNumber:
        mark = fingerprint(self._hash_key, found.kind.value, found.number)
        same = sa.select(VAULT.c.id).where(VAULT.c.conversation == conversation, VAULT.c.fingerprint == mark)
        known = (connection.execute(same)).scalar()
        if known is None:
            fresh = new_id()
            sealed = self._cipher.seal(found.number, _binding(fresh, conversation, found.kind.value))
            row = {"id": fresh, "conversation": conversation, "kind": found.kind.value, "fingerprint": mark}
            row.update(masked=found.masked[:200], message_id=message_id, at=now.isoformat(), **vars(sealed))
            insert_once(connection, VAULT, row)
            known = (connection.execute(same)).scalar_one()
        token = token_text(found.kind, known)
        return SealedNumber(token, found.kind.value, found.verdict.value, found.masked, mark, found.birth)

    def _tail(self, connection: Connection, conversation: str, message_id: str, now: datetime) -> Optional[Tail]:
        row = (connection.execute(sa.select(PENDING).where(PENDING.c.conversation == conversation))).mappings().first()
        if row is None or row["message_id"] == message_id or row["joined_by"] not in (None, message_id):
            return None
        if now - datetime.fromisoformat(row["at"]) > WAIT_FOR_SECOND_HALF:
            return None
        digits = self._cipher.open(_sealed(row), _binding("pending", conversation, ""))
        return Tail(digits, frozenset(NumberKind(kind) for kind in row["kinds"].split(",")))

    def _mark_joined(self, connection: Connection, conversation: str, message_id: str) -> None:
        connection.execute(
            sa.update(PENDING).where(PENDING.c.conversation == conversation).values(joined_by=message_id)
        )

    def _remember_tail(
        self,
        connection: Connection,
        conversation: str,
        message_id: str,
        said: str,
        found: Sequence[FoundNumber],
        joined: Optional[FoundNumber],
        asked: AbstractSet[NumberKind],
    ) -> None:
        tail = tail_of(said, found, asked)
        if tail is None:
            if found and not joined:  # a whole number came: nothing is awaited any more
                connection.execute(sa.delete(PENDING).where(PENDING.c.conversation == conversation))
            return
        here = sa.select(PENDING.c.message_id).where(PENDING.c.conversation == conversation)
        if (connection.execute(here)).scalar() == message_id:
            return  # re-delivery of the first half
        sealed = self._cipher.seal(tail.digits, _binding("pending", conversation, ""))
        values = {"conversation": conversation, "kinds": ",".join(sorted(k.value for k in tail.kinds)), **vars(sealed)}
        values.update(message_id=message_id, joined_by=None, at=self._clock.now().isoformat())
        connection.execute(sa.delete(PENDING).where(PENDING.c.conversation == conversation))
        insert_once(connection, PENDING, values)

    def masks(self, connection: Connection, conversation: str, text: str) -> Mapping[str, str]:
        """Masked forms of the tokens in a text, by token id; only those of this conversation."""
        ids = TOKEN.findall(text)
        if not ids:
            return {}
        rows = connection.execute(
            sa.select(VAULT.c.id, VAULT.c.masked).where(VAULT.c.id.in_(ids), VAULT.c.conversation == conversation)
        )
        return {row.id: row.masked for row in rows}

    def log_reveal(self, connection: Connection, token_id: str, who: str, reason: str) -> None:
        """Write who wants to see what, and why; commit this before calling `reveal`."""
        values = {"at": self._clock.now().isoformat(), "token": token_id, "who": who, "reason": reason}
        connection.execute(sa.insert(LOG).values(**values))

    def reveal(self, connection: Connection, token_id: str) -> Optional[Tuple[str, str]]:
        """(kind, number) behind a token, or None if there is no such token."""
        row = (connection.execute(sa.select(VAULT).where(VAULT.c.id == token_id))).mappings().first()
        if row is None:
            return None
        return row["kind"], self._cipher.open(_sealed(row), _binding(row["id"], row["conversation"], row["kind"]))


def _binding(token_id: str, conversation: str, kind: str) -> str:
    return f"{token_id}|{conversation}|{kind}"


def _sealed(row: Mapping[str, object]) -> Sealed:
    return Sealed(str(row["key_id"]), bytes(row["nonce"]), bytes(row["ciphertext"]))  # type: ignore[call-overload]


def _replaced(text: str, found: Sequence[FoundNumber], numbers: Sequence[SealedNumber]) -> str:
    pieces: List[str] = []
    position = 0
    for place, number in zip(found, numbers):
        pieces += [text[position : place.start], number.token]
        position = place.end
    return "".join(pieces) + text[position:]
