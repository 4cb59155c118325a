"""Rasa's `POST /model/parse`, for words that make sense only together with what was said before."""

from __future__ import annotations

import asyncio
from typing import Any, Dict, Mapping, Optional

import aiohttp

TIMEOUT = aiohttp.ClientTimeout(total=3, connect=1)


class RasaUnderstanding:
    """Reads a text as a message would be read; one session, opened at the first call."""

    def __init__(self, url: str, token: str) -> None:
        self._url = f"{url}/model/parse"
        self._token = token
        self._session: Optional[aiohttp.ClientSession] = None

    async def read(self, text: str) -> Mapping[str, Any]:
        """The parse result; empty when Rasa does not answer in time, for then the message stays as it was understood."""
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(timeout=TIMEOUT)
        try:
            async with self._session.post(self._url, params={"token": self._token}, json={"text": text}) as answer:
                found: Dict[str, Any] = await answer.json() if answer.status == 200 else {}
                return found
        except (aiohttp.ClientError, asyncio.TimeoutError, ValueError):
            return {}
