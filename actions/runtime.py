"""The action server's parts, built once in the running process and never at import."""

from __future__ import annotations

from typing import Optional

from bot import bootstrap, settings

_parts: Optional[bootstrap.ActionParts] = None


async def parts() -> bootstrap.ActionParts:
    """The parts; the first call builds them and prepares the tables."""
    global _parts
    if _parts is None:
        built = bootstrap.action_parts(settings.load())
        await built.store.prepare()
        _parts = built
    return _parts
