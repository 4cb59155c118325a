"""Hands messages to Rasa's gateway channel."""

from __future__ import annotations

import asyncio
import json
from typing import Any, Dict, List, Mapping

import aiohttp


class RasaDown(Exception):
    """Not reached, or not ready: the message waits as long as it takes."""


class RasaFailed(Exception):
    """Reached, but it did not answer this message as agreed; after some tries the person is told."""


class RasaClient:
    """One Rasa process over loopback."""

    def __init__(self, url: str, token: str, timeout: float) -> None:
        self._base = url + "/webhooks/gateway/"
        self._session = aiohttp.ClientSession(
            headers={"Authorization": f"Bearer {token}"},
            timeout=aiohttp.ClientTimeout(total=timeout, sock_connect=5),
            connector=aiohttp.TCPConnector(limit=0),
        )

    async def hand_over(self, body: Mapping[str, Any]) -> List[Dict[str, Any]]:
        """What the bot says to a message: [{"text", "buttons"}].

        Raises:
            RasaDown: try again later.
            RasaFailed: try again a few times.
        """
        try:
            async with self._session.post(self._base + "webhook", json=body) as answer:
                status, raw = answer.status, await answer.read()
        except asyncio.TimeoutError as error:
            raise RasaFailed("timeout") from error
        except (aiohttp.ClientError, OSError) as error:
            raise RasaDown(type(error).__name__) from error
        if status != 200:
            await self._raise_for(status)
        try:
            return _messages(json.loads(raw))
        except ValueError as error:
            raise RasaFailed("not JSON") from error

    async def _raise_for(self, status: int) -> None:
        if status in (502, 503, 504) or not await self.ready():
            raise RasaDown(f"status {status}")
        raise RasaFailed(f"status {status}")

    async def ready(self) -> bool:
        """Whether Rasa runs and has a model."""
        try:
            async with self._session.get(self._base, timeout=aiohttp.ClientTimeout(total=2)) as answer:
                return answer.status == 200
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError):
            return False

    async def close(self) -> None:
        await self._session.close()


def _messages(content: Any) -> List[Dict[str, Any]]:
    messages = content.get("messages") if isinstance(content, dict) else None
    if not isinstance(messages, list):
        raise RasaFailed("no messages")
    return [_message(m) for m in messages]


def _message(raw: Any) -> Dict[str, Any]:
    if not isinstance(raw, dict) or not isinstance(raw.get("text"), str):
        raise RasaFailed("no text")
    buttons = raw.get("buttons") or []
    if not isinstance(buttons, list):
        raise RasaFailed("no buttons")
    return {"text": raw["text"], "buttons": [_button(b) for b in buttons]}


def _button(raw: Any) -> Dict[str, str]:
    if not isinstance(raw, dict) or not isinstance(raw.get("title"), str):
        raise RasaFailed("no title")
    return {"title": raw["title"], "payload": str(raw.get("payload") or raw["title"])}
