"""Training says nothing when it succeeds and everything when it fails."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.processes import model


def trained_by(monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    monkeypatch.setattr(model, "_train_command", lambda models, name: [sys.executable, "-c", script])


def test_a_failed_training_shows_what_rasa_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trained_by(monkeypatch, "import sys; print('domain.yml: intents must be a list', file=sys.stderr); sys.exit(1)")
    with pytest.raises(subprocess.CalledProcessError):
        model.ensure_model(tmp_path)
    assert "domain.yml: intents must be a list" in capsys.readouterr().err


def test_a_training_that_succeeds_keeps_its_warnings_to_itself(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trained_by(monkeypatch, "import sys; print('UserWarning: utter_x is not used', file=sys.stderr)")
    assert model.ensure_model(tmp_path).parent == tmp_path
    assert "UserWarning" not in capsys.readouterr().err
