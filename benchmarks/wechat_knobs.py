"""`make wechat-knobs`: the tests of the WeChat side under every crossing of what nobody outside knows about the platform.

SCALE=small runs two crossings of the quota's tests only. Writes `$BANGBAN_VAR/reports/wechat-knobs.json`.
"""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]

from benchmarks import reports  # noqa: E402

KNOBS = {
    "attempts": (3, 4), "quota_overlap": ("any_open", "latest_only"), "quota_again": ("reset", "add"), "token_overlap": (300, 0),
}  # fmt: skip
TESTS = "tests/integration/wechat"


def main() -> None:
    """Exit code 1 when a crossing fails."""
    crossings = [dict(zip(KNOBS, values)) for values in itertools.product(*KNOBS.values())]
    if reports.small():
        crossings = [crossings[0], crossings[-1]]
    tests = f"{TESTS}/test_quota.py" if reports.small() else TESTS
    failed = 0
    for knobs in crossings:
        env = {**os.environ, "BANGBAN_SIM_KNOBS": json.dumps(knobs), "BANGBAN_LONG": "1"}
        ended = subprocess.run([sys.executable, "-m", "pytest", "-q", tests], cwd=ROOT, env=env, capture_output=True, text=True)
        print(knobs, ended.stdout.strip().splitlines()[-1], flush=True)
        if ended.returncode:
            print("\n".join(line for line in ended.stdout.splitlines() if line.startswith("FAILED")), flush=True)
        failed += ended.returncode != 0
    figures = {"crossings": len(crossings), "crossings_failed": failed}
    sys.exit(0 if reports.write("wechat-knobs", figures, len(crossings)) else 1)


if __name__ == "__main__":
    main()
