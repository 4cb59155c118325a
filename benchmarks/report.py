"""The one form in which every long target reports: `$BANGBAN_VAR/reports/<target>.json`."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import tomli

ROOT = Path(__file__).resolve().parents[1]
THRESHOLDS = Path(__file__).resolve().parent / "thresholds.toml"


def small() -> bool:
    """Whether the quick version is wanted (`SCALE=small`, a minute at most)."""
    return os.environ.get("SCALE") == "small"


def thresholds(target: str) -> dict[str, dict[str, float]]:
    """The limits of a target: {"least": {figure: value}, "most": {...}}."""
    return {"least": {}, "most": {}, **tomli.loads(THRESHOLDS.read_text(encoding="utf-8")).get(target, {})}


def missed(figures: Mapping[str, float], limits: Mapping[str, Mapping[str, float]]) -> list[str]:
    """Figures beyond their limit. A figure that was not measured (small scale, data absent) is not judged."""
    low = [name for name, limit in limits["least"].items() if name in figures and figures[name] < limit]
    high = [name for name, limit in limits["most"].items() if name in figures and figures[name] > limit]
    return low + high


def write(target: str, figures: Mapping[str, float], n: int, **more: Any) -> dict[str, Any]:
    """Write and return the report.

    Args:
        target: name of the make target.
        figures: flat, "group.figure" -> number.
        n: how many questions, messages ... the figures rest on.
        more: anything else worth keeping.
    """
    limits = thresholds(target)
    beyond = missed(figures, limits)
    report = {
        "target": target, "ok": not beyond, "missed": beyond, "figures": dict(figures), "thresholds": limits, "n": n,
        "scale": "small" if small() else "full", "load": round(os.getloadavg()[0], 2), "commit": _commit(),
        "date": datetime.now(timezone.utc).isoformat(timespec="seconds"), **more,
    }  # fmt: skip
    folder = Path(os.environ.get("BANGBAN_VAR") or ROOT / "var") / "reports"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{target}.json").write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return report


def _commit() -> str:
    found = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False)
    return found.stdout.strip()
