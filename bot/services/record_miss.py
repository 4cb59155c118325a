"""记下没答上的问题: what was asked without a clear answer, without a word about who asked."""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from dataclasses import dataclass
from typing import Any, Mapping, Sequence

from bot.domain.second_net import mask_all
from bot.ports import Clock, ServiceCenter

LONGEST = 120
_SEALED = re.compile(r"⟦([^⟦⟧:：]{0,8})[^⟦⟧]*⟧")
_DIGITS = re.compile(r"\d(?:[ \-]?[\dXx]){5,}")


def without_persons(text: str) -> str:
    """The text with sealed numbers as their kind alone and every other long run of digits masked, cut to LONGEST."""
    plain = _SEALED.sub(r"〔\1〕", unicodedata.normalize("NFKC", text))
    return _DIGITS.sub("***", mask_all(plain)[0])[:LONGEST].strip()


@dataclass(frozen=True)
class RecordMiss:
    """Sends a question to the centre's work list."""

    center: ServiceCenter
    clock: Clock
    hash_key: bytes

    async def __call__(
        self, text: str, decision: str, ranking: Sequence[Mapping[str, Any]], conversation: str, channel: str
    ) -> None:
        """Record it.

        Args:
            text: as it came, personal numbers already sealed.
            decision: choose, clarify or refuse.
            ranking: the matcher's items (`code`, `confidence`), best first.
            conversation: is hashed with a key and the day.
            channel: web, wechat ...

        Raises:
            ServiceCenterError: the centre was not reached or did not want it.
        """
        said = without_persons(text)
        if not said:
            return
        day = f"{self.clock.now():%Y-%m-%d}"
        asker = hmac.new(self.hash_key, f"miss:{day}:{conversation}".encode(), hashlib.sha256).hexdigest()
        await self.center.record_miss({
            "text": said,
            "decision": decision,
            "candidates": [str(one.get("code", "")) for one in ranking[:3]],
            "confidence": round(100 * float(ranking[0].get("confidence") or 0.0)) if ranking else 0,
            "channel": channel[:32],
            "asker_of_the_day": asker[:32],
        })
