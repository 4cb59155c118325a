"""带参数二维码: QR codes with a scene (fact sheet, item 56)."""

from __future__ import annotations

import base64
import random
from dataclasses import dataclass, field
from typing import Any, Callable, Optional

from bot.wechat_sim.errors import ApiError

LONGEST, DEFAULT, PERMANENT = 2_592_000, 60, 100_000


@dataclass(frozen=True)
class Code:
    """A ticket and what it says; `expires` None: for ever."""

    ticket: str
    scene: str
    expires: Optional[float]


@dataclass
class Scenes:
    """All codes, by ticket."""

    now: Callable[[], float]
    rng: random.Random
    by_ticket: dict[str, Code] = field(default_factory=dict)

    def create(self, body: dict[str, Any]) -> dict[str, Any]:
        """Answer of /cgi-bin/qrcode/create.

        Raises:
            ApiError: 40035, 40053, 45029.
        """
        action = body.get("action_name")
        names = {"QR_SCENE": False, "QR_STR_SCENE": False, "QR_LIMIT_SCENE": True, "QR_LIMIT_STR_SCENE": True}
        if not isinstance(action, str) or action not in names:
            raise ApiError(40053)
        scene = self._scene(body, "STR" in action, names[action])
        seconds = body.get("expire_seconds", DEFAULT)
        if not isinstance(seconds, int) or isinstance(seconds, bool) or not 1 <= seconds <= LONGEST:
            raise ApiError(40035, "expire_seconds")
        permanent = names[action]
        if permanent and sum(c.expires is None for c in self.by_ticket.values()) >= PERMANENT:
            raise ApiError(45029)
        ticket = "g" + base64.urlsafe_b64encode(self.rng.randbytes(66)).decode() + "=="
        self.by_ticket[ticket] = Code(ticket, scene, None if permanent else self.now() + seconds)
        url = f"http://weixin.qq.com/q/{self.rng.getrandbits(64):016x}"
        return {"ticket": ticket, "url": url, **({} if permanent else {"expire_seconds": seconds})}

    @staticmethod
    def _scene(body: dict[str, Any], is_text: bool, permanent: bool) -> str:
        info = body.get("action_info")
        scene = info.get("scene") if isinstance(info, dict) else None
        if not isinstance(scene, dict):
            raise ApiError(40053)
        if is_text:
            text = scene.get("scene_str")
            if not isinstance(text, str) or not 1 <= len(text) <= 64:
                raise ApiError(40053)
            return text
        number = scene.get("scene_id")
        most = PERMANENT if permanent else 2**32 - 1
        if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= most:
            raise ApiError(40053)
        return str(number)

    def scan(self, ticket: str) -> Optional[Code]:
        """The code of a ticket that is still good."""
        code = self.by_ticket.get(ticket)
        return None if code is None or (code.expires is not None and self.now() >= code.expires) else code
