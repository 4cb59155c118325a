"""`make bench-match` at small scale: it runs, and its report has the agreed form."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path


def test_the_small_bench_reports_in_the_agreed_form(root: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "SCALE": "small", "BANGBAN_VAR": str(tmp_path), "OMP_NUM_THREADS": "1", "PYTHONPATH": str(root)}
    done = subprocess.run(
        [sys.executable, "benchmarks/match.py", "--half", "dev"], cwd=root, env=environment, capture_output=True, text=True, timeout=240
    )
    made = json.loads((tmp_path / "reports" / "bench-match.json").read_text())
    assert {"target", "ok", "figures", "thresholds", "n", "commit", "date"} <= set(made)
    assert (made["target"], made["scale"], made["ok"]) == ("bench-match", "small", done.returncode == 0)
    # Few questions and perhaps a busy machine: the limits are for the full run; here the engine must lead clearly.
    table = made["tables"]["shipped"]
    assert len(table) == 6 and made["figures"]["shipped.top1"] > 0.8
    for name, table in made["tables"].items():
        assert all(table["ours"]["top1"] >= row["top1"] for label, row in table.items()), name
    assert made["figures"]["speed.1133.p50_cpu_ms"] > 0
