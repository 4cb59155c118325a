"""Measure the engine: questions with known items against a catalogue (■ eval-match of the design)."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from bot.matching.build import build_index
from bot.matching.encoder import UseEncoder
from bot.matching.lexicon import Lexicon
from bot.matching.matcher import Matcher
from bot.matching.types import Decision, Entry, MatchResult, SentenceEncoder

SHIPPED = Path(__file__).resolve().parents[2] / "data" / "catalogue"
_TOPS = (1, 3, 5)
_WARM_UP = ("请问身份证丢了怎么补", "我家老人八十岁了有没有补贴", "想开个小吃店要办什么证")


def load_entries(catalog: str | Path) -> list[Entry]:
    """Entries of a catalogue: `shipped`, a folder of item YAML, or a .jsonl (plain or Guangdong shape)."""
    if str(catalog) == "shipped":
        return _yaml_entries(SHIPPED)
    path = Path(catalog)
    return _yaml_entries(path) if path.is_dir() else _jsonl_entries(path)


def load_queries(path: str | Path) -> list[dict[str, Any]]:
    """Questions, one JSON object a line: q, gold, kind."""
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def evaluate(catalog: str | Path, queries: str | Path, encoder: SentenceEncoder | None = None,
             lexicon: Lexicon | None = None) -> dict[str, Any]:
    """Match every question and count; the result is what `bangban eval-match --json` prints.

    Args:
        catalog: `shipped`, a folder, or a .jsonl file; see `load_entries`.
        queries: a .jsonl file of {"q", "gold": [names], "kind"}; `gold: []` means no item should be answered.
        encoder: stands in for the bundled one.
        lexicon: stands in for `data/lexicon`.

    Returns:
        top1, top3, top5, mrr (over the questions that have an item), ms_p50, ms_p95, n, kinds, decisions (shares).
    """
    encoder = encoder or UseEncoder()
    lexicon = lexicon or Lexicon.load()
    matcher = Matcher(build_index(load_entries(catalog), encoder, lexicon), encoder, lexicon)
    return evaluate_matcher(matcher, load_queries(queries))


def evaluate_matcher(matcher: Matcher, queries: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """As `evaluate`, with a matcher at hand."""
    for text in _WARM_UP:
        matcher.match(text)
    outcomes, times = [], []
    for query in queries:
        start = time.perf_counter()
        result = matcher.match(str(query["q"]))
        times.append((time.perf_counter() - start) * 1000.0)
        outcomes.append((query, result))
    kinds: dict[str, list[tuple[Mapping[str, Any], MatchResult]]] = {}
    for query, result in outcomes:
        kinds.setdefault(str(query.get("kind", "")), []).append((query, result))
    figures = _figures(outcomes)
    return {
        **{key: figures[key] for key in ("top1", "top3", "top5", "mrr")},
        "ms_p50": round(float(np.percentile(times, 50)), 2) if times else 0.0,
        "ms_p95": round(float(np.percentile(times, 95)), 2) if times else 0.0,
        "n": len(outcomes),
        "kinds": {kind: _figures(pairs) for kind, pairs in sorted(kinds.items())},
        "decisions": figures["decisions"],
    }


def _figures(pairs: Sequence[tuple[Mapping[str, Any], MatchResult]]) -> dict[str, Any]:
    places = [_place(result, query["gold"]) for query, result in pairs if query["gold"]]
    count = max(1, len(places))
    figures: dict[str, Any] = {
        f"top{top}": round(sum(place is not None and place <= top for place in places) / count, 4) for top in _TOPS
    }
    figures["mrr"] = round(sum(1.0 / place for place in places if place) / count, 4)
    figures["n"] = len(pairs)
    figures["decisions"] = {
        decision.value: round(sum(r.decision == decision.value for _, r in pairs) / max(1, len(pairs)), 4)
        for decision in Decision
    }
    return figures


def _place(result: MatchResult, gold: Iterable[str]) -> int | None:
    """The first place (from 1) of a right item in the ranking."""
    wanted = set(gold)
    for place, ranked in enumerate(result.ranking, start=1):
        if ranked.name in wanted:
            return place
    return None


def _yaml_entries(folder: Path) -> list[Entry]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    documents = (yaml.load(path.read_text(encoding="utf-8"), Loader=loader) for path in sorted(folder.glob("*.yml")))
    return [Entry.of(document["item"]) for document in documents]


def _jsonl_entries(path: Path) -> list[Entry]:
    """Items of a .jsonl; rows that repeat a name are one item, for nobody can tell them apart by name."""
    entries: dict[str, Entry] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line) if line.strip() else {}
        name = str(row.get("matter_name") or row.get("name") or "").strip()
        if not name or name in entries:
            continue
        daily = [str(row.get(key) or "").strip() for key in ("matter_short", "matter_daily")]
        aliases = [*(row.get("aliases") or ()), *(text for text in daily if text not in ("", "无"))]
        entries[name] = Entry(
            code=str(row.get("TASK_CODE") or row.get("code") or name),
            name=name,
            department=str(row.get("DEPT_NAME") or row.get("department") or ""),
            aliases=tuple(dict.fromkeys(aliases)),
            questions=tuple(row.get("questions") or ()),
        )
    return list(entries.values())
