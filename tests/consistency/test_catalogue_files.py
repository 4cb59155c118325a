"""The shipped catalogue passes its own checks."""

from __future__ import annotations

from bot import bootstrap, settings
from tests.support.autopilot import ITEMS, THE_TWELVE


def test_the_shipped_catalogue_has_no_finding(tmp_path: object) -> None:
    findings = bootstrap.lint_catalogue(settings.load({"BANGBAN_VAR": str(tmp_path)}))
    assert [f"{f.code} {f.path}: {f.text}" for f in findings] == []


def test_all_names_of_the_township_are_there() -> None:
    assert len(ITEMS) == 128
    assert set(THE_TWELVE) <= set(ITEMS)


def test_at_least_sixty_items_ask_for_circumstances() -> None:
    assert sum(bool(item.circumstances) for item in ITEMS.values()) >= 60


def test_replacing_a_lost_identity_card_costs_forty_yuan() -> None:
    assert [fee.amount for fee in ITEMS["QS-009"].fees] == [40]
