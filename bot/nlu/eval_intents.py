"""Measures intents on questions {"q", "expect"} with the trained model, through Rasa's own parse.

Two of our intents may be unknown to whoever wrote the questions; each counts as what the assistant then does:
`nlu_fallback` as `ask_item` when the item search answers, else as `out_of_scope`; `save_draft` as the next likely intent.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from pathlib import Path
from typing import Any, Dict, List, Tuple

import numpy as np

from bot import bootstrap
from bot.nlu.item_ranker import DECISION


def evaluate(queries: Path, model: Path) -> Dict[str, Any]:
    """Accuracy, macro-F1 over the expected labels, each label's figures, and the time of a parse.

    Args:
        queries: a .jsonl of {"q", "expect"}.
        model: a trained model.
    """
    lines = [json.loads(line) for line in queries.read_text(encoding="utf8").splitlines() if line.strip()]
    expected = [str(line["expect"]) for line in lines]
    with bootstrap.shipped_index():
        parsed, times = asyncio.run(_parse_all([line["q"] for line in lines], str(model)))
    pairs = [intent_of(one, OURS_ALONE - set(expected)) for one in parsed]
    labels = {label: figures_of(label, expected, pairs) for label in sorted(set(expected))}
    return {
        "accuracy": round(sum(e == p for e, p in zip(expected, pairs)) / max(1, len(lines)), 4),
        "macro_f1": round(float(np.mean([f["f1"] for f in labels.values()])) if labels else 0.0, 4),
        "n": len(lines),
        "labels": labels,
        "ms_p50": round(float(np.percentile(times, 50)), 2) if times else 0.0,
        "ms_p95": round(float(np.percentile(times, 95)), 2) if times else 0.0,
    }


OURS_ALONE = frozenset({"nlu_fallback", "save_draft"})
"""Intents that are not on the list that outsiders write from."""


def intent_of(parsed: Dict[str, Any], unknown: "frozenset[str]") -> str:
    """The intent of a parsed message, told in the labels of whoever asks."""
    name = str((parsed.get("intent") or {}).get("name"))
    if name not in unknown:
        return name
    if name == "nlu_fallback":
        return "ask_item" if parsed.get(DECISION) in ("answer", "choose") else "out_of_scope"
    others = [str(one["name"]) for one in parsed.get("intent_ranking") or [] if one["name"] not in unknown]
    return others[0] if others else "out_of_scope"


async def _parse_all(texts: List[str], model: str) -> Tuple[List[Dict[str, Any]], List[float]]:
    import logging

    import structlog
    from rasa.core.agent import Agent

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    agent = Agent.load(model)
    await agent.parse_message("你好")
    found, times = [], []
    for text in texts:
        started = time.perf_counter()
        parsed = await agent.parse_message(text)
        times.append((time.perf_counter() - started) * 1000)
        found.append(parsed)
    return found, times


def figures_of(label: str, expected: List[str], found: List[str]) -> Dict[str, Any]:
    """Precision, recall and F1 of one label, and how often it was expected."""
    counts = Counter((e == label, f == label) for e, f in zip(expected, found))
    right, wrong, missed = counts[True, True], counts[False, True], counts[True, False]
    precision = right / (right + wrong) if right + wrong else 0.0
    recall = right / (right + missed) if right + missed else 0.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return {"precision": round(precision, 4), "recall": round(recall, 4), "f1": round(f1, 4), "n": right + missed}
