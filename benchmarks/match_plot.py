"""The picture of `make bench-match`: top-1 and top-3 of everything that was compared."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

FILE = Path(__file__).resolve().parents[1] / "docs" / "images" / "match.png"
TITLES = {"names": "128 names only", "shipped": "shipped catalogue", "district": "district, 1,133 names",
          "province": "province, 1,965 names"}


def plot(tables: Mapping[str, Mapping[str, Any]], path: Path = FILE) -> None:
    """Bars for every catalogue; the thin part of a bar is top-3, the whisker Wilson's 95 % of top-1."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, len(tables), figsize=(3.4 * len(tables), 3.2), sharex=True)
    for axis, (name, table) in zip(axes, tables.items()):
        rows = list(reversed(table.items()))
        places = range(len(rows))
        colours = ["#b5362c" if label == "ours" else "#8a9aa8" for label, _ in rows]
        axis.barh(places, [row["top3"] for _, row in rows], color=colours, alpha=0.35)
        axis.barh(places, [row["top1"] for _, row in rows], color=colours, height=0.45,
                  xerr=[[row["top1"] - row["top1_95"][0] for _, row in rows],
                        [row["top1_95"][1] - row["top1"] for _, row in rows]], error_kw={"lw": 0.8})
        axis.set_yticks(list(places), [label for label, _ in rows], fontsize=8)
        axis.set_title(f"{TITLES[name]} (n={rows[0][1]['n']})", fontsize=9)
        axis.set_xlim(0, 1)
        axis.grid(axis="x", alpha=0.3)
    figure.suptitle("right item first (dark) and among the first three (light)", fontsize=9)
    figure.tight_layout()
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110)
    pyplot.close(figure)
