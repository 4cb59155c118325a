"""How long a match takes and how much memory, beside rapidfuzz over the same names in the same run, one thread."""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rapidfuzz import fuzz, process

from bot.matching import Index, Lexicon, Matcher, UseEncoder, build_index

LONGEST = 60


def speed(names: Sequence[str], questions: Sequence[str], encoder: UseEncoder, lexicon: Lexicon) -> dict[str, float]:
    """Milliseconds by the clock (wall) and of this process (cpu), which a busy machine does not lengthen; MB."""
    wall, cpu = time.perf_counter(), time.process_time()
    index = build_index([{"code": str(n), "name": name} for n, name in enumerate(names)], encoder, lexicon)
    built, built_cpu = time.perf_counter() - wall, time.process_time() - cpu
    with tempfile.TemporaryDirectory() as folder:
        matcher = Matcher(Index.load(index.save(Path(folder) / "index")), encoder, lexicon)
        size = sum(path.stat().st_size for path in Path(folder).rglob("*.npy")) / 1e6
        short = [text for text in questions if len(text) <= LONGEST]
        ours = _times(matcher.match, short)
        fuzzy = _times(lambda text: process.extract(text, names, scorer=fuzz.WRatio, limit=5), short[:30])
    return {
        "items": len(names), "n": len(short), **{f"{key}_ms": value for key, value in ours.items()},
        "wratio_p50_cpu_ms": fuzzy["p50_cpu"], "times_faster_than_wratio": round(fuzzy["p50_cpu"] / ours["p50_cpu"], 1),
        "build_s": round(built, 1), "build_cpu_s": round(built_cpu, 1), "index_mb": round(size, 1), "rss_mb": _resident(),
    }


def _times(call: Callable[[str], Any], texts: Sequence[str]) -> dict[str, float]:
    for text in texts[:5]:
        call(text)
    wall, cpu = [], []
    for text in texts:
        start, used = time.perf_counter(), time.process_time()
        call(text)
        wall.append((time.perf_counter() - start) * 1e3)
        cpu.append((time.process_time() - used) * 1e3)
    return {f"p{p}_{kind}": round(float(np.percentile(values, p)), 2)
            for kind, values in (("wall", wall), ("cpu", cpu)) for p in (50, 95)}


def _resident() -> float:
    """Memory of this process now (not its highest)."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return round(int(line.split()[1]) / 1024, 1)
    return 0.0


def many_names(real: Sequence[str], count: int) -> list[str]:
    """Real names, then variants of them with places and actions before and behind, all different."""
    names = list(dict.fromkeys(real))
    rng, seen, own = random.Random(1), set(names), len(names)
    places = ("城东", "青山", "河口", "白云", "南湖", "新华", "临江", "北关", "高坪", "石桥", "金沙", "红旗")
    ends = ("（新办）", "（变更）", "（延续）", "（补办）", "（注销）", "（乡镇级）", "（园区）", "（委托）", "")
    while len(names) < count:
        name = rng.choice(("", *places)) + names[rng.randrange(own)] + rng.choice(ends)
        if name not in seen:
            seen.add(name)
            names.append(name)
    return names[:count]
