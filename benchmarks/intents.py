"""`make bench-intents`: our intent classifier beside what one would otherwise take, on the same sentences in one run.

    python benchmarks/intents.py [--half test|dev] [--every N] [--only NAME ...]

Every system trains on `data/nlu` in a process of its own and answers, one sentence at a time, in another one, so that
times and memory do not mix. DIET needs some 85 seconds of CPU for each of its 100 epochs over all sentences (two to three
hours); `--every N` trains every system on every N-th sentence. `SCALE=small` takes every twentieth training sentence and two epochs of DIET (about a
minute; its accuracy means nothing). Prints a table and writes `$BANGBAN_VAR/reports/bench-intents.json`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import numpy as np
import yaml

ROOT = Path(__file__).resolve().parents[1]
HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(ROOT)]

from bot.nlu.eval_intents import figures_of  # noqa: E402
from bot.processes.model import rasa_environment  # noqa: E402

RASA = {"ours": "intents_ours.yml", "DIET, stock zh": "intents_diet.yml"}
LINEAR = {"LR char n-grams": (True, False), "LR sentence vectors": (False, True), "LR both": (True, True)}
"""System -> whether it sees character n-grams, whether it sees the sentence vector."""
STRENGTH = {"LR char n-grams": 10.0, "LR sentence vectors": 30.0, "LR both": 10.0}
"""C of each logistic regression."""
THRESHOLDS = {"ours.macro_f1": 0.95, "ours.train_s": 90.0, "ours.above_diet": 0.0}


def sentences(every: int) -> tuple[list[str], list[str]]:
    """Training sentences and their intents."""
    pairs = [
        (line.strip().removeprefix("-").strip(), entry["intent"])
        for path in sorted((ROOT / "data" / "nlu").glob("*.yml"))
        for entry in yaml.safe_load(path.read_text(encoding="utf8"))["nlu"]
        for line in entry["examples"].splitlines()
    ][::every]
    return [text for text, _ in pairs], [intent for _, intent in pairs]


def train_rasa(name: str, folder: Path, every: int, small: bool) -> None:
    """Rasa's own training with the frozen configuration."""
    config = yaml.safe_load((HERE / RASA[name]).read_text(encoding="utf8"))
    for component in config["pipeline"]:
        if small and "epochs" in component:
            component["epochs"] = 2
    intents: dict[str, list[str]] = {}
    for text, intent in zip(*sentences(every)):
        intents.setdefault(intent, []).append(text)
    data = {"version": "3.1", "nlu": [{"intent": key, "examples": "".join(f"- {t}\n" for t in texts)} for key, texts in intents.items()]}
    (folder / "config.yml").write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf8")
    (folder / "nlu.yml").write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf8")
    command = ["rasa", "train", "nlu", "--config", str(folder / "config.yml"), "--nlu", str(folder / "nlu.yml")]
    command += ["--out", str(folder), "--fixed-model-name", "model", "--quiet"]
    subprocess.run([sys.executable, "-m", *command], check=True, cwd=ROOT, env=rasa_environment(), stdout=2)


def _blocks(name: str, grams: Any, texts: Sequence[str]) -> tuple[Any, np.ndarray]:
    """The sparse and the dense block of what a regression sees of some texts; a block it does not see is one column of zeros."""
    from scipy.sparse import csr_matrix

    from bot.nlu import sentence_encoder

    sparse = grams.transform(texts) if LINEAR[name][0] else csr_matrix((len(texts), 1), dtype=np.float32)
    dense = sentence_encoder.encode(texts) if LINEAR[name][1] else np.zeros((len(texts), 1), dtype=np.float32)
    return sparse.astype(np.float32), dense


def train_linear(name: str, folder: Path, every: int) -> None:
    """Logistic regression with the same solver as ours (scikit-learn's takes many times as long on dense vectors)."""
    import joblib
    from sklearn.feature_extraction.text import TfidfVectorizer

    from bot.nlu.softmax_regression import fit

    texts, intents = sentences(every)
    grams = TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 4), min_df=2, sublinear_tf=True).fit(texts)
    labels = sorted(set(intents))
    targets = np.array([labels.index(intent) for intent in intents])
    weights = fit(*_blocks(name, grams, texts), targets, labels=len(labels), strength=STRENGTH[name])
    joblib.dump((grams, labels, weights), folder / "model.joblib")


def ask_linear(name: str, folder: Path) -> Callable[[str], str]:
    """The trained regression as a function."""
    import joblib

    from bot.nlu.softmax_regression import scores_of

    grams, labels, weights = joblib.load(folder / "model.joblib")
    return lambda text: str(labels[int(scores_of(weights, *_blocks(name, grams, [text])).argmax())])


def ask_rasa(name: str, folder: Path) -> Callable[[str], str]:
    """The trained Rasa model as a function, through Rasa's own parse."""
    import logging

    import structlog
    from rasa.core.agent import Agent

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    agent = Agent.load(str(folder / "model.tar.gz"))
    loop = asyncio.new_event_loop()

    def ask(text: str) -> str:
        parsed = loop.run_until_complete(agent.parse_message(text))
        return str((parsed.get("intent") or {}).get("name"))

    return ask


def answer(name: str, folder: Path, half: str) -> dict[str, Any]:
    """What a trained system says to the unseen sentences, and what that costs."""
    lines = [json.loads(line) for line in (ROOT / f"tests/data/intents_{half}.jsonl").read_text(encoding="utf8").splitlines()]
    ask = (ask_linear if name in LINEAR else ask_rasa)(name, folder)
    ask("你好")
    found, times = [], []
    for line in lines:
        start = time.perf_counter()
        found.append(ask(line["q"]))
        times.append((time.perf_counter() - start) * 1e3)
    return {
        "found": found,
        "expected": [line["expect"] for line in lines],
        "ms_p50": round(float(np.percentile(times, 50)), 2),
        "ms_p95": round(float(np.percentile(times, 95)), 2),
        "rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3),
    }


def macro_f1(expected: Sequence[str], found: Sequence[str]) -> float:
    """Mean of the F1 of every label that is expected."""
    return float(np.mean([figures_of(label, list(expected), list(found))["f1"] for label in sorted(set(expected))]))


def interval(expected: Sequence[str], found: Sequence[str], rounds: int = 1000) -> list[float]:
    """95 % bootstrap interval of the macro-F1, drawn within each label so that none falls out."""
    rng, wanted, got = np.random.default_rng(1), np.array(expected), np.array(found)
    rows = [np.flatnonzero(wanted == label) for label in np.unique(wanted)]
    draws = [np.concatenate([rng.choice(part, len(part)) for part in rows]) for _ in range(rounds)]
    return [round(float(v), 4) for v in np.percentile([macro_f1(wanted[d], got[d]) for d in draws], [2.5, 97.5])]


def measure(name: str, half: str, every: int, small: bool) -> dict[str, Any]:
    """Train and ask one system, each in a process of its own."""
    with tempfile.TemporaryDirectory() as place:
        call = [sys.executable, __file__, "--half", half, "--every", str(every), "--folder", place, "--only", name]
        environment = {**rasa_environment(), "SCALE": "small" if small else ""}
        start = time.perf_counter()
        subprocess.run([*call, "--step", "train"], check=True, env=environment, stdout=2)
        trained = time.perf_counter() - start
        subprocess.run([*call, "--step", "ask"], check=True, env=environment, stdout=2)
        figures = json.loads((Path(place) / "answers.json").read_text(encoding="utf8"))
    found, expected = figures.pop("found"), figures.pop("expected")
    return {
        "accuracy": round(float(np.mean(np.array(found) == np.array(expected))), 4),
        "macro_f1": round(macro_f1(expected, found), 4),
        "macro_f1_interval": interval(expected, found),
        **figures,
        "train_s": round(trained, 1),
        "n": len(expected),
    }


def report_of(figures: dict[str, Any], half: str, every: int) -> dict[str, Any]:
    """The report as `design.md` fixes it for every long target."""
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False)
    ours, diet = figures.get("ours"), figures.get("DIET, stock zh")
    ok = bool(ours and diet) and (
        ours["macro_f1"] >= THRESHOLDS["ours.macro_f1"]
        and ours["train_s"] <= THRESHOLDS["ours.train_s"]
        and ours["macro_f1"] - diet["macro_f1"] > THRESHOLDS["ours.above_diet"]
    )
    return {
        "target": "bench-intents",
        "ok": ok,
        "figures": figures,
        "thresholds": THRESHOLDS,
        "n": max((f["n"] for f in figures.values()), default=0),
        "half": half,
        "every": every,
        "load": round(os.getloadavg()[0], 1),
        "commit": commit.stdout.strip(),
        "date": datetime.now(timezone.utc).isoformat(timespec="seconds"),
    }


def show(report: dict[str, Any]) -> None:
    """The table, ready for docs/intents.md."""
    print(f"| system (n={report['n']}, load {report['load']}) | accuracy | macro-F1 | 95 % | ms p50 | ms p95 | training s | RSS MB |")
    print("|---|---|---|---|---|---|---|---|")
    for name, f in report["figures"].items():
        low, high = f["macro_f1_interval"]
        print(f"| {name} | {f['accuracy']:.3f} | {f['macro_f1']:.3f} | {low:.3f}–{high:.3f} "
              f"| {f['ms_p50']:.1f} | {f['ms_p95']:.1f} | {f['train_s']:.0f} | {f['rss_mb']} |")  # fmt: skip
    print("ok" if report["ok"] else "BELOW A THRESHOLD")


def main() -> int:
    """Command line."""
    small = os.environ.get("SCALE") == "small"
    parser = argparse.ArgumentParser()
    parser.add_argument("--half", choices=("test", "dev"), default="test")
    parser.add_argument("--every", type=int, default=20 if small else 1, metavar="N", help="train on every N-th sentence")
    parser.add_argument("--only", action="append", choices=[*RASA, *LINEAR])
    parser.add_argument("--step", choices=("train", "ask"), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    names = options.only or [*RASA, *LINEAR]
    if options.step == "train":
        if names[0] in LINEAR:
            train_linear(names[0], options.folder, options.every)
        else:
            train_rasa(names[0], options.folder, options.every, small)
        return 0
    if options.step == "ask":
        answers = answer(names[0], options.folder, options.half)
        (options.folder / "answers.json").write_text(json.dumps(answers, ensure_ascii=False), encoding="utf8")
        return 0
    report = report_of({name: measure(name, options.half, options.every, small) for name in names}, options.half, options.every)
    folder = Path(os.environ.get("BANGBAN_VAR", ROOT / "var")) / "reports"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "bench-intents.json").write_text(json.dumps(report, ensure_ascii=False, indent=1), encoding="utf8")
    show(report)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
