"""Fitting the ranking: maximum likelihood of the right candidate, or of "no item", by Adam in numpy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from match_data import Row

from bot.matching.features import NAMES
from bot.matching.rank import NONE_NAMES, Model

# How much a question of each source counts. The shipped questions are many and all of one catalogue.
WORTH = {"own": 1.0, "shipped_question": 0.35, "alias": 0.5, "short": 0.2, "none": 0.7, "absent": 0.05}
# Too rare in the questions to be learned from them, and plain what it must do.
GIVEN = {"denied": -8.0}
BENDS = 16
_DECAY, _RATE, _ROUNDS, _BATCH = 3e-4, 0.01, 30, 256

Weights = dict[str, np.ndarray]


@dataclass(frozen=True)
class _Table:
    """All rows in two standardised tables: candidates (several a row) and "no item" (one a row)."""

    sizes: np.ndarray
    listed: np.ndarray
    none: np.ndarray
    right: np.ndarray  # by candidate
    nothing: np.ndarray  # by row: no item is right
    worth: np.ndarray
    scale: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]  # middle and spread of `listed`, of `none`


def _table(data: Sequence[Row]) -> _Table:
    data = [row for row in data if row.source == "none" or row.right.any()]
    listed = np.concatenate([row.listed for row in data]).astype(np.float32)
    none = np.stack([row.none for row in data]).astype(np.float32)
    listed[:, [NAMES.index(name) for name in GIVEN]] = 0.0
    scale = (listed.mean(axis=0), listed.std(axis=0) + 1e-3, none.mean(axis=0), none.std(axis=0) + 1e-3)
    worth = np.asarray([WORTH["absent" if row.kind == "absent" else row.source] for row in data], np.float32)
    return _Table(
        sizes=np.asarray([len(row.right) for row in data]), listed=(listed - scale[0]) / scale[1],
        none=(none - scale[2]) / scale[3], right=np.concatenate([row.right for row in data]).astype(np.float32),
        nothing=np.asarray([row.source == "none" for row in data], np.float32), worth=worth / worth.mean(), scale=scale,
    )


def _batches(table: _Table, rng: np.random.Generator) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Numbers of rows, and of their candidates."""
    starts = np.concatenate(([0], np.cumsum(table.sizes)))
    order = rng.permutation(len(table.sizes))
    for begin in range(0, len(order), _BATCH):
        rows = order[begin:begin + _BATCH]
        yield rows, np.concatenate([np.arange(starts[row], starts[row + 1]) for row in rows])


def _slopes(now: Weights, table: _Table, rows: np.ndarray, places: np.ndarray) -> Weights:
    """The gradient of the mean loss of a batch."""
    listed, none, sizes = table.listed[places], table.none[rows], table.sizes[rows]
    cuts = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    bent = np.tanh(none @ now["bends"] + now["bend_offsets"])
    scores, empty = listed @ now["weights"], none @ now["none_weights"] + now["bias"][0] + bent @ now["bend_weights"]
    top = np.maximum(np.maximum.reduceat(scores, cuts), empty)
    scores, empty = np.exp(scores - np.repeat(top, sizes)), np.exp(empty - top)
    total = np.add.reduceat(scores, cuts) + empty
    right, nothing = scores * table.right[places], empty * table.nothing[rows]
    good = np.add.reduceat(right, cuts) + nothing + 1e-30
    worth = table.worth[rows] / len(rows)
    pull = (scores / np.repeat(total, sizes) - right / np.repeat(good, sizes)) * np.repeat(worth, sizes)
    pull_none = (empty / total - nothing / good) * worth
    inner = np.outer(pull_none, now["bend_weights"]) * (1.0 - bent * bent)
    return {
        "weights": listed.T @ pull, "none_weights": none.T @ pull_none, "bias": np.asarray([pull_none.sum()]),
        "bends": none.T @ inner, "bend_offsets": inner.sum(axis=0), "bend_weights": bent.T @ pull_none,
    }  # fmt: skip


def fit(data: Sequence[Row], limits: dict[str, float]) -> Model:
    """Learn the weights; the same data give the same weights."""
    table, rng = _table(data), np.random.default_rng(0)
    width = len(NONE_NAMES)
    now: Weights = {
        "weights": np.zeros(len(NAMES)), "none_weights": np.zeros(width), "bias": np.zeros(1),
        "bends": rng.normal(0.0, width ** -0.5, (width, BENDS)), "bend_offsets": np.zeros(BENDS),
        "bend_weights": rng.normal(0.0, 0.1, BENDS),
    }  # fmt: skip
    now = {name: value.astype(np.float32) for name, value in now.items()}
    first = {name: np.zeros_like(value) for name, value in now.items()}
    second = {name: np.zeros_like(value) for name, value in now.items()}
    step, steps = 0, _ROUNDS * -(-len(table.sizes) // _BATCH)
    for _ in range(_ROUNDS):
        for rows, places in _batches(table, rng):
            step += 1
            rate = _RATE * 0.5 * (1.0 + np.cos(np.pi * step / steps))
            for name, slope in _slopes(now, table, rows, places).items():
                slope = slope + (2.0 * _DECAY * now[name] if name in ("weights", "none_weights", "bends", "bend_weights") else 0.0)
                first[name] = 0.9 * first[name] + 0.1 * slope
                second[name] = 0.99 * second[name] + 0.01 * slope * slope
                move = (first[name] / (1 - 0.9 ** step)) / (np.sqrt(second[name] / (1 - 0.99 ** step)) + 1e-8)
                now[name] = (now[name] - rate * move).astype(np.float32)
    return _plain(now, table, limits)


def _plain(now: Weights, table: _Table, limits: dict[str, float]) -> Model:
    """The weights for features as they come, not standardised."""
    middle, spread, none_middle, none_spread = table.scale
    weights, none_weights, bends = now["weights"] / spread, now["none_weights"] / none_spread, now["bends"] / none_spread[:, None]
    none_weights[NONE_NAMES.index("bias")] = now["bias"][0] - none_middle @ none_weights + middle @ weights
    for name, given in GIVEN.items():
        weights[NAMES.index(name)] = given
    return Model(weights=weights, none_weights=none_weights, bends=bends,
                 bend_offsets=now["bend_offsets"] - none_middle @ bends, bend_weights=now["bend_weights"], limits=limits)
