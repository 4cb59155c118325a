"""印章替身 (yinzhang tishen): stands where an electronic seal will be, and says that it is none."""

from __future__ import annotations

from typing import Any, Mapping


class PlaceholderSeal:
    """Marks the place of the seal. A town with an electronic seal puts its own adapter behind the port."""

    def mark(self, digest: str, signer: str) -> Mapping[str, Any]:
        """The mark; `kind` tells pages and papers to print it as a placeholder."""
        return {"kind": "placeholder", "signer": signer, "digest": digest}
