"""A stock Rasa pipeline for Chinese, one intent per item, trained here and asked the same questions.

    python benchmarks/match_rasa.py QUESTIONS.jsonl     # prints one JSON object

In a process of its own: TensorFlow would change the memory and times of the other figures.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import yaml

CONFIG = Path(__file__).resolve().parent / "rasa_stock" / "config.yml"
MINUTES = 45


def stock_rasa(questions: list[dict[str, Any]]) -> dict[str, Any]:
    """Train and ask; empty if it took too long or failed (said on standard error)."""
    from bot.processes.model import rasa_environment

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "questions.jsonl"
        path.write_text("\n".join(json.dumps(question, ensure_ascii=False) for question in questions), encoding="utf-8")
        try:
            done = subprocess.run([sys.executable, __file__, str(path)], env=rasa_environment(), check=True, text=True,
                                  stdout=subprocess.PIPE, timeout=MINUTES * 60)
        except subprocess.SubprocessError as error:
            print(f"stock Rasa: {type(error).__name__}", file=sys.stderr)
            return {}
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _train(folder: Path) -> tuple[str, list[str]]:
    from rasa.model_training import train_nlu

    from bot.matching.evaluate import load_entries

    entries = load_entries("shipped")
    nlu = [{"intent": f"item_{n}", "examples": "".join(f"- {text}\n" for text in (e.name, *e.aliases, *e.questions))}
           for n, e in enumerate(entries)]
    data = folder / "nlu.yml"
    data.write_text(yaml.safe_dump({"version": "3.1", "nlu": nlu}, allow_unicode=True), encoding="utf-8")
    return str(train_nlu(str(CONFIG), str(data), str(folder / "models"))), [entry.name for entry in entries]


async def _ask(model: str, names: list[str], questions: list[dict[str, Any]]) -> list[list[str]]:
    from rasa.core.agent import Agent

    agent = Agent.load(model)
    rankings = []
    for question in questions:
        parsed = await agent.parse_message(question["q"])
        ranked = [one["name"] for one in parsed["intent_ranking"]]
        sure = parsed["intent"]["name"] != "nlu_fallback"
        rankings.append([str(sure), *(names[int(name[5:])] for name in ranked if name.startswith("item_"))][:4])
    return rankings


def main() -> None:
    """Train, ask, count."""
    questions = [json.loads(line) for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()]
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        model, names = _train(Path(folder))
        trained = time.perf_counter() - start
        answers = asyncio.run(_ask(model, names, questions))
    meant = [(q["gold"], ranking) for q, ranking in zip(questions, answers) if q["gold"]]
    none = [ranking for q, ranking in zip(questions, answers) if not q["gold"]]
    print(json.dumps({
        "top1": round(sum(r[1] in gold for gold, r in meant) / len(meant), 4),
        "top3": round(sum(any(name in gold for name in r[1:]) for gold, r in meant) / len(meant), 4),
        "n": len(meant), "train_s": round(trained, 1),
        "none_answered": round(sum(r[0] == "True" for r in none) / max(1, len(none)), 4), "none_n": len(none),
    }))


if __name__ == "__main__":
    main()
