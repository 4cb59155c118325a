"""The Rasa model: trained when missing or stale, named after the content it was trained from.

The catalogue is not part of the model, so only rules, training sentences, the domain and the classifier's own code count.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Iterator, List

from bot.settings import ROOT

MODELS = ROOT / "models"
KEEP = 3
_INPUTS = (
    "domain.yml",
    "config.yml",
    "data/nlu",
    "data/rules",
    "data/stories",
    "data/dialogue/talk_acts.yml",
    "data/dialogue/intent_words.yml",
    "bot/nlu",
    "uv.lock",
)


def _files(root: Path) -> Iterator[Path]:
    for name in _INPUTS:
        path = root / name
        if path.is_file():
            yield path
        elif path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.suffix in (".yml", ".py", ".json"))


def content_hash(root: Path = ROOT) -> str:
    """Hash of everything the model depends on."""
    digest = hashlib.sha256()
    for path in _files(root):
        digest.update(str(path.relative_to(root)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def ensure_model(models: Path = MODELS) -> Path:
    """The path of a model that fits the present content; trains it when there is none.

    Raises:
        subprocess.CalledProcessError: training failed; Rasa has said why on the terminal.
    """
    name = f"bangban-{content_hash()}"
    path = models / f"{name}.tar.gz"
    if path.exists():
        return path
    # standard output belongs to whoever called: `--json` prints one object there and nothing else
    print(f"training the dialogue model ({name}), one to two minutes …", file=sys.stderr, flush=True)
    _train(models, name)
    for old in sorted(models.glob("bangban-*.tar.gz"), key=lambda p: p.stat().st_mtime)[:-KEEP]:
        old.unlink()
    return path


def _train(models: Path, name: str) -> None:
    """Rasa warns of every text that only actions use, a screen full of them: its words are shown when it fails."""
    done = subprocess.run(
        _train_command(models, name), cwd=ROOT, env=rasa_environment(), stdout=2, stderr=subprocess.PIPE, text=True
    )
    if done.returncode:
        print(done.stderr, file=sys.stderr, flush=True)
        done.check_returncode()


def _train_command(models: Path, name: str) -> List[str]:
    data = ["data/nlu", "data/rules", *(["data/stories"] if any((ROOT / "data/stories").glob("*.yml")) else [])]
    return [
        sys.executable, "-m", "rasa", "train", "--domain", "domain.yml", "--config", "config.yml", "--data", *data,
        "--out", str(models), "--fixed-model-name", name, "--quiet",
    ]  # fmt: skip


def rasa_environment() -> "dict[str, str]":
    """Environment for Rasa: no telemetry, no GPU search, no chatter of TensorFlow."""
    quiet = {
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "-1",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "PYTHONWARNINGS": "ignore",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
    return {**os.environ, **quiet, "PYTHONPATH": str(ROOT)}


if __name__ == "__main__":
    print(ensure_model())
