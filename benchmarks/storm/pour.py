"""The storm itself: people follow and write, and the platform delivers twice, thrice, late and in the wrong order."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field
from typing import Any, Dict, List, Tuple

import aiohttp

SENTENCES = (
    "你好", "老年证怎么办", "高龄补贴要什么材料", "身份证丢了怎么补", "现在开门吗", "你们在哪里", "医保怎么交", "要多少钱",
    "多久能办好", "谢谢", "能不能代办", "残疾证在哪办", "我妈今年八十了有什么补贴", "新生儿怎么上户口", "办营业执照要带什么",
    "低保怎么申请", "社保卡丢了", "星期六上班吗", "生育登记怎么办", "独生子女奖励怎么领", "退役军人优待证去哪办", "电话多少",
    "需要本人去吗", "在网上能办吗", "养老认证怎么弄", "建房要审批吗", "临时救助怎么办", "再见",
)  # fmt: skip
_SLOW, _OVERTAKEN, _TWICE, _LOST_ANSWER, _LOST_REQUEST, _ONCE_MORE = 0.05, 0.20, 0.30, 0.08, 0.04, 0.10
"""Shares of the messages that this happens to; `_ONCE_MORE` comes on top, long after."""
_ENDED_WITHIN = 60


@dataclass
class Said:
    """One message as the platform sees its end."""

    openid: str
    delivery: Dict[str, Any]


@dataclass
class Pour:
    """Sends at most `rate` messages a second."""

    url: str  # of the simulator's control API
    rate: float
    calm: bool = False  # everything is delivered once, at once
    chance: random.Random = field(default_factory=lambda: random.Random(7))
    said: List[Said] = field(default_factory=list)
    pushed_again: int = 0

    async def run(self, people: int, messages: int, blows: "asyncio.Queue[float]") -> None:
        """All of it; puts the share that is done into `blows` for whoever breaks things meanwhile."""
        timeout, line = aiohttp.ClientTimeout(total=120), aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(timeout=timeout, connector=line) as session:
            openids = await self._follow(session, people)
            everyone = [openid for openid in openids for _ in range(messages // people)]
            self.chance.shuffle(everyone)
            tasks = []
            for number, openid in enumerate(everyone):
                tasks.append(asyncio.ensure_future(self._say(session, openid)))
                blows.put_nowait(number / len(everyone))
                await asyncio.sleep(self.chance.uniform(0.7, 1.3) / self.rate)
            await asyncio.gather(*tasks)

    async def _follow(self, session: aiohttp.ClientSession, people: int) -> List[str]:
        async def one(number: int) -> str:
            made = await self._post(session, "/people", {"name": f"居民{number}"})
            await self._post(session, f"/people/{made['openid']}/follow?wait={_ENDED_WITHIN}", {})
            return str(made["openid"])

        tasks = []
        for number in range(people):
            tasks.append(asyncio.ensure_future(one(number)))
            await asyncio.sleep(1 / self.rate)
        return list(await asyncio.gather(*tasks))

    def _mishap(self) -> "Tuple[str, float]":
        """(kind of fault or nothing, its seconds)."""
        luck = 1.0 if self.calm else self.chance.random()
        for share, kind, least, most in (
            (_SLOW, "delay", 5.0, 9.0), (_OVERTAKEN, "delay", 0.5, 3.0), (_TWICE, "duplicate", 0, 0),
            (_LOST_ANSWER, "lose_answer", 0, 0), (_LOST_REQUEST, "lose_request", 0, 0),
        ):  # fmt: skip
            if luck < share:
                return kind, self.chance.uniform(least, most)
            luck -= share
        return "", 0.0

    async def _say(self, session: aiohttp.ClientSession, openid: str) -> None:
        kind, seconds = self._mishap()
        if kind:
            await self._post(session, "/faults", {"where": "push", "kind": kind, "seconds": seconds, "openid": openid})
        text = self.chance.choice(SENTENCES)
        answer = await self._post(session, f"/people/{openid}/text?wait={_ENDED_WITHIN}", {"text": text})
        self.said.append(Said(openid, answer["delivery"]))
        if not self.calm and self.chance.random() < _ONCE_MORE:
            await asyncio.sleep(self.chance.uniform(0.1, 5.0))
            await self._post(session, "/push_again", {"delivery": answer["delivery"]["id"]})
            self.pushed_again += 1

    async def _post(self, session: aiohttp.ClientSession, path: str, body: Dict[str, Any]) -> Dict[str, Any]:
        async with session.post(f"{self.url}/sim{path}", json=body) as answer:
            assert answer.status == 200, (path, answer.status, await answer.text())
            found: Dict[str, Any] = await answer.json()
            return found
