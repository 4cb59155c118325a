"""身份核对 (shenfen hedui): who may see a case, and the lock after wrong proofs (identity table, decision 9).

A case is shown to the conversation it was filed in, to whoever has the look-up code of the receipt, and to whoever has
the full ID number. An unknown case and a wrong proof cannot be told apart. A conversation is vouched for by the gateway
and cannot be guessed, so only wrong codes and ID numbers count towards the lock.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Optional

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.center.case_bodies import Proof
from bot.center.cases_store import StoredCase
from bot.center.tables import proof_failures as t

MAX_FAILURES = 5
LOCK = timedelta(minutes=15)
FORGET = timedelta(hours=24)


def lookup_hash(key: bytes, code: str) -> str:
    """The form in which a look-up code is stored."""
    return hmac.new(key, b"lookup:" + code.encode(), hashlib.sha256).hexdigest()


def _same(given: Optional[str], stored: str) -> bool:
    return given is not None and hmac.compare_digest(given.encode(), stored.encode())


def proves(proof: Proof, stored: Optional[StoredCase], key: bytes) -> bool:
    """Whether the proof fits the case; for an unknown case the same work is done, so that the time tells nothing."""
    row = stored.row if stored is not None else {}
    code_hash = lookup_hash(key, proof.lookup_code or "")
    checks = (
        _same(proof.conversation, str(row.get("conversation", ""))),
        _same(code_hash if proof.lookup_code else None, str(row.get("lookup_code_hash", ""))),
        _same(proof.id_fingerprint, str(row.get("id_fingerprint", ""))),
    )
    return stored is not None and any(checks)


def is_guess(proof: Proof) -> bool:
    """Whether a wrong proof of this form counts."""
    return proof.lookup_code is not None or proof.id_fingerprint is not None


async def locked_until(connection: AsyncConnection, asker: str, now: datetime) -> Optional[datetime]:
    """Until when this asker is locked out; None if not."""
    row = (await connection.execute(sa.select(t.c.locked_until).where(t.c.asker == asker))).first()
    return row.locked_until if row is not None and row.locked_until is not None and row.locked_until > now else None


async def record_failure(connection: AsyncConnection, asker: str, now: datetime) -> Optional[datetime]:
    """Count a wrong proof; the fifth locks. Returns until when.

    Failures older than a day, and those before a lock that is over, no longer count.
    """
    row = (await connection.execute(sa.select(t).where(t.c.asker == asker).with_for_update())).first()
    if row is None:
        await connection.execute(t.insert().values(asker=asker, failures=1, last_at=now))
        return None
    fresh = row.locked_until is None and now - row.last_at < FORGET
    failures = row.failures + 1 if fresh else 1
    until = now + LOCK if failures >= MAX_FAILURES else None
    values = {"failures": failures, "last_at": now, "locked_until": until}
    await connection.execute(t.update().where(t.c.asker == asker).values(**values))
    return until


async def forget_failures(connection: AsyncConnection, asker: str) -> None:
    """After a right proof the count begins anew."""
    await connection.execute(t.delete().where(t.c.asker == asker))
