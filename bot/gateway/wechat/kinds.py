"""消息种类 (xiaoxi zhonglei): what the account says at once to a message that is no text, and to events.

Such a line stands in the answer to the platform's own request: it is there before the person has looked up, and costs
no send. None: nothing is said.
"""

from __future__ import annotations

from datetime import datetime
from typing import Mapping, Optional

from bot.adapters.working_days import published_calendar
from bot.domain.centre import nearest_point
from bot.domain.listening_time import promised_by
from bot.gateway.texts import Texts
from bot.gateway.wechat.profile import WeChatProfile
from bot.gateway.wechat.push import Push

MEDIA = {"image": "image", "voice": "voice", "video": "video", "shortvideo": "video"}
UNSUPPORTED_STICKER = "【收到不支持的消息类型"
_SIMPLE = {"link": "link", "file": "file", "location": "location"}


def spoken_text(push: Push) -> Optional[str]:
    """The words of a text or of a voice message that was recognised; None when there are none to be had."""
    if push.kind == "text":
        return push.values.get("Content", "")
    if push.kind == "voice":
        return push.values.get("Recognition", "").strip() or None
    return None


def word_for(push: Push, texts: Texts) -> str:
    """How a message that is no text stands in a conversation that a clerk reads: ［照片］."""
    kind = MEDIA.get(push.kind) or _SIMPLE.get(push.kind, "unknown")
    return texts.wechat["attachment"].format(kind=texts.wechat[f"{kind}_word"])


def line_for(push: Push, texts: Texts, profile: WeChatProfile, due: Optional[str]) -> str:
    """What is said to a message that is no text. `due`: by when a clerk will have listened, for a voice message."""
    if push.kind == "voice":
        return texts.wechat["voice"].format(due=due)
    if push.kind == "location":
        return _place(push.values, texts, profile)
    return texts.wechat[MEDIA.get(push.kind) or _SIMPLE.get(push.kind, "unknown")]


def _place(values: Mapping[str, str], texts: Texts, profile: WeChatProfile) -> str:
    centre = profile.centre
    if centre is None:
        return texts.wechat["unknown"]
    try:
        near = nearest_point(centre, float(values["Location_X"]), float(values["Location_Y"]))
    except (KeyError, ValueError):
        near = None
    if near is None:
        return texts.wechat["location_unknown"].format(address=centre.address)
    point, kilometres = near
    distance = f"{round(kilometres * 1000, -1):.0f}米" if kilometres < 1 else f"{kilometres:.1f}公里"
    note = f"{point.note}。" if point.note else ""
    return texts.wechat["location"].format(name=point.name, distance=distance, address=point.address, note=note)


def greeting(texts: Texts, profile: WeChatProfile, scene: str = "", followed: bool = True) -> str:
    """The welcome with examples; shorter for somebody who already follows and scans a code."""
    lines = []
    if scene in profile.scenes:
        lines.append(texts.wechat["scanned_at"].format(scene=profile.scenes[scene]))
    if not followed:
        return "\n".join([*lines, texts.wechat["scanned"]])
    examples = [f"· {example}" for example in texts.examples]
    return "\n".join([*lines, texts.wechat["welcome"], *examples])


def voice_promise(profile: WeChatProfile, now: datetime) -> Optional[datetime]:
    """By when a clerk will have listened to a clip."""
    office = profile.centre.offices[0] if profile.centre and profile.centre.offices else None
    return promised_by(office, now, published_calendar()) if office else None
