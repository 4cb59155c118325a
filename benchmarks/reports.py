"""Reports of the long targets: a table for people, one JSON file for machines, thresholds from `thresholds.toml`."""

from __future__ import annotations

import json
import os
import subprocess
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Mapping

import tomli

ROOT = Path(__file__).resolve().parents[1]


def small() -> bool:
    """Whether SCALE=small asks for the version of a minute."""
    return os.environ.get("SCALE") == "small"


def thresholds(target: str) -> "dict[str, dict[str, float]]":
    """{figure: {"min"|"max": bound}} of a target."""
    found: "dict[str, dict[str, float]]" = tomli.loads((ROOT / "benchmarks" / "thresholds.toml").read_text(encoding="utf8"))[target]
    return found


def is_met(figures: Mapping[str, Any], bounds: "Mapping[str, Mapping[str, float]]") -> bool:
    """Whether every figure that has a bound keeps it; one that is missing does not."""
    return all(
        name in figures and bound.get("min", float("-inf")) <= figures[name] <= bound.get("max", float("inf"))
        for name, bound in bounds.items()
    )


def write(target: str, figures: Mapping[str, Any], n: int) -> bool:
    """Print the table and write `$BANGBAN_VAR/reports/<target>.json`; whether all thresholds are met."""
    bounds = thresholds(target)
    ok = is_met(figures, bounds)
    for name, value in figures.items():
        print(f"  {name:<28} {value}   {dict(bounds[name]) if name in bounds else ''}".rstrip())
    print(f"{target}: {'ok' if ok else 'NOT ok'}", flush=True)
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout.strip()
    report = {
        "target": target, "ok": ok, "figures": dict(figures), "thresholds": bounds, "n": n, "commit": commit,
        "date": datetime.now(timezone.utc).isoformat(timespec="seconds"),
    }  # fmt: skip
    folder = Path(os.environ.get("BANGBAN_VAR") or ROOT / "var") / "reports"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{target}.json").write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n", encoding="utf8")
    return ok
