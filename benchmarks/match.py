"""`make bench-match`: the engine beside what one would otherwise take, on the same questions in one run.

    python benchmarks/match.py [--half held|dev]

`SCALE=small`: every tenth question, no 30,000 names, no Rasa; under a minute. The district's and the
province's names are read from ../shared/data where they are present. Prints tables, writes the report
(benchmarks/report.py) and, at full scale, docs/images/match.png.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Mapping, Sequence
from typing import Any

import report
from match_baselines import baselines
from match_data import SETS
from match_plot import plot
from match_rasa import stock_rasa
from match_speed import many_names, speed

from bot.matching import Entry, Lexicon, Matcher, UseEncoder, build_index
from bot.matching.evaluate import load_entries, load_queries

QUESTIONS = report.ROOT / "tests" / "data" / "match"
SHARED = report.ROOT.parent / "shared" / "data"
Question = Mapping[str, Any]


def wilson(share: float, n: int, z: float = 1.96) -> list[float]:
    """Wilson's 95 % interval of a share."""
    n = max(1, n)
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return [round(max(0.0, middle - half), 4), round(min(1.0, middle + half), 4)]


def questions(name: str, half: str, step: int) -> dict[str, list[Question]]:
    """The sets of questions of a half."""
    files = {kind: QUESTIONS / f"{kind}{name}_{half}.jsonl" for kind in SETS}
    return {kind or "plain_": load_queries(path)[::step] for kind, path in files.items() if path.exists()}


def catalogues() -> dict[str, list[Entry]]:
    """The shipped names alone, the shipped catalogue with questions, and real names where the files are present."""
    shipped = load_entries("shipped")
    found = {"names": [Entry(entry.code, entry.name) for entry in shipped], "shipped": shipped}
    for name, file in (("district", "real_items_district.jsonl"), ("province", "real_items_guangdong.jsonl")):
        if (SHARED / file).exists():
            found[name] = load_entries(SHARED / file)
    return found


def _row(hits: Sequence[tuple[bool, bool]], **more: Any) -> dict[str, Any]:
    n = max(1, len(hits))
    top1, top3 = (sum(hit[place] for hit in hits) / n for place in (0, 1))
    return {"top1": round(top1, 4), "top1_95": wilson(top1, n), "top3": round(top3, 4), "top3_95": wilson(top3, n),
            "n": len(hits), **more}


def _share(count: int, n: int) -> dict[str, Any]:
    return {"share": round(count / max(1, n), 4), "interval": wilson(count / max(1, n), n), "n": n}


def ours(matcher: Matcher, asked: Mapping[str, list[Question]], none: Sequence[Question]) -> dict[str, Any]:
    """Ranking by set, decisions, real questions refused, questions without an item answered."""
    sets, decisions, every = {}, {}, []
    for kind, queries in asked.items():
        hits = []
        for query in queries:
            result = matcher.match(query["q"])
            right = [ranked.name in query["gold"] for ranked in result.ranking[:3]]
            hits.append((right[:1] == [True], any(right)))
            decisions[result.decision] = decisions.get(result.decision, 0) + 1
        sets[kind.rstrip("_")] = _row(hits)
        every.extend(hits)
    answered = [query for query in none if matcher.match(query["q"]).decision == "answer"]
    return {
        "row": _row(every), "sets": sets, "decisions": {key: round(v / len(every), 4) for key, v in decisions.items()},
        "refused": _share(decisions.get("refuse", 0), len(every)), "none_answered": _share(len(answered), len(none)),
        "none_answered_kinds": {kind: _share(sum(q["kind"] == kind for q in answered), sum(q["kind"] == kind for q in none))
                                for kind in sorted({q["kind"] for q in none})},
    }  # fmt: skip


def run(half: str) -> dict[str, Any]:
    """Everything; returns the report."""
    small, encoder, lexicon = report.small(), UseEncoder(), Lexicon.load()
    step = 10 if small else 1
    every = catalogues()
    none = [query for queries in questions("none", half, step).values() for query in queries]
    figures: dict[str, float] = {}
    tables: dict[str, dict[str, Any]] = {}
    details, previous = {}, None
    for name, entries in every.items():
        asked = questions("shipped" if name == "names" else name, half, step)
        flat = [query for queries in asked.values() for query in queries]
        # What the shipped catalogue lacks, another may have.
        talk = [query for query in none if name in ("names", "shipped") or query["kind"] != "other_service"]
        previous = build_index(entries, encoder, lexicon, previous=previous)
        found = details[name] = ours(Matcher(previous, encoder, lexicon), asked, talk)
        tables[name] = {"ours": found["row"], **_others(entries, flat, encoder)}
        if name == "shipped" and not small:
            stock = _rasa([*flat, *talk])
            tables[name].update({"stock Rasa zh (DIET)": stock} if stock else {})
        figures.update({f"{name}.{key}": found["row"][key] for key in ("top1", "top3")})
        figures.update({f"{name}.{key}": found[key]["share"] for key in ("refused", "none_answered")})
    texts = [query["q"] for name in every for queries in questions("shipped" if name == "names" else name, half, step).values()
             for query in queries][:400]
    names = [entry.name for entries in reversed(every.values()) for entry in entries]
    times = [speed(many_names(names, count), texts, encoder, lexicon) for count in ((1133,) if small else (1133, 30000))]
    figures.update({f"speed.{line['items']}.{key}": value for line in times for key, value in line.items() if key != "items"})
    n = len(none) + sum(table["ours"]["n"] for table in tables.values())
    return report.write("bench-match", figures, n, half=half, tables=tables, details=details, times=times)


def _others(entries: Sequence[Entry], queries: Sequence[Question], encoder: UseEncoder) -> dict[str, Any]:
    rows = {}
    for label, score in baselines(entries, encoder).items():
        best = [(-score(query["q"])).argsort(kind="stable")[:3].tolist() for query in queries]
        right = [[entries[n].name in query["gold"] for n in order] for query, order in zip(queries, best)]
        rows[label] = _row([(hits[0], any(hits)) for hits in right])
    return rows


def _rasa(queries: list[dict[str, Any]]) -> dict[str, Any]:
    row = stock_rasa(queries)
    return {**row, "top1_95": wilson(row["top1"], row["n"]), "top3_95": wilson(row["top3"], row["n"])} if row else {}


def show(made: Mapping[str, Any]) -> None:
    """The tables."""
    for name, table in made["tables"].items():
        print(f"\n{name} (n={table['ours']['n']}){'':14s}top-1            top-3")
        for label, row in table.items():
            low, high = row["top1_95"]
            print(f"  {label:24s}{row['top1']:6.3f} [{low:.2f},{high:.2f}]{row['top3']:8.3f}"
                  + (f"   no item asked for, answered {row['none_answered']:.3f}; trained {row['train_s']} s"
                     if "train_s" in row else ""))
        found = made["details"][name]
        for kind, row in found["sets"].items():
            print(f"    {kind:10s} {row['top1']:.3f} {row['top1_95']}  {row['top3']:.3f} {row['top3_95']}  n={row['n']}")
        print(f"    decisions {found['decisions']}; refused {found['refused']}\n    no item asked for: answered {found['none_answered']}")
    for line in made["times"]:
        print(line)
    print(f"load {made['load']};", "ok" if made["ok"] else f"BEYOND A LIMIT: {made['missed']}")


def main() -> int:
    """Command line; 1 if a limit is missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--half", choices=("held", "dev"), default="held")
    made = run(parser.parse_args().half)
    if not report.small():
        plot(made["tables"])
    show(made)
    return 0 if made["ok"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
