"""`make wechat-fuzz`: 100,000 spoiled posts to the gateway over HTTP, a genuine one among every hundred.

No post may end in a 5xx, no spoiled one may be stored, every genuine one must be, and memory must not grow after the
first 10,000. SCALE=small: 3,000 posts, memory from the middle on; the tests run that one. Writes `$BANGBAN_VAR/reports/wechat-fuzz.json`.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable, Dict, List, Tuple
from typing import Counter as Counts

import aiohttp

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]

from benchmarks import reports  # noqa: E402
from tests.support.forger import Forger, now_in_shanghai, text_xml  # noqa: E402
from tests.support.gateway import NOW, RunningGateway  # noqa: E402
from tests.support.stack import free_ports  # noqa: E402

Post = Tuple[List[Tuple[str, str]], bytes]
_AT_ONCE = 12
_GENUINE_EVERY = 100
_ALPHABET = "0123456789abcdefABCDEF+/=<>&%\x00\r\n \u4e2d\U0001f600"


class Spoiler:
    """Makes posts that nobody who lacks the account's secrets could have made valid; each kind breaks one thing for certain."""

    def __init__(self, forger: Forger, chance: random.Random) -> None:
        self._forger, self._chance = forger, chance
        self.kinds: "List[Callable[[str], Post]]" = [
            self._body_noise, self._cipher_changed, self._parameter_lost, self._parameter_doubled, self._parameter_changed,
            self._sealed_for_others, self._sealed_noise, self._plaintext, self._old, self._structure, self._long,
        ]  # fmt: skip

    def make(self, number: int) -> "tuple[str, Post]":
        """(kind, post); the sender's name begins with oForged."""
        kind = self._chance.choice(self.kinds)
        return kind.__name__.strip("_"), kind(text_xml(self._forger.account, f"oForged{number}", "伪造", number + 1))

    def genuine(self, number: int) -> Post:
        query, body = self._forger.good(text_xml(self._forger.account, f"oGenuine{number}", f"真的{number}", number + 1))
        return list(query.items()), body

    def _good(self, xml: str) -> "tuple[Dict[str, str], bytes]":
        return self._forger.good(xml)

    def _noise(self, longest: int) -> str:
        return "".join(self._chance.choices(_ALPHABET, k=self._chance.randint(0, longest)))

    def _body_noise(self, xml: str) -> Post:
        query, _ = self._good(xml)
        return list(query.items()), self._chance.randbytes(self._chance.randint(0, 2000))

    def _cipher_changed(self, xml: str) -> Post:
        query, body = self._good(xml)
        start = body.index(b"<Encrypt><![CDATA[") + len(b"<Encrypt><![CDATA[")
        at = self._chance.randrange(start, body.index(b"]]>", start))
        other = self._chance.choice([c for c in b"ABCDEFGabcdefg0123456" if c != body[at]])
        return list(query.items()), body[:at] + bytes([other]) + body[at + 1 :]

    def _signed(self, query: Dict[str, str]) -> str:
        return self._chance.choice([name for name in ("timestamp", "nonce", "msg_signature", "encrypt_type") if name in query])

    def _parameter_lost(self, xml: str) -> Post:
        query, body = self._good(xml)
        query.pop(self._signed(query))
        return list(query.items()), body

    def _parameter_doubled(self, xml: str) -> Post:
        query, body = self._good(xml)
        name = self._signed(query)
        return [*query.items(), (name, self._chance.choice([query[name], self._noise(20)]))], body

    def _parameter_changed(self, xml: str) -> Post:
        query, body = self._good(xml)
        name = self._signed(query)
        query[name] = self._noise(60) + "x"
        return list(query.items()), body

    def _sealed_for_others(self, xml: str) -> Post:
        key = "".join(self._chance.choices("ABCDEFGHabcdefgh01234567", k=42)) + "E"
        how: Dict[str, Any] = self._chance.choice([{"key": key}, {"app_id": "wx" + self._noise(16)}])
        sealed = self._forger.seal(xml, **how)
        return list(self._forger.query(sealed).items()), self._forger.body(sealed)

    def _sealed_noise(self, _: str) -> Post:
        """A right signature over rubbish: what a stolen token without the key could do."""
        sealed = self._noise(400).translate({ord(c): None for c in "<>&\x00\r"}) or "x"
        return list(self._forger.query(sealed).items()), self._forger.body(sealed)

    def _plaintext(self, xml: str) -> Post:
        query = self._forger.query(None)
        more = self._chance.choice([{}, {"encrypt_type": "raw"}, {"encrypt_type": ""}, {"encrypt_type": "AES"}])
        return list({**query, **more}.items()), xml.encode()

    def _old(self, xml: str) -> Post:
        sealed = self._forger.seal(xml)
        skew = self._chance.choice([-1, 1]) * self._chance.choice([400, 4000, 10**6])
        return list(self._forger.query(sealed, skew).items()), self._forger.body(sealed)

    def _structure(self, _: str) -> Post:
        """Sealed and signed rightly, but what is inside is no push."""
        inside = self._chance.choice([
            "<xml>" + "<a>" * self._chance.randint(10, 500), "<xml>" + "<b/>" * 400 + "</xml>", self._noise(300),
            '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml>&e;</xml>', "<xml></xml>", "",
            f"<xml><ToUserName>{self._forger.account.original_id}</ToUserName><FromUserName>oForged</FromUserName></xml>",
        ])  # fmt: skip
        query, body = self._forger.good(inside.replace("\x00", ""))
        return list(query.items()), body

    def _long(self, xml: str) -> Post:
        query, _ = self._good(xml)
        return list(query.items()), b"<xml>" + b"a" * self._chance.choice([64 << 10, 70 << 10, 300 << 10])


@dataclass
class Figures:
    """What came of the posts."""

    statuses: "Counts[int]" = field(default_factory=Counter)
    kinds: "Counts[str]" = field(default_factory=Counter)
    accepted_kinds: "Counts[str]" = field(default_factory=Counter)
    genuine: int = 0
    refused_genuine: int = 0
    broken: int = 0  # no answer at all


def resident_kb(pid: int) -> int:
    """Memory of a process."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])


def fuzz(gateway: RunningGateway, posts: int) -> Dict[str, Any]:
    """Send them all; the figures of the report."""
    forger = Forger(gateway.url, gateway.settings.wechat, now_in_shanghai(NOW))
    spoiler, figures = Spoiler(forger, random.Random(3)), Figures()
    assert gateway.process is not None
    began, warm = time.monotonic(), min(10_000, posts // 2)
    asyncio.run(_send(gateway, spoiler, figures, 0, warm))
    first = resident_kb(gateway.process.pid)
    asyncio.run(_send(gateway, spoiler, figures, warm, posts))
    last = resident_kb(gateway.process.pid)
    with sqlite3.connect(f"file:{gateway.folder / 'gateway.db'}?mode=ro", uri=True) as connection:
        people = [row[0] for row in connection.execute("select openid from wechat_people")]
        texts = [row[0] for row in connection.execute("select text from gateway_inbox")]
    return {
        "posts": posts, "seconds": round(time.monotonic() - began), "statuses": dict(sorted(figures.statuses.items())),
        "kinds": len(figures.kinds), "server_errors": sum(n for status, n in figures.statuses.items() if status >= 500),
        "no_answer": figures.broken, "genuine": figures.genuine, "genuine_refused": figures.refused_genuine,
        "genuine_stored": len(set(texts)), "stored_unverified": sum(not p.startswith("oGenuine") for p in people) + texts.count("伪造"),
        "accepted_spoiled": sum(figures.accepted_kinds.values()), "rss_first_mb": round(first / 1024, 1),
        "rss_last_mb": round(last / 1024, 1), "memory_growth": round(last / first - 1, 4),
    }  # fmt: skip


async def _send(gateway: RunningGateway, spoiler: Spoiler, figures: Figures, start: int, end: int) -> None:
    numbers = iter(range(start, end))
    timeout = aiohttp.ClientTimeout(total=30)
    async with aiohttp.ClientSession(timeout=timeout) as session:

        async def one_line() -> None:
            for number in numbers:
                await _post(session, gateway.url + "/wechat", spoiler, figures, number)

        await asyncio.gather(*(one_line() for _ in range(_AT_ONCE)))


async def _post(session: aiohttp.ClientSession, url: str, spoiler: Spoiler, figures: Figures, number: int) -> None:
    is_genuine = number % _GENUINE_EVERY == 0
    kind, (query, body) = ("genuine", spoiler.genuine(number)) if is_genuine else spoiler.make(number)
    try:
        async with session.post(url, params=query, data=body) as answer:
            await answer.read()
            status = answer.status
    except (aiohttp.ClientError, OSError):  # the gateway may hang up on a body that is too long
        figures.broken += kind != "long"
        return
    figures.statuses[status] += 1
    figures.kinds[kind] += 1
    figures.genuine += is_genuine
    figures.refused_genuine += is_genuine and status != 200
    if not is_genuine and status < 400:
        figures.accepted_kinds[kind] += 1


def run(posts: int) -> Dict[str, Any]:
    """With a gateway of its own, in safe mode and without Rasa."""
    with tempfile.TemporaryDirectory(prefix="bangban-fuzz-") as folder:
        rasa, center = free_ports(2)
        extra = {"WECHAT_MODE": "safe", "BANGBAN_CENTER_PORT": str(center), "BANGBAN_NOW": NOW + "!"}
        gateway = RunningGateway(Path(folder), rasa, extra=extra).start()
        try:
            return fuzz(gateway, posts)
        finally:
            gateway.stop()


def main() -> None:
    """Exit code 1 when a threshold is missed."""
    posts = 3_000 if reports.small() else 100_000
    sys.exit(0 if reports.write("wechat-fuzz", run(posts), posts) else 1)


if __name__ == "__main__":
    main()
