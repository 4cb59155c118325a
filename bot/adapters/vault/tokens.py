"""令牌 (lingpai): the text that stands for a personal number, `⟦身份证:k3f9a2c7xy⟧`."""

from __future__ import annotations

import base64
import os
import re
from typing import Mapping, Optional

from bot.domain.personal_numbers import KIND_LABELS, NumberKind

ID_LENGTH = 10
_LABELS = "|".join(KIND_LABELS.values())
TOKEN = re.compile(rf"⟦(?:{_LABELS}):([a-z2-7]{{{ID_LENGTH}}})⟧")
_TYPED = str.maketrans("⟦⟧", "[]")


def new_id() -> str:
    """Fifty random bits in lower-case base32."""
    return base64.b32encode(os.urandom(7)).decode().lower()[:ID_LENGTH]


def token_text(kind: NumberKind, token_id: str) -> str:
    """The token as it stands in texts."""
    return f"⟦{KIND_LABELS[kind]}:{token_id}⟧"


def token_id(text: str) -> Optional[str]:
    """The id in a token text, or the text itself if it is a bare id."""
    match = TOKEN.fullmatch(text.strip())
    if match:
        return match.group(1)
    return text if re.fullmatch(rf"[a-z2-7]{{{ID_LENGTH}}}", text) else None


def defuse(text: str) -> str:
    """Text in which nobody can have typed a token."""
    return text.translate(_TYPED)


def masked_text(text: str, masks: Mapping[str, str]) -> str:
    """The text with each token as its masked number, as people see it; `masks` by token id."""
    return TOKEN.sub(lambda match: masks.get(match.group(1), "（号码已保密）"), text)
