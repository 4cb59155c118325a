"""What an index is made of besides the catalogue, told apart without loading any of it."""

from __future__ import annotations

import hashlib
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_MATCHING = _ROOT / "bot" / "matching"


def index_recipe(lexicon: Path = _ROOT / "data" / "lexicon", matching: Path = _MATCHING) -> str:
    """Twelve hexadecimal digits that change when the lexicon, the meaning space or the code that reads names changes.

    Any module of bot/matching may take part in that; building once too often costs a few seconds, once too seldom wrong answers.
    """
    digest = hashlib.sha256()
    for path in (*sorted(lexicon.glob("*.yml")), matching / "space.npz", *sorted(matching.glob("*.py"))):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]
