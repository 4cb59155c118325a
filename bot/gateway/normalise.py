"""规整 (guizheng): one form for every text before anything else looks at it.

Done here and not in Rasa: NFKC changes lengths and would shift Rasa's offsets, and the vault must see what Rasa sees.
"""

from __future__ import annotations

import unicodedata

from bot.domain.digit_view import expand_repeats

MAX_LENGTH = 2000
_KEYCAP_AND_VARIATION = {0xFE0E, 0xFE0F, 0x20E3}  # "1️⃣" is the answer 1


def normalise(text: str) -> str:
    """NFKC without control and invisible characters; a leading slash becomes full width.

    Rasa reads "/restart" or "/inform{...}" as a command; nobody who types in a chat may give it one.
    """
    folded = unicodedata.normalize("NFKC", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    clean = "".join(c for c in folded if c == "\n" or not _invisible(c)).strip()
    clean = expand_repeats(clean)  # before the vault looks: 幺三八三个零… is a number too
    return "／" + clean[1:] if clean.startswith("/") else clean


def _invisible(char: str) -> bool:
    return ord(char) in _KEYCAP_AND_VARIATION or unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn")


def only_emoji(text: str) -> bool:
    """Whether a text is blank or holds neither a letter, a digit nor a question mark: nothing to understand."""
    return not any(c == "?" or unicodedata.category(c)[0] in "LN" for c in text)
