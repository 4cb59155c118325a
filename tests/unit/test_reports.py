"""The report of the long targets judges only what was measured."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

import report

LIMITS = {"least": {"a": 0.8}, "most": {"b": 5.0}}


def test_a_figure_beyond_its_limit_is_named() -> None:
    assert report.missed({"a": 0.8, "b": 5.0}, LIMITS) == []
    assert report.missed({"a": 0.79, "b": 5.1}, LIMITS) == ["a", "b"]


def test_what_was_not_measured_is_not_judged() -> None:
    assert report.missed({"b": 1.0}, LIMITS) == []


def test_every_target_of_the_file_has_limits_of_both_kinds() -> None:
    assert report.thresholds("bench-match")["least"]["shipped.top1"] == 0.88
    assert report.thresholds("no-such-target") == {"least": {}, "most": {}}
