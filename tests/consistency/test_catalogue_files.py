"""The shipped catalogue passes its own checks."""

from __future__ import annotations

import re

from bot import bootstrap, settings
from bot.adapters import yaml_catalogue
from tests.support.autopilot import ITEMS, THE_TWELVE

SATURDAY = 6


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


def test_no_local_note_denies_a_day_on_which_the_window_is_open(tmp_path: object) -> None:
    """Found by a conversation: the marriage room opens on Saturdays, and a note said that it does not."""
    config = settings.load({"BANGBAN_VAR": str(tmp_path)})
    centre = yaml_catalogue.load_centre(config.centre_dir / "profile.yml")
    for code, facts in yaml_catalogue.load_local_facts(config.centre_dir / "facts").items():
        office = next((o for o in centre.offices[1:] if any(f"{w}号窗口" in facts.window for w in o.windows)), None)
        open_on_saturday = office is not None and any(SATURDAY in span.days for span in office.hours)
        denied = [note.text for note in facts.notes if re.search("周六不办(?!离婚)", note.text)]
        assert not (open_on_saturday and denied), f"{code}: {denied}"
