"""A short run of schemathesis against the centre; `make fuzz-api` runs it for twenty minutes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.builders import an_item, write_catalogue
from tests.support.center import RunningCentre
from tests.support.fuzz_api import TOOL, run


@pytest.mark.skipif(not TOOL.exists(), reason="schemathesis has an environment of its own: make fuzz-env")
def test_every_answer_is_documented_and_none_is_a_server_error(tmp_path: Path) -> None:
    centre = RunningCentre(tmp_path / "center", write_catalogue(tmp_path / "files", an_item())).start()
    try:
        result = run(centre, tmp_path, 3, "fuzzing", narrow=True)
    finally:
        centre.stop()
    assert result.returncode == 0, result.stdout[-6000:] + result.stderr[-1000:]
