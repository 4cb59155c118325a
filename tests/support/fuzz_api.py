"""schemathesis against a running centre: nothing but documented answers, no server error.

`python -m tests.support.fuzz_api MINUTES` (`make fuzz-api`). It lives in an environment of its own (`.schemathesis/`, pinned in
`tests/support/schemathesis.txt`), because its dependencies and Rasa's do not fit together.
"""

from __future__ import annotations

import copy
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Dict, List

from tests.support.builders import a_filing, a_notice, an_item, write_catalogue
from tests.support.center import TOKEN, RunningCentre

ROOT = Path(__file__).resolve().parents[2]
TOOL = ROOT / ".schemathesis" / "bin" / "st"
LONGEST = 900
"""Seconds of one pass; values that cannot be made must not hold up the tests for ever."""
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"


def known_things(centre: RunningCentre) -> Dict[str, List[str]]:
    """Real numbers for the addresses, so that more than "not found" is tried; a case in each of several states."""
    numbers = []
    ways = ((), ("accept",), ("accept", "ask_supplement"), ("accept", "handle", "submit_review", "approve", "finish"), ("refuse",))
    for moves in ways * 3:
        body = a_filing("web:fuzz")
        centre.file(body)
        numbers.append(str(body["number"]))
        for move in moves:
            centre.move(numbers[-1], move, "意见")
    notice = centre.post("notices", a_notice("fuzz")).json["number"]
    papers = [p["id"] for p in centre.get(f"cases/{numbers[1]}").json["papers"]]
    complaint = centre.post("complaints", {"way": "chat", "text": "慢"}).json["number"]
    task = centre.get("tasks").json["tasks"][0]["id"]
    return {"/cases/": numbers, "/notices/": [notice], "/papers/": papers, "/complaints/": [complaint], "/tasks/": [task], "/items/": ["QS-901"]}


def with_known(document: Dict[str, Any], known: Dict[str, List[str]]) -> Dict[str, Any]:
    """The OpenAPI document with these values in the addresses; all else as it is."""
    narrowed = copy.deepcopy(document)
    for path, operations in narrowed["paths"].items():
        values = next((found for part, found in known.items() if part in path), None)
        for operation in operations.values():
            for parameter in operation.get("parameters", ()):
                if parameter["in"] == "path" and values:
                    parameter["schema"] = {"type": "string", "enum": values}
    return narrowed


def run(centre: RunningCentre, folder: Path, examples: int, phases: str, narrow: bool) -> "subprocess.CompletedProcess[str]":
    """One pass of schemathesis."""
    document = centre.get("openapi.json").json
    path = folder / "openapi.json"
    path.write_text(json.dumps(with_known(document, known_things(centre)) if narrow else document), encoding="utf8")
    command = [
        str(TOOL), "run", str(path), "--url", centre.url, "-H", f"Authorization: Bearer {TOKEN}", "--exclude-path",
        "/api/v1/test/clock", "--checks", CHECKS, "--phases", phases, "--max-examples", str(examples), "--continue-on-failure",
        "--generation-database", "none", "--no-color", "--warnings", "off",
    ]  # fmt: skip
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=LONGEST)


def main() -> int:
    """Pass after pass until the time is over; 1 as soon as one finds something."""
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 20.0
    folder = Path(tempfile.mkdtemp(prefix="bangban-fuzz-"))
    centre = RunningCentre(folder / "center", write_catalogue(folder / "files", an_item())).start()
    end, passes = time.monotonic() + minutes * 60, 0
    try:
        while passes == 0 or time.monotonic() < end:
            result = run(centre, folder, 25, "coverage,fuzzing" if passes == 0 else "fuzzing", narrow=passes % 2 == 0)
            passes += 1
            sys.stdout.write("\n".join(result.stdout.splitlines()[-14:]) + "\n")
            if result.returncode != 0:
                sys.stdout.write(result.stdout[-20_000:] + result.stderr[-2_000:])
                return 1
    finally:
        centre.stop()
    sys.stdout.write(f"{passes} passes in {minutes:g} minutes, nothing found\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
