"""docs/wechat-simulator.md names every knob, deed, fault, address and verdict, and nothing that is not there."""

from __future__ import annotations

import json
import re
from pathlib import Path

from bot.wechat_sim.control import console, deeds, watch
from bot.wechat_sim.faults import API_KINDS, PUSH_KINDS
from bot.wechat_sim.knobs import CHOICES, Knobs

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "wechat-simulator.md").read_text(encoding="utf8")
CODE = "".join((ROOT / "bot" / "wechat_sim" / f"{n}.py").read_text("utf8") for n in ("judge", "replies", "xml", "crypto"))


def section(title: str) -> str:
    return PAGE.split(f"## {title}\n")[1].split("\n## ")[0]


def test_every_knob_is_described_with_its_default_and_its_choices() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| [UH]? ?\| `(.*?)` \|", section("Knobs"), re.M))
    values = Knobs().as_dict()
    assert set(rows) == set(values)
    for name, shown in rows.items():
        value = values[name]
        assert shown == (value if isinstance(value, str) else json.dumps(value).removesuffix(".0")), name
    for name, choices in CHOICES.items():
        line = next(line for line in PAGE.splitlines() if line.startswith(f"| `{name}` "))
        assert all(f"`{choice}`" in line for choice in choices), name


def test_every_deed_and_every_fault_is_described() -> None:
    described = set(re.findall(r"`(\w+)", section("Control API")))
    assert set(deeds.DEEDS) <= described
    assert set(API_KINDS) | set(PUSH_KINDS) <= set(re.findall(r"`(\w+)`", section("Faults")))


def test_every_address_of_the_control_api_is_described() -> None:
    described = section("Control API")
    for part in (deeds, watch, console):
        for path, methods, _ in part.ROUTES:
            assert path in described, path
            assert all(method in described for method in methods)


def test_every_reason_of_a_verdict_is_described() -> None:
    raised = set(re.findall(r'(?:Illegal|BadXml|CryptoError)\("(\w+)"', CODE)) | set(re.findall(r'return "(\w+)"', CODE))
    described = set(re.findall(r"`(\w+)`", section("What happens to a push")))
    assert raised <= described
    assert {"not_encrypted", "bad_padding", "bom", "wrong_to", "json"} <= raised  # else this test reads nothing
