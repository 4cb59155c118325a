"""ServiceCenter over the embedded centre's HTTP API: a time limit on every call, one error family."""

from __future__ import annotations

import asyncio
from typing import Any, Dict, Mapping, Optional, Sequence
from urllib.parse import quote

import aiohttp

from bot.adapters.yaml_catalogue import item_from_json, local_from_json
from bot.ports import PublishedItem, ServiceCenterRefused, ServiceCenterUnavailable

TIMEOUT = aiohttp.ClientTimeout(total=4, connect=1)
MAX_ANSWER = 4 * 1024 * 1024


class HttpServiceCenter:
    """One keep-alive session to one centre, opened at the first call."""

    def __init__(self, url: str, token: str) -> None:
        self._url = url + "/api/v1/"
        self._headers = {"Authorization": f"Bearer {token}"}
        self._session: Optional[aiohttp.ClientSession] = None

    async def record_notice(self, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        """POST notices."""
        return await self._call("POST", "notices", payload)

    async def file(self, payload: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        """POST cases with the idempotency key."""
        return await self._call("POST", "cases", payload, {"Idempotency-Key": key})

    async def progress(self, number: str, proof: Mapping[str, Any]) -> Mapping[str, Any]:
        """POST cases/{number}/progress."""
        return await self._call("POST", f"cases/{number}/progress", proof)

    async def cases_of(self, conversation: str) -> Sequence[Mapping[str, Any]]:
        """GET cases?conversation=."""
        return await self._cases({"conversation": conversation})

    async def cases_of_person(self, id_fingerprint: str, item_code: str) -> Sequence[Mapping[str, Any]]:
        """GET cases?id_fingerprint=&item_code=."""
        return await self._cases({"id_fingerprint": id_fingerprint, "item_code": item_code})

    async def _cases(self, params: Dict[str, str]) -> Sequence[Mapping[str, Any]]:
        return await self._list("cases", "cases", params)

    async def withdraw(self, number: str, proof: Mapping[str, Any]) -> Mapping[str, Any]:
        """POST cases/{number}/withdraw."""
        return await self._call("POST", f"cases/{number}/withdraw", proof)

    async def case(self, number: str) -> Mapping[str, Any]:
        """GET cases/{number}."""
        return await self._call("GET", f"cases/{number}", None)

    async def rate(self, number: str, rating: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        """POST cases/{number}/rating with the idempotency key."""
        return await self._call("POST", f"cases/{number}/rating", rating, {"Idempotency-Key": key})

    async def supplement(self, number: str, given: Mapping[str, Any]) -> Mapping[str, Any]:
        """POST cases/{number}/supplement."""
        return await self._call("POST", f"cases/{number}/supplement", given)

    async def complain(self, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        """POST complaints."""
        return await self._call("POST", "complaints", payload)

    async def paper(self, paper_id: str) -> Mapping[str, Any]:
        """GET papers/{id}."""
        return await self._call("GET", f"papers/{quote(paper_id, safe='')}", None)

    async def notice(self, number: str) -> Mapping[str, Any]:
        """GET notices/{number}."""
        return await self._call("GET", f"notices/{number}", None)

    async def item(self, code: str, version: int) -> PublishedItem:
        """GET items/{code}?version=: the item as this version of the catalogue holds it, in force or not."""
        answer = await self._call("GET", f"items/{code}", None, params={"version": str(version)})
        try:
            return PublishedItem(item_from_json(answer["item"]), local_from_json(answer["local"]), version)
        except (KeyError, ValueError) as error:
            raise ServiceCenterUnavailable("the centre's answer is no item") from error

    async def close(self) -> None:
        """Let go of the connection."""
        if self._session is not None:
            await self._session.close()

    async def hand_off(self, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        """POST handoffs."""
        return await self._call("POST", "handoffs", payload)

    async def record_miss(self, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        """POST misses."""
        return await self._call("POST", "misses", payload)

    async def promise(self, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        """POST tasks."""
        return await self._call("POST", "tasks", payload)

    async def tasks_of(self, conversation: str) -> Sequence[Mapping[str, Any]]:
        """GET tasks?conversation=."""
        return await self._list("tasks", "tasks", {"conversation": conversation})

    async def slots(self, item_code: str, day: str) -> Sequence[Mapping[str, Any]]:
        """GET appointments/slots?item_code=&day=."""
        return await self._list("appointments/slots", "slots", {"item_code": item_code, "day": day})

    async def appointments_of(self, conversation: str) -> Sequence[Mapping[str, Any]]:
        """GET appointments?conversation=."""
        return await self._list("appointments", "appointments", {"conversation": conversation})

    async def book(self, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        """POST appointments."""
        return await self._call("POST", "appointments", payload)

    async def change_appointment(self, appointment: str, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        """PATCH appointments/{id}."""
        return await self._call("PATCH", f"appointments/{quote(appointment, safe='')}", payload)

    async def mandates_of(self, conversation: str) -> Sequence[Mapping[str, Any]]:
        """GET mandates?conversation=."""
        return await self._list("mandates", "mandates", {"conversation": conversation})

    async def revoke_mandate(self, mandate: str, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        """POST mandates/{id}/revoke."""
        return await self._call("POST", f"mandates/{quote(mandate, safe='')}/revoke", payload)

    async def _list(self, path: str, name: str, params: Dict[str, str]) -> Sequence[Mapping[str, Any]]:
        answer = await self._call("GET", path, None, params=params)
        listed = answer.get(name)
        if not isinstance(listed, list):
            raise ServiceCenterUnavailable(f"the centre's answer has no list of {name}")
        return listed

    async def _call(
        self,
        method: str,
        path: str,
        body: Optional[Mapping[str, Any]],
        headers: Optional[Dict[str, str]] = None,
        params: Optional[Dict[str, str]] = None,
    ) -> Mapping[str, Any]:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(headers=self._headers, timeout=TIMEOUT)
        try:
            async with self._session.request(
                method, self._url + path, json=body, headers=headers, params=params
            ) as answer:
                read = await answer.json()
                status = answer.status
        except (aiohttp.ClientError, asyncio.TimeoutError, ValueError) as error:
            raise ServiceCenterUnavailable(type(error).__name__) from error
        if not isinstance(read, dict):
            raise ServiceCenterUnavailable("the centre's answer is no JSON object")
        if status >= 500:
            raise ServiceCenterUnavailable(f"status {status}")
        if status >= 400:
            problem = read.get("error") or {}
            code, message, retry_at = (str(problem.get(name, "")) for name in ("code", "message", "retry_at"))
            raise ServiceCenterRefused(status, code, message, retry_at)
        return read
