"""Sends one attempt of a push and reads the answer, with a budget for connecting and one for answering (S3)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Optional

import aiohttp
import async_timeout

_HEADERS = {"User-Agent": "Mozilla/4.0", "Accept": "*/*", "Pragma": "no-cache"}
_LARGEST = 1_048_576


@dataclass(frozen=True)
class Answer:
    """What came back. `failure`: timeout, no_connection or cut (closed without a whole answer); else status and body."""

    status: int = 0
    body: bytes = b""
    failure: str = ""


class Poster:
    """Opens a connection of its own for each attempt and cuts it when the time is over; late bytes are never read."""

    def __init__(self) -> None:
        self._session: Optional[aiohttp.ClientSession] = None

    async def open(self) -> None:
        """To be called inside the running loop."""
        trace = aiohttp.TraceConfig()
        trace.on_connection_create_end.append(_connected)  # type: ignore[arg-type]  # its stubs know no context
        connector = aiohttp.TCPConnector(force_close=True, limit=0)
        timeout = aiohttp.ClientTimeout(total=None)
        self._session = aiohttp.ClientSession(
            connector=connector, timeout=timeout, trace_configs=[trace], cookie_jar=aiohttp.DummyCookieJar()
        )

    async def close(self) -> None:
        """Closes what is open."""
        if self._session:
            await self._session.close()

    async def post(self, address: str, body: bytes, content_type: str, connect: float, answer: float) -> Answer:
        """One attempt; budgets in real seconds."""
        return await self._request("POST", address, (body, content_type), connect, answer)

    async def get(self, address: str, connect: float, answer: float) -> Answer:
        """The check of an address when it is saved."""
        return await self._request("GET", address, None, connect, answer)

    async def _request(
        self, method: str, address: str, sent: Optional[tuple[bytes, str]], connect: float, answer: float
    ) -> Answer:
        assert self._session is not None
        body, headers = (sent[0], {**_HEADERS, "Content-Type": sent[1]}) if sent else (None, _HEADERS)
        try:
            async with async_timeout.timeout(connect) as limit:
                context = {"limit": limit, "answer": answer}
                async with self._session.request(
                    method, address, data=body, headers=headers, allow_redirects=False, trace_request_ctx=context
                ) as response:
                    content = await response.content.read(_LARGEST + 1)
                    while len(content) <= _LARGEST and not response.content.at_eof():
                        content += await response.content.read(_LARGEST + 1)
                    return Answer(response.status, content)
        except asyncio.TimeoutError:
            return Answer(failure="timeout")
        except aiohttp.ClientConnectorError:
            return Answer(failure="no_connection")
        except (aiohttp.ClientError, OSError):
            return Answer(failure="cut")


async def _connected(_: aiohttp.ClientSession, context: SimpleNamespace, __: Any) -> None:
    given = context.trace_request_ctx
    given["limit"].update(asyncio.get_running_loop().time() + given["answer"])
