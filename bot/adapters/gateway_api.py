"""Client of the gateway's internal endpoints: sealing, revealing, sending."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any, Dict, List, Optional

import aiohttp

from bot.ports import VaultUnavailable

TIMEOUT = aiohttp.ClientTimeout(total=10, connect=2)


@dataclass(frozen=True)
class SealedMessage:
    """A message after normalisation and vault."""

    text: str
    numbers: List[Dict[str, Any]]
    lease_owner: str
    lease_epoch: int
    emoji_only: bool


class GatewayClient:
    """Speaks to one gateway over loopback; one session, opened at the first call."""

    def __init__(self, url: str, token: str) -> None:
        self._url = url
        self._headers = {"Authorization": f"Bearer {token}"}
        self._session: Optional[aiohttp.ClientSession] = None

    async def _post(self, path: str, body: Dict[str, Any]) -> Dict[str, Any]:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(headers=self._headers, timeout=TIMEOUT)
        try:
            async with self._session.post(self._url + path, json=body) as answer:
                if answer.status >= 400:
                    raise VaultUnavailable(f"gateway answered {answer.status} to {path}")
                return dict(await answer.json())
        except (aiohttp.ClientError, asyncio.TimeoutError, ValueError) as error:
            raise VaultUnavailable(f"gateway not reached: {type(error).__name__}") from error

    async def seal_message(self, conversation: str, message_id: str, text: str) -> SealedMessage:
        """Normalise a text and swap its personal numbers for tokens.

        Raises:
            VaultUnavailable: the text must then go no further.
        """
        answer = await self._post(
            "/internal/vault/seal", {"conversation": conversation, "message_id": message_id, "text": text}
        )
        lease = answer.get("lease") or {}
        return SealedMessage(
            answer["text"], answer["numbers"], lease.get("owner", "bot"), lease.get("epoch", 0), bool(answer.get("emoji_only"))
        )

    async def send(self, conversation: str, text: str, key: str, origin: str = "notice") -> None:
        """Put a message into the person's outbox, once per key.

        Raises:
            VaultUnavailable: not reached; call again with the same key.
        """
        body = {"conversation": conversation, "text": text, "buttons": [], "origin": origin, "idempotency_key": key}
        await self._post("/internal/outbox", body)
